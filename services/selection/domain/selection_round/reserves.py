"""The next reserve: who of the reserve list takes a free place, by the one rule of promotions.

The places, the quotas, the owners, the money and the live seats say it, and nothing else. After
each loss, and once more money is allotted, every free place is given away that may be. So a place
stays free only where the money is spent, or each reserve would exceed a maximum.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.selection.domain.choosing.choice import Choice, choose
from services.selection.domain.choosing.problem import limits_of
from services.selection.domain.choosing.stops import passed_over
from services.selection.domain.selection_round.state import Round
from shared.contracts.ids import without
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_seats import ReservePromoted, ReservesPassedOver


def next_reserves(state: Round, lost: str = "") -> Choice:
    """Return the reserves that take the free places, by their positions in the reserve list.

    `lost` has a seat that is being lost.
    """
    return choose(
        [state.codes_of(application) for application in state.reserve],
        limits_of(state.quotas, state.owner_codes),
        state.places_with_money,
        [state.codes_of(application) for application in without(state.live, lost)],
    )


def promotions(state: Round, lost: str = "", funds: Funds | None = None) -> Sequence[RoundEvent]:
    """Return the promotions to the free places, after those whom a bound keeps from them.

    `funds` are those that have just been allotted.
    """
    state = replace(state, funds=funds or state.funds)
    choice = next_reserves(state, lost)
    promoted = [
        ReservePromoted(application=state.reserve[position], **state.round_fields)
        for position in choice.chosen
    ]
    if not choice.stops:
        return promoted
    stopped = ReservesPassedOver(passed_over=passed_over(choice.stops), **state.round_fields)
    return [stopped, *promoted]


def stopping_bounds(state: Round) -> tuple[QuotaStop, ...]:
    """Return the bounds that keep the reserves from the places that are free now."""
    if state.reserve and len(state.live) >= state.places_with_money < state.places:
        return (QuotaStop(bound=Bound.MONEY),)
    return tuple(dict.fromkeys(next_reserves(state).stops.values()))
