"""The exhibitions of a programme, each with its name, its flag, who came, and its money."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.labels import label
from services.reporting.responses.figures import Figures, SumIdr, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views import tallies
from services.reporting.views.registration import Exhibition, Phase
from shared.contracts.labels import Label
from shared.contracts.words import Scope


@dataclass(frozen=True, kw_only=True)
class ExhibitionFigures:
    """An exhibition; money in rupiah, `free` = ceiling - reserved - contracted (sisa plafon).

    `illustrative` marks what is no real exhibition of a source (demonstration data).
    """

    exhibition: str
    name: str
    illustrative: bool
    scope: Scope
    scope_label: Label
    phase: Phase
    phase_label: Label
    attended: int
    contested: int
    absent: int
    ceiling_idr: SumIdr
    reserved_idr: SumIdr
    committed_idr: SumIdr
    outstanding_idr: SumIdr
    realised_idr: SumIdr
    sunk_idr: SumIdr
    free_idr: SumIdr
    absorption_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Exhibitions:
    """The exhibitions of the part, in order of id."""

    covers: Covers
    items: list[ExhibitionFigures]


def exhibitions(part: Part, rows: list[ExhibitionFigures]) -> Exhibitions:
    """Return the rows with the part that they cover."""
    return Exhibitions(covers=part.covers(), items=rows)


def exhibition_figures(
    found: Iterable[tuple[str, Exhibition]], attendance: Figures, use: Figures
) -> list[ExhibitionFigures]:
    """Return a row for each of these exhibitions, with zeros where nothing has happened."""
    came = summed(attendance, tallies.attendance.dimensions, "exhibition")
    used = summed(use, tallies.use.dimensions, "exhibition")
    return [
        _row(id, state, came.get((id,), Counter()), used.get((id,), Counter()))
        for id, state in found
    ]


def _row(id: str, state: Exhibition, came: Counter[str], used: Counter[str]) -> ExhibitionFigures:
    return ExhibitionFigures(
        exhibition=id,
        name=state.name,
        illustrative=state.illustrative,
        scope=state.scope,
        scope_label=label(state.scope.value),
        phase=state.held,
        phase_label=label(state.held.value),
        attended=came["attended"],
        contested=came["contested"],
        absent=came["absent"],
        ceiling_idr=used["ceiling_idr"],
        reserved_idr=used["reserved_idr"],
        committed_idr=used["contracted_idr"],
        outstanding_idr=used["contracted_idr"] - used["realised_idr"],
        realised_idr=used["realised_idr"],
        sunk_idr=used["sunk_idr"],
        free_idr=used["ceiling_idr"] - used["reserved_idr"] - used["contracted_idr"],
        absorption_percent=percent(used["realised_idr"], used["ceiling_idr"]),
    )
