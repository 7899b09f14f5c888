"""The people of a decision for the tests: who scored, closed, proposed and approved."""

from datetime import date

from shared.contracts.selection.approval import ApprovalLevel, DecisionMakers, LevelApproval


def decided_by(
    scored_by: tuple[str, ...], closed_by: str, proposed_by: str, approved_by: str
) -> DecisionMakers:
    """Return the people of a selection that the deputy alone has approved, on 1 February 2018."""
    approval = LevelApproval(
        level=ApprovalLevel.DEPUTY, account=approved_by, approved_on=date(2018, 2, 1)
    )
    return DecisionMakers(
        scored_by=tuple(sorted(scored_by)),
        closed_by=closed_by,
        proposed_by=proposed_by,
        approvals=(approval,),
    )
