"""The people who send the commands of a round in random sequences."""

from dataclasses import replace

from services.selection.domain.selection_round.decider import RoundCommand
from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
    annex_digest,
)
from services.selection.domain.selection_round.late_conflicts import DeclareLateConflict
from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
)
from services.selection.domain.selection_round.officer_losses import ApproveLoss, DeclineLoss
from services.selection.domain.selection_round.proposal import ApproveSelection, ReturnSelection
from services.selection.domain.selection_round.state import Round
from tests.selection.examples import APPROVER, OFFICER, PANEL
from tests.selection.objecting import JUDGE


def actor_of(command: RoundCommand) -> str:
    """Return the person who sends such a command: an objection is judged by a third one."""
    match command:
        case UpholdObjection() | DismissObjection():
            return JUDGE
        case ApproveSelection() | ReturnSelection() | ApproveLoss() | DeclineLoss():
            return APPROVER
        case DeclareLateConflict():
            return PANEL[0]
        case _:
            return OFFICER


def with_digest(command: RoundCommand, state: Round | None) -> RoundCommand:
    """Return the command, with the digest that its sender would have read."""
    match command:
        case DecreeParticipants() | RecordAmendment() if state:
            return replace(command, annex_digest=annex_digest(state))
        case ApproveSelection() if state and state.proposal:
            return ApproveSelection(digest=state.proposal.digest)
        case _:
            return command
