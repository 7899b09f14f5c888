"""The rules of funding: the ceiling of an allocation, and the places that get money from it.

`use_free_money` follows every event that frees money. It funds the waiting places in rank order,
skipping none, while the free money covers the unit cost; a closed allocation returns all its free
money instead. So no money is idle while a place waits that it could pay for, and a cancelled
exhibition has no free money. Reactions send all commands here but `LowerAllocation`; they are never
refused, whenever they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.budget.domain.allocation.state import Allocation, evolve
from services.budget.domain.money import rupiah
from services.budget.domain.posting import Posting, check_day, check_number
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationLowered,
    AllocationRaised,
    AllocationRepriced,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.words import PairId, Positive, Scope, Year
from shared.kernel.decider import Context, Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class RaiseAllocation:
    """(reaction) Raise the ceiling by an allotment; new places then cost `unit_cost_idr` each."""

    programme: Year
    scope: Scope
    amount_idr: Positive
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class RepriceAllocation:
    """(reaction) Price all that is not contracted at a corrected cost."""

    programme: Year
    scope: Scope
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class FundPlaces:
    """(reaction) Fund these places, which have seats and need money, in rank order."""

    programme: Year
    scope: Scope
    applications: tuple[PairId, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseFunding:
    """(reaction) Release the money of a place that is lost or whose participant did not come."""

    programme: Year
    scope: Scope
    application: PairId


@dataclass(frozen=True, kw_only=True)
class ReinstateFunding:
    """(reaction) Give its money back to a place whose participant came after all.

    If its money was released, it waits for money like a promoted reserve, behind those that wait.
    """

    programme: Year
    scope: Scope
    application: PairId


@dataclass(frozen=True, kw_only=True)
class CloseAllocation:
    """(reaction) Close the allocation of a cancelled round."""

    programme: Year
    scope: Scope


FirstCommand = (
    RaiseAllocation
    | RepriceAllocation
    | FundPlaces
    | ReleaseFunding
    | ReinstateFunding
    | CloseAllocation
)
"""The commands that may come first: they carry all that an allocation must know of itself."""


@dataclass(frozen=True, kw_only=True)
class LowerAllocation(Posting):
    """Return free money to the envelope."""

    amount_idr: Positive


# Rules


def decide_funding(command: FirstCommand, state: Allocation) -> Sequence[AllocationEvent]:
    """Decide a reaction's command on an allocation, which may still be empty."""
    match command:
        case RaiseAllocation():
            return _raise(command, state)
        case RepriceAllocation():
            return _reprice(command.unit_cost_idr, state)
        case FundPlaces():
            return fund(command.applications, state)
        case ReleaseFunding():
            return _release(command, state)
        case ReinstateFunding():
            return _reinstate(command, state)
        case CloseAllocation():
            return _close(state)
        case _:
            assert_never(command)


def lower_allocation(
    command: LowerAllocation, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Return money that is neither reserved nor contracted."""
    check_day(command, state.programme, context)
    check_number(command, "lowering", state.lowerings)
    if command.amount_idr > state.free_idr:
        raise Refused(
            "ceiling-below-use",
            f"You cannot return {rupiah(command.amount_idr)}, because only "
            f"{rupiah(state.free_idr)} are free (ceiling {rupiah(state.ceiling_idr)}, "
            f"reserved {rupiah(state.reserved_idr)}, contracted {rupiah(state.contracted_idr)}): "
            "return at most that amount.",
        )
    return [
        AllocationLowered(
            amount_idr=command.amount_idr,
            document_number=command.document_number,
            effective_on=command.effective_on,
            posted_by=context.actor,
            **state.balances(ceiling=-command.amount_idr),
        )
    ]


def _reprice(unit_cost_idr: int, state: Allocation) -> Sequence[AllocationEvent]:
    """Price all that no contract binds, in rank order; reservations that do not fit wait."""
    priced = {*state.reserved.values(), state.unit_cost_idr}
    if state.closed or priced == {unit_cost_idr}:
        return []
    unfunded = unfunded_at(unit_cost_idr, state)
    reserved_idr = unit_cost_idr * (len(state.reserved) - len(unfunded))
    repriced = AllocationRepriced(
        unit_cost_idr=unit_cost_idr,
        unfunded=unfunded,
        **state.balances(reserved=reserved_idr - state.reserved_idr),
    )
    return use_free_money(state, repriced)


def unfunded_at(unit_cost_idr: int, state: Allocation) -> tuple[str, ...]:
    """Return the reservations that the money would not pay for at this cost, in rank order."""
    fitting = (state.ceiling_idr - state.contracted_idr) // unit_cost_idr
    places = state.in_rank_order({*state.reserved, *state.waiting})
    return tuple(place for place in places[fitting:] if place in state.reserved)


def fund(applications: Sequence[str], state: Allocation) -> Sequence[AllocationEvent]:
    """Ask for money for places that have none, and reserve what is free; the rest waits."""
    new = tuple(application for application in applications if not state.has_place(application))
    if state.closed or not new:
        return []
    requested = FundingRequested(applications=new, **state.balances())
    events = use_free_money(state, requested)
    for event in events:
        state = evolve(state, event)
    declined = [
        FundingDeclined(application=application, **state.balances())
        for application in new
        if application not in state.reserved
    ]
    return [*events, *declined]


def use_free_money(state: Allocation, event: AllocationEvent) -> list[AllocationEvent]:
    """Return `event`, then the events that use the money that is free after it."""
    state = evolve(state, event)
    if not state.closed:
        return [event, *_fund_waiting(state)]
    return [event, _lowered(state, state.free_idr)] if state.free_idr else [event]


def _raise(command: RaiseAllocation, state: Allocation) -> Sequence[AllocationEvent]:
    raised = AllocationRaised(
        amount_idr=command.amount_idr,
        unit_cost_idr=command.unit_cost_idr,
        **state.balances(ceiling=command.amount_idr),
    )
    return use_free_money(state, raised)


def _release(command: ReleaseFunding, state: Allocation) -> Sequence[AllocationEvent]:
    application = command.application
    if application in state.contracted:
        # A contract binds whether the participant comes or not: its cost is recorded as sunk, once.
        return [] if application in state.sunk else [_sunk(application, state)]
    if not state.has_place(application):
        return []
    amount_idr = state.reserved.get(application, 0)
    released = FundingReleased(
        application=application,
        amount_idr=amount_idr,
        waited=application in state.waiting,
        **state.balances(reserved=-amount_idr),
    )
    return use_free_money(state, released)


def _reinstate(command: ReinstateFunding, state: Allocation) -> Sequence[AllocationEvent]:
    application = command.application
    if application in state.sunk:
        sunk_idr = state.sunk[application]
        return [SunkCostReversed(application=application, amount_idr=sunk_idr, **state.balances())]
    return fund((application,), state)


def _close(state: Allocation) -> Sequence[AllocationEvent]:
    return [] if state.closed else use_free_money(state, AllocationClosed(**state.balances()))


def _fund_waiting(state: Allocation) -> list[AllocationEvent]:
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


def _sunk(application: str, state: Allocation) -> SunkCostRecognised:
    return SunkCostRecognised(
        application=application, amount_idr=state.contracted[application], **state.balances()
    )
