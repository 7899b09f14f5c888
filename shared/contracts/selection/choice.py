"""The proof of a choice, and the price of each constraint that binds it; figures are public later.

Prices are the dual prices of linear programming: what a constraint costs, in points. From any
prices a bound follows that no permitted choice can pass, so that a choice which reaches the bound
is the best; who checks it needs no solver.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.words import Id, Positive, Rupiah, Word

Price = Annotated[int, Field(ge=0)]
"""A price in millionths of a hundredth of a point."""


class Prices(Word):
    """The prices of a place, of all the money, and by limit of one more or less that counts for it.

    Limits are the quotas in the order of the call, then the owners. `money` is the price of what
    the dearest place costs.
    """

    place: Price = 0
    money: Price = 0
    maxima: tuple[Price, ...] = ()
    minima: tuple[Price, ...] = ()


class Constraint(StrEnum):
    """The forms of what binds a choice."""

    PLACES = "PLACES"
    MONEY = "MONEY"
    MAXIMUM = "MAXIMUM"
    MINIMUM = "MINIMUM"
    OWNER = "OWNER"


class Marginal(Word):
    """The price of a constraint that binds: what the choice would gain if it bound less.

    With one more place, the money of one more place, one more above the maximum of a quota, no
    minimum of a quota, or one more application of an owner, the chosen would have so many `points`
    more together (hundredths), and those would enter and leave (ranks from 1).
    """

    constraint: Constraint
    quota: Id | None = None
    points: Annotated[int, Field(ge=1)]
    enters: tuple[int, ...] = ()
    leaves: tuple[int, ...] = ()


class GroupCutoff(Word):
    """The points with which one more candidate of a group makes as good a choice; null: none do.

    With as many points the order of rank decides: in that other choice the candidate and `enters`
    are chosen instead of `leaves` (ranks from 1).
    """

    points: int | None
    enters: tuple[int, ...] = ()
    leaves: tuple[int, ...] = ()


class Funds(Word):
    """The money that is allotted to an exhibition, and what a place of it costs, in rupiah."""

    ceiling_idr: Rupiah
    place_cost_idr: Positive

    @property
    def places(self) -> int:
        """Return how many places the money pays for."""
        return self.ceiling_idr // self.place_cost_idr
