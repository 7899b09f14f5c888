"""The exchange rate (Kurs; id = `CURRENCY-YYYY-MM-DD`): fixed once for a day, never changed.

JISDOR of Bank Indonesia is for USD only; other currencies need another named source. No rate is
fixed on holidays: the latest earlier rate counts, if it is not older than a week (ours).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from shared.contracts.calendar import jakarta_date
from shared.contracts.codes import RUPIAH, Currency
from shared.contracts.reporting.rate import Rate, RateEvent, RateFixed
from shared.contracts.words import PublicText
from shared.kernel.decider import Context, Decider, Refused

AGE_DAYS_MAX = 7

# Commands


@dataclass(frozen=True, kw_only=True)
class FixRate:
    """Fix the rupiah for one unit of `currency` on `fixed_on`, as `source` published them."""

    currency: Currency
    fixed_on: date
    rate: Rate
    source: PublicText


# State


@dataclass(frozen=True, kw_only=True)
class Fixing:
    """The rate of a currency on a day: rupiah for one unit, as the source published them."""

    currency: str
    fixed_on: date
    rate: Decimal
    source: str


# Rules


def decide(command: FixRate, state: Fixing | None, context: Context) -> Sequence[RateEvent]:
    """Fix a rate once, when its day has come."""
    match command:
        case FixRate():
            return _fix(command, state, context)
        case _:
            assert_never(command)


def evolve(state: Fixing | None, event: RateEvent) -> Fixing:
    """Fold an event."""
    match event:
        case RateFixed():
            return Fixing(
                currency=event.currency,
                fixed_on=event.fixed_on,
                rate=event.rate,
                source=event.source,
            )
        case _:
            assert_never(event)


def _fix(command: FixRate, state: Fixing | None, context: Context) -> Sequence[RateEvent]:
    if state is not None:
        raise Refused(
            "already-fixed",
            f"The rate of {state.currency} on {state.fixed_on} is {state.rate} by {state.source} "
            "and cannot be changed: check the currency and the day.",
        )
    if command.currency == RUPIAH:
        raise Refused("own-currency", "Rupiah need no rate: fix rates of foreign currencies only.")
    if command.fixed_on > jakarta_date(context.now):
        raise Refused(
            "fixed-in-the-future",
            f"A rate cannot be fixed before its day: fix this rate on {command.fixed_on} or later.",
        )
    return [
        RateFixed(
            currency=command.currency,
            fixed_on=command.fixed_on,
            rate=command.rate,
            source=command.source,
        )
    ]


def rate_id(currency: str, fixed_on: date) -> str:
    """Return the id of the rate of a currency on a day."""
    return f"{currency}-{fixed_on.isoformat()}"


def rate_ids(currency: str, on: date) -> list[str]:
    """Return the ids of the rates that may count on a day: of that day, then of the days before.

    There are fewer ids at the beginning of the calendar (`date.min`).
    """
    days = min(AGE_DAYS_MAX, (on - date.min).days)
    return [rate_id(currency, on - timedelta(days=age)) for age in range(days + 1)]


rate = Decider(
    kind="rate",
    commands=FixRate,
    state=Fixing | None,
    events=RateEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("currency",),
)
