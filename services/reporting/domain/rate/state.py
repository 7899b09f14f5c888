"""The state of the rate of a day, and the fold of its events into it.

The mirror of reporting's own topic uses the same fold.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from shared.contracts.reporting.rate import (
    CorrectionCode,
    RateCorrected,
    RateEvent,
    RateFixed,
    RateProposed,
    RateRejected,
)

# State


class Status(StrEnum):
    """PROPOSED and REJECTED have no rate that counts; FIXED and CORRECTING have."""

    PROPOSED = "PROPOSED"
    REJECTED = "REJECTED"
    FIXED = "FIXED"
    CORRECTING = "CORRECTING"


@dataclass(frozen=True, kw_only=True)
class Fixing:
    """The rate of a currency on a day: rupiah for one unit, as the source published them.

    `fixed_by` is the person who fixed or last corrected it.
    """

    currency: str
    fixed_on: date
    rate: Decimal
    source: str
    fixed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A rate that waits for a second person; `code` is the reason of a correction."""

    rate: Decimal
    source: str
    code: CorrectionCode | None
    proposed_at: datetime
    proposed_by: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DailyRate:
    """The rate of a currency on a day: the `fixing` that counts, the `proposal` that waits.

    `before` has the rates that were corrected, in order.
    """

    currency: str
    fixed_on: date
    status: Status
    fixing: Fixing | None = None
    proposal: Proposal | None = None
    before: tuple[Decimal, ...] = ()


# Rules


def evolve(state: DailyRate | None, event: RateEvent) -> DailyRate:
    """Fold an event."""
    new = DailyRate(currency=event.currency, fixed_on=event.fixed_on, status=Status.PROPOSED)
    state = state or new
    match event:
        case RateProposed():
            status = Status.CORRECTING if state.fixing else Status.PROPOSED
            return replace(state, status=status, proposal=_proposal(event))
        case RateFixed():
            return replace(state, status=Status.FIXED, fixing=_fixing(event), proposal=None)
        case RateCorrected():
            corrected = replace(state, status=Status.FIXED, fixing=_fixing(event), proposal=None)
            return replace(corrected, before=(*state.before, event.before))
        case RateRejected():
            status = Status.FIXED if state.fixing else Status.REJECTED
            return replace(state, status=status, proposal=None)
        case _:
            assert_never(event)


def _proposal(event: RateProposed) -> Proposal:
    return Proposal(
        rate=event.rate,
        source=event.source,
        code=event.corrects,
        proposed_at=event.proposed_at,
        proposed_by=event.proposed_by,
        reason=event.reason,
    )


def _fixing(event: RateFixed | RateCorrected) -> Fixing:
    return Fixing(
        currency=event.currency,
        fixed_on=event.fixed_on,
        rate=event.rate,
        source=event.source,
        fixed_by=event.fixed_by,
    )


def rate_id(currency: str, fixed_on: date) -> str:
    """Return the id of the rate of a currency on a day."""
    return f"{currency}-{fixed_on.isoformat()}"
