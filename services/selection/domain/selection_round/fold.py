"""The fold of the events of a round into its state."""

from dataclasses import replace
from typing import assert_never

from services.selection.domain.selection_round.annex import amended, decreed
from services.selection.domain.selection_round.dispute_fold import evolve_dispute
from services.selection.domain.selection_round.fold_proposal import (
    evolve_inputs,
    evolve_proposal,
)
from services.selection.domain.selection_round.judgement import (
    scoring_of,
)
from services.selection.domain.selection_round.loss import (
    decided,
    overtaken,
    requested,
)
from services.selection.domain.selection_round.objection import (
    overtaken as overtaken_objections,
)
from services.selection.domain.selection_round.objection import without_seat
from services.selection.domain.selection_round.state import (
    Round,
    SeatStatus,
    Status,
)
from shared.contracts.ids import without
from shared.contracts.selection.objection import ObjectionEvent
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


def evolve(state: Round | None, event: RoundEvent) -> Round:
    """Fold an event."""
    state = state or Round(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case RoundOpened() | RoundRescheduled() | PanelAppointed() | FundsChanged():
            return _evolve_terms(state, event)
        case CandidatesListed() | ScoringClosed():
            return _evolve_scoring_phase(state, event)
        case (
            SelectionProposed()
            | ProposalVoided()
            | SelectionReturned()
            | SelectionEndorsed()
            | SelectionApproved()
        ):
            return evolve_proposal(state, event)
        case OverrideRecorded() | OverrideWithdrawn() | LateConflictDeclared():
            return evolve_inputs(state, event)
        case CandidateStruck() | ReservesPassedOver():
            return _evolve_reserve(state, event)
        case PlaceOffered() | PlaceConfirmed() | PlaceLost() | ReservePromoted():
            return _evolve_seats(state, event)
        case _:
            return _evolve_later(state, event)


def _evolve_later(
    state: Round,
    event: (
        LossRequested
        | LossDeclined
        | SeatsFrozen
        | ParticipantsDecreed
        | AnnexAmended
        | AmendmentRecorded
        | RoundCancelled
        | ObjectionEvent
    ),
) -> Round:
    match event:
        case LossRequested() | LossDeclined() | SeatsFrozen():
            return _evolve_losses(state, event)
        case ParticipantsDecreed() | AnnexAmended() | AmendmentRecorded() | RoundCancelled():
            return _evolve_end(state, event)
        case _:
            return evolve_dispute(state, event)


def _evolve_terms(
    state: Round, event: RoundOpened | RoundRescheduled | PanelAppointed | FundsChanged
) -> Round:
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
                technical_approval=event.technical_approval,
                objection_terms=event.objections,
            )
        case RoundRescheduled():
            return replace(state, starts_on=event.starts_on, ends_on=event.ends_on)
        case PanelAppointed():
            state = replace(state, relations=event.relations)
            return replace(state, panel=event.curators, profiles=event.profiles)
        case FundsChanged():
            return replace(state, funds=event.funds, inputs=state.inputs + 1)
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
                inputs=0,
                guard=state.guard or event.guard,
                scoring=scoring_of(event),
            )
        case _:
            assert_never(event)


def _evolve_reserve(state: Round, event: CandidateStruck | ReservesPassedOver) -> Round:
    match event:
        case CandidateStruck():
            return replace(
                state,
                struck=(*state.struck, event.application),
                reserve=without(state.reserve, event.application),
                objections=overtaken_objections(state.objections, event.application),
            )
        case ReservesPassedOver():
            return state
        case _:
            assert_never(event)


def _evolve_seats(
    state: Round, event: PlaceOffered | PlaceConfirmed | PlaceLost | ReservePromoted
) -> Round:
    match event:
        case PlaceOffered():
            seat = SeatStatus.OFFERED
            state = replace(state, put_off=without(state.put_off, event.application))
        case PlaceConfirmed():
            seat = SeatStatus.CONFIRMED
        case PlaceLost() if event.reason == "objection-upheld":
            return _displaced(_without_dispute(state, event.application), event)
        case PlaceLost():
            seat = SeatStatus.LOST
            state = _without_dispute(state, event.application)
            state = replace(state, losses=decided(state.losses, event))
        case ReservePromoted():
            seat = SeatStatus.WAITING
            overtaken_by = overtaken_objections(state.objections, event.application)
            state = replace(state, objections=overtaken_by)
        case _:
            assert_never(event)
    seats = {**state.seats, event.application: seat}
    return replace(state, seats=seats, reserve=without(state.reserve, event.application))


def _without_dispute(state: Round, seat: str) -> Round:
    """Return the round once this seat is in escrow for no objection, and no offer is put off."""
    objections = without_seat(state.objections, seat)
    return replace(state, objections=objections, put_off=without(state.put_off, seat))


def _displaced(state: Round, event: PlaceLost) -> Round:
    """Return the round after its seat was lost to an objection: it is the first reserve now."""
    application = event.application
    return replace(
        state,
        seats={id: seat for id, seat in state.seats.items() if id != application},
        reserve=(application, *state.reserve),
        losses=decided(state.losses, event),
        displaced=(*state.displaced, application),
    )


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
            objections = overtaken_objections(state.objections)
            state = replace(state, objections=objections)
            return replace(state, status=Status.CANCELLED, reserve=(), proposal=proposal)
        case _:
            assert_never(event)
