"""The size class of an enterprise (micro, small or medium) by the law of a rule set.

The class of an applicant is computed; the applicant does not choose it. If the two figures of a law
are of different classes, the larger class counts (ours: UU 20/2008 does not say). A figure above
the bound of the largest class makes an enterprise large, whatever the other figure is (UU 20/2008,
article 1, number 4).
"""

from shared.contracts.registration.rule_set import SizeLaw
from shared.contracts.words import SizeClass


def size_class_by(law: SizeLaw, *, net_assets_idr: int, annual_sales_idr: int) -> SizeClass | None:
    """Return the smallest class that admits both figures, or None if no class does."""
    for bounds in law.classes:
        by_assets = bounds.net_assets_idr is None or net_assets_idr <= bounds.net_assets_idr
        if by_assets and annual_sales_idr <= bounds.annual_sales_idr:
            return bounds.size_class
    return None
