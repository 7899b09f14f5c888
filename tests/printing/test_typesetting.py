"""A printed document: its words and nothing else, tagged, in the same bytes each time."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from shared.contracts.printed_document import digest_of, printable
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


def test_the_qr_code_leads_to_the_check() -> None:
    (picture,) = pictures(reproduction("Batik Fiktif"), pixels_per_inch=150)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert found.text == CHECK_URL


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
