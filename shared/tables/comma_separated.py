"""Read CSV: UTF-8 with or without a byte order mark, with commas or semicolons between cells.

Spreadsheets of an Indonesian computer write semicolons, because its decimals have commas. The line
of the headings says which it is. Every cell is text.
"""

import csv
import io
from itertools import islice

from shared.tables.grid import Bounds, CellFault, Grid, Unreadable, Value

CELL_LENGTH_MAX = 10_000
FORMULA = ("=", "+", "@")
"""The first signs of a text that a spreadsheet takes for a formula."""


def read_csv(content: bytes, *, bounds: Bounds) -> Grid:
    """Return the cells of a CSV file; raises `Unreadable`."""
    lines = io.StringIO(_text(content), newline="")
    headings = lines.readline()
    lines.seek(0)
    delimiter = ";" if headings.count(";") > headings.count(",") else ","
    csv.field_size_limit(CELL_LENGTH_MAX)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        found = list(islice(reader, bounds.rows + 1))
    except csv.Error as error:
        raise Unreadable(
            "not-a-spreadsheet",
            f"Line {reader.line_num} is no CSV: check its quotation marks, or save the table as "
            "CSV again.",
        ) from error
    bounds.check(rows=len(found), columns=max(map(len, found), default=0))
    rows = [[_value(cell) for cell in row] for row in found]
    faults = [
        CellFault(number, column, "formula-cell")
        for number, row in enumerate(found, 1)
        for column, cell in enumerate(row, 1)
        if cell.strip().startswith(FORMULA)
    ]
    return Grid(rows=rows, faults=faults)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "not-utf-8",
            "The file is neither a workbook (XLSX) nor text in UTF-8: save it as XLSX, or as "
            "CSV UTF-8.",
        ) from error
    if "\0" in text or not text.strip():
        raise Unreadable(
            "not-a-spreadsheet", "The file has no table: send XLSX, or CSV in UTF-8 with headings."
        )
    return text


def _value(cell: str) -> Value:
    return cell.strip() or None
