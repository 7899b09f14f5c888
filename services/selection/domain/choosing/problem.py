"""The problem of a choice: those who passed, in order of rank, and what binds them; its solution.

A limit bounds the number of the chosen that count for it: a quota of the call, or an owner, of
whose applications only one gets a place. Candidates that count for the same limits and cost the
same are alike, and are a group: of a group the choice takes the first ones in order of rank.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts.registration.quota import Quota
from shared.contracts.selection.choice import Constraint, Marginal, Prices

Codes = tuple[str, ...]
"""The codes of the limits that count a candidate."""

OWNER = "@"
"""The code of an owner begins so, which the code of no quota does."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The chosen that count for it are at least `minimum` and at most `maximum`."""

    code: str
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Candidates that count for the same limits, and whose place costs the same, in rupiah."""

    codes: Codes = ()
    cost_idr: int = 0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """The points of those who passed, in order of rank and so never rising, and what binds them.

    `group_of` names their groups by position, and goes on with those below, who are not chosen
    but whose cut-off is asked. `money_idr` is what all places may cost together; None: it does not
    bind. Those `admitted`, by position, are chosen in any case.
    """

    points: tuple[int, ...]
    group_of: tuple[int, ...]
    groups: tuple[Group, ...]
    limits: tuple[Limit, ...] = ()
    places: int
    money_idr: int | None = None
    admitted: tuple[int, ...] = ()

    @property
    def seats(self) -> int:
        """Return how many can be chosen at most: the places, or what the money pays for."""
        costs = {group.cost_idr for group in self.groups}
        if self.money_idr is None or len(costs) != 1 or 0 in costs:
            return self.places
        return min(self.places, self.money_idr // min(costs))

    @property
    def dearest_idr(self) -> int:
        """Return what the dearest place costs, at least a rupiah: prices of money are by it."""
        return max((group.cost_idr for group in self.groups), default=0) or 1

    @property
    def scarce(self) -> Constraint | None:
        """Return what would have to be more for one more to be chosen: None if both are scarce."""
        costs = {group.cost_idr for group in self.groups}
        if self.money_idr is None or len(costs) != 1 or 0 in costs:
            return Constraint.PLACES
        paid = self.money_idr // min(costs)
        if paid == self.places:
            return None
        return Constraint.PLACES if paid > self.places else Constraint.MONEY

    @property
    def counted_idr(self) -> int | None:
        """Return the money if places cost differently: then a number of places does not say it."""
        return self.money_idr if len({group.cost_idr for group in self.groups}) > 1 else None

    def group(self, position: int) -> Group:
        """Return the group of a candidate."""
        return self.groups[self.group_of[position]]

    def counts(self, chosen: Iterable[int]) -> Counter[str]:
        """Return how many of these candidates count for each limit."""
        return Counter(code for position in chosen for code in self.group(position).codes)

    def cost_idr(self, chosen: Iterable[int]) -> int:
        """Return what the places of these candidates cost."""
        return sum(self.group(position).cost_idr for position in chosen)

    def total(self, chosen: Iterable[int]) -> int:
        """Return the points of these candidates together."""
        return sum(self.points[position] for position in chosen)


class Cutoff(NamedTuple):
    """The points with which one more candidate of a group makes as good a choice as the present.

    None: none are enough. With as many points the order of rank decides between the choices: in
    the other one the candidate and `enters` are chosen instead of `leaves`, all by position.
    """

    points: int | None
    enters: tuple[int, ...] = ()
    leaves: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The answer of a solver: the chosen by position, in order, and the proof of it.

    `missed` says by limit how many places its minimum misses, as few as can be together (`fewest`
    proves it), and of a limit that comes first before others. `cutoffs` are by group. `solver` has
    the name and the version of the program.
    """

    chosen: tuple[int, ...]
    missed: tuple[int, ...]
    prices: Prices
    fewest: Prices | None = None
    marginals: tuple[Marginal, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    solver: str = ""


def limits_of(quotas: Sequence[Quota], owners: Iterable[str] = ()) -> tuple[Limit, ...]:
    """Return the limits of the quotas of a call, and of owners by their codes."""
    of_quotas = (
        Limit(code=quota.code, minimum=quota.minimum, maximum=quota.maximum) for quota in quotas
    )
    return (*of_quotas, *(Limit(code=code, maximum=1) for code in owners))
