"""The size class on a day: by each rule set in force, with the figures that decide and evidence."""

from dataclasses import replace
from datetime import date

import pytest

from services.registration.domain.document.decider import document
from services.registration.domain.document.state import Document
from services.registration.domain.rule_set.decider import RuleSet
from services.registration.responses.size_class import (
    ClassResponse,
    EvidenceResponse,
    Figure,
    size_class_response,
)
from shared.contracts.registration.document import DocumentFiled, DocumentKind
from shared.contracts.registration.rule_set import RetirementCode
from shared.contracts.words import SizeClass
from tests.given import given
from tests.registration.examples import FILED, REGISTERED, enterprise_after
from tests.registration.registry import AUDITOR, PLANNER, RULE_SET, Registry
from tests.registration.rule_sets import RULES_OF_2018, RULES_OF_TODAY, rule_set_of
from tests.serving import code

SETS = [(id, rule_set_of(id)) for id in (RULES_OF_2018, RULES_OF_TODAY)]
OWNER = enterprise_after(REGISTERED)
IN_2018, IN_2022 = date(2018, 2, 1), date(2022, 2, 1)
JUTA, MILIAR = 10**6, 10**9


def filed(event: DocumentFiled) -> Document:
    state = given(document, event).state
    assert isinstance(state, Document)
    return state


STATEMENT = FILED.model_copy(
    update={"document": "d-2", "document_kind": DocumentKind.FINANCIAL_STATEMENT, "file": "f-1"}
)
PAPERS = {FILED.document: filed(FILED), "d-2": filed(STATEMENT)}


def test_each_day_has_the_law_that_is_in_force_and_the_documents_behind_the_figures() -> None:
    found = size_class_response(OWNER, PAPERS, SETS, IN_2018)
    (law,) = found.classes
    assert (found.on, found.net_assets_idr, found.annual_sales_idr) == (
        IN_2018,
        200 * JUTA,
        900 * JUTA,
    )
    assert law == ClassResponse(
        rule_set=RULES_OF_2018,
        law="UU 20/2008",
        size_class=SizeClass.SMALL,
        bounds=rule_set_of(RULES_OF_2018).size_law.classes[1],
        decided_by=("net_assets_idr", "annual_sales_idr"),
    )
    assert found.evidence == (
        EvidenceResponse(
            document="d-2",
            document_kind=DocumentKind.FINANCIAL_STATEMENT,
            issuer=STATEMENT.issuer,
            issued_on=STATEMENT.issued_on,
            has_file=True,
        ),
    )
    (today,) = size_class_response(OWNER, {}, SETS, IN_2022).classes
    assert (today.rule_set, today.size_class) == (RULES_OF_TODAY, SizeClass.MICRO)
    assert size_class_response(OWNER, {}, SETS, IN_2022).evidence == ()


@pytest.mark.parametrize(
    ("assets", "sales", "size_class", "decided_by"),
    [
        (50 * JUTA, 300 * JUTA + 1, SizeClass.SMALL, ("annual_sales_idr",)),
        (50 * JUTA + 1, 300 * JUTA, SizeClass.SMALL, ("net_assets_idr",)),
        (11 * MILIAR, 0, None, ("net_assets_idr",)),
        (11 * MILIAR, 51 * MILIAR, None, ("net_assets_idr", "annual_sales_idr")),
    ],
)
def test_the_figures_are_named_that_decide(
    assets: int, sales: int, size_class: SizeClass | None, decided_by: tuple[Figure, ...]
) -> None:
    state = replace(OWNER, net_assets_idr=assets, annual_sales_idr=sales)
    (law,) = size_class_response(state, {}, SETS, IN_2018).classes
    assert (law.size_class, law.decided_by) == (size_class, decided_by)
    assert (law.bounds is None) == (size_class is None)


def test_a_retired_rule_set_has_no_say() -> None:
    retired: list[tuple[str, RuleSet]] = [
        (id, replace(rules, retired_because=RetirementCode.REPLACED)) for id, rules in SETS
    ]
    assert size_class_response(OWNER, {}, retired, IN_2018).classes == ()


async def test_the_enterprise_itself_and_officers_read_its_class(registry: Registry) -> None:
    await registry.done(PLANNER, "/rule-sets", RULE_SET)
    own = await registry.registered(0)
    path = f"/enterprises/{own}/size-class"
    read = await registry.gets(path, AUDITOR, on="2018-02-01")
    assert read["classes"][0]["size_class"] == "SMALL"
    assert (await registry.gets(path, "enterprise", enterprise=own))["on"]
    another = await registry.api.query("enterprise", path, enterprise="another")
    assert another.status_code == 403
    assert code(await registry.api.query(AUDITOR, path, on="someday"))[0] == 422
    unknown = await registry.api.query(AUDITOR, "/enterprises/e-0/size-class")
    assert code(unknown) == (404, "not-found")
