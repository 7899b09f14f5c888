"""Write tables: a workbook of several pages, or CSV that every spreadsheet opens."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

WIDTH_MIN, WIDTH_MAX = 12, 60
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""The first signs by which a spreadsheet takes a cell for a formula (OWASP, CSV injection)."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A sheet: its name, its headings and its rows; every cell is a text."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def write_xlsx(pages: Sequence[Page]) -> bytes:
    """Return a workbook whose cells are text: no digits are lost, and nothing is a formula."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        bold = workbook.add_format({"bold": True, "num_format": "@"})
        text = workbook.add_format({"num_format": "@"})
        for page in pages:
            sheet = workbook.add_worksheet(page.name)
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(page.headings):
                width = max(WIDTH_MIN, min(WIDTH_MAX, len(heading) + 2))
                # The whole column is text: digits that a person types there stay as they are.
                sheet.set_column(column, column, width, text)
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(page.rows, 1):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text)
    return written.getvalue()


def write_csv(page: Page) -> bytes:
    """Return CSV in UTF-8 with a byte order mark and semicolons, for Indonesian spreadsheets.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, as a text does.
    """
    written = io.StringIO(newline="")
    rows = [[_as_text(cell) for cell in row] for row in page.rows]
    csv.writer(written, delimiter=";").writerows([page.headings, *rows])
    return written.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
