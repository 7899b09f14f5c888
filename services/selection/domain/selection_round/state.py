"""The state of a round with its seats, and the fold of its events into it.

The keys of `seats` are composed ids (they contain a dot), therefore `seats` is always written
whole. The state grows with the candidates of its exhibition and no further: a few thousand entries.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypedDict, assert_never

from services.selection.domain.selection_round.annex import Decree, amended, decreed
from services.selection.domain.selection_round.judgement import (
    Proposal,
    Scoring,
    proposal_of,
    scoring_of,
)
from services.selection.domain.selection_round.loss import (
    Loss,
    LossStatus,
    decided,
    overtaken,
    requested,
)
from shared.contracts.ids import without
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.round import (
    AmendmentRecorded,
    AnnexAmended,
    CandidatesListed,
    CandidateStruck,
    DeclaredConflict,
    LossDeclined,
    LossRequested,
    PanelAppointed,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ProposalVoided,
    ReservePromoted,
    RoundCancelled,
    RoundEvent,
    RoundOpened,
    RoundRescheduled,
    ScoringClosed,
    SeatsFrozen,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
)
from shared.contracts.words import Scope
from shared.contracts.zones import JAKARTA

# State


class Status(StrEnum):
    """The phase of a round; AWAITED: another event of it arrived before its call opened."""

    AWAITED = "AWAITED"
    OPEN = "OPEN"
    SCORING_CLOSED = "SCORING_CLOSED"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    DECREED = "DECREED"
    CANCELLED = "CANCELLED"


class SeatStatus(StrEnum):
    """A seat waits for money, is offered, confirmed, or lost for good."""

    WAITING = "WAITING"
    OFFERED = "OFFERED"
    CONFIRMED = "CONFIRMED"
    LOST = "LOST"


class RoundFields(TypedDict):
    """The fields that every event of a round has."""

    exhibition: str
    programme: str
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class Round:
    """The selection of an exhibition; its terms are zero until its call has opened.

    `listed` is None until verification is closed. `seats` are in the order in which they were
    given: the selected in rank order, then each reserve that was promoted. `losses` are those that
    officers have requested. `frozen` is True once the exhibition runs.
    """

    exhibition: str
    programme: str
    scope: Scope
    status: Status = Status.AWAITED
    places: int = 0
    quotas: tuple[Quota, ...] = ()
    rubric: str = ""
    threshold: int = 0
    sheets_min: int = 0
    offer_hours: int = 0
    starts_on: date = date.max
    ends_on: date = date.max
    zone: str = JAKARTA
    panel: tuple[str, ...] = ()
    listed: tuple[str, ...] | None = None
    struck: tuple[str, ...] = ()
    closing: int = 0
    scoring: Scoring | None = None
    proposal: Proposal | None = None
    approved_on: date | None = None
    seats: dict[str, SeatStatus] = field(default_factory=dict)
    reserve: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    decree: Decree | None = None
    frozen: bool = False

    @property
    def round_fields(self) -> RoundFields:
        """Return the fields that every event of this round has."""
        return RoundFields(exhibition=self.exhibition, programme=self.programme, scope=self.scope)

    @property
    def remaining(self) -> tuple[str, ...]:
        """Return the listed applications that have not been struck, in order of id."""
        struck = frozenset(self.struck)
        return tuple(application for application in self.listed or () if application not in struck)

    @property
    def conflicts(self) -> tuple[DeclaredConflict, ...]:
        """Return the conflicts of interest with its candidates that the last closing has found."""
        return self.scoring.conflicts if self.scoring else ()

    @property
    def live(self) -> tuple[str, ...]:
        """Return the applications with a seat that is not lost: never more than the places."""
        return tuple(
            application for application, seat in self.seats.items() if seat is not SeatStatus.LOST
        )

    @property
    def annex(self) -> tuple[str, ...]:
        """Return the annex of the decree: before it is decreed, those that are confirmed now."""
        return self.decree.annex if self.decree else self.seats_with(SeatStatus.CONFIRMED)

    def seats_with(self, status: SeatStatus) -> tuple[str, ...]:
        """Return the applications whose seat has this status, in the order of the seats."""
        return tuple(application for application, seat in self.seats.items() if seat is status)

    def requested_loss(self, application: str) -> Loss | None:
        """Return the loss of this seat that waits for an approver."""
        waiting = (loss for loss in self.losses if loss.status is LossStatus.REQUESTED)
        return next((loss for loss in waiting if loss.application == application), None)

    def holds(self, application: str) -> bool:
        """Return True if this application has a live seat."""
        return self.seats.get(application, SeatStatus.LOST) is not SeatStatus.LOST


# Rules


def evolve(state: Round | None, event: RoundEvent) -> Round:
    """Fold an event."""
    state = state or Round(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case RoundOpened() | RoundRescheduled() | PanelAppointed():
            return _evolve_terms(state, event)
        case CandidatesListed() | ScoringClosed():
            return _evolve_scoring_phase(state, event)
        case SelectionProposed() | ProposalVoided() | SelectionReturned() | SelectionApproved():
            return _evolve_proposal(state, event)
        case CandidateStruck():
            reserve = without(state.reserve, event.application)
            return replace(state, struck=(*state.struck, event.application), reserve=reserve)
        case PlaceOffered() | PlaceConfirmed() | PlaceLost() | ReservePromoted():
            return _evolve_seats(state, event)
        case LossRequested() | LossDeclined() | SeatsFrozen():
            return _evolve_losses(state, event)
        case ParticipantsDecreed() | AnnexAmended() | AmendmentRecorded() | RoundCancelled():
            return _evolve_end(state, event)
        case _:
            assert_never(event)


def _evolve_terms(state: Round, event: RoundOpened | RoundRescheduled | PanelAppointed) -> Round:
    match event:
        case RoundOpened():
            return replace(
                state,
                status=Status.OPEN,
                places=event.places,
                quotas=event.quotas,
                rubric=event.rubric,
                threshold=event.threshold,
                sheets_min=event.sheets_min,
                offer_hours=event.offer_hours,
                starts_on=event.starts_on,
                ends_on=event.ends_on,
                zone=event.zone,
            )
        case RoundRescheduled():
            return replace(state, starts_on=event.starts_on, ends_on=event.ends_on)
        case PanelAppointed():
            return replace(state, panel=event.curators)
        case _:
            assert_never(event)


def _evolve_scoring_phase(state: Round, event: CandidatesListed | ScoringClosed) -> Round:
    match event:
        case CandidatesListed():
            return replace(state, listed=event.applications)
        case ScoringClosed():
            return replace(
                state,
                status=Status.SCORING_CLOSED,
                closing=event.closing,
                scoring=scoring_of(event),
            )
        case _:
            assert_never(event)


def _evolve_proposal(
    state: Round,
    event: SelectionProposed | ProposalVoided | SelectionReturned | SelectionApproved,
) -> Round:
    match event:
        case SelectionProposed():
            return replace(state, status=Status.PROPOSED, proposal=proposal_of(event))
        case ProposalVoided():
            return replace(state, status=Status.SCORING_CLOSED, proposal=None)
        case SelectionReturned():
            return replace(state, status=Status.OPEN, proposal=None)
        case SelectionApproved():
            seats = dict.fromkeys(event.selected, SeatStatus.WAITING)
            return replace(
                state,
                status=Status.APPROVED,
                approved_on=event.approved_on,
                seats=seats,
                reserve=event.reserve,
            )
        case _:
            assert_never(event)


def _evolve_seats(
    state: Round, event: PlaceOffered | PlaceConfirmed | PlaceLost | ReservePromoted
) -> Round:
    match event:
        case PlaceOffered():
            seat = SeatStatus.OFFERED
        case PlaceConfirmed():
            seat = SeatStatus.CONFIRMED
        case PlaceLost():
            seat = SeatStatus.LOST
            state = replace(state, losses=decided(state.losses, event))
        case ReservePromoted():
            seat = SeatStatus.WAITING
        case _:
            assert_never(event)
    seats = {**state.seats, event.application: seat}
    return replace(state, seats=seats, reserve=without(state.reserve, event.application))


def _evolve_losses(state: Round, event: LossRequested | LossDeclined | SeatsFrozen) -> Round:
    match event:
        case LossRequested():
            return replace(state, losses=requested(state.losses, event))
        case LossDeclined():
            return replace(state, losses=decided(state.losses, event))
        case SeatsFrozen():
            return replace(state, frozen=True, losses=overtaken(state.losses))
        case _:
            assert_never(event)


def _evolve_end(
    state: Round, event: ParticipantsDecreed | AnnexAmended | AmendmentRecorded | RoundCancelled
) -> Round:
    match event:
        case ParticipantsDecreed():
            return replace(state, status=Status.DECREED, reserve=(), decree=decreed(event))
        case AnnexAmended() | AmendmentRecorded():
            return replace(state, decree=state.decree and amended(state.decree, event))
        case RoundCancelled():
            # A proposal that was never approved is removed, so it stays confidential for ever.
            proposal = None if state.status is Status.PROPOSED else state.proposal
            return replace(state, status=Status.CANCELLED, reserve=(), proposal=proposal)
        case _:
            assert_never(event)
