"""Fairness: the rates at which groups of applicants pass each stage, with small groups folded.

A group of fewer than `SHOWN_MIN` applications shows nothing of itself (ours): such groups are one
row, `other`, and if that row is too small too, the next smallest group joins it. So no figure of a
small group follows by subtraction.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.labels import LABELS, label
from services.reporting.responses.figures import Figures, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views.fairness import Fate, fairness
from shared.contracts.labels import Label

SHOWN_MIN = 5
OTHER = "other"
BOUNDS = (Fate.QUOTA, Fate.OWNER, Fate.OVERRIDE, Fate.PLACES)
"""The fates of reserves that something else than money has kept from a place."""
DECIDED = (Fate.ELIGIBILITY, Fate.SCORE, *BOUNDS, Fate.MONEY, Fate.FUNDED)
"""The fates that are decisions on an applicant, in the order of the stages."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The applications of a group: how many have a decision, and how many passed each stage.

    `eligible` passed the verification, `scored` the threshold and each gate, `chosen` the quotas,
    owners, overrides and places, and `funded` were offered a place with money. `lost_at` counts
    those that a stage has stopped, `undecided`, `withdrew` and `cancelled` those without a
    decision. `rate` is funded of decided in percent; `to_best` is that of the best group to which
    it is compared (100: equal): a hint where to look, no judgement, because groups differ in more
    than one way.
    """

    value: str
    label: Label | None
    decided: int
    eligible: int
    scored: int
    chosen: int
    funded: int
    lost_at: dict[str, int]
    undecided: int
    withdrew: int
    cancelled: int
    rate: Decimal | None
    to_best: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The groups of an attribute of applicants; `folded` small ones are in the row `other`."""

    by: str
    groups: list[Group]
    folded: int


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """The rates of all groups of a part of the programme; `shown_min` applications are shown."""

    covers: Covers
    shown_min: int
    groupings: list[Grouping]


def fairness_of(part: Part, figures: Figures) -> Fairness:
    """Return the fairness of a part from its tally."""
    cells = summed(figures, fairness.dimensions, "by", "value")
    attributes = sorted({by for by, _ in cells})
    return Fairness(
        covers=part.covers(),
        shown_min=SHOWN_MIN,
        groupings=[
            _grouping(by, {value: fates for (of, value), fates in cells.items() if of == by})
            for by in attributes
        ],
    )


def _grouping(by: str, groups: dict[str, Counter[str]]) -> Grouping:
    by_size = sorted(groups, key=lambda value: (groups[value].total(), value))
    folded = [value for value in by_size if groups[value].total() < SHOWN_MIN]
    while folded and len(folded) < len(by_size):
        if sum(groups[value].total() for value in folded) >= SHOWN_MIN and len(folded) > 1:
            break
        folded.append(by_size[len(folded)])
    shown = {value: groups[value] for value in sorted(groups) if value not in folded}
    if folded:
        shown[OTHER] = _together(groups[value] for value in folded)
    best = max((_share(fates) for fates in shown.values()), default=Decimal(0))
    rows = [_group(value, fates, best) for value, fates in shown.items()]
    return Grouping(by=by, groups=rows, folded=len(folded))


def _together(groups: Iterable[Counter[str]]) -> Counter[str]:
    sums = Counter[str]()
    for fates in groups:
        sums.update(fates)
    return sums


def _share(fates: Counter[str]) -> Decimal:
    decided = sum(fates[fate] for fate in DECIDED)
    return Decimal(fates[Fate.FUNDED]) / decided if decided else Decimal(0)


def _group(value: str, fates: Counter[str], best: Decimal) -> Group:
    decided = sum(fates[fate] for fate in DECIDED)
    eligible = decided - fates[Fate.ELIGIBILITY]
    scored = eligible - fates[Fate.SCORE]
    share = _share(fates)
    return Group(
        value=value,
        label=label(value) if value in LABELS else None,
        decided=decided,
        eligible=eligible,
        scored=scored,
        chosen=scored - sum(fates[fate] for fate in BOUNDS),
        funded=fates[Fate.FUNDED],
        lost_at={fate.value: fates[fate] for fate in DECIDED if fate is not Fate.FUNDED},
        undecided=fates[Fate.UNDECIDED],
        withdrew=fates[Fate.WITHDREW],
        cancelled=fates[Fate.CANCELLED],
        rate=percent(fates[Fate.FUNDED], decided),
        to_best=(share * 100 / best).quantize(Decimal("0.01")) if best and decided else None,
    )
