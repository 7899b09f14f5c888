"""Spreadsheets of a dinas for the tests of imports: rows by the words of the columns."""

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from services.registration.domain.imports.columns import BY_NAME, COLUMNS, SHEET
from shared.tables import Page, write_csv
from tests.registration.registry import numbers

HEADINGS = [column.heading for column in COLUMNS]


def row(number: int, **changes: str) -> dict[str, str]:
    """Return the row of the enterprise with this serial, in the words of the columns."""
    return {
        "name": f"Batik Fiktif {number}",
        "representative": "Ibu Rahasia",
        "address": "Jl. Rahasia 1, Jakarta",
        "cooperative": "Tidak",
        "province": "ID-JK",
        "sector": "14",
        "net_assets_idr": "200000000",
        "annual_sales_idr": "900000000",
        "products": "Batik; Selendang",
        **numbers(number),
        "document_kind_1": "IUMK",
        "issuer_1": "Kecamatan Menteng",
        "number_1": "IUMK-SECRET",
        "issued_on_1": "2017-05-02",
        **changes,
    }


def csv_of(rows: Sequence[dict[str, str]]) -> bytes:
    """Return these rows as CSV."""
    cells = [[each.get(column.name, "") for column in COLUMNS] for each in rows]
    return write_csv(Page(name=SHEET, headings=HEADINGS, rows=cells))


def xlsx_of(rows: Sequence[dict[str, Any]], *, hidden: bool = False, sheet: str = SHEET) -> bytes:
    """Return these rows as a workbook; a text that begins with `=` is a formula."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet(sheet)
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, HEADINGS)
        for number, each in enumerate(rows, 1):
            for name, value in each.items():
                column = COLUMNS.index(BY_NAME[name])
                if name.endswith(("_on_1",)) and not isinstance(value, str):
                    page.write_datetime(number, column, value, day)
                else:
                    page.write(number, column, value)
        if hidden:
            workbook.add_worksheet("Rahasia").hide()
    return written.getvalue()
