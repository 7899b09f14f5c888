"""Choices, checked without a solver: permitted, and proved by their prices.

A choice is proved best by weak duality: whatever the prices of the constraints are, no permitted
choice has more points than the constraints are worth at these prices, plus what each candidate has
above its own. It is written a second time here, in fractions, and without a service.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.recount.quotas import Codes, chosen

MILLION = 1_000_000


def faults_of(proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes]) -> Iterator[str]:
    """Yield the faults of the choice of a proposal; `ranks` passed, `codes` are their quotas."""
    selected = {row["application"] for row in proposal["selected"]}
    taken = [own for item, own in zip(ranks, codes, strict=True) if item["id"] in selected]
    counts = Counter(code for own in taken for code in own)
    missed = {each["quota"]: each["places"] for each in proposal["shortfalls"]}
    if len(taken) > places_of(proposal):
        yield f"{len(taken)} are selected, {places_of(proposal)} places have money"
    for quota in proposal["quotas"]:
        code = quota["code"]
        if quota["maximum"] is not None and counts[code] > quota["maximum"]:
            yield f"quota {code} has {counts[code]} of {quota['maximum']}"
        if max(0, quota["minimum"] - counts[code]) != missed.get(code, 0):
            yield f"quota {code} has {counts[code]} of {quota['minimum']}, shortfalls say otherwise"
    for applications in proposal["certificate"]["same_owner"]:
        if len(selected.intersection(applications)) > 1:
            yield f"two of one owner are selected: {', '.join(applications)}"
    for application in admitted(proposal) - selected:
        yield f"{application} is admitted by an authority and not selected"
    yield from _unproved(proposal, ranks, codes, missed)


def admitted(proposal: Item) -> set[str]:
    """Return the applications to which an authority has given a place."""
    effects = ((each["application"], each["effect"]) for each in proposal["overrides"])
    return {application for application, effect in effects if effect == "ADMITTED"}


def places_of(proposal: Item) -> int:
    """Return the places that the money of a proposal pays for."""
    funds, places = proposal["funds"], int(proposal["places"])
    if funds is None:
        return places
    return min(places, int(funds["ceiling_idr"] // funds["place_cost_idr"]))


def _unproved(
    proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes], missed: dict[str, int]
) -> Iterator[str]:
    selected = {row["application"] for row in proposal["selected"]}
    points = sum(item["made"] for item in ranks if item["id"] in selected)
    bound = _bound(proposal, ranks, codes, missed)
    if int(bound) - points != proposal["certificate"]["gap"]:
        yield f"its gap is {int(bound) - points}, stated is {proposal['certificate']['gap']}"
    if not (proposal["certificate"]["same_owner"] or proposal["overrides"]):
        by_rank = chosen(codes, proposal["quotas"], places_of(proposal))
        greedy = sum(ranks[position]["made"] for position in by_rank.positions)
        if sum(by_rank.missed.values()) <= sum(missed.values()) and greedy > points:
            yield f"those of the highest ranks have {greedy} points, the selected {points}"


def _bound(
    proposal: Item, ranks: Sequence[Item], codes: Sequence[Codes], missed: dict[str, int]
) -> Fraction:
    """Return what no permitted choice can pass, in hundredths of a point."""
    prices, owners = proposal["certificate"]["prices"], proposal["certificate"]["same_owner"]
    own: Counter[str] = Counter()
    worth = Fraction(prices["place"] * places_of(proposal))
    for number, quota in enumerate(proposal["quotas"]):
        most, least = prices["maxima"][number], prices["minima"][number]
        own[quota["code"]] = (most if quota["maximum"] is not None else 0) - least
        worth += most * (quota["maximum"] or 0)
        worth -= least * (quota["minimum"] - missed.get(quota["code"], 0))
    of_owners = prices["maxima"][len(proposal["quotas"]) :]
    worth += sum(of_owners)
    for item, of_item in zip(ranks, codes, strict=True):
        price = prices["place"] + sum(own[code] for code in of_item)
        price += sum(
            each
            for each, applications in zip(of_owners, owners, strict=True)
            if item["id"] in applications
        )
        above = item["made"] * MILLION - price
        worth += above if item["id"] in admitted(proposal) else max(0, above)
    return Fraction(worth) / MILLION
