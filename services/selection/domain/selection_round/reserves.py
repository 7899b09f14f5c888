"""The next reserve: who of the reserve list takes a free place, by the one rule of the selection.

The places, the quotas and the live seats say it, and nothing else: each place costs the same, so
money decides when a seat is offered and not who gets it. After each loss every free
place is given away that may be, so a place stays free only where each reserve would exceed a
maximum.
"""

from collections.abc import Sequence

from services.selection.domain.quotas.choice import Choice, choose, passed_over
from services.selection.domain.selection_round.state import Round
from shared.contracts.ids import without
from shared.contracts.selection.round import ReservePromoted, ReservesPassedOver, RoundEvent


def next_reserves(state: Round, lost: str = "") -> Choice:
    """Return the reserves that take the free places, by their positions in the reserve list.

    `lost` has a seat that is being lost.
    """
    return choose(
        [state.codes_of(application) for application in state.reserve],
        state.quotas,
        state.places,
        [state.codes_of(application) for application in without(state.live, lost)],
    )


def promotions(state: Round, lost: str = "") -> Sequence[RoundEvent]:
    """Return the promotions to the free places, after those whom a quota keeps from them."""
    choice = next_reserves(state, lost)
    promoted = [
        ReservePromoted(application=state.reserve[position], **state.round_fields)
        for position in choice.chosen
    ]
    if not choice.stops:
        return promoted
    stopped = ReservesPassedOver(passed_over=passed_over(choice.stops), **state.round_fields)
    return [stopped, *promoted]


def stopping_quotas(state: Round) -> tuple[str, ...]:
    """Return the quotas whose maximum keeps the reserves from the places that are free now."""
    stops = next_reserves(state).stops.values()
    return tuple(dict.fromkeys(stop.quota for stop in stops))
