"""The rates of each currency and day with the people who fixed them, as their events leave them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gelar.checking.invariants.topics import Fact, Topics

Day = tuple[str, str]
"""A currency and a day."""


class FixedRate(NamedTuple):
    """A rate that counted from then on; `person` proposed it, or fixed it alone."""

    rate: Decimal
    source: str
    person: str


@lru_cache(maxsize=2)
def fixed_rates(topics: Topics) -> dict[Day, list[FixedRate]]:
    """Return the rates of each currency and day, in order: the last one counts."""
    found: dict[Day, list[FixedRate]] = defaultdict(list)
    for facts in topics.of("rate").values():
        proposer = ""
        for fact in facts:
            data = fact.data
            if fact.word == "rate-proposed":
                proposer = fact.actor
                continue
            if fact.word in ("rate-fixed", "rate-corrected"):
                person = proposer or fact.actor
                day = data["currency"], data["fixed_on"]
                found[day].append(FixedRate(Decimal(data["rate"]), data["source"], person))
            proposer = ""
    return found


def confirmations(topics: Topics) -> Iterator[tuple[Fact, Fact]]:
    """Yield each proposed rate with the event that confirms it."""
    for facts in topics.of("rate").values():
        for before, fact in pairwise(facts):
            if before.word == "rate-proposed" and fact.word in ("rate-fixed", "rate-corrected"):
                yield before, fact
