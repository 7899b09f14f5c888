"""The cells of a table as they were read, before anything is known of its columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.kernel.errors import Problem

Value = str | int | float | bool | date | None
"""A cell: text without blanks at its ends, a number, a truth, a day, or None if it is empty."""


class Unreadable(Problem):
    """The file as a whole cannot be taken (422)."""

    status = 422


class CellFault(NamedTuple):
    """A cell that cannot be taken as it stands: row and column from 1 on, and the code."""

    row: int
    column: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The rows of a table; row 1 has the headings. Empty rows are kept, so that numbers agree."""

    rows: Sequence[Sequence[Value]]
    faults: Sequence[CellFault] = ()


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The most rows (with the headings) and columns that a table may have."""

    rows: int
    columns: int

    def check(self, *, rows: int, columns: int) -> None:
        """Raise `Unreadable` beyond the bounds."""
        if rows > self.rows:
            raise Unreadable(
                "too-many-rows",
                f"The table has more than {self.rows - 1} rows below its headings: cut it into "
                "several files.",
            )
        if columns > self.columns:
            raise Unreadable(
                "too-many-columns",
                f"The table has cells beyond column {self.columns}: take the template, and put "
                "nothing beside its columns.",
            )
