"""The form of an exhibition of the demonstration: its days, places, quotas, fixings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

DOMESTIC, OVERSEAS = "DOMESTIC", "OVERSEAS"
INDONESIA = "ID"


@dataclass(frozen=True, kw_only=True)
class Fixing:
    """Rupiah for one unit of a currency, on a day, from a source that reporting knows.

    `misread` is a rate that is fixed first, by mistake, and corrected at the end of the year.
    """

    currency: str
    on: date
    rate: Decimal
    source: str
    misread: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Quota:
    """A quota of a call (ours): `at_least` and `at_most` so many tenths of the places."""

    code: str
    group: dict[str, Any]
    at_least: int = 0
    at_most: int = 10

    def of(self, places: int) -> dict[str, Any]:
        """Return the quota as the API takes it, for so many places."""
        return {
            "code": self.code,
            "group": self.group,
            "minimum": places * self.at_least // 10,
            "maximum": max(1, places * self.at_most // 10),
        }


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition; `call` is the round of calls (1-4) in which it opens its own.

    `fixings` are the rates that are fixed for it; its foreign sales are of their days, where those
    are days of the show: none, no foreign currencies.
    `planned_on` is the first day for which it was planned, where it was rescheduled after that.
    `quotas` are those of its call; with `commitment_days` it asks for a commitment letter, and with
    `objection_days` those who are not selected may object for so long.
    `late_places` get their money late. `shared_by` enterprises share a booth.
    `replaced_by` names what comes instead when it is cancelled.
    """

    id: str
    name: str
    scope: str
    city: str
    country: str
    organiser: str
    venue: str
    starts_on: date
    ends_on: date
    places: int
    call: int
    planned_on: date | None = None
    quotas: tuple[Quota, ...] = ()
    commitment_days: int | None = None
    objection_days: int | None = None
    sectors: tuple[str, ...] = ()
    halal: bool = False
    province: str | None = None
    slot: str | None = None
    replaced_by: str | None = None
    late_places: int = 0
    shared_by: int = 1
    fixings: tuple[Fixing, ...] = ()
    buyers: tuple[str, ...] = ()
    illustrative: bool = False
    zone: str = "Asia/Jakarta"
    ours: str = ""

    @property
    def booths(self) -> int:
        """The number of booths, each of which so many enterprises share (`shared_by`)."""
        return -(-self.places // self.shared_by)

    @property
    def objections(self) -> dict[str, int] | None:
        """The time for objections as the API takes it: as long to object as to decide."""
        days = self.objection_days
        return None if days is None else {"days": days, "decision_days": days}

    @property
    def first_days(self) -> tuple[date, date]:
        """The first and the last day as they were planned at first."""
        earlier = self.starts_on - (self.planned_on or self.starts_on)
        return self.starts_on - earlier, self.ends_on - earlier
