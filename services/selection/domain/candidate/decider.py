"""Candidate (id = the application's): an eligible application before the curators.

This module is the door and holds what reactions do: enter, seal, unseal, withdraw. What people do
in between is in `score_sheets`, what is kept in `candidate_record`. Sheets are private as long as
they lie here; once sealed they cannot change until that very closing is taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from services.selection.domain.candidate.points import mean_of
from services.selection.domain.candidate.score_sheets import (
    AssignCurator,
    DeclareConflict,
    RetractScoreSheet,
    SubmitScoreSheet,
    decide_sheets,
)
from services.selection.domain.candidate.state import Candidate, Status, evolve
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateEvent,
    CandidateReopened,
    CandidateScored,
    CandidateWithdrawn,
)
from shared.contracts.selection.round import Closing
from shared.contracts.words import Applicant, Instant
from shared.kernel.decider import Context, Decider

# Commands


@dataclass(frozen=True, kw_only=True)
class EnterCandidate:
    """(reaction) The application was found eligible."""

    applicant: Applicant
    submitted_at: Instant


@dataclass(frozen=True, kw_only=True)
class WithdrawCandidate:
    """(reaction) The applicant gave up, perhaps before it was entered."""

    applicant: Applicant


@dataclass(frozen=True, kw_only=True)
class SealSheets:
    """(reaction) The scoring is closed: what is in is sealed, and counts if it is enough."""

    closing: Closing
    sheets_min: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, kw_only=True)
class UnsealSheets:
    """(reaction) The selection went back to scoring: this closing's seal is broken."""

    closing: Closing


CandidateCommand = (
    EnterCandidate
    | WithdrawCandidate
    | SealSheets
    | UnsealSheets
    | AssignCurator
    | DeclareConflict
    | SubmitScoreSheet
    | RetractScoreSheet
)

# Rules


def decide(
    command: CandidateCommand, facts: object, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Reactions are never refused, whenever they come."""
    match command:
        case EnterCandidate():
            return _enter(command, state)
        case WithdrawCandidate():
            return _withdraw(command, state)
        case SealSheets():
            return _seal(command, state)
        case UnsealSheets():
            return _unseal(command, state)
        case AssignCurator() | DeclareConflict() | SubmitScoreSheet() | RetractScoreSheet():
            return decide_sheets(command, facts, state, context)
        case _:
            assert_never(command)


def _enter(command: EnterCandidate, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is not None:
        return []
    return [CandidateEntered(applicant=command.applicant, submitted_at=command.submitted_at)]


def _withdraw(command: WithdrawCandidate, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is not None and state.status is Status.WITHDRAWN:
        return []
    return [CandidateWithdrawn(applicant=command.applicant)]


def _seal(command: SealSheets, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is None or state.status is not Status.ENTERED or state.seal is not None:
        return []
    scored = len(state.sheets) >= command.sheets_min
    return [
        CandidateScored(
            applicant=state.applicant,
            closing=command.closing,
            scored=scored,
            score=mean_of([sheet.total for sheet in state.sheets]) if scored else None,
            sheets=state.sheets,
        )
    ]


def _unseal(command: UnsealSheets, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is None or state.status is not Status.ENTERED or state.seal is None:
        return []
    if state.seal.closing != command.closing:
        return []
    return [CandidateReopened(applicant=state.applicant, closing=command.closing)]


candidate = Decider(
    kind="candidate",
    commands=CandidateCommand,
    state=Candidate | None,
    events=CandidateEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("exhibition", "curators"),
)
