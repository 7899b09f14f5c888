"""The candidate (id = the application's id): its commands and the rules of its reactions.

The reactions enter, seal, unseal, withdraw and end a candidate. The rules of what people do in
between are in `assignments`, `conflicts` and `score_sheets`. Sheets are private; once sealed they
cannot change until a return of that same closing unseals them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from services.selection.domain.candidate.assignments import (
    AssignCurator,
    AssignCurators,
    UnassignCurator,
)
from services.selection.domain.candidate.conflicts import (
    DeclareConflict,
    InferConflicts,
    RecordLateConflict,
)
from services.selection.domain.candidate.fold import evolve
from services.selection.domain.candidate.points import mean_of, not_passed
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    RetractScoreSheet,
    SubmitScoreSheet,
    retract_score_sheet,
)
from services.selection.domain.candidate.state import Candidate, Status
from shared.contracts.relations import Relations
from shared.contracts.selection.candidate import (
    CandidateEnd,
    CandidateEnded,
    CandidateEntered,
    CandidateEvent,
    CandidateReopened,
    CandidateScored,
    CandidateWithdrawn,
)
from shared.contracts.selection.round_fact import Closing
from shared.contracts.words import Applicant, Instant
from shared.kernel.decider import Context, Decider

# Commands


@dataclass(frozen=True, kw_only=True)
class EnterCandidate:
    """(reaction) Enter an application that was found eligible."""

    applicant: Applicant
    submitted_at: Instant
    relations: Relations = ()


@dataclass(frozen=True, kw_only=True)
class WithdrawCandidate:
    """(reaction) Withdraw the candidate of an applicant that gave up, perhaps before it entered."""

    applicant: Applicant


@dataclass(frozen=True, kw_only=True)
class EndCandidate:
    """(reaction) End the candidate of an application that has ended without a place."""

    code: CandidateEnd


@dataclass(frozen=True, kw_only=True)
class SealSheets:
    """(reaction) Seal the submitted sheets when the scoring closes; enough sheets make a score."""

    closing: Closing
    sheets_min: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, kw_only=True)
class UnsealSheets:
    """(reaction) Break the seal of this closing when the selection is returned to scoring."""

    closing: Closing


CommandWithoutFacts = (
    EnterCandidate
    | WithdrawCandidate
    | EndCandidate
    | SealSheets
    | UnsealSheets
    | RetractScoreSheet
)
"""The commands that `decide` handles; the routes name the rules of the other commands."""

CandidateCommand = (
    CommandWithoutFacts
    | AssignCurator
    | AssignCurators
    | UnassignCurator
    | DeclareConflict
    | RecordLateConflict
    | InferConflicts
    | SubmitScoreSheet
    | ModerateScores
)

# Rules


def decide(
    command: CommandWithoutFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Decide a command that needs no facts; a reaction is never refused, whenever it comes."""
    match command:
        case EnterCandidate():
            return _enter(command, state)
        case WithdrawCandidate():
            return _withdraw(command, state)
        case EndCandidate():
            return _end(command, state)
        case SealSheets():
            return _seal(command, state)
        case UnsealSheets():
            return _unseal(command, state)
        case RetractScoreSheet():
            return retract_score_sheet(state, context)
        case _:
            assert_never(command)


def _enter(command: EnterCandidate, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is not None:
        return []
    return [
        CandidateEntered(
            applicant=command.applicant,
            submitted_at=command.submitted_at,
            relations=command.relations,
        )
    ]


def _withdraw(command: WithdrawCandidate, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is not None and state.status is not Status.ENTERED:
        return []
    return [CandidateWithdrawn(applicant=command.applicant)]


def _end(command: EndCandidate, state: Candidate | None) -> Sequence[CandidateEvent]:
    # An application that ended before it was verified never became a candidate.
    if state is None or state.status is not Status.ENTERED:
        return []
    return [CandidateEnded(applicant=state.applicant, code=command.code)]


def _seal(command: SealSheets, state: Candidate | None) -> Sequence[CandidateEvent]:
    # A candidate that has ended is sealed too: its round may still name it, and would wait for it.
    if state is None or state.status is Status.WITHDRAWN or state.seal is not None:
        return []
    scored = len(state.sheets) >= command.sheets_min
    return [
        CandidateScored(
            applicant=state.applicant,
            closing=command.closing,
            scored=scored,
            score=mean_of([sheet.total for sheet in state.sheets]) if scored else None,
            sheets=state.sheets,
            not_passed=not_passed(state.sheets) if scored else (),
        )
    ]


def _unseal(command: UnsealSheets, state: Candidate | None) -> Sequence[CandidateEvent]:
    if state is None or state.status is Status.WITHDRAWN or state.seal is None:
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
    revision=3,
    indexes=("exhibition", "curators", "awaited", "moderators", "status", "progress"),
)
