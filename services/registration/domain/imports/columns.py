"""The columns of the table, by their Indonesian headings, in the order of the template.

A heading is compared without regard to capitals and blanks. Columns may be left out if no row needs
them, and stand in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from shared.contracts.provinces import NAMES
from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.enterprise import CooperativeKind
from shared.tables.grid import Unreadable, Value

SHEET = "Data"
ROWS_MAX = 10_000
DOCUMENTS_MAX = 3


class Kind(Enum):
    """The kinds of cells."""

    TEXT = auto()
    NUMBER_OF_PAPER = auto()
    """An official number or a number of a document: digits that no spreadsheet may round."""
    SECTOR = auto()
    WHOLE = auto()
    DAY = auto()
    YES_OR_NO = auto()
    PROVINCE = auto()
    CODE = auto()


@dataclass(frozen=True)
class Column:
    """A column: its name in this module's words, its heading, its kind, and an example."""

    name: str
    heading: str
    kind: Kind
    example: str = ""
    required: bool = False


def _documents() -> Sequence[Column]:
    examples = (("IUMK", "Kecamatan Menteng", "IUMK-17/2017", "2017-05-02", "2027-05-01"),)
    return [
        column
        for number in range(1, DOCUMENTS_MAX + 1)
        for kind, issuer, paper, issued, expires in (examples[0] if number == 1 else ("",) * 5,)
        for column in (
            Column(f"document_kind_{number}", f"Dokumen {number}", Kind.CODE, kind),
            Column(f"issuer_{number}", f"Penerbit {number}", Kind.TEXT, issuer),
            Column(f"number_{number}", f"Nomor {number}", Kind.NUMBER_OF_PAPER, paper),
            Column(f"issued_on_{number}", f"Tanggal Terbit {number}", Kind.DAY, issued),
            Column(f"expires_on_{number}", f"Berlaku Sampai {number}", Kind.DAY, expires),
        )
    ]


COLUMNS: Sequence[Column] = (
    Column("name", "Nama Usaha", Kind.TEXT, "Batik Contoh", required=True),
    Column("representative", "Penanggung Jawab", Kind.TEXT, "Ibu Contoh", required=True),
    Column("address", "Alamat", Kind.TEXT, "Jl. Contoh 1, Bandung"),
    Column("cooperative", "Koperasi", Kind.YES_OR_NO, "Tidak", required=True),
    Column("cooperative_kind", "Jenis Koperasi", Kind.CODE),
    Column("province", "Provinsi", Kind.PROVINCE, "ID-JB", required=True),
    Column("sector", "Golongan KBLI", Kind.SECTOR, "14", required=True),
    Column("net_assets_idr", "Kekayaan Bersih (Rp)", Kind.WHOLE, "200000000", required=True),
    Column("annual_sales_idr", "Penjualan Tahunan (Rp)", Kind.WHOLE, "900000000", required=True),
    Column("earlier_participations", "Keikutsertaan Sebelumnya", Kind.WHOLE, "0"),
    Column("products", "Produk", Kind.TEXT, "Kain batik; Selendang"),
    Column("npwp", "NPWP", Kind.NUMBER_OF_PAPER, "01.234.567.8-901.000", required=True),
    Column("nik", "NIK", Kind.NUMBER_OF_PAPER, "3273014107850001"),
    Column("nik_koperasi", "NIK Koperasi", Kind.NUMBER_OF_PAPER),
    Column("nib", "NIB", Kind.NUMBER_OF_PAPER, "8120001234567"),
    Column("board_niks", "NIK Pengurus", Kind.NUMBER_OF_PAPER),
    *_documents(),
    Column("exhibition", "Pameran", Kind.TEXT),
    Column("capacity", "Kapasitas per Bulan", Kind.WHOLE),
)
BY_HEADING = MappingProxyType({column.heading.casefold(): column for column in COLUMNS})
BY_NAME = MappingProxyType({column.name: column for column in COLUMNS})
CODES: Sequence[tuple[str, str, str]] = (
    *(("Koperasi", code, label) for code, label in (("Ya", "Koperasi"), ("Tidak", "Bukan"))),
    *(("Jenis Koperasi", kind, "UU 25/1992") for kind in CooperativeKind),
    *(("Provinsi", code, name) for code, name in NAMES.items()),
    *(("Dokumen 1 - 3", kind, "Dokumen Pendukung") for kind in DocumentKind),
)
"""The codes that cells may have: heading, code and meaning."""


def found_columns(headings: Sequence[Value]) -> dict[int, Column]:
    """Return the columns of a table by their position from 0 on. Raises `Unreadable`."""
    found: dict[int, Column] = {}
    given = [_key(heading) for heading in headings if heading is not None]
    if given and not any(key in BY_HEADING for key in given):
        raise Unreadable(
            "not-a-spreadsheet",
            "The file has none of the headings of the template: take the template (GET "
            "/imports/template.xlsx), and send it as XLSX or CSV.",
        )
    for position, heading in enumerate(headings):
        if heading is None:
            continue
        column = BY_HEADING.get(_key(heading))
        if column is None:
            raise Unreadable(
                "heading-unknown",
                f"Column {position + 1} has a heading that the template does not have: remove the "
                "column, or write the heading as in the template.",
            )
        if column in found.values():
            raise Unreadable(
                "heading-repeated",
                f"There are two columns {column.heading}: remove the second.",
            )
        found[position] = column
    missing = [each.heading for each in COLUMNS if each.required and each not in found.values()]
    if missing:
        raise Unreadable(
            "heading-missing",
            f"The table has no column {', '.join(missing)}: take the template (GET "
            "/imports/template.xlsx), and leave its first row as it is.",
        )
    return found


def _key(heading: Value) -> str:
    return " ".join(str(heading).casefold().split())
