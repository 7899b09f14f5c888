"""Compute the figures that readers see: sums and ratios of the exact tallies, on each read.

Capaian = realisasi / target x 100 %, with two decimals, rounded half up. A target of zero or none
gives None ("n/a"), never 100 % or infinity. A target can mean enterprises or participations; both
are always reported, because the client's text does not decide it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.reporting.labels import Label, label
from services.reporting.views import tallies
from shared.contracts.words import Indicator, Target, TargetScope
from shared.kernel.view import Cell

CENT = Decimal("0.01")
Figures = Mapping[Cell, Mapping[str, int]]
"""The cells of a tally, each with its numbers by measure."""


@dataclass(frozen=True, kw_only=True)
class Achievement:
    """A target and its realised figure; a `percent` of None means n/a."""

    scope: TargetScope
    scope_label: Label
    indicator: Indicator
    label: Label
    target: int | None
    realised: int
    percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The budget of a scope in rupiah.

    `committed_idr`, also of a `Ceiling`, is the figure that budget calls `contracted_idr`.
    `effective` = pagu - blocked (pagu efektif); `outstanding` = contracted - realised; `available`
    = effective - reserved - contracted (tersedia); `remaining` = pagu - realised (sisa pagu);
    `absorption_percent` = realised / pagu x 100.
    """

    scope: str
    label: Label
    pagu_idr: int
    blocked_idr: int
    effective_idr: int
    allotted_idr: int
    reserved_idr: int
    committed_idr: int
    outstanding_idr: int
    realised_idr: int
    sunk_idr: int
    available_idr: int
    remaining_idr: int
    absorption_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The money of an exhibition in rupiah; `free` = ceiling - reserved - contracted."""

    exhibition: str
    scope: str
    ceiling_idr: int
    reserved_idr: int
    committed_idr: int
    outstanding_idr: int
    realised_idr: int
    sunk_idr: int
    free_idr: int
    absorption_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcomes of a rung and status; devisa (foreign buyer or currency) is a part of them.

    `followed_up_idr` is the part that follow-ups have realised; the follow-ups themselves are in
    the rung FOLLOW_UP_REALISED.
    """

    rung: str
    label: Label
    status: str
    status_label: Label
    count: int
    amount_idr: int
    followed_up_idr: int
    devisa_count: int
    devisa_idr: int


