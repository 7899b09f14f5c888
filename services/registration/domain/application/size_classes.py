"""The size classes micro, small and medium, by the rules in force on the call's closing date.

The class of an applicant is computed; the applicant does not choose it. Upper bounds are inclusive,
in whole rupiah.

- **UU 20/2008**, article 6, in force since 4 July 2008: net assets without the land and buildings
  of the business, *or* annual sales. If the two figures are of different classes, the larger class
  counts (ours: the law does not say). A figure above the bound of medium enterprises makes an
  enterprise large, whatever the other figure is (article 1, number 4).
- **PP 7/2021**, article 35, in force since 2 February 2021: business capital or annual sales; for
  facilitation annual sales decide.
"""

from dataclasses import dataclass
from datetime import date

from shared.contracts.words import SizeClass


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The upper bounds of a class; if `net_assets_idr` is None, only the annual sales count."""

    size_class: SizeClass
    net_assets_idr: int | None
    annual_sales_idr: int


@dataclass(frozen=True, kw_only=True)
class SizeRules:
    """The size rules of a law, in force from a day on; the smallest class comes first."""

    name: str
    in_force_on: date
    classes: tuple[Bounds, ...]

    def size_class(self, *, net_assets_idr: int, annual_sales_idr: int) -> SizeClass | None:
        """Return the smallest class that admits both figures, or None if no class does."""
        for bounds in self.classes:
            by_assets = bounds.net_assets_idr is None or net_assets_idr <= bounds.net_assets_idr
            if by_assets and annual_sales_idr <= bounds.annual_sales_idr:
                return bounds.size_class
        return None


UU_20_2008 = SizeRules(
    name="UU 20/2008",
    in_force_on=date(2008, 7, 4),
    classes=(
        Bounds(size_class=SizeClass.MICRO, net_assets_idr=50_000_000, annual_sales_idr=300_000_000),
        Bounds(
            size_class=SizeClass.SMALL, net_assets_idr=500_000_000, annual_sales_idr=2_500_000_000
        ),
        Bounds(
            size_class=SizeClass.MEDIUM,
            net_assets_idr=10_000_000_000,
            annual_sales_idr=50_000_000_000,
        ),
    ),
)
PP_7_2021 = SizeRules(
    name="PP 7/2021",
    in_force_on=date(2021, 2, 2),
    classes=(
        Bounds(size_class=SizeClass.MICRO, net_assets_idr=None, annual_sales_idr=2_000_000_000),
        Bounds(size_class=SizeClass.SMALL, net_assets_idr=None, annual_sales_idr=15_000_000_000),
        Bounds(size_class=SizeClass.MEDIUM, net_assets_idr=None, annual_sales_idr=50_000_000_000),
    ),
)


def size_rules_on(day: date) -> SizeRules:
    """Return the rules in force on this day; every programme is later than the older rules."""
    return PP_7_2021 if day >= PP_7_2021.in_force_on else UU_20_2008
