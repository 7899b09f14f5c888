"""The programme's report as the reporting service gives it, printed for people, kept as a file.

English with the ministry's Indonesian words beside it. What is fictional and what is ours is said
where the figures are.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.demo.programme import AMBIGUITIES, PAST, TITLE
from deploy.local.demo.reconciling.checks import Outcome

DIFFERENCES_SHOWN = 5
FICTION = (
    "Enterprises, people, scores and results are fictional, from a seeded generator; provincial "
    "expos are illustrative. Real: the named exhibitions, the envelopes, the targets, 2017."
)


def content_of(
    *, seed: int, report: dict[str, Any], checks: Sequence[Outcome], seconds: dict[str, float]
) -> dict[str, Any]:
    """The file's content: all but `reconciliation` and `times` is the same whenever the seed is."""
    return {
        "seed": seed,
        "note": FICTION,
        "ambiguities": list(AMBIGUITIES),
        "year_before": [{**asdict(one), "percent": str(one.percent)} for one in PAST],
        "report": report,
        "reconciliation": [
            {"name": one.name, "figures": one.figures, "differences": list(one.differences)}
            for one in checks
        ],
        "times": {name: round(one, 1) for name, one in seconds.items()},
    }


def print_report(console: Console, report: dict[str, Any]) -> None:
    """The report on a screen."""
    console.print()
    console.rule(f"[bold]{TITLE}")
    console.print(FICTION, style="yellow")
    for table in (
        _achievement(report),
        _year_before(),
        _funnel(report),
        _budget(report),
        _outcomes(report),
        _participation(report),
    ):
        console.print()
        console.print(table)
    console.print()
    for ambiguity in AMBIGUITIES:
        console.print(f"Open in the client's text: {ambiguity}.", style="dim")


def print_checks(console: Console, checks: Sequence[Outcome]) -> None:
    """What was reconciled, and whether it was good."""
    table = _table("Reconciliation", "check", "figures", "")
    for one in checks:
        sign = "[green]ok" if one.good else "[bold red]DIFFERS"
        table.add_row(one.name, one.figures, sign)
    console.print()
    console.print(table)
    for one in checks:
        for difference in one.differences[:DIFFERENCES_SHOWN]:
            console.print(f"{one.name}: {difference}", style="red", markup=False)
    good = sum(one.good for one in checks)
    style = "bold green" if good == len(checks) else "bold red"
    console.print(f"{good} of {len(checks)} checks reconcile.", style=style)


def _achievement(report: dict[str, Any]) -> Table:
    table = _table(
        "Targets (Target dan Capaian) 2018",
        "scope",
        "indicator",
        ">target",
        ">realised",
        ">capaian",
    )
    for one in report["achievement"]:
        if one["target"] is None and not one["realised"]:
            continue
        target = "–" if one["target"] is None else f"{one['target']:,}"
        percent = "n/a" if one["percent"] is None else f"{one['percent']} %"
        table.add_row(
            _both(one["scope_label"]), _both(one["label"]), target, f"{one['realised']:,}", percent
        )
    return table


def _year_before() -> Table:
    table = _table(
        "The year before, 2017 (client's text)",
        "scope",
        ">target",
        ">realised",
        ">capaian",
        "brought",
    )
    for one in PAST:
        brought = f"{one.outcome}: {_rupiah(one.outcome_idr)}"
        table.add_row(
            one.scope, f"{one.target:,}", f"{one.realised:,}", f"{one.percent} %", brought
        )
    return table


def _funnel(report: dict[str, Any]) -> Table:
    table = _table("Funnel: applications by stage reached", "stage", ">applications")
    for one in report["funnel"]:
        table.add_row(_both(one["label"]), f"{one['count']:,}")
    return table


def _budget(report: dict[str, Any]) -> Table:
    names = ("pagu", "blocked", "reserved", "committed", "realised", "available", "sunk")
    labels = ("pagu", "blokir", "reserved", "komitmen", "realisasi", "tersedia", "sunk")
    table = _table("Budget (Anggaran), Rp", "scope", *(f">{one}" for one in labels), ">absorbed")
    for one in report["budget"]:
        figures = [f"{one[f'{name}_idr']:,}" for name in names]
        percent = one["absorption_percent"]
        table.add_row(_both(one["label"]), *figures, "n/a" if percent is None else f"{percent} %")
    return table


def _outcomes(report: dict[str, Any]) -> Table:
    table = _table(
        "Outcomes by rung; never added, devisa is a part of them",
        "rung",
        "status",
        ">count",
        ">Rp",
        ">followed up Rp",
        ">devisa Rp",
    )
    for one in report["outcomes"]:
        table.add_row(
            _both(one["label"]),
            _both(one["status_label"]),
            f"{one['count']:,}",
            f"{one['amount_idr']:,}",
            f"{one['followed_up_idr']:,}",
            f"{one['devisa_idr']:,}",
        )
    return table


def _participation(report: dict[str, Any]) -> Table:
    found = report["participation"]
    distinct = found["distinct"]
    table = _table("Participation (Keikutsertaan)", "", ">")
    table.add_row("Participations attended / hadir", f"{found['attended']:,}")
    table.add_row("No-shows / tidak hadir", f"{found['absent']:,}")
    table.add_row("Contested, shown apart", f"{found['contested']:,}")
    table.add_row("Distinct enterprises / pelaku usaha", f"{distinct['enterprises']:,}")
    table.add_row("of them first-timers", f"{distinct['first_timer_percent']} %")
    table.add_row("Cooperatives' participations / koperasi", f"{found['cooperatives']:,}")
    table.add_row("Provinces represented / provinsi", f"{len(found['by_province'])}")
    for one in found["by_size_class"]:
        table.add_row(f"Size class {one['size_class'].lower()}", f"{one['attended']:,}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left")
    return table


def _both(label: dict[str, str]) -> str:
    return f"{label['en']} / {label['id']}"


def _rupiah(amount: int) -> str:
    return f"Rp {amount:,}"
