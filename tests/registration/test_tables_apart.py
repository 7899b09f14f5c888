"""A hostile table ends with the process that reads it; an honest one comes back as it is."""

import asyncio
import io
import struct
import zipfile
import zlib
from datetime import date

import pytest

from shared.files.apart import Apart
from shared.tables import Page, Unreadable, read_grid, write_csv, write_xlsx
from shared.tables.apart import TableReader

HONEST = Page(name="Data", headings=("Nama", "Tanggal"), rows=[("Batik", "2018-02-01")])
SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
{cells}</sheetData></worksheet>"""


async def read(content: bytes, *, seconds: int = 10) -> object:
    """Read a table of at most 100 rows apart, in so many seconds of processor time."""
    return await TableReader(apart=Apart(seconds=seconds)).read(
        content, sheet="Data", rows_max=100, columns_max=10
    )


def workbook(sheet: str) -> bytes:
    """Return a workbook whose first sheet has this text."""
    whole = io.BytesIO(write_xlsx([HONEST]))
    changed = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if is_sheet else old.read(name))
    return changed.getvalue()


@pytest.mark.parametrize("content", [write_xlsx([HONEST]), write_csv(HONEST)], ids=["xlsx", "csv"])
async def test_an_honest_table_is_read_as_beside_the_caller(content: bytes) -> None:
    assert await read(content) == read_grid(content, sheet="Data", rows_max=100, columns_max=10)


async def test_days_and_numbers_keep_their_kind() -> None:
    grid = read_grid(write_csv(HONEST), sheet="Data", rows_max=100, columns_max=10)
    assert grid.rows[1][1] in ("2018-02-01", date(2018, 2, 1))


@pytest.mark.parametrize("unclosed", ["<c>", "<row ", "<c r='A1'>"])
async def test_text_that_patterns_take_long_for_blocks_no_caller(unclosed: str) -> None:
    hostile = workbook(SHEET.format(cells=unclosed * 60_000))
    assert len(hostile) < 20_000
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.05)
            beats += 1

    beating = asyncio.create_task(beat())
    with pytest.raises(Unreadable) as error:
        await read(hostile, seconds=2)
    beating.cancel()
    assert error.value.code in ("table-too-large", "not-a-workbook", "unreadable-workbook")
    assert beats > 1


async def test_a_part_that_says_it_is_small_takes_no_memory_of_the_caller() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\x20" * 50_000_000)
    lying = packed.getvalue().replace(struct.pack("<I", 50_000_000), struct.pack("<I", 10))
    assert zlib.crc32(lying)
    with pytest.raises(Unreadable):
        await read(lying)


async def test_other_packings_of_a_zip_are_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    with pytest.raises(Unreadable):
        await read(packed.getvalue())
