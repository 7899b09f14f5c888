"""The sources of rates, with the currencies that each may fix (the list is ours).

JISDOR of Bank Indonesia is for USD only; Bank Indonesia's mid rates ended in April 2021. A rate
without a published source always waits for a second person. No source here fixes a rate on a
Saturday or Sunday: the rate of the Friday before counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.codes import RUPIAH
from shared.kernel.errors import Refused

SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of rates; without `currencies` it fixes every currency, until its `last_day`."""

    name: str
    currencies: frozenset[str] = frozenset()
    last_day: date | None = None
    published: bool = True


SOURCES: Mapping[str, Source] = {
    "JISDOR": Source(
        name="Jakarta Interbank Spot Dollar Rate, Bank Indonesia", currencies=frozenset({"USD"})
    ),
    "BI-MID": Source(
        name="Kurs tengah Bank Indonesia",
        currencies=frozenset(
            {
                *("AUD", "BND", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "JPY", "KRW"),
                *("KWD", "MYR", "NOK", "NZD", "PHP", "SAR", "SEK", "SGD", "THB", "USD", "VND"),
            }
        ),
        last_day=date(2021, 4, 30),
    ),
    "TAX": Source(
        name="Kurs pajak, Keputusan Menteri Keuangan",
        currencies=frozenset(
            {
                *("AUD", "BND", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "INR", "JPY"),
                *("KRW", "KWD", "LKR", "MMK", "MYR", "NOK", "NZD", "PHP", "PKR", "SAR", "SEK"),
                *("SGD", "THB", "USD"),
            }
        ),
    ),
    "CBR": Source(name="Bank of Russia, cross rate by USD", currencies=frozenset({"RUB"})),
    "ILLUSTRATIVE": Source(
        name="illustrative rate (ours), not a published fixing", published=False
    ),
}
"""The sources by their code."""


def working_day(day: date) -> date:
    """Return this day, or the Friday before a Saturday or Sunday: the day whose rate counts."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def require_source(source: str, currency: str, day: date) -> Source:
    """Return the source; refuse a currency or a day for which it fixes no rate."""
    if currency == RUPIAH:
        raise Refused("own-currency", "Rupiah need no rate: fix rates of foreign currencies only.")
    found = SOURCES.get(source)
    if found is None:
        raise Refused(
            "unknown-source",
            f"There is no source {source}: name one of {', '.join(SOURCES)}.",
        )
    if found.currencies and currency not in found.currencies:
        others = [code for code, other in SOURCES.items() if currency in other.currencies]
        remedy = f"name {' or '.join(others)}" if others else "name another source"
        raise Refused("wrong-source", f"{source} fixes no rate of {currency}: {remedy}.")
    if found.last_day is not None and day > found.last_day:
        raise Refused(
            "wrong-source",
            f"{source} fixed its last rates on {found.last_day}: name another source.",
        )
    if working_day(day) != day:
        raise Refused(
            "not-a-working-day",
            f"{day} is a Saturday or Sunday: the rate of {working_day(day)} counts, fix that.",
        )
    return found
