"""Printed documents conform to PDF/A-2a and PDF/UA-1, as veraPDF finds."""

from pathlib import Path

import typst

from services.registration.responses.application import Outcome, Result
from services.registration.responses.printed.annex import annex
from services.registration.responses.printed.letter import letter
from services.registration.responses.printed.minutes import minutes
from shared.contracts.printed_document import PrintedDocument
from shared.printing import Reproduction
from shared.printing.typesetting import typeset
from tests.printing.examples import CHECK_URL, DIGEST, HOSTILE, reproduction
from tests.printing.verapdf import validated
from tests.registration.examples import CALLED, exhibition_after
from tests.registration.issued_documents import (
    FUNDS,
    HEADING,
    OPENED,
    PANEL,
    PEOPLE,
    amended,
    amendment,
    applications,
    approval,
    closed,
    decree,
    lost,
    named,
    override,
    promoted,
    record_after,
    upheld,
)
from tests.selection.test_recapitulation import words_about

HELD = exhibition_after(*CALLED)
MANY = tuple(range(1, 121))


def _printed(words: PrintedDocument) -> bytes:
    return typeset(Reproduction(document=words, digest=DIGEST, check_url=CHECK_URL))


def _minutes() -> PrintedDocument:
    approved = approval(
        MANY[:80], MANY[80:110], funds=FUNDS, decided_by=PEOPLE, overrides=(override(1),)
    )
    events = (OPENED, PANEL, closed(*MANY), approved, upheld(111), lost(2), promoted(111))
    return minutes(HEADING, HELD, record_after(*events), named(*MANY))


def _annex() -> PrintedDocument:
    record = record_after(decree(1, 2, 3), amended(2), amendment("SK-16/2018", 2))
    assert record.decree is not None
    return annex(HEADING, HELD, record.decree, named(1, 2, 3))


def _letter() -> PrintedDocument:
    (id,) = applications(1)
    return letter(HEADING, HELD, named(1)[id], Result(outcome=Outcome.RESERVE, place=2))


def test_every_kind_of_document_conforms(tmp_path: Path) -> None:
    documents = {
        "minutes": _printed(_minutes()),
        "annex": _printed(_annex()),
        "letter": _printed(_letter()),
        "recapitulation": _printed(words_about()),
        "hostile": typeset(reproduction(*HOSTILE)),
        "without-glyphs": typeset(reproduction("Batik \u4e2d\u6587 \U0001f600 Đường", "A" * 200)),
        "without-rows": typeset(reproduction()),
    }
    for name, content in documents.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    found = validated(sorted(tmp_path.glob("*.pdf")))
    assert [each for each in found if each.failures] == []
    assert {(each.name, each.standard) for each in found} == {
        (name, standard) for name in documents for standard in ("2a", "ua1")
    }
    assert all(each.checks > 1_000 for each in found)


def test_a_pdf_without_the_standards_does_not_pass(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(typst.compile(b"= Batik Fiktif", ignore_system_fonts=True, format="pdf"))
    found = validated([plain])
    assert [each.standard for each in found if each.failures] == ["2a", "ua1"]
