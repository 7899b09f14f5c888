"""The mirror of selection's own rounds: the figures of each, and the work that it waits for.

Lists of rounds and tasks read it, because a round may name thousands of candidates.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from services.selection.domain.selection_round.state import Status
from shared.contracts.ids import without
from shared.contracts.selection.objection import (
    ObjectionDismissed,
    ObjectionEvent,
    ObjectionExpired,
    ObjectionFiled,
    ObjectionFileRead,
    ObjectionUpheld,
    ObjectionWindowClosed,
    ObjectionWithdrawn,
    OfferPutOff,
    PlaceEscrowed,
    PlaceReleased,
)
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    FundsChanged,
    LateConflictDeclared,
    OverrideRecorded,
    OverrideWithdrawn,
    PanelAppointed,
    ProposalVoided,
    RoundEvent,
    RoundOpened,
    RoundRescheduled,
    ScoringClosed,
    SelectionApproved,
    SelectionEndorsed,
    SelectionProposed,
    SelectionReturned,
)
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    LossDeclined,
    LossRequested,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    ReservesPassedOver,
    RoundCancelled,
    SeatsFrozen,
)
from shared.contracts.words import Scope
from shared.contracts.zones import JAKARTA
from shared.kernel.view import Mirror


class Waiting(StrEnum):
    """Work that a round waits for: of an officer, or of an approver (a loss, an objection)."""

    PANEL = "panel"
    CLOSING = "closing"
    DECREE = "decree"
    LOSS = "loss"
    OBJECTION = "objection"
    LATE_OBJECTION = "late-objection"
    AMENDMENT = "amendment"


@dataclass(frozen=True, kw_only=True)
class OpenObjection:
    """An objection that waits for a decision until `decide_by`, or since then (`expired`)."""

    application: str
    decide_by: datetime
    expired: bool = False


@dataclass(frozen=True, kw_only=True)
class RoundFigures:
    """The figures of an own round, for lists of rounds; `threshold` in hundredths of a point.

    `candidates` are those that were listed and not struck since. `requested_losses` are the seats
    on whose loss an approver has to decide, and `undocumented` those that left the annex without a
    signed document. `objections` are those that can still be decided; none is filed any more once
    the window is not open.
    """

    programme: str
    scope: Scope
    status: Status = Status.AWAITED
    ends_on: date = date.max
    zone: str = JAKARTA
    places: int = 0
    rubric: str = ""
    threshold: int = 0
    closing: int = 0
    listed: bool = False
    candidates: int = 0
    seats_live: int = 0
    reserves: int = 0
    panel_size: int = 0
    offered: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    requested_losses: tuple[str, ...] = ()
    undocumented: tuple[str, ...] = ()
    window_open: bool = False
    objections: tuple[OpenObjection, ...] = ()
    waits_for: tuple[Waiting, ...] = ()


STATUSES: dict[type[RoundEvent], Status] = {
    RoundOpened: Status.OPEN,
    ScoringClosed: Status.SCORING_CLOSED,
    SelectionProposed: Status.PROPOSED,
    ProposalVoided: Status.SCORING_CLOSED,
    SelectionReturned: Status.OPEN,
    LateConflictDeclared: Status.OPEN,
    SelectionApproved: Status.APPROVED,
    ParticipantsDecreed: Status.DECREED,
    RoundCancelled: Status.CANCELLED,
}
"""The phase that begins with an event of this class."""


def _round(state: RoundFigures | None, event: RoundEvent) -> RoundFigures:
    state = state or RoundFigures(programme=event.programme, scope=event.scope)
    state = replace(state, status=STATUSES.get(type(event), state.status))
    state = _with_places(_with_figures(state, event), event)
    return replace(state, waits_for=tuple(_waits_for(state)))


def _with_figures(state: RoundFigures, event: RoundEvent) -> RoundFigures:
    match event:
        case RoundOpened():
            terms = replace(state, rubric=event.rubric, threshold=event.threshold)
            return replace(terms, places=event.places, ends_on=event.ends_on, zone=event.zone)
        case RoundRescheduled():
            return replace(state, ends_on=event.ends_on)
        case CandidatesListed():
            return replace(state, listed=True, candidates=len(event.applications))
        case CandidateStruck():
            # An application that is struck before the list is final is not counted on it.
            candidates = state.candidates - state.listed
            reserves = state.reserves - event.from_reserve
            return replace(state, candidates=candidates, reserves=reserves)
        case ScoringClosed():
            return replace(state, closing=event.closing)
        case PanelAppointed():
            return replace(state, panel_size=event.size)
        case (
            SelectionProposed()
            | ProposalVoided()
            | SelectionReturned()
            | FundsChanged()
            | LateConflictDeclared()
            | OverrideRecorded()
            | OverrideWithdrawn()
            | SelectionEndorsed()
            | PlaceOffered()
            | PlaceConfirmed()
            | LossRequested()
            | LossDeclined()
            | ReservesPassedOver()
            | AnnexAmended()
            | AmendmentRecorded()
            | SeatsFrozen()
        ):
            return state
        case _:
            return _with_seats(state, event)


def _with_seats(
    state: RoundFigures,
    event: SelectionApproved
    | PlaceLost
    | ReservePromoted
    | ParticipantsDecreed
    | RoundCancelled
    | ObjectionEvent,
) -> RoundFigures:
    match event:
        case SelectionApproved():
            approved = replace(state, window_open=event.objections_until is not None)
            return replace(approved, seats_live=len(event.selected), reserves=len(event.reserve))
        case PlaceLost():
            # Who has lost its seat to an objection is a reserve again.
            reserves = state.reserves + (event.reason == "objection-upheld")
            return replace(state, seats_live=state.seats_live - 1, reserves=reserves)
        case ReservePromoted():
            return replace(state, seats_live=state.seats_live + 1, reserves=state.reserves - 1)
        case ParticipantsDecreed() | RoundCancelled():
            return replace(state, reserves=0, window_open=False, objections=())
        case _:
            return _with_objections(state, event)


def _with_objections(state: RoundFigures, event: ObjectionEvent) -> RoundFigures:
    match event:
        case ObjectionFiled():
            filed = OpenObjection(application=event.application, decide_by=event.decide_by)
            return replace(state, objections=(*state.objections, filed))
        case ObjectionExpired():
            objections = tuple(
                replace(each, expired=True) if each.application == event.application else each
                for each in state.objections
            )
            return replace(state, objections=objections)
        case ObjectionUpheld():
            reserves = state.reserves + (not event.from_reserve)
            return replace(_decided(state, event.application), reserves=reserves)
        case ObjectionWithdrawn() | ObjectionDismissed():
            return _decided(state, event.application)
        case ObjectionWindowClosed():
            return replace(state, window_open=False)
        case ObjectionFileRead() | OfferPutOff() | PlaceEscrowed() | PlaceReleased():
            return state
        case _:
            assert_never(event)


def _decided(state: RoundFigures, application: str) -> RoundFigures:
    objections = tuple(each for each in state.objections if each.application != application)
    return replace(state, objections=objections)


def _with_places(state: RoundFigures, event: RoundEvent) -> RoundFigures:
    match event:
        case PlaceOffered():
            return replace(state, offered=(*state.offered, event.application))
        case PlaceConfirmed():
            return replace(
                state,
                offered=without(state.offered, event.application),
                confirmed=(*state.confirmed, event.application),
            )
        case PlaceLost():
            return replace(
                state,
                offered=without(state.offered, event.application),
                confirmed=without(state.confirmed, event.application),
                requested_losses=without(state.requested_losses, event.application),
            )
        case _:
            return _with_papers(state, event)


def _with_papers(state: RoundFigures, event: RoundEvent) -> RoundFigures:
    match event:
        case LossRequested():
            requested = (*state.requested_losses, event.application)
            return replace(state, requested_losses=requested)
        case LossDeclined():
            requested = without(state.requested_losses, event.application)
            return replace(state, requested_losses=requested)
        case SeatsFrozen():
            return replace(state, requested_losses=())
        case CandidateStruck() | ReservePromoted():
            return _decided(state, event.application)
        case AnnexAmended() if event.document is None:
            return replace(state, undocumented=(*state.undocumented, event.without))
        case AmendmentRecorded():
            documented = frozenset(event.without)
            undocumented = tuple(id for id in state.undocumented if id not in documented)
            return replace(state, undocumented=undocumented)
        case _:
            return state


def _waits_for(state: RoundFigures) -> Iterator[Waiting]:
    if state.status is Status.OPEN and not state.panel_size:
        yield Waiting.PANEL
    if state.status is Status.OPEN and state.panel_size and state.listed:
        yield Waiting.CLOSING
    in_time = tuple(each for each in state.objections if not each.expired)
    undisputed = not state.window_open and not in_time
    if state.status is Status.APPROVED and state.confirmed and not state.offered and undisputed:
        yield Waiting.DECREE
    if in_time:
        yield Waiting.OBJECTION
    if len(in_time) < len(state.objections):
        yield Waiting.LATE_OBJECTION
    if state.requested_losses:
        yield Waiting.LOSS
    if state.status is Status.DECREED and state.undocumented:
        yield Waiting.AMENDMENT


INDEXES = ("programme", "scope", "status", "waits_for")
rounds = Mirror(follows=RoundEvent, state=RoundFigures, evolve=_round, indexes=INDEXES)
