"""The rule sets and the overseas policy of the data files, for the tests of registration."""

from pydantic import TypeAdapter

from services.registration.domain.exhibition.overseas_policy import OverseasPolicy
from services.registration.domain.rule_set.decider import PublishRuleSet, RuleSet, rule_set
from services.registration.overseas_policies import PERMENDAG_14_2025, overseas_policy_file
from services.registration.rule_sets import rule_set_file
from shared.contracts.registration.rule_set import RuleSetPublished
from tests.given import given

RULES_OF_2018, RULES_OF_TODAY = "kukm-2018-1", "kukm-2021-1"


def command_of(id: str) -> PublishRuleSet:
    """Return the command that publishes the data file of this rule set."""
    return TypeAdapter(PublishRuleSet).validate_python(rule_set_file(id))


def published(id: str) -> RuleSetPublished:
    """Return the event that publishes the data file of this rule set."""
    (event,) = given(rule_set).when(command_of(id), subject=id).events()
    assert isinstance(event, RuleSetPublished)
    return event


def rule_set_of(id: str) -> RuleSet:
    """Return the rule set of this data file."""
    state = given(rule_set, published(id)).state
    assert isinstance(state, RuleSet)
    return state


RULES = rule_set_of(RULES_OF_2018)
"""The rule set of the examples."""

POLICY = TypeAdapter(OverseasPolicy).validate_python(overseas_policy_file(PERMENDAG_14_2025))
"""The policy on exhibitions overseas, which is in force from 2026 on (ours)."""
