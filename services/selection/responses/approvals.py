"""The response about the approvals of a round, and the overrides of an authority."""

from dataclasses import dataclass

from services.selection.domain.selection_round.judgement import Approval, RecordedOverride
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.selection.approval import ApprovalLevel


@dataclass(frozen=True, kw_only=True)
class ApprovalsResponse:
    """The approvals of each proposal, in order; those that are void say why.

    `awaited` is the level that the present proposal waits for; null: none.
    """

    awaited: ApprovalLevel | None
    approvals: tuple[Approval, ...]
    overrides: tuple[RecordedOverride, ...]


def approvals_response(state: Round) -> ApprovalsResponse:
    """Return the approvals of a round."""
    return ApprovalsResponse(
        awaited=awaited_level(state), approvals=state.approvals, overrides=state.overrides
    )


def awaited_level(state: Round) -> ApprovalLevel | None:
    """Return the level of approval that the present proposal waits for."""
    if state.status is not Status.PROPOSED:
        return None
    is_first = state.technical_approval and state.endorsement is None
    return ApprovalLevel.TECHNICAL if is_first else ApprovalLevel.DEPUTY
