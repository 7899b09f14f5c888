"""Choose reserves in order of rank for the places that are free: the rule of each promotion.

Before the choice each quota is promised as much of its minimum as the candidates allow; where not
all minima can be met, those that the call names first come first. Then the rule goes down the order
of rank and takes each candidate, but for three reasons: the places are taken; a quota that counts
the candidate has its maximum; or the places that are left are needed for a promised minimum, which
could not be met if this candidate took a place. So no candidate of a higher rank is passed over
without the bound of a quota. That is the reason that is recorded: a maximum, or else the first
minimum that could not be met beside those before it.

Live seats are candidates that are taken already, so a promotion is the same choice: of the
reserves, for the free places. If a place stays free, each reserve counts for a quota that has its
maximum.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.selection.domain.choosing.completion import (
    TOGETHER_MAX,
    Demand,
    Group,
    Steps,
    completion,
)
from services.selection.domain.choosing.problem import Codes, Limit
from services.selection.domain.choosing.stops import stop_by_maximum
from shared.contracts.registration.quota import Bound, Quota, QuotaStop, Shortfall
from shared.contracts.words import Applicant


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The positions of those who get a place, and the stops of those above them who do not.

    `stops` has everybody who is passed over before the places are taken.
    """

    chosen: tuple[int, ...]
    stops: dict[int, QuotaStop]
    shortfalls: tuple[Shortfall, ...]


def codes_of(quotas: Sequence[Quota], applicant: Applicant) -> Codes:
    """Return the codes of the quotas that count this applicant, in the order of the call."""
    return tuple(quota.code for quota in quotas if quota.counts(applicant))


def choose(
    candidates: Sequence[Codes],
    limits: Sequence[Quota | Limit],
    places: int,
    taken: Sequence[Codes] = (),
) -> Choice:
    """Choose among these candidates, in order of rank; `taken` are those who have a place."""
    walk = _Walk(candidates, limits, places, taken)
    chosen: list[int] = []
    stops: dict[int, QuotaStop] = {}
    for position, codes in enumerate(candidates):
        if not walk.free:
            break
        stop = walk.take(codes)
        if stop is None:
            chosen.append(position)
        else:
            stops[position] = stop
    return Choice(chosen=tuple(chosen), stops=stops, shortfalls=walk.shortfalls)


def grouped(candidates: Sequence[Codes]) -> tuple[tuple[Codes, ...], tuple[int, ...]]:
    """Return the groups of these candidates, each once, and for each candidate that of its own."""
    groups = tuple(dict.fromkeys(candidates))
    numbers = {group: number for number, group in enumerate(groups)}
    return groups, tuple(numbers[codes] for codes in candidates)


class _Walk:
    """A walk down the order of rank: the demand that is left, and those who can still meet it.

    `plan` is a completion of the present demand. A group that is stopped once is never taken later,
    because places and rooms only shrink; so those who follow count without it.
    """

    def __init__(
        self,
        candidates: Sequence[Codes],
        limits: Sequence[Quota | Limit],
        places: int,
        taken: Sequence[Codes],
    ) -> None:
        self._limits, self._steps = limits, Steps(TOGETHER_MAX)
        self._positions = {limit.code: position for position, limit in enumerate(limits)}
        self._counts = Counter(code for codes in taken for code in codes)
        free = max(0, places - len(taken))
        self._demand = Demand(
            free, (0,) * len(limits), tuple(self._room(limit, free) for limit in limits)
        )
        self._supply = Counter(self._group(codes) for codes in candidates)
        self._stopped: set[Group] = set()
        self._reasons: dict[Demand, QuotaStop] = {}
        self._plan: Counter[Group] = Counter()
        self._promise()

    @property
    def free(self) -> int:
        """Return the number of places that are free."""
        return self._demand.places

    @property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        """Return the quotas that stay below their minimum, with the places that they miss."""
        missed = {limit.code: limit.minimum - self._counts[limit.code] for limit in self._limits}
        return tuple(
            Shortfall(quota=code, places=places) for code, places in missed.items() if places > 0
        )

    def take(self, codes: Codes) -> QuotaStop | None:
        """Take the next candidate, or return the stop because of which it is passed over."""
        group = self._group(codes)
        if group in self._stopped:
            return self._full(group) or self._held(group)
        self._supply[group] -= 1
        stop = self._full(group)
        if stop is None and self._planned(group):
            self._demand = self._demand.after(group)
            self._counts.update(codes)
            return None
        self._stopped.add(group)
        del self._supply[group]
        return stop or self._held(group)

    def _full(self, group: Group) -> QuotaStop | None:
        for quota in group:
            if self._demand.rooms[quota] <= 0:
                return stop_by_maximum(self._limits[quota].code)
        return None

    def _planned(self, group: Group) -> bool:
        """Plan what follows once a candidate of this group is taken; False if nothing can."""
        after = self._demand.after(group)
        plan = self._plan if self._plan[group] or _fits(self._plan, after) else None
        if plan is None:
            found = completion(after, self._supply, self._steps)
            if found is None:
                return False
            plan = Counter(found)
        elif plan[group]:
            plan[group] -= 1
        self._plan = plan
        return True

    def _held(self, group: Group) -> QuotaStop:
        """Return the minimum for which the free places are held; it is found once a seat given."""
        after = self._demand.after(group)
        if after not in self._reasons:
            self._reasons[after] = QuotaStop(quota=self._needing(after), bound=Bound.MINIMUM)
        return self._reasons[after]

    def _needing(self, after: Demand) -> str:
        """Return the first quota whose minimum could not be met beside those before it."""
        for position, limit in enumerate(self._limits):
            others = len(self._limits) - position - 1
            needs = (*after.needs[: position + 1], *(0,) * others)
            if completion(replace(after, needs=needs), self._supply, self._steps) is None:
                return limit.code
        raise AssertionError("the minima of all quotas together were not met")

    def _promise(self) -> None:
        """Set the needs: as much of each minimum as can be met beside those before it."""
        wanted = tuple(max(0, limit.minimum - self._counts[limit.code]) for limit in self._limits)
        if self._promised(wanted):
            return
        for position in range(len(wanted)):
            low, high = 0, wanted[position]
            while low < high:
                middle = (low + high + 1) // 2
                needs = (
                    *self._demand.needs[:position],
                    middle,
                    *self._demand.needs[position + 1 :],
                )
                low, high = (middle, high) if self._promised(needs) else (low, middle - 1)

    def _promised(self, needs: tuple[int, ...]) -> bool:
        demand = replace(self._demand, needs=needs)
        plan = completion(demand, self._supply, self._steps)
        if plan is None:
            return False
        self._demand, self._plan = demand, Counter(plan)
        return True

    def _room(self, limit: Quota | Limit, free: int) -> int:
        return free if limit.maximum is None else limit.maximum - self._counts[limit.code]

    def _group(self, codes: Codes) -> Group:
        return tuple(self._positions[code] for code in codes)


def _fits(plan: Mapping[Group, int], demand: Demand) -> bool:
    """Return True if a plan for a larger demand is one for this demand, too."""
    used = Counter(quota for group, number in plan.items() for quota in group * number)
    rooms = all(used[quota] <= room for quota, room in enumerate(demand.rooms))
    return rooms and sum(plan.values()) <= demand.places
