"""Each cell of a table is read by the kind of its column, or has a fault with a code."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from services.registration.domain.document.decider import FileDocument
from services.registration.domain.imports.cells import CellUnreadable, read_cell
from services.registration.domain.imports.columns import BY_NAME, COLUMNS, SHEET
from services.registration.domain.imports.outcomes import refused
from services.registration.domain.imports.rows import Applying, ReadRow, read_rows
from services.registration.domain.imports.sentences import REFUSALS, SENTENCES
from shared.contracts.registration.document import DocumentKind
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys
from shared.tables import Unreadable, read_grid
from tests.registration.registry import numbers
from tests.registration.spreadsheets import HEADINGS, csv_of, row, xlsx_of
from tests.relations import RELATION_KEYS

KEYS = HashKeys((b"a key of tests",))
EXPLAINED = SENTENCES.keys() | REFUSALS.by_code.keys()
"""The codes that a reader of a row gets sentences of."""


def read(content: bytes, rows_max: int = 100) -> list[ReadRow]:
    """Read a file as the API does."""
    return read_rows(
        read_grid(content, sheet=SHEET, rows_max=rows_max, columns_max=40),
        KEYS,
        relation_keys=RELATION_KEYS,
    )


def faults(content: bytes) -> dict[int, set[tuple[str, str]]]:
    """Return the faults of each row by its number."""
    return {each.number: set(each.faults) for each in read(content)}


def test_csv_and_xlsx_say_the_same() -> None:
    rows = [row(0, exhibition="inacraft-2018", capacity="5"), row(1)]
    cells: list[dict[str, Any]] = [
        {**each, "issued_on_1": datetime(2017, 5, 2), "net_assets_idr": 200_000_000}
        for each in rows
    ]
    by_csv, by_xlsx = read(csv_of(rows)), read(xlsx_of(cells))
    assert by_csv == by_xlsx
    first = by_csv[0].commands
    assert first is not None
    assert (first.registration.name, first.registration.sector) == ("Batik Fiktif 0", "14")
    assert first.registration.address == "Jl. Rahasia 1, Jakarta"
    assert [product.name for product in first.registration.products] == ["Batik", "Selendang"]
    assert first.registration.province.iso == "ID-JK"
    assert first.applying == Applying(exhibition="inacraft-2018", capacity=5)
    assert first.documents == (
        FileDocument(
            document_kind=DocumentKind.IUMK,
            issuer="Kecamatan Menteng",
            number="IUMK-SECRET",
            issued_on=date(2017, 5, 2),
        ),
    )


def test_no_number_of_an_enterprise_is_in_the_commands_of_its_row() -> None:
    text = str(read(csv_of([row(0)]))[0].commands) + repr(read(csv_of([row(0)])))
    assert not [number for number in numbers(0).values() if number in text]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nib": 8120001200001}, ("NIB", "number-cell")),
        ({"nib": "8.12E+12"}, ("NIB", "scientific-notation")),
        ({"nib": "8,12E+12"}, ("NIB", "scientific-notation")),
        ({"nik": "3171015708850000"}, ("NIK", "malformed")),
        ({"npwp": ""}, ("NPWP", "required")),
        ({"npwp": "12"}, ("NPWP", "malformed")),
        ({"name": "=1+1"}, ("Nama Usaha", "formula-cell")),
        ({"net_assets_idr": "Rp 5"}, ("Kekayaan Bersih (Rp)", "not-whole")),
        ({"net_assets_idr": 1.5}, ("Kekayaan Bersih (Rp)", "not-whole")),
        ({"net_assets_idr": "9999999999999999"}, ("Kekayaan Bersih (Rp)", "malformed")),
        ({"issued_on_1": "31/02/2018"}, ("Tanggal Terbit 1", "not-a-day")),
        ({"issued_on_1": "05-02"}, ("Tanggal Terbit 1", "not-a-day")),
        ({"issued_on_1": ""}, ("Tanggal Terbit 1", "document-incomplete")),
        ({"cooperative": "Mungkin"}, ("Koperasi", "not-yes-or-no")),
        ({"cooperative_kind": "BANK"}, ("Jenis Koperasi", "unknown-code")),
        ({"cooperative_kind": "SERVICE"}, ("Jenis Koperasi", "no-cooperative")),
        ({"province": "ID-XX"}, ("Provinsi", "unknown-code")),
        ({"document_kind_1": "KTP"}, ("Dokumen 1", "unknown-code")),
        ({"sector": "04"}, ("Golongan KBLI", "malformed")),
        ({"nik": ""}, ("NPWP", "wrong-identifiers")),
        ({"exhibition": "a b"}, ("Pameran", "malformed")),
        ({"exhibition": "x", "capacity": "-1"}, ("Kapasitas per Bulan", "not-whole")),
    ],
)
def test_a_cell_that_cannot_be_taken_has_a_fault(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert faults(xlsx_of([{**row(0), **changes}, row(1)])) == {2: {expected}, 3: set()}
    assert expected[1] in EXPLAINED


def test_merged_cells_are_a_fault_of_their_row() -> None:
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet(SHEET)
        page.write_row(0, 0, HEADINGS)
        for number in (1, 2):
            for name, value in row(number).items():
                page.write(number, COLUMNS.index(BY_NAME[name]), value)
        page.merge_range(1, 0, 2, 0, "Batik")
    assert ("Nama Usaha", "merged-cells") in faults(written.getvalue())[2]


def test_a_number_and_a_document_are_there_once() -> None:
    again = {
        "document_kind_2": "IUMK",
        "issuer_2": "x",
        "number_2": "2",
        "issued_on_2": "2017-05-02",
    }
    found = faults(csv_of([row(0), {**row(1), "nib": numbers(0)["nib"]}, {**row(2), **again}]))
    assert found == {
        2: set(),
        3: {("NIB", "repeated-in-file")},
        4: {("Dokumen 2", "document-repeated")},
    }


def test_a_comma_a_byte_order_mark_and_empty_rows_are_taken() -> None:
    text = csv_of([row(0), {}, row(1)]).decode("utf-8-sig").replace(";", ",").replace(", ", "; ")
    assert [each.number for each in read(text.encode())] == [2, 4]
    assert [each.faults for each in read(text.encode())] == [(), ()]


def test_a_table_has_bounds() -> None:
    with pytest.raises(Unreadable, match="too-many-rows"):
        read(csv_of([row(number) for number in range(4)]), rows_max=3)
    with pytest.raises(Unreadable, match="too-many-rows"):
        read(xlsx_of([row(number) for number in range(4)]), rows_max=3)
    with pytest.raises(Unreadable, match="too-many-columns"):
        read(b";" * 50)


def packed(**parts: bytes) -> bytes:
    """Return a workbook with other parts than a good one has."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of([row(0)]))) as good,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in good.namelist():
            short = name.rpartition("/")[2].removesuffix(".xml")
            archive.writestr(name, parts.get(short, good.read(name)))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (packed(sheet1=b" " * 70_000_000), "workbook-too-large"),
        (packed(sheet1=b'<worksheet><c r="XFD1048576"><v>1</v></c></worksheet>'), "too-many-rows"),
        (packed(sheet1=b'<worksheet><c r="XFD2"><v>1</v></c></worksheet>'), "too-many-columns"),
        (packed(sheet1=b'<worksheet><row r="1048576"/></worksheet>'), "too-many-rows"),
        (packed(sheet1=b'<worksheet><c r="2A"><v>1</v></c></worksheet>'), "not-a-spreadsheet"),
        (packed(sheet1=b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), "not-a-spreadsheet"),
        (packed(workbook=b"<workbook"), "not-a-spreadsheet"),
        (packed(sheet1=b"\x00"), "not-a-spreadsheet"),
        (xlsx_of([row(0)])[:-100], "not-a-spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook-locked"),
        (
            packed(
                sharedStrings=b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>",
                sheet1=b"<worksheet>"
                + b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % n for n in range(1, 90))
                + b"</worksheet>",
            ),
            "workbook-too-large",
        ),
    ],
)
def test_a_workbook_that_would_hurt_is_refused(content: bytes, refusal: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.code == refusal


def test_a_part_that_says_that_it_is_small_is_refused() -> None:
    content = bytearray(packed(sheet1=b" " * 1_000_000))
    size = (1_000_000).to_bytes(4, "little")
    while size in content:
        place = content.index(size)
        content[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="not-a-spreadsheet"):
        read(bytes(content))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for begin in (b"", b"PK\x03\x04"):
        with pytest.raises(Unreadable):
            read(begin + content)


def test_a_refused_row_has_the_sentences_of_its_code_in_both_languages() -> None:
    assert refused(Refused("sanction-over", "It ended.")).shown == {
        "code": "sanction-over",
        "sentence": {
            "id": "Jangka waktu sanksi ini sudah berakhir. "
            "Anda tidak perlu melakukan apa pun: sanksi tidak berlaku lagi.",
            "en": "The term of the sanction is over. "
            "You need do nothing: it is not in force any more.",
        },
    }


@given(st.sampled_from(COLUMNS), st.none() | st.text() | st.floats() | st.booleans() | st.dates())
def test_any_cell_is_read_or_has_a_code_with_sentences(column: Any, value: Any) -> None:
    code = ""
    try:
        read_cell(column, value)
    except CellUnreadable as error:
        code = error.args[0]
    assert code in ("", *EXPLAINED)


@given(st.lists(st.text(max_size=20), max_size=40))
def test_any_row_is_read_or_has_faults(cells: list[str]) -> None:
    text = ";".join(HEADINGS) + "\n" + ";".join(f'"{cell.replace(chr(34), "")}"' for cell in cells)
    for each in read(text.replace("\0", "").encode("utf-8", "ignore")):
        assert (each.commands is None) == bool(each.faults)
        assert {fault.code for fault in each.faults} <= EXPLAINED
