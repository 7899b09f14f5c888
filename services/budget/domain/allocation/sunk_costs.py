"""The sunk costs of contracted places that were lost or not used.

A contract binds whether the participant comes or not, so the cost of its place is recorded as sunk,
once. If the amount of the contract changes later, its sunk costs are reversed and recognised again.
"""

from collections.abc import Sequence

from services.budget.domain.allocation.funding import use_free_money
from services.budget.domain.allocation.state import Allocation, evolve
from shared.contracts.budget.allocation import (
    AllocationEvent,
    SunkCostRecognised,
    SunkCostReversed,
)

# Rules


def change_costs(state: Allocation, event: AllocationEvent) -> Sequence[AllocationEvent]:
    """Return `event`, which changes the amount of a contract, with all that follows from it."""
    events = use_free_money(state, event)
    for made in events:
        state = evolve(state, made)
    return [*events, *_sink_again(state)]


def _sink_again(state: Allocation) -> Sequence[AllocationEvent]:
    events: list[AllocationEvent] = []
    for application, sunk_idr in state.sunk.items():
        cost_idr = state.contracted.get(application)
        if cost_idr == sunk_idr:
            continue
        events.append(
            SunkCostReversed(application=application, amount_idr=sunk_idr, **state.balances())
        )
        if cost_idr is not None:
            events.append(
                SunkCostRecognised(application=application, amount_idr=cost_idr, **state.balances())
            )
    return events
