"""Score sheets: invariant 4 of the domain."""

from collections.abc import Iterator
from typing import Any

from demo.reconciling.checks import Check, Evidence
from services.selection.domain.candidate.points import mean_of, total_of

SHEETS_MIN = 3


def checks() -> Iterator[Check]:
    """The checks of this module."""
    yield Check(
        invariant=4,
        name="Three sealed independent sheets at least, none of a conflicted curator",
        figures=_counted,
        differences=_sheets,
    )


def _scored(evidence: Evidence) -> dict[str, Any]:
    candidates = evidence.books.states("candidate")
    return {id: candidate for id, candidate in candidates.items() if candidate.seal is not None}


def _counted(evidence: Evidence) -> str:
    scored = _scored(evidence)
    sheets = sum(len(candidate.sheets) for candidate in scored.values())
    conflicts = sum(len(candidate.conflicts) for candidate in scored.values())
    return f"{sheets:,} sheets of {len(scored):,} candidates, {conflicts} conflicts"


def _sheets(evidence: Evidence) -> Iterator[str]:
    rounds, rubrics = evidence.books.states("round"), evidence.books.states("rubric")
    for id, item in _scored(evidence).items():
        weights = rubrics[rounds[item.exhibition].rubric].weights
        totals = [total_of(sheet.levels, weights) for sheet in item.sheets]
        curators = {sheet.curator for sheet in item.sheets}
        if len(curators) < max(SHEETS_MIN, len(item.sheets)):
            yield f"{id} has sheets of {len(curators)} curators"
        if any(item.conflicted(curator) for curator in curators):
            yield f"{id} was scored by a conflicted curator"
        if totals and item.seal.score != mean_of(totals):
            yield f"{id}: its score is {item.seal.score}, its sheets make {mean_of(totals)}"
