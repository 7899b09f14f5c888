"""The budget (Anggaran) of a scope, in rupiah: its envelope, and the use of its allocations."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.labels import label
from services.reporting.responses.figures import Figures, SumIdr, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views import tallies
from shared.contracts.labels import Label
from shared.contracts.words import TargetScope


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The budget of a scope in rupiah.

    `committed_idr`, also of an exhibition, is the figure that budget calls `contracted_idr`.
    `effective` = pagu - blocked (pagu efektif); `outstanding` = contracted - realised; `available`
    = effective - reserved - contracted (tersedia); `remaining` = pagu - realised (sisa pagu);
    `absorption_percent` = realised / pagu x 100.
    """

    scope: str
    label: Label
    pagu_idr: SumIdr
    blocked_idr: SumIdr
    effective_idr: SumIdr
    allotted_idr: SumIdr
    reserved_idr: SumIdr
    committed_idr: SumIdr
    outstanding_idr: SumIdr
    realised_idr: SumIdr
    sunk_idr: SumIdr
    available_idr: SumIdr
    remaining_idr: SumIdr
    absorption_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """The budget of the scope; of a whole programme that of each scope, and of ALL."""

    covers: Covers
    items: list[Budget]


def budgets(part: Part, pagu: Figures, use: Figures) -> Budgets:
    """Return the budget of each scope of the part that has an envelope, and of ALL scopes."""
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
    rows.append(_budget(TargetScope.ALL.value, total, spent))
    return Budgets(
        covers=part.without_exhibition().covers(),
        items=[row for row in rows if part.scope is None or row.scope == part.scope.value],
    )


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
