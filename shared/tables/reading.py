"""Read a file into a grid: a workbook by its first bytes, anything else as CSV."""

from shared.tables.comma_separated import read_csv
from shared.tables.grid import Bounds, Grid
from shared.tables.workbook import is_workbook, read_workbook


def read_grid(content: bytes, *, sheet: str, rows_max: int, columns_max: int) -> Grid:
    """Return the cells of a CSV file, or of the sheet of this name; raises `Unreadable`.

    It computes for a second or two with a large file, and for longer with a hostile one: `apart`
    calls it in a process of its own.
    """
    bounds = Bounds(rows=rows_max + 1, columns=columns_max)
    if is_workbook(content):
        return read_workbook(content, sheet=sheet, bounds=bounds)
    return read_csv(content, bounds=bounds)
