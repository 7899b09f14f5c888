"""Every figure of every report, beside the count from the events: invariants 10 and 11.

Compared are the whole programme, each scope and each exhibition: every row, every cell, no row too
many and none missing. Only labels are not compared.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.recount import report as recount
from gelar.checking.invariants.topics import Topics

SECTIONS = ("achievement", "funnel", "seats", "budget", "outcomes", "participation")
KEYS = {
    "achievement": ("scope", "indicator"),
    "funnel": ("stage",),
    "budget": ("scope",),
    "outcomes": ("rung", "status"),
    "by_province": ("province",),
    "by_sector": ("sector",),
    "by_size_class": ("size_class",),
    "exhibitions": ("exhibition",),
}
"""The fields that tell the rows of a section apart."""
LABELS = frozenset({"label", "scope_label", "status_label"})
SPARSE = frozenset({"outcomes", "by_province", "by_sector", "by_size_class", "exhibitions"})
"""The sections in which a row without any figure need not be there."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Report: its programme, title and sections",
        compared=lambda evidence: f"{len(evidence.answers.reports):,} reports",
        differences=_headers,
    )
    yield _section("achievement", "Report: target and achievement", recount.achievement, 11)
    yield _section("funnel", "Report: the funnel", recount.funnel)
    yield _section("seats", "Report: the seats", recount.seats)
    yield _section("budget", "Report: the budget", recount.budget)
    yield Check(
        name="Report: the money of each exhibition",
        compared=lambda evidence: f"{sum(map(len, evidence.answers.ceilings.values())):,} rows",
        differences=_ceilings,
    )
    yield _section("outcomes", "Report: outcomes by rung and status", recount.results, 10)
    yield _section("participation", "Report: who took part", recount.participation)


def _section(
    name: str, title: str, count: Callable[[Topics, Part], Any], invariant: int | None = None
) -> Check:
    def compared(evidence: Evidence) -> str:
        cells = sum(_cells(report[name]) for report in evidence.answers.reports.values())
        return f"{cells:,} cells of {len(evidence.answers.reports):,} reports"

    def differences(evidence: Evidence) -> Iterator[str]:
        for part, report in evidence.answers.reports.items():
            expected = count(evidence.topics, part)
            yield from different(f"{part} {name}", name, expected, report.get(name))

    return Check(invariant=invariant, name=title, compared=compared, differences=differences)


def _headers(evidence: Evidence) -> Iterator[str]:
    for part, report in evidence.answers.reports.items():
        announced, *_ = facts = evidence.topics.of("programme")[part.programme]
        header = {
            "programme": part.programme,
            "title": announced.data["title"],
            "targets_by": facts[-1].data["document_number"],
        }
        for name, value in header.items():
            yield from unequal(f"{part} {name}", value, report[name])
        yield from unequal(
            f"{part} sections", sorted(SECTIONS), sorted(report.keys() - header.keys())
        )


def _ceilings(evidence: Evidence) -> Iterator[str]:
    for programme, rows in evidence.answers.ceilings.items():
        expected = recount.ceilings(evidence.topics, programme)
        yield from different(programme, "exhibitions", expected, rows)


def different(where: str, section: str, expected: Any, answered: Any) -> Iterator[str]:
    """Yield a difference for every cell or row of a section that is not as expected."""
    if isinstance(expected, list | dict) and not isinstance(answered, type(expected)):
        yield f"{where}: the report has {answered!r} for {section}"
    elif isinstance(expected, list):
        yield from _rows_different(where, section, expected, answered)
    elif isinstance(expected, dict):
        shown = {k: v for k, v in answered.items() if k not in LABELS}
        for name in sorted({*expected, *shown}):
            if name not in expected or name not in shown:
                yield f"{where}: {name} is {'missing' if name in expected else 'too much'}"
            else:
                yield from different(f"{where} {name}", name, expected[name], shown[name])
    elif _as_answered(expected) != answered or type(_as_answered(expected)) is not type(answered):
        yield f"{where}: the report has {answered!r}, the events give {expected}"


def _rows_different(where: str, section: str, expected: Any, answered: Any) -> Iterator[str]:
    keys = KEYS[section]
    shown = _by_key(keys, answered or [])
    wanted = _by_key(keys, expected)
    if len(shown) < len(answered or []):
        yield f"{where}: a row is there twice"
    for key in sorted({*shown, *wanted}):
        what = f"{where} {'/'.join(key)}"
        if key in shown and key in wanted:
            yield from different(what, section, wanted[key], shown[key])
        elif section not in SPARSE or not _empty(keys, shown.get(key) or wanted[key]):
            yield f"{what}: {'a row too many' if key in shown else 'the row is missing'}"


def _by_key(keys: tuple[str, ...], rows: list[Any]) -> dict[tuple[str, ...], Any]:
    return {tuple(str(row[name]) for name in keys): row for row in rows}


def _empty(keys: tuple[str, ...], row: Any) -> bool:
    figures = [value for name, value in row.items() if name not in (*keys, "scope", *LABELS)]
    return all(value is None or (value == 0 and type(value) is int) for value in figures)


def _as_answered(expected: Any) -> Any:
    return str(expected) if isinstance(expected, Decimal) else expected


def _cells(section: Any) -> int:
    if isinstance(section, list | dict):
        return sum(map(_cells, section.values() if isinstance(section, dict) else section))
    return int(not isinstance(section, str))
