"""The reconciliation, made and shown: every check with its figures, and whether it holds."""

import asyncio
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from demo.generator import World
from demo.reconciling import (
    agreement,
    eligibility,
    events,
    money,
    outcomes,
    privacy,
    scores,
    seats,
)
from demo.reconciling.books import read_books
from demo.reconciling.checks import Check, Evidence, Outcome
from demo.reconciling.published import read_published
from demo.report import table_of
from shared.settings import Settings

SHOWN_MAX = 5


async def reconcile(settings: Settings, world: World, report: dict[str, Any]) -> list[Outcome]:
    """Make every check, on databases and topics as they are now; `report` is what was shown."""
    published, books = await asyncio.gather(
        asyncio.to_thread(read_published, settings), read_books(settings)
    )
    evidence = Evidence(books=books, published=published)
    return [check.made(evidence) for check in checks_of(evidence, world, report)]


def show_reconciliation(console: Console, made: list[Outcome]) -> None:
    """The checks as a table, and the first differences of each."""
    title = "Reconciliation (Rekonsiliasi); rule: of what must always hold, by its number"
    table = table_of(title, ">rule", "check", "figures", "")
    for outcome in made:
        verdict = Text("ok", style="green") if outcome.good else Text("DIFFERS", style="bold red")
        table.add_row(str(outcome.invariant or ""), outcome.name, outcome.figures, verdict)
    console.print(table)
    for outcome in made:
        for difference in outcome.differences[:SHOWN_MAX]:
            console.print(f"{outcome.name}: {difference}", style="red", markup=False)
    bad = sum(not outcome.good for outcome in made)
    told = f"{bad} of {len(made)} checks differ." if bad else f"All {len(made)} checks hold."
    console.print(told, style="bold red" if bad else "bold green")


def checks_of(evidence: Evidence, world: World, report: dict[str, Any]) -> Iterator[Check]:
    """Every check, those of invariants in the order of their numbers."""
    yield from events.checks(evidence)
    numbered = [
        *seats.checks(),
        *eligibility.checks(),
        *scores.checks(),
        *money.checks(),
        *outcomes.checks(report),
        *privacy.checks(world),
        *agreement.checks(report),
    ]
    yield from sorted(numbered, key=lambda check: check.invariant or len(numbered))
