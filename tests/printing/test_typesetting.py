"""A printed document: its words and nothing else, tagged, in the same bytes each time."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from shared.contracts.printed_document import (
    Column,
    LabelledValue,
    Section,
    Table,
    digest_of,
    printable,
)
from shared.printing import Reproduction
from shared.printing.typesetting import pictures, typeset
from tests.printing.examples import CHECK_URL, HOSTILE, document, reproduction, words_of


def test_the_same_words_are_the_same_bytes() -> None:
    assert typeset(reproduction("Batik Fiktif")) == typeset(reproduction("Batik Fiktif"))
    assert typeset(reproduction("Batik Fiktif")) != typeset(reproduction("Batik Fiktif 2"))


def test_a_pdf_is_tagged_and_says_its_language_title_and_day() -> None:
    read = PdfReader(io.BytesIO(typeset(reproduction("Batik Fiktif"))))
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata is not None
    assert read.metadata.title == "Lampiran Keputusan SK-12/2018"
    assert str(read.metadata["/CreationDate"]).startswith("D:20180301")
    xmp = root["/Metadata"].get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert b"<pdfaid:part>2</pdfaid:part>" in xmp
    assert _tags(root["/StructTreeRoot"]) >= {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"}


def _tags(tree: Any) -> set[str]:
    found, inside = set(), [tree]
    while inside:
        part = inside.pop()
        if isinstance(part, list):
            inside += [each.get_object() for each in part]
        elif isinstance(part, dict):
            found.add(str(part.get("/S", "")))
            inside.append(part.get("/K"))
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_code(name: str) -> None:
    (words,) = words_of(typeset(reproduction(name)))
    assert words.count(" ".join(name.split())) == 2, "as addressee and in the table"


def test_a_name_cannot_turn_the_line_around_it() -> None:
    assert printable("PT \u202egnarO\u202c\u200f Baik\u0000\u200b") == "PT gnarO Baik"
    (words,) = words_of(typeset(reproduction("PT \u202eBaik")))
    assert "PT Baik" in words


def test_signs_without_a_glyph_do_not_stop_a_letter() -> None:
    (words,) = words_of(typeset(reproduction("Batik 中文 \U0001f600 Đường")))
    assert "Batik" in words
    assert "Đường" in words
    assert "\ufffd" in words
    many = "".join(chr(0x4E00 + number) for number in range(200))
    assert words_of(typeset(reproduction(f"Batik {many}")))


def test_a_name_without_a_blank_stays_on_the_paper() -> None:
    given = reproduction("A" * 200)
    (words,) = words_of(typeset(given))
    assert words.replace(" ", "").count("A" * 200) == 2
    (picture,) = pictures(given)
    page = Image.open(io.BytesIO(picture)).convert("L")
    margin = page.crop((page.width - page.width // 14, 0, page.width, page.height))
    assert margin.getextrema()[0] == 255, "nothing is printed in the right margin"


def test_three_hundred_rows_fill_pages_with_a_heading_each() -> None:
    names = [f"Koperasi Fiktif {number}" for number in range(1, 301)]
    pages = words_of(typeset(reproduction(*names)))
    assert len(pages) > 5
    for number, words in enumerate(pages, 1):
        assert f"Halaman {number} dari {len(pages)}" in words
        assert "Nomor SK-12/2018 · Sidik 0123 4567 89ab cdef" in words
    assert all("Nama pelaku usaha" in words for words in pages[:-1])
    assert "Demikian." in pages[-1], "no page has a signature alone"
    whole = " ".join(pages)
    assert all(f" {number} {name} DKI" in whole for number, name in enumerate(names, 1))


@pytest.mark.parametrize("names", [1, 27, 40, 300])
def test_the_qr_code_is_on_the_first_page_alone_and_leads_to_the_check(names: int) -> None:
    given = reproduction(*(f"Koperasi Fiktif {number}" for number in range(names)))
    found = [
        [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]
        for picture in pictures(given, pixels_per_inch=150)
    ]
    assert found == [[CHECK_URL], *([] for _ in found[1:])]


def test_the_address_is_on_each_page_and_can_be_copied() -> None:
    pages = words_of(typeset(reproduction(*(f"Koperasi {number}" for number in range(60)))))
    assert len(pages) > 1
    assert all(CHECK_URL in words for words in pages), "with nothing invisible in it"


@pytest.mark.parametrize("id", ["9b1d2c3e-af60-bd2b-ca3c-de7f00112233", "selection-officer-1"])
def test_an_id_is_never_broken_at_its_hyphens(id: str) -> None:
    columns = (Column(heading="Nomor"), Column(heading="Nama", share=1))
    for words_before in range(12):
        text = f"{'kata ' * words_before}{id}"
        given = reproduction("Batik Fiktif")
        fact = LabelledValue(label="Akun", value=text)
        table = Table(columns=columns, rows=((id, "kata " * 40),))
        sections = (Section(paragraphs=(text,), facts=(fact,), table=table),)
        document = given.document.model_copy(update={"sections": sections, "addressee": (text,)})
        read = PdfReader(io.BytesIO(typeset(given.model_copy(update={"document": document}))))
        assert read.pages[0].extract_text().count(id) == 4, "whole, on whatever line"


def test_a_longer_id_breaks_after_its_dot_and_has_nothing_invisible() -> None:
    exhibition, enterprise = (
        "pameran-kerajinan-nusantara-2018",
        "9b1d2c3e-af60-bd2b-ca3c-de7f00112233",
    )
    given = reproduction("Batik Fiktif")
    fact = LabelledValue(label="Nomor permohonan", value=f"{exhibition}.{enterprise}")
    sections = (Section(facts=(fact,)), *given.document.sections)
    document = given.document.model_copy(update={"sections": sections})
    read = PdfReader(io.BytesIO(typeset(given.model_copy(update={"document": document}))))
    assert f"{exhibition}.\n{enterprise}" in read.pages[0].extract_text()


def test_a_letter_with_many_last_words_fills_its_first_page() -> None:
    given = reproduction("Batik Fiktif")
    words = ("Kalimat penutup yang panjang. " * 12,) * 8
    sections = (*given.document.sections, Section(closing=words))
    document = given.document.model_copy(update={"sections": sections})
    first, last = words_of(typeset(given.model_copy(update={"document": document})))
    assert first.count("Kalimat penutup") > 5 * 12
    assert "Ibu Fiktif" in last


def test_a_short_table_goes_with_the_signature_to_the_next_page() -> None:
    for lines in range(10, 26):
        pages = words_of(typeset(_after(lines, reproduction(*SHORT))))
        assert "Koperasi Fiktif 5" in pages[-1]
        assert "Ibu Fiktif" in pages[-1]


def test_a_long_table_begins_where_there_is_room() -> None:
    long = reproduction(*(f"Koperasi Fiktif {number}" for number in range(30)))
    assert "Koperasi Fiktif 1" in words_of(typeset(_after(10, long)))[0]


SHORT = tuple(f"Koperasi Fiktif {number}" for number in range(1, 6))


def _after(lines: int, given: Reproduction) -> Reproduction:
    """Return the document with so many lines before its table."""
    before = Section(paragraphs=("Baris.",) * lines)
    sections = (before, *given.document.sections[1:])
    # Without an addressee, whose name would count.
    document = given.document.model_copy(update={"sections": sections, "addressee": ()})
    return given.model_copy(update={"document": document})


def test_the_digest_is_of_every_word_and_of_the_salt() -> None:
    words = document("Batik Fiktif")
    digest = digest_of(words, "salt", kind="DECREE_ANNEX")
    assert digest == digest_of(document("Batik  Fiktif\u200b"), "salt", kind="DECREE_ANNEX")
    others = {
        digest_of(document("Batik Fiktif 2"), "salt", kind="DECREE_ANNEX"),
        digest_of(words, "pepper", kind="DECREE_ANNEX"),
        digest_of(words, "salt", kind="DECISION_LETTER"),
    }
    assert digest not in others
    assert len(others) == 3
