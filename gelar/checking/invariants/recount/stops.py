"""The reasons of those passed over, found again from the answer about a proposal.

The prices of the bounds are taken from that answer: only a solver finds them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.recount.choices import admitted, places_of
from gelar.checking.invariants.recount.quotas import Codes, Stop


def stops_of(proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes]) -> dict[int, Stop]:
    """Return the reason for each candidate that is passed over, by position."""
    selected = {row["application"] for row in proposal["selected"]}
    taken = [n for n, item in enumerate(ranks) if item["id"] in selected]
    given = admitted(proposal)
    by_merit = [n for n in taken if ranks[n]["id"] not in given]
    is_full = len(taken) >= places_of(proposal)
    last = max(by_merit, default=-1) if is_full else len(ranks) - 1
    found = {
        n: next(_reasons(n, taken, proposal, ranks, codes))
        for n in range(last + 1)
        if n not in taken
    }
    if not is_full:
        return found
    return found | _below(last, taken, proposal, ranks, codes)


def _below(
    last: int, taken: list[int], proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes]
) -> dict[int, Stop]:
    """Return the reasons of those below the last by merit whose places are given away or unpaid."""
    given_away = places_of(proposal) - sum(n <= last for n in taken)
    unpaid = int(proposal["places"]) - places_of(proposal)
    stops: dict[int, Stop] = {}
    for n in range(last + 1, len(ranks)):
        full = None if n in taken else next(_full(n, taken, proposal, ranks, codes), None)
        if given_away == unpaid == 0:
            break
        if full is not None:
            stops[n] = full
        elif given_away:
            given_away -= 1
            if n not in taken:
                stops[n] = None, "OVERRIDE"
        elif n not in taken:
            unpaid -= 1
            stops[n] = None, "MONEY"
    return stops


def _reasons(
    n: int, taken: list[int], proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes]
) -> Iterator[Stop]:
    priced = [(each["quota"], each["constraint"]) for each in proposal["prices"]]
    full = list(_full(n, taken, proposal, ranks, codes))
    held = list(_held(n, taken, proposal, codes))
    yield from (stop for stop in full if stop in priced)
    yield from (stop for stop, _ in held if stop in priced)
    yield from full
    made = ranks[n]["made"]
    yield from (stop for stop, below in held if made in (ranks[at]["made"] for at in below))
    yield None, "TOGETHER"


def _full(
    n: int, taken: list[int], proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes]
) -> Iterator[Stop]:
    counts = Counter(code for at in taken for code in codes[at])
    for quota in proposal["quotas"]:
        if quota["code"] in codes[n] and counts[quota["code"]] == quota["maximum"]:
            yield quota["code"], "MAXIMUM"
    for applications in proposal["certificate"]["same_owner"]:
        if ranks[n]["id"] in applications and any(ranks[at]["id"] in applications for at in taken):
            yield None, "OWNER"


def _held(
    n: int, taken: list[int], proposal: Item, codes: Sequence[Codes]
) -> Iterator[tuple[Stop, list[int]]]:
    """Yield the minima that do not count a candidate and are only just met by those below."""
    counts = Counter(code for at in taken for code in codes[at])
    for quota in proposal["quotas"]:
        code, minimum = quota["code"], quota["minimum"]
        below = [at for at in taken if at > n and code in codes[at]]
        if minimum and counts[code] <= minimum and code not in codes[n] and below:
            yield (code, "MINIMUM"), below
