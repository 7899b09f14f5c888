"""The check before a submission, and the sentences that tell what is missing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.domain.application.eligibility import check_eligibility
from services.registration.domain.rule_set.interpreter import unmet
from services.registration.responses.rules import rule_responses
from shared.contracts.registration.rule_set import RuleCheck, RuleVerdict, Source
from shared.contracts.words import Sentence
from shared.kernel.errors import Refused
from tests.given import NOW
from tests.registration.examples import CLOSES_AT, ELIGIBLE, ENDS_ON, PLANNING, exhibition_after
from tests.registration.rule_sets import RULES
from tests.registration.test_submission import FACTS, KUKM


def test_the_check_finds_what_the_verification_of_such_an_application_finds() -> None:
    assert check_eligibility(FACTS, 300, NOW) == ELIGIBLE.checks


def test_what_is_missing_is_said_and_an_enterprise_that_is_too_large_too() -> None:
    large = replace(KUKM, annual_sales_idr=50_000_000_001, sector="31")
    checks = check_eligibility(replace(FACTS, enterprise=large, documents={}), 0, NOW)
    assert unmet(checks) == ("licence", "capacity", "sector", "size-class")


def test_only_an_open_call_is_checked() -> None:
    planned = replace(FACTS, exhibition=exhibition_after(*PLANNING), rule_set=None)
    with pytest.raises(Refused, match="call-not-open"):
        check_eligibility(planned, 300, NOW)
    check_eligibility(FACTS, 300, CLOSES_AT)
    with pytest.raises(Refused, match="call-closed"):
        check_eligibility(FACTS, 300, CLOSES_AT + timedelta(milliseconds=1))


def sentence(check: RuleCheck) -> Sentence | None:
    """Return the sentence about this check."""
    (response,) = rule_responses(RULES, [check], ENDS_ON)
    return response.sentence


def test_a_rule_that_is_met_needs_no_sentence() -> None:
    for check in ELIGIBLE.checks:
        assert sentence(check) is None


def test_a_sentence_says_what_to_do_what_is_wanted_and_what_is_there() -> None:
    licence = RuleCheck(
        rule="licence",
        verdict=RuleVerdict.MISSING,
        value="NIB 2017-05-02/2018-04-28",
        source=Source.DOCUMENTS,
        wanted=(("NIB", "SIUP_TDP", "IUMK"),),
    )
    advice = RULES.rules[0].advice
    assert sentence(licence) == Sentence.model_construct(
        id=f"{advice.id} Dibutuhkan: NIB atau SIUP_TDP atau IUMK, sampai 2018-04-29. "
        "Yang ada sekarang: NIB 2017-05-02/2018-04-28.",
        en=f"{advice.en} Wanted: NIB or SIUP_TDP or IUMK, through 2018-04-29. "
        "There is now: NIB 2017-05-02/2018-04-28.",
    )
    found = licence.model_copy(update={"source": Source.FINDINGS})
    assert "An officer found that a document cannot be used." in str(sentence(found))
    sector = RuleCheck(rule="sector", verdict=RuleVerdict.FAIL, value="31", source=Source.PROFILE)
    assert "There is now: 31." in str(sentence(sector))
    assert "Wanted" not in str(sentence(sector))
