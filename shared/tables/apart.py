"""Read a table in a process of its own, within the limits of `shared.files.apart`.

A workbook of some hundred bytes can ask for gigabytes, and a text of some kilobytes for minutes of
a pattern's time: whatever a file asks for, only that process pays it. Run as a module with the name
of the sheet and the bounds, it is that process.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.files.apart import Apart, read_within_limits
from shared.tables.grid import CellFault, Grid, Unreadable, Value
from shared.tables.reading import read_grid

MODULE = __name__


@dataclass(frozen=True, kw_only=True)
class TableReader:
    """Reads tables that people send."""

    apart: Apart

    async def read(self, content: bytes, *, sheet: str, rows_max: int, columns_max: int) -> Grid:
        """Return the cells of a CSV file, or of the sheet of this name.

        Raises `Unreadable`, `Busy`.
        """
        found = await self.apart.ask(MODULE, content, sheet, str(rows_max), str(columns_max))
        if found is None:
            raise Unreadable(
                "table-too-large",
                "The table takes too long to read: copy its cells alone into the template.",
            )
        answer = await asyncio.to_thread(json.loads, found)
        if "code" in answer:
            raise Unreadable(answer["code"], answer["sentence"])
        return Grid(
            rows=[[_value(cell) for cell in row] for row in answer["rows"]],
            faults=[CellFault(*fault) for fault in answer["faults"]],
        )


def _value(cell: Any) -> Value:
    value: Value = date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell
    return value


def _plain(cell: Value) -> Any:
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def main() -> None:
    """Read the table on standard input."""
    _, sheet, rows_max, columns_max = sys.argv[1:]
    answer: dict[str, Any]
    try:
        grid = read_grid(
            read_within_limits(), sheet=sheet, rows_max=int(rows_max), columns_max=int(columns_max)
        )
    except Unreadable as bad:
        answer = {"code": bad.code, "sentence": bad.sentence}
    else:
        rows = [[_plain(cell) for cell in row] for row in grid.rows]
        answer = {"rows": rows, "faults": list(grid.faults)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
