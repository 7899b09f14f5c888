"""Fairness: the rates at which groups of applicants pass each stage, without small figures.

Only decisions on applicants count in a group. A figure from 1 to `SHOWN_MIN - 1` is not shown, and
neither follows by subtraction (`small_figures` has the rules, which are ours). For the same reason
the answer is about a whole programme: beside that of each exhibition, small figures would follow.
"""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.labels import LABELS, label
from services.reporting.responses.figures import Figures, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.responses.small_figures import (
    SHOWN_MIN,
    folded,
    hidden_everywhere,
    hidden_in,
    together,
)
from services.reporting.views.fairness import Fate, fairness
from shared.contracts.labels import Label

BOUNDS = frozenset({Fate.QUOTA, Fate.OWNER, Fate.OVERRIDE, Fate.PLACES})
"""The fates of reserves that something else than money has kept from a place."""
DECIDED = (
    *(Fate.ELIGIBILITY, Fate.SCORE),
    *(Fate.QUOTA, Fate.OWNER, Fate.OVERRIDE, Fate.PLACES),
    *(Fate.MONEY, Fate.FUNDED),
)
"""The fates that are decisions on an applicant, in the order of the stages."""
LOST_AT = DECIDED[:-1]
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Group:
    """The applications of a group with a decision, and how many of them passed each stage.

    `eligible` passed the verification, `scored` the threshold and each gate, `chosen` the quotas,
    owners, overrides and places, and `funded` were offered a place with money. `lost_at` counts
    those that a stage has stopped. A figure is null where it, or another that it would give away,
    is small; `hidden` sums what `lost_at` and `funded` do not show. `rate` is funded of decided in
    percent; `to_best` is that of the best group to which it is compared (100: equal): a hint where
    to look, no judgement, because groups differ in more than one way.
    """

    value: str
    label: Label | None
    decided: int
    eligible: int | None
    scored: int | None
    chosen: int | None
    funded: int | None
    lost_at: dict[str, int | None]
    hidden: int
    rate: Decimal | None
    to_best: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The groups of an attribute of applicants; `folded` small ones are in the row `other`."""

    by: str
    label: Label
    groups: list[Group]
    folded: int


@dataclass(frozen=True, kw_only=True)
class LabelledStage:
    """A stage at which an application may be lost, a key of `lost_at`."""

    stage: Fate
    label: Label


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """The rates of all groups of a programme, in which no figure below `shown_min` is shown.

    `all` has the applications of all groups; it is null, and there are no groups, while fewer than
    `shown_min` have a decision. `undecided`, `withdrew` and `cancelled` have none.
    """

    covers: Covers
    shown_min: int
    stages: list[LabelledStage]
    all: Group | None
    undecided: int
    withdrew: int
    cancelled: int
    groupings: list[Grouping]


def fairness_of(part: Part, figures: Figures) -> Fairness:
    """Return the fairness of a programme from its tally."""
    cells = summed(figures, fairness.dimensions, "by", "value")
    tables: dict[str, dict[str, Counter[str]]] = {}
    for (by, value), fates in cells.items():
        tables.setdefault(by, {})[value] = fates
    # Each attribute counts every application once: any of them has the sums.
    sums = together(next(iter(tables.values()), {}).values())
    decided = _decided(sums)
    everywhere = hidden_everywhere(decided) if decided.total() >= SHOWN_MIN else None
    return Fairness(
        covers=part.covers(),
        shown_min=SHOWN_MIN,
        stages=[LabelledStage(stage=stage, label=label(stage.value)) for stage in LOST_AT],
        all=None if everywhere is None else _group(ALL, decided, everywhere, Decimal(0)),
        undecided=sums[Fate.UNDECIDED],
        withdrew=sums[Fate.WITHDREW],
        cancelled=sums[Fate.CANCELLED],
        groupings=[]
        if everywhere is None
        else [_grouping(by, table, everywhere) for by, table in tables.items()],
    )


def _decided(fates: Counter[str]) -> Counter[str]:
    return Counter({fate.value: fates[fate] for fate in DECIDED if fates[fate]})


def _grouping(by: str, table: dict[str, Counter[str]], everywhere: frozenset[str]) -> Grouping:
    decided = {value: _decided(fates) for value, fates in table.items()}
    rows, number = folded({value: fates for value, fates in decided.items() if fates})
    hidden = hidden_in(rows, everywhere)
    best = max(
        (_share(fates) for value, fates in rows.items() if Fate.FUNDED not in hidden[value]),
        default=Decimal(0),
    )
    groups = [_group(value, fates, hidden[value], best) for value, fates in rows.items()]
    return Grouping(by=by, label=label(by), groups=groups, folded=number)


def _share(fates: Counter[str]) -> Decimal:
    return Decimal(fates[Fate.FUNDED]) / fates.total()


def _group(value: str, fates: Counter[str], hidden: frozenset[str], best: Decimal) -> Group:
    decided, funded = fates.total(), _sum(fates, hidden, {Fate.FUNDED})
    share = _share(fates)
    return Group(
        value=value,
        label=label(value) if value in LABELS else None,
        decided=decided,
        eligible=_sum(fates, hidden, {*DECIDED} - {Fate.ELIGIBILITY}),
        scored=_sum(fates, hidden, {*BOUNDS, Fate.MONEY, Fate.FUNDED}),
        chosen=_sum(fates, hidden, {Fate.MONEY, Fate.FUNDED}),
        funded=funded,
        lost_at={fate.value: _sum(fates, hidden, {fate}) for fate in LOST_AT},
        hidden=sum(fates[fate] for fate in hidden),
        rate=None if funded is None else percent(funded, decided),
        to_best=None
        if funded is None or not best
        else (share * 100 / best).quantize(Decimal("0.01")),
    )


def _sum(fates: Counter[str], hidden: Set[str], of: Set[str]) -> int | None:
    """Return the sum of these fates, or None if what is hidden is only partly among them."""
    if hidden & of and hidden - of:
        return None
    return sum(fates[fate] for fate in of)
