"""The mirrors of selection: rubrics, candidates, rounds."""

from dataclasses import dataclass, replace
from typing import assert_never

from shared.contracts.selection.candidate import CandidateEntered, CandidateScored
from shared.contracts.selection.round import RoundOpened, SelectionApproved
from shared.contracts.selection.round_seats import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.selection.rubric import RubricPublished
from shared.contracts.words import Scope, Sentence
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """The title of a rubric."""

    title: Sentence


def _rubric(state: Rubric | None, event: RubricPublished) -> Rubric:
    return Rubric(title=event.title)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A candidate of an exhibition; `scored` is true if its sheets made a score."""

    exhibition: str
    scored: bool = False


def _candidate(state: Candidate | None, event: CandidateEntered | CandidateScored) -> Candidate:
    match event:
        case CandidateEntered():
            return Candidate(exhibition=event.applicant.exhibition)
        case CandidateScored():
            return Candidate(exhibition=event.applicant.exhibition, scored=event.scored)
        case _:
            assert_never(event)


FollowedRoundEvent = (
    RoundOpened
    | SelectionApproved
    | ReservePromoted
    | PlaceConfirmed
    | PlaceLost
    | ParticipantsDecreed
    | AnnexAmended
    | RoundCancelled
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """The numbers of a round.

    Seats are given by selection (`selected`) and by promotion from the reserve (`promoted`);
    `annex` counts the participants that the decree lists now.
    """

    exhibition: str
    programme: str
    scope: Scope
    places: int = 0
    selected: int = 0
    promoted: int = 0
    confirmed: int = 0
    lost: int = 0
    reserve: int = 0
    annex: int = 0
    decree: str | None = None


def _round(state: Round | None, event: FollowedRoundEvent) -> Round:
    state = state or Round(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case RoundOpened():
            return replace(state, places=event.places)
        case SelectionApproved():
            return replace(state, selected=len(event.selected), reserve=len(event.reserve))
        case ReservePromoted():
            return replace(state, promoted=state.promoted + 1)
        case PlaceConfirmed():
            return replace(state, confirmed=state.confirmed + 1)
        case PlaceLost():
            return replace(state, lost=state.lost + 1)
        case _:
            return _annex(state, event)


def _annex(state: Round, event: ParticipantsDecreed | AnnexAmended | RoundCancelled) -> Round:
    match event:
        case ParticipantsDecreed():
            return replace(state, annex=len(event.annex), decree=event.number)
        case AnnexAmended():
            return replace(state, annex=state.annex - 1)
        case RoundCancelled():
            return replace(state, annex=0)
        case _:
            assert_never(event)


rubrics = Mirror(follows=RubricPublished, state=Rubric, evolve=_rubric)
candidates = Mirror(follows=CandidateEntered | CandidateScored, state=Candidate, evolve=_candidate)
rounds = Mirror(follows=FollowedRoundEvent, state=Round, evolve=_round, indexes=("programme",))
