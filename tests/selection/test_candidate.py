"""The rules of a candidate: it is entered, sealed, unsealed and withdrawn, and it ends."""

import pytest

from services.selection.domain.candidate.decider import (
    CandidateCommand,
    EndCandidate,
    EnterCandidate,
    SealSheets,
    UnsealSheets,
    WithdrawCandidate,
    candidate,
)
from services.selection.domain.candidate.state import Progress, Seal, Status
from shared.contracts.selection.candidate import (
    CandidateEnd,
    CandidateEnded,
    CandidateEvent,
    CandidateScored,
    CandidateWithdrawn,
    ScoreSheetRetracted,
)
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.selection.examples import (
    APPLICANT,
    CITRA,
    ENTERED,
    REOPENED,
    SCORED,
    SCORING,
    SHEETS,
    SUBMITTED_AT,
)

ENTER = EnterCandidate(applicant=APPLICANT, submitted_at=SUBMITTED_AT)
WITHDRAW = WithdrawCandidate(applicant=APPLICANT)
WITHDRAWN = CandidateWithdrawn(applicant=APPLICANT)
SEAL = SealSheets(closing=1, sheets_min=3)
UNSEAL = UnsealSheets(closing=1)
END = EndCandidate(code=CandidateEnd.BELOW_THRESHOLD)
ENDED = CandidateEnded(applicant=APPLICANT, code=CandidateEnd.BELOW_THRESHOLD)


def reacting(past: Given, command: CandidateCommand) -> When:
    return past.when(command, origin=Origin.REACTION)


def test_an_eligible_application_enters() -> None:
    reacting(given(candidate), ENTER).then(ENTERED)


def test_it_enters_once() -> None:
    reacting(given(candidate, ENTERED), ENTER).then()


def test_it_may_be_withdrawn_before_it_has_entered_and_then_never_enters() -> None:
    reacting(given(candidate), WITHDRAW).then(WITHDRAWN)
    reacting(given(candidate, WITHDRAWN), ENTER).then()


@pytest.mark.parametrize("past", [(ENTERED,), SCORING, (*SCORING, SCORED)])
def test_it_may_be_withdrawn_at_any_time_once(past: tuple[CandidateEvent, ...]) -> None:
    reacting(given(candidate, *past), WITHDRAW).then(WITHDRAWN)
    reacting(given(candidate, *past, WITHDRAWN), WITHDRAW).then()


@pytest.mark.parametrize("past", [(ENTERED,), SCORING, (*SCORING, SCORED)])
def test_it_ends_once_with_the_code_of_its_application(past: tuple[CandidateEvent, ...]) -> None:
    reacting(given(candidate, *past), END).then(ENDED)
    reacting(given(candidate, *past, ENDED), END).then()
    state = given(candidate, *past, ENDED).state
    assert (state.status, state.end) == (Status.ENDED, CandidateEnd.BELOW_THRESHOLD)
    assert (state.progress, state.awaited) == (Progress.OVER, ())


def test_the_first_end_of_a_candidate_stands() -> None:
    reacting(given(candidate, ENTERED, WITHDRAWN), END).then()
    reacting(given(candidate, ENTERED, ENDED), WITHDRAW).then()


def test_an_application_that_never_became_a_candidate_has_no_end_here() -> None:
    reacting(given(candidate), END).then()


def test_a_closing_seals_also_a_candidate_that_has_ended_and_its_return_unseals_it() -> None:
    reacting(given(candidate, *SCORING, ENDED), SEAL).then(SCORED)
    reacting(given(candidate, *SCORING, ENDED, SCORED), UNSEAL).then(REOPENED)


def test_a_closing_seals_the_sheets_and_makes_the_score() -> None:
    reacting(given(candidate, *SCORING), SEAL).then(SCORED)


def test_too_few_sheets_make_no_score() -> None:
    retracted = ScoreSheetRetracted(applicant=APPLICANT, curator=CITRA)
    reacting(given(candidate, *SCORING, retracted), SEAL).then(
        CandidateScored(applicant=APPLICANT, closing=1, scored=False, sheets=SHEETS[:2])
    )
    reacting(given(candidate, ENTERED), SEAL).then(
        CandidateScored(applicant=APPLICANT, closing=1, scored=False)
    )


def test_it_is_sealed_once() -> None:
    reacting(given(candidate, *SCORING, SCORED), SEAL).then()


@pytest.mark.parametrize("past", [(), (*SCORING, WITHDRAWN), (WITHDRAWN,)])
def test_a_withdrawn_or_unknown_candidate_is_not_sealed(past: tuple[CandidateEvent, ...]) -> None:
    reacting(given(candidate, *past), SEAL).then()


def test_a_returned_selection_breaks_the_seal_of_its_closing() -> None:
    reacting(given(candidate, *SCORING, SCORED), UNSEAL).then(REOPENED)
    reacting(given(candidate, *SCORING, SCORED, REOPENED), UNSEAL).then()


def test_another_closing_breaks_no_seal() -> None:
    reacting(given(candidate, *SCORING, SCORED), UnsealSheets(closing=2)).then()


@pytest.mark.parametrize("past", [(), (ENTERED,), (*SCORING, SCORED, WITHDRAWN)])
def test_a_candidate_that_is_not_sealed_or_withdrawn_is_not_unsealed(
    past: tuple[CandidateEvent, ...],
) -> None:
    reacting(given(candidate, *past), UNSEAL).then()


def test_the_next_closing_seals_the_sheets_again() -> None:
    again = SealSheets(closing=2, sheets_min=3)
    sealed = SCORED.model_copy(update={"closing": 2})
    past = (*SCORING, SCORED, REOPENED)
    reacting(given(candidate, *past), again).then(sealed)
    assert given(candidate, *past, sealed).state.seal == Seal(closing=2, score=8_667)


def test_the_topic_carries_neither_score_nor_sheets_nor_curators() -> None:
    for event in (*SCORING, SCORED):
        public = event.public_json()
        assert "8667" not in public
        assert "levels" not in public
        assert "curator" not in public
