"""Report the results of `make bench`: at the terminal, in docs/performance.md, and as JSON.

In docs/performance.md only the text between the two marks is replaced; people write the prose
around it.
"""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COLUMNS = ("path", "against", "ratio", "least", "most", "goal", "met", "ours", "theirs", "unit")
WORDS = {True: "yes", False: "no", None: "-"}


def write(results: Sequence[dict[str, Any]], *, documentation: Path, data: Path, run: str) -> None:
    """Write both files; `run` names the kind of run."""
    data.write_text(json.dumps(list(results), indent=2) + "\n")
    before, _, rest = documentation.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [BEGIN, "", machine(run), "", *_markdown(results), "", END]
    documentation.write_text(before + "\n".join(lines) + after)


def machine(run: str) -> str:
    """Name the machine and the day, without which absolute figures mean nothing."""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on `{platform.node()}` ({platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}), {run}."
    )


def table(results: Sequence[dict[str, Any]]) -> Table:
    """Return the table for a terminal, also a narrow terminal."""
    drawn = Table("path, against", "ratio (least-most)", "goal", "ours, theirs", show_lines=True)
    for result in results:
        path, against, ratio, least, most, goal, met, ours, theirs, unit = _cells(result)
        style = "red" if result["met"] is False else ""
        drawn.add_row(
            f"{path}\n{against}",
            f"{ratio} ({least}-{most})",
            f"{goal}\n{met}",
            f"{ours}\n{theirs} {unit}",
            style=style,
        )
    return drawn


def _markdown(results: Sequence[dict[str, Any]]) -> list[str]:
    numeric = {"ratio", "least", "most", "ours", "theirs"}
    rule = "|".join("---:" if name in numeric else "---" for name in COLUMNS)
    rows = ("|".join(_cells(result)) for result in results)
    return [f"|{'|'.join(COLUMNS)}|", f"|{rule}|", *(f"|{row}|" for row in rows)]


def _cells(result: dict[str, Any]) -> list[str]:
    ratio = result["ratio"] or {}
    figures = [_figure(ratio.get(name)) for name in ("median", "min", "max")]
    sides = [_figure(result["ours"]), _figure(result["theirs"])]
    return [
        result["path"],
        result["against"],
        *figures,
        result["goal"],
        WORDS[result["met"]],
        *sides,
        result["unit"],
    ]


def _figure(number: float | None) -> str:
    if number is None:
        return "-"
    return f"{number:,.0f}" if number >= 100 else f"{number:g}"
