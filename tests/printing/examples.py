"""A document with names that a typesetter could take for code, and how to read its PDF."""

import io
from datetime import date

from pypdf import PdfReader

from shared.contracts.printed_document import (
    Column,
    LabelledValue,
    PrintedDocument,
    Section,
    Signature,
    Table,
)
from shared.printing import Reproduction

DIGEST = "0123456789abcdef" * 4
CHECK_URL = f"https://gelar.example/document-checks/{DIGEST}"
COLUMNS = (
    Column(heading="No.", numbers=True),
    Column(heading="Nama pelaku usaha", share=5),
    Column(heading="Provinsi", share=2),
)
HOSTILE = (
    '#eval("1 + 1")',
    '#read("/etc/passwd")',
    '#import "@preview/cades:0.3.0": qr-code',
    "[isi] $x^2$ *tebal* _miring_ `kode` <label> @rujukan",
    "\\u{202e} \\n \\",
    '"kutipan" // komentar /* komentar */',
    "= Judul",
    "</script><script>alert(1)</script>",
)


def document(*names: str) -> PrintedDocument:
    """Return a document that lists these names."""
    rows = tuple((str(number), name, "DKI Jakarta") for number, name in enumerate(names, 1))
    return PrintedDocument(
        issuer=("Kementerian Koperasi dan Usaha Kecil dan Menengah", "Republik Indonesia"),
        title="Lampiran Keputusan",
        about="Inacraft 2018",
        number="SK-12/2018",
        issued_on=date(2018, 3, 1),
        addressee=names[:1],
        sections=(
            Section(
                paragraphs=("Dengan hormat,",),
                facts=(LabelledValue(label="Pameran", value="Inacraft 2018"),),
            ),
            Section(
                heading="Daftar peserta",
                table=Table(columns=COLUMNS, rows=rows),
                closing=("Demikian.",),
            ),
        ),
        signature=Signature(place="Jakarta", position="Deputi", name="Ibu Fiktif"),
    )


def reproduction(*names: str) -> Reproduction:
    """Return that document as it is given to the printer."""
    return Reproduction(document=document(*names), digest=DIGEST, check_url=CHECK_URL)


def words_of(pdf: bytes) -> list[str]:
    """Return the text of each page, with one space between words."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
