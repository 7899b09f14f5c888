"""Participation (Keikutsertaan): who came, how many for the first time, and where they are from.

`attended` (Hadir) are the realised participations, as in the funnel; contested ones are apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from services.reporting.labels import LABELS, label
from services.reporting.responses.figures import Figures, counted, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views import tallies
from shared.contracts.labels import Label

MEASURES = ("attended", "contested", "absent", "first_timers", "cooperatives")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Attendances:
    """Participations: realised, contested and missed; first-timers and cooperatives realised."""

    attended: int
    contested: int
    absent: int
    first_timers: int
    cooperatives: int


@dataclass(frozen=True, kw_only=True)
class ByProvince(Attendances):
    """The participations of a province (ISO 3166-2)."""

    province: str
    label: Label | None


@dataclass(frozen=True, kw_only=True)
class BySector(Attendances):
    """The participations of a sector (KBLI, two digits)."""

    sector: str
    label: Label | None


@dataclass(frozen=True, kw_only=True)
class BySizeClass(Attendances):
    """The participations of a size class."""

    size_class: str
    label: Label | None


@dataclass(frozen=True, kw_only=True)
class Distinct:
    """Different enterprises, each counted once."""

    enterprises: int
    first_timers: int
    first_timer_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Participation(Attendances):
    """The participations of a part of the programme."""

    covers: Covers
    first_timer_percent: Decimal | None
    distinct: Distinct
    by_province: list[ByProvince]
    by_sector: list[BySector]
    by_size_class: list[BySizeClass]


def participation(
    part: Part, attendance: Figures, breakdown: Figures, enterprises: Figures
) -> Participation:
    """Return who took part; `breakdown` and `enterprises` are those of the part."""
    totals = counted(attendance, MEASURES)
    return Participation(
        covers=part.covers(),
        **totals,
        first_timer_percent=percent(totals["first_timers"], totals["attended"]),
        distinct=_distinct(part, totals, enterprises),
        by_province=_by(ByProvince, "province", breakdown),
        by_sector=_by(BySector, "sector", breakdown),
        by_size_class=_by(BySizeClass, "size_class", breakdown),
    )


def _by(row: Callable[..., R], name: str, breakdown: Figures) -> list[R]:
    found = summed(breakdown, tallies.breakdown.dimensions, "by", "value")
    return [
        row(
            **{name: value, "label": label(value) if value in LABELS else None},
            **{measure: numbers[measure] for measure in MEASURES},
        )
        for (by, value), numbers in found.items()
        if by == name
    ]


def _distinct(part: Part, totals: dict[str, int], enterprises: Figures) -> Distinct:
    # An enterprise takes part in an exhibition once: there, participations are enterprises.
    numbers = {"enterprises": totals["attended"], "first_timers": totals["first_timers"]}
    if part.exhibition is None:
        numbers = counted(enterprises, numbers)
    rate = percent(numbers["first_timers"], numbers["enterprises"])
    return Distinct(**numbers, first_timer_percent=rate)
