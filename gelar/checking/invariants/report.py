"""Every figure of every report, beside the count from the events: invariants 10 and 11.

Compared are the whole programme, each scope and each exhibition: every row, every cell, no row too
many and none missing. Only labels are not compared.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.recount import participation, report, results
from gelar.checking.invariants.topics import Topics

SECTIONS = (
    "achievement",
    "funnel",
    "seats",
    "budget",
    "exhibitions",
    "outcomes",
    "participation",
)
KEYS = {
    "achievement": ("scope", "indicator"),
    "targets": ("scope", "indicator"),
    "revisions": ("document_number", "code"),
    "funnel": ("stage",),
    "budget": ("scope",),
    "outcomes": ("rung", "status"),
    "devisa": ("status",),
    "by_province": ("province",),
    "by_sector": ("sector",),
    "by_size_class": ("size_class",),
    "exhibitions": ("exhibition",),
}
"""The fields that tell the rows of a section apart."""
ITEMS = {"original": "targets", "revisions": "targets"}
"""The keys of the items of a section that has other rows itself."""
LABELS = frozenset({"label", "scope_label", "status_label", "phase_label", "rule"})
SPARSE = frozenset({"outcomes", "by_province", "by_sector", "by_size_class"})
"""The sections in which a row without any figure need not be there."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Report: its programme, title and sections",
        compared=lambda evidence: f"{len(evidence.answers.reports):,} reports",
        differences=_headers,
    )
    yield Check(
        name="Report: its version is the end of every partition",
        compared=lambda evidence: f"{len(evidence.answers.reports):,} reports",
        differences=_versions,
    )
    yield _section("achievement", "Report: target and achievement", report.achievement, 11)
    yield _section("funnel", "Report: the funnel", report.funnel)
    yield _section("seats", "Report: the seats", report.seats)
    yield _section("budget", "Report: the budget", report.budget)
    yield _section("exhibitions", "Report: each exhibition", report.exhibitions)
    yield Check(
        name="Reporting's list of exhibitions = their events",
        compared=lambda evidence: (
            f"{sum(map(len, evidence.answers.exhibition_rows.values())):,} rows"
        ),
        differences=_exhibition_rows,
    )
    yield _section("outcomes", "Report: outcomes by rung and status", results.results, 10)
    yield _section("participation", "Report: who took part", participation.participation)
    yield Check(
        name="Report: the funnel and the participations have one count of who came",
        compared=lambda evidence: f"{len(evidence.answers.reports):,} reports",
        differences=_attended,
    )


def _section(
    name: str, title: str, count: Callable[[Topics, Part], Any], invariant: int | None = None
) -> Check:
    def compared(evidence: Evidence) -> str:
        cells = sum(_cells(answer[name]) for answer in evidence.answers.reports.values())
        return f"{cells:,} cells of {len(evidence.answers.reports):,} reports"

    def differences(evidence: Evidence) -> Iterator[str]:
        for part, answer in evidence.answers.reports.items():
            expected = count(evidence.topics, part)
            yield from different(f"{part} {name}", name, expected, answer.get(name))

    return Check(invariant=invariant, name=title, compared=compared, differences=differences)


def _headers(evidence: Evidence) -> Iterator[str]:
    for part, answer in evidence.answers.reports.items():
        announced, *_ = facts = evidence.topics.of("programme")[part.programme]
        header = {
            "programme": part.programme,
            "title": announced.data["title"],
            "targets_by": facts[-1].data["document_number"],
        }
        for name, value in header.items():
            yield from unequal(f"{part} {name}", value, answer[name])
        yield from unequal(
            f"{part} sections",
            sorted(SECTIONS),
            sorted(answer.keys() - header.keys() - {"version"}),
        )


def _versions(evidence: Evidence) -> Iterator[str]:
    for part, answer in evidence.answers.reports.items():
        version = {partition: offset for partition, offset in answer["version"].items() if offset}
        yield from unequal(f"{part} version", evidence.topics.ends, version)


def _exhibition_rows(evidence: Evidence) -> Iterator[str]:
    for programme, items in evidence.answers.exhibition_rows.items():
        expected = report.exhibitions(evidence.topics, Part(programme))["items"]
        rows = [
            {name: value for name, value in item.items() if name not in ("id", "version")}
            for item in items.values()
        ]
        yield from different(programme, "exhibitions", expected, rows)
        for id, item in items.items():
            yield from unequal(f"{id} id", id, item["exhibition"])


def _attended(evidence: Evidence) -> Iterator[str]:
    for part, answer in evidence.answers.reports.items():
        steps = {step["stage"]: step["count"] for step in answer["funnel"]["items"]}
        for name in ("attended", "contested", "absent"):
            yield from unequal(f"{part} {name}", answer["participation"][name], steps[name])


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
                inner = ITEMS.get(section, section) if name == "items" else name
                yield from different(f"{where} {name}", inner, expected[name], shown[name])
    elif (written := _as_answered(section, expected)) != answered or type(written) is not type(
        answered
    ):
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
    return all(_zero(value) for name, value in row.items() if name not in (*keys, *LABELS))


def _zero(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_zero, value.values()))
    return value is None or value == "0" or (value == 0 and type(value) is int)


def _as_answered(name: str, expected: Any) -> Any:
    # A sum of money is a text of digits: many readers of JSON round long numbers.
    is_text = isinstance(expected, Decimal) or (name.endswith("_idr") and expected is not None)
    return str(expected) if is_text else expected


def _cells(section: Any) -> int:
    if isinstance(section, list | dict):
        return sum(map(_cells, section.values() if isinstance(section, dict) else section))
    return int(not isinstance(section, str) or section.removeprefix("-").isdigit())
