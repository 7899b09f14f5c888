"""The fold of the events of a proposal: proposed, voided, approved, and changes of its inputs."""

from dataclasses import replace
from typing import assert_never

from services.selection.domain.selection_round.judgement import (
    Approval,
    RecordedOverride,
    proposal_of,
    without_effect,
)
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.selection.approval import ApprovalLevel, VoidReason
from shared.contracts.selection.round import (
    DeclaredConflict,
    LateConflictDeclared,
    OverrideRecorded,
    OverrideWithdrawn,
    ProposalVoided,
    SelectionApproved,
    SelectionEndorsed,
    SelectionProposed,
    SelectionReturned,
)


def evolve_proposal(
    state: Round,
    event: (
        SelectionProposed
        | ProposalVoided
        | SelectionReturned
        | SelectionEndorsed
        | SelectionApproved
    ),
) -> Round:
    """Fold an event of the proposal, its approvals or its return."""
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


def evolve_inputs(
    state: Round, event: OverrideRecorded | OverrideWithdrawn | LateConflictDeclared
) -> Round:
    """Fold a change of the inputs of a ranking."""
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
                approved_by=event.approved_by[-1] if event.approved_by else "",
                approved_on=event.approved_on,
            )
            seats = dict.fromkeys(event.selected, SeatStatus.WAITING)
            return replace(
                state,
                status=Status.APPROVED,
                approved_on=event.approved_on,
                approved_by=event.approved_by,
                objections_until=event.objections_until,
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
