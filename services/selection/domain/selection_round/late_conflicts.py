"""The rule of late conflicts: a curator declares a conflict once the sheets are sealed.

The round decides it, because the round decides the approval: what it relies on must not change
behind it. The proposal and its approvals are void, the seals of the closing are broken, and the
round is open again. Then the candidate records the conflict, which sets the sheet aside
(`services.selection.domain.candidate.conflicts`); the route does both, and the next closing does
the second if the process has died in between. Everything else stays: only the sheet of this curator
is missing, so another curator is assigned, and the ranking is made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.selection.round import DeclaredConflict, LateConflictDeclared, RoundEvent
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class DeclareLateConflict:
    """Declare your own conflict of interest with a candidate whose sheets are sealed."""

    application: PairId
    reason: Text


# Rules


def declare_late_conflict(
    command: DeclareLateConflict, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Void the proposal and open the round again, once for each conflict."""
    if DeclaredConflict(application=command.application, curator=context.actor) in (
        *state.late_conflicts,
        *state.conflicts,
    ):
        return []
    if state.status not in (Status.SCORING_CLOSED, Status.PROPOSED):
        raise Refused(
            "sheets-sealed",
            f"The round is {state.status}: a conflict of interest is declared before the "
            "approval. Tell the selection officer, who can have the exhibition cancelled.",
        )
    if context.actor not in state.panel:
        raise Refused(
            "not-on-panel",
            "You are not on the panel of the round, so you have no conflict to declare.",
        )
    if command.application not in state.remaining:
        raise Refused(
            "not-a-candidate",
            f"{command.application} is no candidate that remains in this round: check the name.",
        )
    return [
        LateConflictDeclared(
            closing=state.closing,
            applications=state.remaining,
            application=command.application,
            curator=context.actor,
            words=command.reason,
            **state.round_fields,
        )
    ]
