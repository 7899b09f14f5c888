"""Quota (Kuota): places of an exhibition for a group of applicants, at least or at most so many.

A call freezes its quotas for every applicant. The groups are a closed set, so that an application
counts for a quota by the facts that it has frozen: its sector, its province, whether it is a
first-timer or a cooperative. Groups may overlap; an application counts for each of its own.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.codes import Sector
from shared.contracts.registration.floor_plan import PLACES_MAX
from shared.contracts.words import Applicant, Id, Province, PublicId, Word

QUOTAS_MAX = 10
"""A call has so many quotas at most (ours)."""


class SectorGroup(Word):
    """The applicants of these sectors."""

    form: Literal["sectors"]
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=99)]


class ProvinceGroup(Word):
    """The applicants of these provinces."""

    form: Literal["provinces"]
    provinces: Annotated[tuple[Province, ...], Field(min_length=1, max_length=50)]


class FirstTimerGroup(Word):
    """The applicants without a participation before this programme."""

    form: Literal["first-timers"]


class CooperativeGroup(Word):
    """The applicants that are cooperatives."""

    form: Literal["cooperatives"]


QuotaGroup = Annotated[
    SectorGroup | ProvinceGroup | FirstTimerGroup | CooperativeGroup, Field(discriminator="form")
]
"""The forms of groups: a closed set."""


class Quota(Word):
    """A quota by its public code: its group has at least `minimum` and at most `maximum` places.

    The minimum is kept as long as there are applicants of the group for it; without them their
    places go to others.
    """

    code: PublicId
    group: QuotaGroup
    minimum: Annotated[int, Field(ge=0, le=PLACES_MAX)] = 0
    maximum: Annotated[int, Field(ge=1, le=PLACES_MAX)] | None = None

    def counts(self, applicant: Applicant) -> bool:
        """Return True if this applicant is of the group."""
        match self.group:
            case SectorGroup():
                return applicant.sector in self.group.sectors
            case ProvinceGroup():
                return applicant.province.iso in {each.iso for each in self.group.provinces}
            case FirstTimerGroup():
                return applicant.first_timer
            case CooperativeGroup():
                return applicant.cooperative


class Bound(StrEnum):
    """The reason why an applicant is passed over.

    MAXIMUM: the group of a quota has all its places. MINIMUM: the places that are left are held for
    the group of a quota. OWNER: another application of the same owner has a place. MONEY: the
    money does not pay for its place. TOGETHER: no single bound; with it the quotas can only be met
    by candidates who have fewer points together. OVERRIDE: an authority has given the place away.
    """

    MINIMUM = "MINIMUM"
    MAXIMUM = "MAXIMUM"
    OWNER = "OWNER"
    MONEY = "MONEY"
    TOGETHER = "TOGETHER"
    OVERRIDE = "OVERRIDE"


class QuotaStop(Word):
    """The reason why an applicant is passed over; `quota` has that of a maximum or a minimum."""

    quota: Id | None = None
    bound: Bound


class PassedOver(Word):
    """The candidates that are passed over for this reason.

    `numbers` are their places in a list, which count from 1: the event says in which.
    """

    quota: Id | None = None
    bound: Bound
    numbers: tuple[int, ...]


class Shortfall(Word):
    """The places by which a quota stays below its minimum, because it has too few candidates."""

    quota: Id
    places: Annotated[int, Field(ge=1)]
