"""The fictional world: the same for a seed, fit for the services, and clearly made up."""

from collections import Counter
from datetime import date

import pytest
from pydantic import TypeAdapter

from demo.fiction.applications import PANEL_SIZE, SHEETS, Conduct
from demo.fiction.generator import World, world_of
from demo.programme_2018.programme import programme_of
from demo.programme_2018.provinces import NAMES
from services.registration.domain.document.decider import FileDocument
from services.registration.domain.enterprise.registration import RegistrationForm, hash_form
from services.registration.domain.rule_set.size_classes import size_class_by
from services.reporting.domain.outcome.reports import ReportOutcome
from services.selection.domain.candidate.points import total_of
from services.selection.rubrics import rubric_file
from shared.kernel.keys import HashKeys
from tests.registration.rule_sets import RULES
from tests.relations import RELATION_KEYS

PROGRAMME = programme_of()
KEYS = HashKeys((b"a key for tests",))


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(PROGRAMME, 2018)


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    assert world_of(PROGRAMME, 2018) == world


def test_another_seed_makes_another_world(world: World) -> None:
    other = world_of(PROGRAMME, 7)
    assert other.enterprises != world.enterprises
    assert other.applications != world.applications


def test_about_1100_apply_for_700_places(world: World) -> None:
    held = {item.id for item in PROGRAMME.held}
    applications = [
        all_application
        for all_application in world.all_applications
        if all_application.exhibition in held
    ]
    assert 1_110 <= len(applications) <= 1_130
    assert len(world.enterprises) > 700
    for exhibition in PROGRAMME.exhibitions:
        assert len(world.applications[exhibition.id]) >= 1.5 * exhibition.places


def test_an_enterprise_applies_once_in_a_call_and_scope(world: World) -> None:
    exhibitions = {exhibition.id: exhibition for exhibition in PROGRAMME.exhibitions}
    applied = Counter(
        (
            exhibitions[all_application.exhibition].call,
            exhibitions[all_application.exhibition].scope,
            all_application.enterprise,
        )
        for all_application in world.all_applications
    )
    assert set(applied.values()) == {1}


def test_enterprises_and_documents_are_such_as_registration_takes(world: World) -> None:
    form, document = TypeAdapter(RegistrationForm), TypeAdapter(FileDocument)
    hashes: Counter[str] = Counter()
    for enterprise in world.enterprises:
        registration = hash_form(
            form.validate_python(enterprise.form), KEYS, relation_keys=RELATION_KEYS
        )
        hashes.update(registration.identifiers.values())
        for filed in (*enterprise.documents, *filter(None, [enterprise.late_document])):
            assert document.validate_python(filed).issued_on < date(2018, 1, 22)
    assert set(hashes.values()) == {1}


def test_every_enterprise_is_a_kukm_of_a_province(world: World) -> None:
    for enterprise in world.enterprises:
        size = size_class_by(
            RULES.size_law,
            net_assets_idr=enterprise.form["net_assets_idr"],
            annual_sales_idr=enterprise.form["annual_sales_idr"],
        )
        assert size is not None
    assert {enterprise.province for enterprise in world.enterprises} == set(NAMES)


def test_names_say_that_they_are_made_up(world: World) -> None:
    assert all(" Contoh " in enterprise.form["name"] for enterprise in world.enterprises)
    assert all("Fiktif" in enterprise.form["representative"] for enterprise in world.enterprises)


@pytest.mark.parametrize("seed", [1, 7, 2018])
def test_everything_that_is_to_be_shown_happens(seed: int) -> None:
    world = world_of(PROGRAMME, seed)
    conducts = Counter(all_application.conduct for all_application in world.all_applications)
    assert set(conducts) == set(Conduct)
    assert conducts[Conduct.WITHDRAWS_PROPOSED] == 1
    assert any(all_application.conflicted for all_application in world.all_applications)
    assert any(all_application.corrected for all_application in world.all_applications)
    assert any(enterprise.late_document for enterprise in world.enterprises)


def test_sheets_answer_the_whole_rubric(world: World) -> None:
    criteria = rubric_file("kukm-2018-1")["criteria"]
    weights = {item["code"]: item["weight"] for item in criteria}
    for all_application in world.all_applications:
        assert len(all_application.sheets) == PANEL_SIZE > SHEETS
        assert all(2_000 <= total_of(sheet, weights) <= 10_000 for sheet in all_application.sheets)


def test_sales_are_such_as_reporting_takes(world: World) -> None:
    outcome = TypeAdapter(ReportOutcome)
    sales = [sale for all_application in world.all_applications for sale in all_application.sales]
    for item in sales:
        body = {
            "application": "inacraft-2018.e-1",
            "rung": item.rung,
            "amount": str(item.amount),
            "currency": item.currency,
            "buyer_country": item.buyer_country,
            "occurred_on": item.occurred_on,
        }
        outcome.validate_python(body)
        assert 0 <= item.follow_up < item.amount
    assert {"IDR", "USD", "MYR", "RUB", "EUR"} == {item.currency for item in sales}
