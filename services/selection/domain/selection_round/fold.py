"""The fold of the events of a round into its state."""

from dataclasses import replace
from typing import assert_never

from services.selection.domain.selection_round.annex import amended, decreed
from services.selection.domain.selection_round.judgement import (
    Approval,
    RecordedOverride,
    proposal_of,
    scoring_of,
    without_effect,
)
from services.selection.domain.selection_round.loss import (
    decided,
    overtaken,
    requested,
)
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.ids import without
from shared.contracts.selection.approval import ApprovalLevel, VoidReason
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    DeclaredConflict,
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
            return _evolve_proposal(state, event)
        case OverrideRecorded() | OverrideWithdrawn() | LateConflictDeclared():
            return _evolve_inputs(state, event)
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
    ),
) -> Round:
    match event:
        case LossRequested() | LossDeclined() | SeatsFrozen():
            return _evolve_losses(state, event)
        case ParticipantsDecreed() | AnnexAmended() | AmendmentRecorded() | RoundCancelled():
            return _evolve_end(state, event)
        case _:
            assert_never(event)


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


def _evolve_proposal(
    state: Round,
    event: (
        SelectionProposed
        | ProposalVoided
        | SelectionReturned
        | SelectionEndorsed
        | SelectionApproved
    ),
) -> Round:
    match event:
        case SelectionProposed():
            return replace(state, status=Status.PROPOSED, proposal=proposal_of(event))
        case ProposalVoided():
            approvals = without_effect(state.approvals, event.reason)
            return replace(state, status=Status.SCORING_CLOSED, proposal=None, approvals=approvals)
        case SelectionReturned():
            approvals = without_effect(state.approvals, VoidReason.RETURNED)
            return replace(state, status=Status.OPEN, proposal=None, approvals=approvals)
        case SelectionEndorsed() | SelectionApproved():
            return _evolve_approval(state, event)
        case _:
            assert_never(event)


def _evolve_inputs(
    state: Round, event: OverrideRecorded | OverrideWithdrawn | LateConflictDeclared
) -> Round:
    match event:
        case OverrideRecorded():
            if event.override is None:
                return state
            override = RecordedOverride(
                override=event.override, words=event.words, recorded_by=event.recorded_by
            )
            return replace(state, overrides=(*state.overrides, override), inputs=state.inputs + 1)
        case OverrideWithdrawn():
            left = tuple(
                each for each in state.overrides if each.override.application != event.application
            )
            return replace(state, overrides=left, inputs=state.inputs + 1)
        case LateConflictDeclared():
            conflict = DeclaredConflict(application=event.application, curator=event.curator)
            return replace(
                state,
                status=Status.OPEN,
                proposal=None,
                approvals=without_effect(state.approvals, VoidReason.CONFLICT_DECLARED),
                late_conflicts=(*state.late_conflicts, conflict),
            )
        case _:
            assert_never(event)


def _evolve_approval(state: Round, event: SelectionEndorsed | SelectionApproved) -> Round:
    match event:
        case SelectionEndorsed():
            approval = Approval(
                level=ApprovalLevel.TECHNICAL,
                digest=event.digest,
                approved_by=event.endorsed_by,
                approved_on=event.endorsed_on,
            )
            return replace(state, approvals=(*state.approvals, approval))
        case SelectionApproved():
            approval = Approval(
                level=ApprovalLevel.DEPUTY,
                digest=state.proposal.digest if state.proposal else "",
                approved_by=event.approved_by,
                approved_on=event.approved_on,
            )
            seats = dict.fromkeys(event.selected, SeatStatus.WAITING)
            return replace(
                state,
                status=Status.APPROVED,
                approved_on=event.approved_on,
                seats=seats,
                reserve=event.reserve,
                groups=event.groups,
                group_of=_group_of(event),
                same_owner=event.same_owner,
                approvals=(*state.approvals, approval),
            )
        case _:
            assert_never(event)


def _group_of(event: SelectionApproved) -> dict[str, int]:
    candidates = zip((*event.selected, *event.reserve), event.group_of, strict=False)
    return {application: group for application, group in candidates if event.groups[group]}


def _evolve_reserve(state: Round, event: CandidateStruck | ReservesPassedOver) -> Round:
    match event:
        case CandidateStruck():
            reserve = without(state.reserve, event.application)
            return replace(state, struck=(*state.struck, event.application), reserve=reserve)
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
