"""The rules of judgements: who may verify, dispute and void an outcome, and from which status."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.judgements import (
    DisputeOutcome,
    VerificationFacts,
    VerifyOutcome,
    VoidOutcome,
    verify_outcome,
)
from services.reporting.domain.outcome.state import (
    JUDGEMENTS_MAX,
    Awaiting,
    Judgement,
    Outcome,
    Status,
)
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import (
    EvidenceKind,
    JudgementCode,
    OutcomeDisputed,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.reporting.examples import (
    APPLICANT,
    ENTERPRISE,
    FIXER,
    ORDERED,
    OUTCOME,
    REPORTER,
    TODAY,
    USD,
)

VERIFY, DISPUTE, VOID = (
    VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="Invoice 7"),
    DisputeOutcome(code=JudgementCode.OTHER, reason="no invoice"),
    VoidOutcome(code=JudgementCode.OTHER, reason="entered twice"),
)
JUDGEMENT = {
    "outcome": OUTCOME,
    "applicant": APPLICANT,
    "rung": Rung.ORDER_ON_SITE,
    "amount_idr": 1_341_300,
    "devisa": True,
    "kind_of_evidence": "other",
    "code": "other",
    "judged_on": TODAY,
    "judged_by": "tester",
}
VERIFIED = OutcomeVerified.model_validate({**JUDGEMENT, "evidence": "Invoice 7"})
DISPUTED = OutcomeDisputed.model_validate({**JUDGEMENT, "reason": "no invoice"})
VOIDED = OutcomeVoided.model_validate({**JUDGEMENT, "reason": "entered twice"})
RATE = VerificationFacts(fixing=USD, attended=True)


def verifying(past: Given, facts: VerificationFacts = RATE, **about: object) -> When:
    """Verify the outcome at this rate."""
    return past.when(VERIFY, rule=verify_outcome, facts=facts, subject=OUTCOME, **about)


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, DISPUTED)])
def test_a_reported_or_disputed_outcome_can_be_verified(past: tuple[Event, ...]) -> None:
    verifying(given(outcome, *past)).then(VERIFIED)


@pytest.mark.parametrize("past", [(ORDERED, VERIFIED), (ORDERED, VOIDED)])
def test_a_verified_or_void_outcome_is_not_verified(past: tuple[Event, ...]) -> None:
    verifying(given(outcome, *past)).refused("not-verifiable")


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, VERIFIED)])
def test_a_reported_or_verified_outcome_can_be_disputed(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(DISPUTE, subject=OUTCOME).then(DISPUTED)


@pytest.mark.parametrize("past", [(ORDERED, DISPUTED), (ORDERED, VOIDED)])
def test_a_disputed_or_void_outcome_is_not_disputed(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(DISPUTE).refused("not-disputable")


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, VERIFIED), (ORDERED, DISPUTED)])
def test_every_outcome_can_be_voided(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(VOID, subject=OUTCOME).then(VOIDED)


def test_a_void_outcome_stays_void() -> None:
    given(outcome, ORDERED, VOIDED).when(VOID).refused("already-void")


@pytest.mark.parametrize("command", [DISPUTE, VOID])
def test_an_outcome_that_does_not_exist_is_not_judged(command: object) -> None:
    given(outcome).when(command).refused("not-found")
    verifying(given(outcome)).refused("not-found")


@pytest.mark.parametrize("command", [DISPUTE, VOID])
def test_a_late_reaction_changes_nothing(command: object) -> None:
    given(outcome).when(command, origin=Origin.REACTION).then()
    given(outcome, ORDERED, VOIDED).when(command, origin=Origin.REACTION).then()


def test_the_verifier_has_neither_reported_the_result_nor_fixed_its_rate() -> None:
    past = given(outcome, ORDERED)
    verifying(past, actor=REPORTER).refused("same-person", "You reported this result")
    verifying(past, actor=FIXER).refused("same-person", "You fixed the rate")
    in_rupiah = VerificationFacts(fixing=None, attended=True)
    assert verifying(past, in_rupiah, actor=FIXER).events()


def test_the_result_of_an_absent_participant_is_not_verified_but_void() -> None:
    absent = replace(RATE, attended=False)
    verifying(given(outcome, ORDERED), absent).refused("not-attended", "Void the outcome")
    verifying(given(outcome, ORDERED, DISPUTED), absent).refused("not-attended")
    given(outcome, ORDERED, VERIFIED).when(VOID, subject=OUTCOME).events()


def test_an_outcome_is_not_verified_before_it_is_restated() -> None:
    corrected = VerificationFacts(fixing=replace(USD, rate=Decimal(13_500)), attended=True)
    verifying(given(outcome, ORDERED), corrected).refused("not-restated")


@pytest.mark.parametrize("command", [DISPUTE, VOID])
def test_a_token_of_the_enterprise_judges_nothing_of_it(command: object) -> None:
    past = given(outcome, ORDERED)
    past.when(command, enterprise=ENTERPRISE).refused("own-enterprise")
    verifying(past, enterprise=ENTERPRISE).refused("own-enterprise")
    assert past.when(command, subject=OUTCOME, enterprise="another").events()


def test_the_state_has_the_last_status_and_every_judgement() -> None:
    state = given(outcome, ORDERED, DISPUTED, VERIFIED).state
    assert isinstance(state, Outcome)
    assert (state.status, state.amount_idr) == (Status.VERIFIED, 1_341_300)
    assert state.judgements == (
        Judgement(
            status=Status.DISPUTED,
            code="other",
            words="no invoice",
            judged_on=TODAY,
            judged_by="tester",
        ),
        Judgement(
            status=Status.VERIFIED,
            code="other",
            words="Invoice 7",
            judged_on=TODAY,
            judged_by="tester",
        ),
    )


def test_the_state_keeps_the_last_judgements_only() -> None:
    state = given(outcome, ORDERED, *(DISPUTED, VERIFIED) * JUDGEMENTS_MAX).state
    assert isinstance(state, Outcome)
    assert len(state.judgements) == JUDGEMENTS_MAX
    assert state.judgements[-1].status is Status.VERIFIED


@pytest.mark.parametrize(
    ("past", "awaiting"),
    [
        ((), Awaiting.JUDGEMENT),
        ((DISPUTED,), Awaiting.RESOLUTION),
        ((VERIFIED,), Awaiting.NOTHING),
        ((VOIDED,), Awaiting.NOTHING),
    ],
)
def test_the_queue_has_what_waits_for_the_officer(
    past: tuple[Event, ...], awaiting: Awaiting
) -> None:
    state = given(outcome, ORDERED, *past).state
    assert isinstance(state, Outcome)
    assert state.awaiting is awaiting
