"""The books of an envelope: its state, and how its events are entered.

Every balance follows from what is kept here; none is kept twice.
"""

from dataclasses import dataclass, field, replace
from typing import TypedDict, assert_never

from shared.contracts.budget.envelope import (
    AllotmentMade,
    AllotmentReturned,
    EnvelopeBlocked,
    EnvelopeEvent,
    EnvelopeOpened,
    EnvelopeRevised,
    EnvelopeUnblocked,
)
from shared.contracts.words import Scope

# State


class Balances(TypedDict):
    """Which envelope an event is about, and its balances after it."""

    programme: str
    scope: Scope
    pagu_idr: int
    blocked_idr: int
    allotted_idr: int


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An opened envelope; `allotted` says what each exhibition has got and not returned."""

    programme: str
    scope: Scope
    pagu_idr: int = 0
    blocked_idr: int = 0
    allotted: dict[str, int] = field(default_factory=dict)

    @property
    def allotted_idr(self) -> int:
        """The sum of the allotments."""
        return sum(self.allotted.values())

    @property
    def free_idr(self) -> int:
        """The sum that may still be blocked, taken away or allotted: never below zero."""
        return self.pagu_idr - self.blocked_idr - self.allotted_idr

    def balances(self, *, pagu: int = 0, blocked: int = 0, allotted: int = 0) -> Balances:
        """The balances after these changes."""
        return Balances(
            programme=self.programme,
            scope=self.scope,
            pagu_idr=self.pagu_idr + pagu,
            blocked_idr=self.blocked_idr + blocked,
            allotted_idr=self.allotted_idr + allotted,
        )


# Rules


def evolve(state: Envelope | None, event: EnvelopeEvent) -> Envelope:
    """Fold an event; allotments are kept per exhibition, because they travel as deltas."""
    state = state or Envelope(programme=event.programme, scope=event.scope)
    match event:
        case EnvelopeOpened():
            return replace(state, pagu_idr=event.pagu_idr)
        case EnvelopeRevised():
            return replace(state, pagu_idr=state.pagu_idr + event.delta_idr)
        case EnvelopeBlocked():
            return replace(state, blocked_idr=state.blocked_idr + event.amount_idr)
        case EnvelopeUnblocked():
            return replace(state, blocked_idr=state.blocked_idr - event.amount_idr)
        case AllotmentMade():
            return _allotted(state, event.exhibition, event.amount_idr)
        case AllotmentReturned():
            return _allotted(state, event.exhibition, -event.amount_idr)
        case _:
            assert_never(event)


def _allotted(state: Envelope, exhibition: str, delta_idr: int) -> Envelope:
    present_idr = state.allotted.get(exhibition, 0)
    return replace(state, allotted={**state.allotted, exhibition: present_idr + delta_idr})
