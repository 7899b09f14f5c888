"""Exchange rate (Kurs, id = CURRENCY-YYYY-MM-DD): the fixing of a day, never changed again.

JISDOR of Bank Indonesia is for USD only; other currencies need another named source. On holidays
no rate is fixed: the latest earlier rate counts, if it is not older than a week (ours).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from shared.contracts.calendar import jakarta_date
from shared.contracts.reporting.rate import Currency, Rate, RateEvent, RateFixed
from shared.contracts.words import Text
from shared.kernel.decider import Context, Decider, Refused

RUPIAH = "IDR"
AGE_DAYS_MAX = 7

# Commands


@dataclass(frozen=True, kw_only=True)
class FixRate:
    """Fix the rupiah for one unit of `currency` on `fixed_on`, by this `source`."""

    currency: Currency
    fixed_on: date
    rate: Rate
    source: Text


# State


@dataclass(frozen=True, kw_only=True)
class Fixing:
    """The rupiah for one unit of a currency on a day, by a source."""

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
            f"This rate was fixed at {state.rate} by {state.source}, and a rate never changes: "
            "check the currency and the day.",
        )
    if command.currency == RUPIAH:
        raise Refused("own-currency", "Rupiah need no rate: name another currency.")
    if command.fixed_on > jakarta_date(context.now):
        raise Refused(
            "fixed-in-the-future", "The day of this rate is in the future: fix it on that day."
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

    Before the calendar's first days there is none.
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
