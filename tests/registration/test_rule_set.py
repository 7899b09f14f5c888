"""The rules of the rule set: it is published whole and once, and retired; and the data files."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.rule_set.decider import (
    PublishRuleSet,
    RetireRuleSet,
    rule_set,
)
from services.registration.rule_sets import rule_set_file
from shared.contracts.registration.rule_set import (
    DocumentOption,
    DocumentsCondition,
    EligibilityRule,
    RetirementCode,
    RuleSetPublished,
    RuleSetRetired,
)
from shared.contracts.words import SizeClass
from tests.given import When, given
from tests.registration.rule_sets import (
    RULES_OF_2018,
    RULES_OF_TODAY,
    command_of,
    published,
    rule_set_of,
)

PUBLISH = command_of(RULES_OF_2018)
PUBLISHED = published(RULES_OF_2018)
RETIRE = RetireRuleSet(code=RetirementCode.REPLACED, reason="PP 7/2021")
RETIRED = RuleSetRetired(
    rule_set=RULES_OF_2018,
    code=RetirementCode.REPLACED,
    reason="PP 7/2021",
    retired_by="tester",
)


def publishing(command: PublishRuleSet) -> When:
    return given(rule_set).when(command)


def with_rules(*rules: EligibilityRule) -> PublishRuleSet:
    return replace(PUBLISH, rules=rules)


@pytest.mark.parametrize("id", [RULES_OF_2018, RULES_OF_TODAY])
def test_a_data_file_is_published_whole(id: str) -> None:
    body = rule_set_file(id)
    assert body["rule_set"] == id
    stored = published(id).model_dump(mode="json", exclude_unset=True)
    assert stored == {**body, "rules": stored["rules"]}
    assert len(stored["rules"]) == len(body["rules"])
    for rule, written in zip(published(id).rules, body["rules"], strict=True):
        # A word that is misspelt in the file would be a field that the rule lacks.
        assert rule.model_dump(mode="json", exclude_unset=True) == written


def test_the_days_of_the_two_rule_sets_meet() -> None:
    before, since = rule_set_of(RULES_OF_2018), rule_set_of(RULES_OF_TODAY)
    last, first = date(2021, 2, 1), date(2021, 2, 2)
    assert [rules.in_force_on(last) for rules in (before, since)] == [True, False]
    assert [rules.in_force_on(first) for rules in (before, since)] == [False, True]
    assert before.in_force_on(date(2018, 1, 1))
    assert since.in_force_on(date.max)
    assert (before.places_max, since.places_max) == (3, 3)


def test_a_rule_set_is_published_once_and_never_changes() -> None:
    publishing(PUBLISH).then(PUBLISHED)
    given(rule_set, PUBLISHED).when(PUBLISH).refused("already-published")
    given(rule_set, PUBLISHED).when(with_rules(*PUBLISH.rules[1:])).refused("already-published")


def test_two_rules_have_two_codes() -> None:
    publishing(with_rules(*PUBLISH.rules, PUBLISH.rules[0])).refused("rule-repeated")


@pytest.mark.parametrize("form", ["sector", "participation-cap", "sanction", "size-class"])
def test_no_rule_set_leaves_out_what_counts_for_all(form: str) -> None:
    others = [rule for rule in PUBLISH.rules if rule.condition.form != form]
    (own,) = [rule for rule in PUBLISH.rules if rule.condition.form == form]
    publishing(with_rules(*others)).refused("rule-for-all-missing", form)
    for change in ({"optional": True}, {"scopes": ("DOMESTIC",)}, {"sectors": ("14",)}):
        narrow = own.model_copy(update=change)
        publishing(with_rules(*others, narrow)).refused("rule-for-all-missing", form)
    second = own.model_copy(update={"code": "second"})
    publishing(with_rules(*others, own, second)).refused("rule-for-all-missing", form)


def test_no_term_ends_before_it_starts() -> None:
    early = date(2017, 12, 31)
    publishing(replace(PUBLISH, in_force_through=early)).refused("ends-before-start")
    never = DocumentOption(
        document_kind="HALAL", issued_from=date(2019, 10, 17), issued_through=date(2019, 10, 16)
    )
    halal = PUBLISH.rules[2].model_copy(
        update={"condition": DocumentsCondition(form="documents", one_of=(never,))}
    )
    rules = (*PUBLISH.rules[:2], halal, *PUBLISH.rules[3:])
    publishing(with_rules(*rules)).refused("ends-before-start")


def test_the_classes_of_a_law_rise() -> None:
    micro, small, medium = PUBLISH.size_law.classes
    for classes in (
        (small, micro, medium),
        (micro, micro, medium),
        (micro, small, medium.model_copy(update={"annual_sales_idr": small.annual_sales_idr})),
        (micro, small, medium.model_copy(update={"net_assets_idr": small.net_assets_idr})),
        (micro, small.model_copy(update={"size_class": SizeClass.MICRO}), medium),
    ):
        law = PUBLISH.size_law.model_copy(update={"classes": classes})
        publishing(replace(PUBLISH, size_law=law)).refused("classes-not-rising")


def test_a_rule_set_is_retired_once() -> None:
    retiring = given(rule_set, PUBLISHED)
    retiring.when(RETIRE, subject=RULES_OF_2018).then(RETIRED)
    given(rule_set, PUBLISHED, RETIRED).when(RETIRE, subject=RULES_OF_2018).then()
    given(rule_set).when(RETIRE).refused("not-found")
    state = given(rule_set, PUBLISHED, RETIRED).state
    assert (state.retired_because, state.rules) == (RetirementCode.REPLACED, PUBLISHED.rules)


def test_a_history_begins_with_a_publication() -> None:
    with pytest.raises(ValueError, match="RuleSetRetired"):
        given(rule_set, RETIRED)


def test_the_words_of_a_retirement_are_private() -> None:
    assert RuleSetRetired.private_fields() == {"reason", "retired_by"}
    assert RuleSetPublished.private_fields() == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"condition": {"form": "beauty"}},
        {"condition": {"form": "documents", "one_of": []}},
        {"condition": {"form": "documents", "one_of": [{"document_kind": "KTP"}]}},
        {"condition": {"form": "participation-cap", "places_max": 0}},
        {"text": {"id": "Legalitas usaha"}},
        {"text": {"id": "Hubungi siti@example.id", "en": "Ask"}},
        {"sectors": ["04"]},
        {"code": "a b"},
    ],
)
def test_malformed_rules_are_no_body(change: dict[str, Any]) -> None:
    body = rule_set_file(RULES_OF_2018)
    first = {**body["rules"][0], **change}
    with pytest.raises(ValidationError):
        TypeAdapter(PublishRuleSet).validate_python({**body, "rules": [first, *body["rules"][1:]]})