def percent(part: int, whole: int | None) -> Decimal | None:
    """Return `part / whole x 100`, two decimals, half up; None if `whole` is None or zero."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(CENT, rounding=ROUND_HALF_UP)


def summed(figures: Figures, dimensions: Sequence[str], *names: str) -> dict[Cell, Counter[str]]:
    """Sum the figures of a tally by some of its dimensions, in order of their values."""
    positions = [dimensions.index(name) for name in names]
    sums: dict[Cell, Counter[str]] = {}
    for cell, numbers in figures.items():
        values = tuple(cell[position] for position in positions)
        sums.setdefault(values, Counter()).update(numbers)
    return dict(sorted(sums.items()))


def achievements(
    targets: Sequence[Target], realised: Mapping[tuple[TargetScope, Indicator], int]
) -> list[Achievement]:
    """Return a row for every scope and indicator, with its target if there is one."""
    values = {(target.scope, target.indicator): target.value for target in targets}
    return [
        Achievement(
            scope=scope,
            scope_label=label(scope.value),
            indicator=indicator,
            label=label(indicator.value),
            target=values.get((scope, indicator)),
            realised=realised.get((scope, indicator), 0),
            percent=percent(realised.get((scope, indicator), 0), values.get((scope, indicator))),
        )
        for scope in TargetScope
        for indicator in Indicator
    ]


def realised_of(
    enterprises: Figures, participation: Figures, exhibitions: Figures
) -> dict[tuple[TargetScope, Indicator], int]:
    """Return the realised figures by scope and indicator.

    The figure of ALL is the sum of the scopes, except for enterprises: their tally counts an
    enterprise once in ALL.
    """
    figures: dict[tuple[TargetScope, Indicator], int] = {}
    for (_, scope), numbers in enterprises.items():
        figures[TargetScope(scope), Indicator.ENTERPRISES] = numbers.get("enterprises", 0)
    for indicator, cells, tally, measure in (
        (Indicator.PARTICIPATIONS, participation, tallies.participation, "attended"),
        (Indicator.EXHIBITIONS, exhibitions, tallies.exhibitions, "held"),
    ):
        for (scope,), numbers in summed(cells, tally.dimensions, "scope").items():
            figures[TargetScope(scope), indicator] = numbers[measure]
        figures[TargetScope.ALL, indicator] = counted(cells, (measure,))[measure]
    return figures


def budgets(pagu: Figures, use: Figures) -> list[Budget]:
    """Return the budget of each scope that has an envelope, and of ALL scopes."""
    envelopes = summed(pagu, tallies.pagu.dimensions, "scope")
    used = summed(use, tallies.use.dimensions, "scope")
    rows = [
        _budget(scope, numbers, used.get((scope,), {})) for (scope,), numbers in envelopes.items()
    ]
    total = Counter[str]()
    spent = Counter[str]()
    for numbers in envelopes.values():
        total.update(numbers)
    for numbers in used.values():
        spent.update(numbers)
    return [*rows, _budget(TargetScope.ALL.value, total, spent)]


def ceilings(use: Figures) -> list[Ceiling]:
    """Return the money of each exhibition that has an allocation, by scope and exhibition."""
    return [
        Ceiling(
            exhibition=exhibition,
            scope=scope,
            ceiling_idr=numbers["ceiling_idr"],
            reserved_idr=numbers["reserved_idr"],
            committed_idr=numbers["contracted_idr"],
            outstanding_idr=numbers["contracted_idr"] - numbers["realised_idr"],
            realised_idr=numbers["realised_idr"],
            sunk_idr=numbers["sunk_idr"],
            free_idr=numbers["ceiling_idr"] - numbers["reserved_idr"] - numbers["contracted_idr"],
            absorption_percent=percent(numbers["realised_idr"], numbers["ceiling_idr"]),
        )
        for (scope, exhibition), numbers in summed(
            use, tallies.use.dimensions, "scope", "exhibition"
        ).items()
    ]


def results(figures: Figures) -> list[Result]:
    """Return the outcomes by rung and status without void outcomes; rungs are never added."""
    dimensions = tallies.results.dimensions
    rows = summed(figures, dimensions, "rung", "status")
    devisa = summed(figures, dimensions, "rung", "status", "devisa")
    return [
        Result(
            rung=rung,
            label=label(rung),
            status=status,
            status_label=label(status),
            count=numbers["count"],
            amount_idr=numbers["amount_idr"],
            followed_up_idr=numbers["followed_up_idr"],
            devisa_count=devisa.get((rung, status, "foreign"), Counter())["count"],
            devisa_idr=devisa.get((rung, status, "foreign"), Counter())["amount_idr"],
        )
        for (rung, status), numbers in rows.items()
        if status != "VOID" and numbers["count"]
    ]


def counted(figures: Figures, measures: Iterable[str]) -> dict[str, int]:
    """Return the sum of each of these measures over all cells, zeros included."""
    sums = Counter[str]()
    for numbers in figures.values():
        sums.update(numbers)
    return {measure: sums[measure] for measure in measures}


def _budget(scope: str, envelope: Mapping[str, int], use: Mapping[str, int]) -> Budget:
    pagu, blocked = envelope.get("pagu_idr", 0), envelope.get("blocked_idr", 0)
    reserved, contracted = use.get("reserved_idr", 0), use.get("contracted_idr", 0)
    realised = use.get("realised_idr", 0)
    return Budget(
        scope=scope,
        label=label(scope),
        pagu_idr=pagu,
        blocked_idr=blocked,
        effective_idr=pagu - blocked,
        allotted_idr=envelope.get("allotted_idr", 0),
        reserved_idr=reserved,
        committed_idr=contracted,
        outstanding_idr=contracted - realised,
        realised_idr=realised,
        sunk_idr=use.get("sunk_idr", 0),
        available_idr=pagu - blocked - reserved - contracted,
        remaining_idr=pagu - realised,
        absorption_percent=percent(realised, pagu),
    )
