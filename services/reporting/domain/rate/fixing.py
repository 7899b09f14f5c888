"""The rule of a new rate: its source, its day, and its distance from the nearest rate.

A rate far from the nearest rate of its currency is asked about (13.894 for 13,894): if it is right
all the same it waits for a second person. So does a rate that nothing can be compared with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.reporting.domain.rate.sources import require_source
from services.reporting.domain.rate.state import DailyRate, Fixing, rate_id
from shared.contracts.calendar import jakarta_date
from shared.contracts.codes import Currency
from shared.contracts.reporting.rate import Rate, RateEvent, RateFixed, RateProposed
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused

CHANGE_MAX = Decimal("1.2")
"""A rate is plausible up to this factor above or below the nearest rate (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class FixRate:
    """Fix the rupiah for one unit of `currency` on `fixed_on`, as `source` published them.

    `unusual`: the rate is right although it is far from the nearest rate of its currency.
    """

    currency: Currency
    fixed_on: date
    rate: Rate
    source: Text
    unusual: bool = False


@dataclass(frozen=True, kw_only=True)
class NearestRate:
    """The rate of the currency that was fixed for the nearest other day, if there is any."""

    fixing: Fixing | None


# Rules


def fix_rate(
    command: FixRate, facts: NearestRate, state: DailyRate | None, context: Context
) -> Sequence[RateEvent]:
    """Fix the rate of a day, or propose it where a second person must see it."""
    require_free(state)
    source = require_source(command.source, command.currency, command.fixed_on)
    if command.fixed_on > jakarta_date(context.now):
        raise Refused(
            "fixed-in-the-future",
            f"A rate cannot be fixed before its day: fix this rate on {command.fixed_on} or later.",
        )
    plausible = require_plausible(command.rate, facts.fixing, unusual=command.unusual)
    if plausible and source.published:
        return [
            RateFixed(
                currency=command.currency,
                fixed_on=command.fixed_on,
                rate=command.rate,
                source=command.source,
                fixed_by=context.actor,
            )
        ]
    return [
        RateProposed(
            currency=command.currency,
            fixed_on=command.fixed_on,
            rate=command.rate,
            source=command.source,
            proposed_at=context.now,
            proposed_by=context.actor,
        )
    ]


def require_free(state: DailyRate | None) -> None:
    """Refuse a day that has a rate, or a rate that waits for its confirmation."""
    if state is None:
        return
    id = rate_id(state.currency, state.fixed_on)
    if state.fixing is not None:
        raise Refused(
            "already-fixed",
            f"The rate of {state.currency} on {state.fixed_on} is {state.fixing.rate} by "
            f"{state.fixing.source}: if it is wrong, correct it at POST /rates/{id}/correction.",
        )
    require_nothing_proposed(state)


def require_nothing_proposed(state: DailyRate) -> None:
    """Refuse while another rate waits for its confirmation."""
    if state.proposal is not None:
        id = rate_id(state.currency, state.fixed_on)
        raise Refused(
            "already-proposed",
            f"{state.proposal.rate} waits to be confirmed for {state.currency} on "
            f"{state.fixed_on}: another officer confirms it, or you reject it at "
            f"POST /rates/{id}/rejection.",
        )


def require_plausible(rate: Decimal, nearest: Fixing | None, *, unusual: bool) -> bool:
    """Return True if the rate is near the nearest rate; refuse a far rate unless it is `unusual`.

    Without a nearest rate it returns False.
    """
    if nearest is None:
        return False
    if max(rate, nearest.rate) <= CHANGE_MAX * min(rate, nearest.rate):
        return True
    if unusual:
        return False
    raise Refused(
        "implausible-rate",
        f"{rate:,} is far from {nearest.rate:,}, the rate of {nearest.currency} on "
        f"{nearest.fixed_on}: correct it. If it is right, send `unusual: true`; another officer "
        "then confirms it.",
    )
