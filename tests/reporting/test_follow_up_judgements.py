"""Judgements of follow-ups: each has a status of its own, and a void one makes room."""

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.follow_ups import report_follow_up
from services.reporting.domain.outcome.judgements import (
    DisputeOutcome,
    VerificationFacts,
    VerifyOutcome,
    VoidOutcome,
    verify_outcome,
)
from services.reporting.domain.outcome.state import Status, evolve
from shared.contracts.reporting.outcome import (
    EvidenceKind,
    JudgementCode,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.kernel.errors import Problem
from tests.given import context, given
from tests.reporting.examples import FOLLOWING, OUTCOME, REPORTER, follow_up, reported
from tests.reporting.test_follow_ups import followed, judged, state_after

NO_RATE = VerificationFacts(fixing=None, attended=True)


def test_a_follow_up_has_a_status_of_its_own() -> None:
    evidence = VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="B/L 4", follow_up="f-1")
    verified = judged(OutcomeVerified, 40, evidence="B/L 4")
    past = given(outcome, reported(100), followed(40))
    past.when(evidence, rule=verify_outcome, facts=NO_RATE, subject=OUTCOME).then(verified)
    state = state_after(reported(100), followed(40), verified)
    assert (state.status, state.follow_ups["f-1"].status) == (Status.REPORTED, Status.VERIFIED)


def test_a_verified_outcome_does_not_verify_its_follow_ups() -> None:
    own = judged(OutcomeVerified, 100, follow_up=None, rung=Rung.POTENTIAL, evidence="MoU")
    for past in ((own, followed(40)), (followed(40), own)):
        state = state_after(reported(100), *past)
        assert state.status is Status.VERIFIED
        assert state.follow_ups["f-1"].status is Status.REPORTED


@pytest.mark.parametrize(
    "command",
    [
        DisputeOutcome(code=JudgementCode.OTHER, reason="r", follow_up="f-9"),
        VoidOutcome(code=JudgementCode.OTHER, reason="r", follow_up="f-9"),
    ],
)
def test_a_follow_up_of_another_outcome_is_not_judged_here(command: object) -> None:
    past = given(outcome, reported(100), followed(40))
    past.when(command).refused("no-such-follow-up")
    verify = VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="e", follow_up="f-9")
    past.when(verify, rule=verify_outcome, facts=NO_RATE).refused("no-such-follow-up")


def test_an_outcome_with_a_realised_part_is_not_voided() -> None:
    void = VoidOutcome(code=JudgementCode.OTHER, reason="entered twice")
    past = (reported(100), followed(40))
    given(outcome, *past).when(void, subject=OUTCOME).refused("has-follow-ups")
    freed = given(outcome, *past, judged(OutcomeVoided, 40, reason="?"))
    assert freed.when(void, subject=OUTCOME).events()


def test_a_follow_up_is_not_verified_by_its_reporter() -> None:
    evidence = VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="e", follow_up="f-1")
    past = given(outcome, reported(100), followed(40))
    past.when(evidence, rule=verify_outcome, facts=NO_RATE, actor=REPORTER).refused("same-person")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["follow", "verify", "dispute", "void"]),
        st.integers(min_value=1, max_value=60),
        st.integers(min_value=0, max_value=6),
    ),
    max_size=30,
)


@anything(STEPS)
def test_follow_ups_never_exceed_their_outcome_in_any_order(
    steps: list[tuple[str, int, int]],
) -> None:
    state = state_after(reported(100))
    for number, (step, amount, index) in enumerate(steps):
        follow_up_id = [None, *state.follow_ups][index % (len(state.follow_ups) + 1)]
        judgements: dict[str, DisputeOutcome | VoidOutcome] = {
            "dispute": DisputeOutcome(code=JudgementCode.OTHER, reason="r", follow_up=follow_up_id),
            "void": VoidOutcome(code=JudgementCode.OTHER, reason="r", follow_up=follow_up_id),
        }
        verify = VerifyOutcome(
            kind_of_evidence=EvidenceKind.OTHER, evidence="e", follow_up=follow_up_id
        )
        request = context(subject=OUTCOME, key=f"k-{number}")
        try:
            if step == "follow":
                more = follow_up(amount, not_a_double=True)
                events = report_follow_up(more, FOLLOWING, state, request)
            elif step == "verify":
                events = verify_outcome(verify, NO_RATE, state, request)
            else:
                events = outcome.decide(judgements[step], state, request)
        except Problem:
            continue
        for event in events:
            state = evolve(state, event)
        assert state.followed_up_idr <= state.amount_idr
        if state.status is Status.VOID:
            assert state.followed_up_idr == 0
