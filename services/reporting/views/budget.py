"""The mirrors of budget: the balances of envelopes and allocations after their last event."""

from dataclasses import dataclass

from shared.contracts.budget.allocation import (
    AllocationEvent,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.envelope import EnvelopeEvent
from shared.contracts.words import Scope
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The balances of an envelope in rupiah."""

    programme: str
    scope: Scope
    pagu_idr: int
    blocked_idr: int
    allotted_idr: int


def _envelope(state: Envelope | None, event: EnvelopeEvent) -> Envelope:
    return Envelope(
        programme=event.programme,
        scope=event.scope,
        pagu_idr=event.pagu_idr,
        blocked_idr=event.blocked_idr,
        allotted_idr=event.allotted_idr,
    )


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The balances of an allocation in rupiah; `contracted_idr` includes paid contracts."""

    exhibition: str
    programme: str
    scope: Scope
    ceiling_idr: int
    reserved_idr: int
    contracted_idr: int
    realised_idr: int
    sunk_idr: int = 0


def _allocation(state: Allocation | None, event: AllocationEvent) -> Allocation:
    match event:
        case SunkCostRecognised():
            sunk = event.amount_idr
        case SunkCostReversed():
            sunk = -event.amount_idr
        case _:
            sunk = 0
    return Allocation(
        exhibition=event.exhibition,
        programme=event.programme,
        scope=event.scope,
        ceiling_idr=event.ceiling_idr,
        reserved_idr=event.reserved_idr,
        contracted_idr=event.contracted_idr,
        realised_idr=event.realised_idr,
        sunk_idr=(state.sunk_idr if state else 0) + sunk,
    )


envelopes = Mirror(follows=EnvelopeEvent, state=Envelope, evolve=_envelope)
allocations = Mirror(follows=AllocationEvent, state=Allocation, evolve=_allocation)
