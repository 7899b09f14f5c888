"""Complete a choice: an exact search for candidates that the minima of quotas still need.

Candidates that count for the same quotas are alike here, so the search is over numbers of each such
group and not over candidates. It takes the quota with the fewest candidates to spare, decides how
many of a group of it are taken, and goes on; where that leads nowhere it goes back. The quotas of a
real call need some ten steps. A search of more than `STEPS_MAX` steps ends without a completion, as
if there were none: its caller has another one in hand, so no minimum is given up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

STEPS_MAX = 20_000
"""A search ends after so many steps, some tenths of a second (ours)."""
TOGETHER_MAX = 200_000
"""All searches of a choice end after so many steps, some seconds: then no minimum is promised that
is not planned already (ours)."""

Group = tuple[int, ...]
"""The candidates that count for exactly these quotas, named by their positions in the call."""


@dataclass(frozen=True)
class Demand:
    """The free places; by quota how many more it needs, and how many more it may have."""

    places: int
    needs: tuple[int, ...]
    rooms: tuple[int, ...]

    def after(self, group: Group, number: int = 1) -> "Demand":
        """Return the demand that is left once so many of this group are taken."""
        return Demand(
            self.places - number,
            _less(self.needs, group, number),
            _less(self.rooms, group, number),
        )


@dataclass
class Steps:
    """The steps that are left for all searches of a choice together."""

    left: int


def completion(
    demand: Demand, supply: Mapping[Group, int], steps: Steps
) -> dict[Group, int] | None:
    """Return numbers of each group that meet the needs within places and rooms; None: none do.

    Its steps are taken off those that are left.
    """
    groups = tuple(sorted((group, number) for group, number in supply.items() if number))
    needed = [quota for quota, need in enumerate(demand.needs) if need]
    search = _Search(_apart(needed, [group for group, _ in groups]), min(STEPS_MAX, steps.left))
    try:
        return search.complete(demand, groups)
    except _TooLong:
        return None
    finally:
        steps.left -= search.steps


class _TooLong(Exception):
    """The search has taken its steps."""


class _Search:
    def __init__(self, apart: Sequence[frozenset[int]], steps_max: int) -> None:
        self._apart = apart
        self._steps_max = steps_max
        self.steps = 0
        self._failed: set[tuple[Demand, tuple[tuple[Group, int], ...]]] = set()

    def complete(
        self, demand: Demand, supply: tuple[tuple[Group, int], ...]
    ) -> dict[Group, int] | None:
        """Return a completion from these numbers of groups, or None."""
        needed = [quota for quota, need in enumerate(demand.needs) if need]
        if not needed:
            return {}
        if (demand, supply) in self._failed:
            return None
        if self.steps >= self._steps_max:
            raise _TooLong
        self.steps += 1
        found = self._decide(demand, supply, needed)
        if found is None:
            self._failed.add((demand, supply))
        return found

    def _decide(
        self, demand: Demand, supply: tuple[tuple[Group, int], ...], needed: list[int]
    ) -> dict[Group, int] | None:
        usable = {group: _usable(group, number, demand) for group, number in supply}
        spare = {quota: _reach(quota, usable, demand) - demand.needs[quota] for quota in needed}
        quota = min(needed, key=lambda each: (spare[each], each))
        if spare[quota] < 0 or self._least(usable, demand) > demand.places:
            return None
        group = max(
            (group for group, number in usable.items() if quota in group and number),
            key=lambda each: (_covered(each, demand), -len(each), usable[each], each),
        )
        rest = tuple(each for each in supply if each[0] != group)
        others = sum(number for each, number in usable.items() if quota in each and each != group)
        for number in _numbers(group, usable[group], demand.needs[quota] - others, demand):
            found = self.complete(demand.after(group, number), rest)
            if found is not None:
                return {**found, group: number}
        return None

    def _least(self, usable: Mapping[Group, int], demand: Demand) -> int:
        """Return a number of places below which no candidates can meet the needs."""
        needs = demand.needs
        most = max(_covered(group, demand) for group, number in usable.items() if number)
        apart = max((sum(needs[quota] for quota in quotas) for quotas in self._apart), default=0)
        return max(apart, -(-sum(needs) // most) if most else 0)


def _apart(quotas: Sequence[int], groups: Sequence[Group]) -> list[frozenset[int]]:
    """Return the largest sets of quotas of which no group counts for two: their needs add up."""
    others = {
        quota: frozenset(quotas).difference({quota}, *(each for each in groups if quota in each))
        for quota in quotas
    }
    return list(_largest(frozenset(), frozenset(quotas), frozenset(), others))


def _largest(
    chosen: frozenset[int],
    left: frozenset[int],
    tried: frozenset[int],
    others: Mapping[int, frozenset[int]],
) -> Iterator[frozenset[int]]:
    """Yield each largest set with those chosen (Bron and Kerbosch, 1973)."""
    if not left and not tried:
        yield chosen
    for quota in sorted(left):
        free = others[quota]
        yield from _largest(chosen | {quota}, left & free, tried & free, others)
        left, tried = left - {quota}, tried | {quota}


def _usable(group: Group, number: int, demand: Demand) -> int:
    return min(number, demand.places, *(demand.rooms[quota] for quota in group))


def _reach(quota: int, usable: Mapping[Group, int], demand: Demand) -> int:
    members = sum(number for group, number in usable.items() if quota in group)
    return min(members, demand.places, demand.rooms[quota])


def _covered(group: Group, demand: Demand) -> int:
    return sum(demand.needs[quota] > 0 for quota in group)


def _numbers(group: Group, usable: int, least: int, demand: Demand) -> list[int]:
    """Return how many of a group may be taken: first as many as all its needs have in common."""
    needs = [demand.needs[quota] for quota in group if demand.needs[quota]]
    numbers = range(max(0, least), min(usable, max(needs)) + 1)
    return sorted(numbers, key=lambda number: abs(number - min(needs)))


def _less(figures: tuple[int, ...], group: Group, number: int) -> tuple[int, ...]:
    return tuple(
        max(0, figure - number) if quota in group else figure
        for quota, figure in enumerate(figures)
    )
