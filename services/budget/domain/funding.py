"""Funding: the ceiling of an allocation, and the places that get money from it.

Whatever frees money is followed by `settled`: those that wait are funded in rank order, none
skipped, while the next one's cost is free; a closed allocation gives all that is free back instead.
So no money is idle while a place waits that it would pay for, and none stays with a cancelled
exhibition. Reactions decide here: they are never refused, whenever they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.budget.domain.allocation_books import Allocation, evolve
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationLowered,
    AllocationRaised,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
    SunkCostRecognised,
)
from shared.contracts.words import PairId, Positive, Scope, Year
from shared.kernel.decider import Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class RaiseAllocation:
    """(reaction) The envelope has allotted more; new places cost `unit_cost_idr` from now on."""

    programme: Year
    scope: Scope
    amount_idr: Positive
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class FundPlaces:
    """(reaction) These places have seats and need money, in rank order."""

    programme: Year
    scope: Scope
    applications: tuple[PairId, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseFunding:
    """(reaction) This place is lost, or its participant did not come."""

    programme: Year
    scope: Scope
    application: PairId


@dataclass(frozen=True, kw_only=True)
class CloseAllocation:
    """(reaction) The exhibition's round is cancelled."""

    programme: Year
    scope: Scope


Reacted = RaiseAllocation | FundPlaces | ReleaseFunding | CloseAllocation


@dataclass(frozen=True, kw_only=True)
class LowerAllocation:
    """Free money goes back to the envelope."""

    amount_idr: Positive


# Rules


def react(command: Reacted, state: Allocation) -> Sequence[AllocationEvent]:
    """Decide a reaction's command on an allocation, which may still be empty."""
    match command:
        case RaiseAllocation():
            return _raise(command, state)
        case FundPlaces():
            return _fund(command, state)
        case ReleaseFunding():
            return _release(command, state)
        case CloseAllocation():
            return _close(state)
        case _:
            assert_never(command)


def lower(command: LowerAllocation, state: Allocation) -> Sequence[AllocationEvent]:
    """Only what is neither reserved nor contracted can leave."""
    if command.amount_idr > state.free_idr:
        raise Refused(
            "ceiling-below-use",
            f"{rupiah(command.amount_idr)} were to go back, and {rupiah(state.free_idr)} are free: "
            f"ceiling {rupiah(state.ceiling_idr)}, reserved {rupiah(state.reserved_idr)}, "
            f"contracted {rupiah(state.contracted_idr)}.",
        )
    return [_lowered(state, command.amount_idr)]


def settled(state: Allocation, decided: AllocationEvent) -> list[AllocationEvent]:
    """`decided`, and what follows from the money that is free after it."""
    after = evolve(state, decided)
    if not after.closed:
        return [decided, *_funded(after)]
    return [decided, _lowered(after, after.free_idr)] if after.free_idr else [decided]


def _raise(command: RaiseAllocation, state: Allocation) -> Sequence[AllocationEvent]:
    raised = AllocationRaised(
        amount_idr=command.amount_idr,
        unit_cost_idr=command.unit_cost_idr,
        **state.balances(ceiling=command.amount_idr),
    )
    return settled(state, raised)


def _fund(command: FundPlaces, state: Allocation) -> Sequence[AllocationEvent]:
    new = tuple(place for place in command.applications if not state.knows(place))
    if state.closed or not new:
        return []
    events = settled(state, FundingRequested(applications=new, **state.balances()))
    for event in events:
        state = evolve(state, event)
    declined = [
        FundingDeclined(application=place, **state.balances())
        for place in new
        if place not in state.reserved
    ]
    return [*events, *declined]


def _release(command: ReleaseFunding, state: Allocation) -> Sequence[AllocationEvent]:
    place = command.application
    if place in state.contracted:
        # The contract binds, present or not: the cost stays where it is, and is shown, once.
        return [] if place in state.sunk else [_sunk(place, state)]
    if not state.knows(place):
        return []
    amount_idr = state.reserved.get(place, 0)
    released = FundingReleased(
        application=place, amount_idr=amount_idr, **state.balances(reserved=-amount_idr)
    )
    return settled(state, released)


def _close(state: Allocation) -> Sequence[AllocationEvent]:
    return [] if state.closed else settled(state, AllocationClosed(**state.balances()))


def _funded(state: Allocation) -> list[AllocationEvent]:
    cost_idr = state.unit_cost_idr
    events: list[AllocationEvent] = []
    while state.waiting and 0 < cost_idr <= state.free_idr:
        funded = PlaceFunded(
            application=state.waiting[0], amount_idr=cost_idr, **state.balances(reserved=cost_idr)
        )
        state = evolve(state, funded)
        events.append(funded)
    return events


def _lowered(state: Allocation, amount_idr: int) -> AllocationLowered:
    return AllocationLowered(amount_idr=amount_idr, **state.balances(ceiling=-amount_idr))


def _sunk(place: str, state: Allocation) -> SunkCostRecognised:
    return SunkCostRecognised(
        application=place, amount_idr=state.contracted[place], **state.balances()
    )
