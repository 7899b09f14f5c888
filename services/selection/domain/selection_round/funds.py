"""The rule of the money of a round: the budget allots it, and the round follows (reactions).

Until the decree the selection and each promotion give no more places than the money pays for. A
proposal whose number of places changes by it is voided; an approved selection promotes reserves to
the places that new money pays for. Money that is taken away takes no seat: the budget lowers no
allocation below what is reserved, and a seat without money waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.selection.domain.selection_round.proposal import voided
from services.selection.domain.selection_round.reserves import promotions
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.calendar import day_before_ends
from shared.contracts.selection.approval import VoidReason
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.round import (
    FundsChanged,
    RoundEvent,
)
from shared.contracts.words import Positive, Rupiah, Scope, Year
from shared.kernel.decider import Context

OVER = (Status.DECREED, Status.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class FollowFunds:
    """(reaction) Take over the money of the exhibition, perhaps before the round is opened.

    The cost of a place stays as it was if it is None.
    """

    programme: Year
    scope: Scope
    ceiling_idr: Rupiah
    place_cost_idr: Positive | None = None


def follow_funds(command: FollowFunds, state: Round, context: Context) -> Sequence[RoundEvent]:
    """Take the money over; void a proposal that it changes, or promote those whom it pays for."""
    cost_idr = command.place_cost_idr or (state.funds and state.funds.place_cost_idr)
    if cost_idr is None or state.status in OVER:
        return []
    funds = Funds(ceiling_idr=command.ceiling_idr, place_cost_idr=cost_idr)
    if funds == state.funds:
        return []
    changed = FundsChanged(funds=funds, **state.round_fields)
    if state.status is Status.PROPOSED:
        places = replace(state, funds=funds).places_with_money
        is_voided = places != state.places_with_money
        return [changed, *(voided(state, VoidReason.FUNDS_CHANGED) if is_voided else ())]
    too_late = state.frozen or context.now > day_before_ends(state.starts_on, state.zone)
    if state.status is not Status.APPROVED or too_late:
        return [changed]
    return [changed, *promotions(state, funds=funds)]
