"""Minutes show the money, overrides, upheld objections and the people of a selection."""

from dataclasses import replace
from datetime import date

import pytest

from services.registration.domain.issued_document.basis import MinutesBasis, named
from services.registration.domain.selection_record import SelectionRecord, UpheldObjection
from services.registration.responses.application import Outcome, Result
from services.registration.responses.printed.annex import annex
from services.registration.responses.printed.letter import letter
from services.registration.responses.printed.minutes import minutes
from services.registration.responses.printed.wording import Earlier
from shared.contracts.event import Event
from shared.contracts.printed_document import PrintedDocument
from shared.contracts.selection.approval import OverrideEffect
from shared.contracts.selection.round_codes import ObjectionGround
from tests.registration.examples import CALLED, exhibition_after
from tests.registration.issued_documents import (
    FUNDS,
    HEADING,
    OPENED,
    PANEL,
    SIGNED_ON,
    applications,
    approval,
    closed,
    decree,
    lost,
    override,
    promoted,
    record_after,
    upheld,
)
from tests.registration.issued_documents import named as applicants
from tests.registration.test_printed_documents import rows, section, values

HELD = exhibition_after(*CALLED)
PAST = (OPENED, closed(1, 2, 3, 4, 5))
APPROVED = approval((2, 1), (4, 3))
OVERRIDES = "Keputusan khusus pejabat yang berwenang"
OBJECTIONS = "Sanggahan yang dikabulkan sesudah persetujuan"
PLACED = (upheld(5), lost(1), promoted(5))


def printed(*events: Event) -> PrintedDocument:
    """Return the minutes after these events."""
    return minutes(HEADING, HELD, record_after(*PAST, *events), applicants(1, 2, 3, 4, 5))


def basis(record: SelectionRecord) -> str:
    return named(MinutesBasis(record=record, cancelled=False))


def test_the_money_says_how_many_places_it_pays_for() -> None:
    words = printed(approval((2, 1), funds=FUNDS))
    found = values(section(words, "Ketentuan kurasi"))
    assert found["Anggaran dialokasikan"] == "Rp 250.000.000"
    assert found["Biaya satu tempat"] == "Rp 100.000.000"
    assert found["Tempat yang dibiayai"] == "2 dari 3"


def test_overrides_are_always_shown() -> None:
    none = section(printed(APPROVED), OVERRIDES)
    assert none.table is not None
    assert (none.table.rows, none.table.empty[:9]) == ((), "Tidak ada")
    overrides = (override(1), override(5, OverrideEffect.EXCLUDED))
    assert rows(section(printed(approval((2, 1), overrides=overrides)), OVERRIDES)) == [
        (
            "Koperasi Fiktif 1",
            "diberi tempat",
            "Menteri",
            "kepentingan umum",
            "ND-12/2018, 15 Maret 2018",
        ),
        (
            "Koperasi Fiktif 5",
            "dikeluarkan dari kurasi",
            "Menteri",
            "kepentingan umum",
            "ND-12/2018, 15 Maret 2018",
        ),
    ]


@pytest.mark.parametrize(
    ("later", "effect"),
    [
        ((upheld(5),), "menjadi cadangan pertama"),
        ((upheld(5), promoted(5)), "mendapat tempat"),
        (
            PLACED,
            "mendapat tempat yang semula diberikan kepada Koperasi Fiktif 1, yang menjadi cadangan",
        ),
        ((lost(2, "withdrawn"), promoted(4), *PLACED[:1]), "menjadi cadangan pertama"),
    ],
)
def test_an_upheld_objection_stands_beside_the_approved_lists(
    later: tuple[Event, ...], effect: str
) -> None:
    words = printed(APPROVED, *later)
    document = "S-4/2018, 15 Maret 2018"
    assert rows(section(words, OBJECTIONS)) == [("Koperasi Fiktif 5", "nilai", document, effect)]
    selected = section(words, "Daftar terpilih menurut peringkat")
    assert [row[1] for row in rows(selected)] == ["Koperasi Fiktif 2", "Koperasi Fiktif 1"]


def test_a_record_keeps_what_an_objection_has_changed() -> None:
    assert record_after(*PAST, APPROVED, *PLACED).upheld == (
        UpheldObjection(
            application=applications(5)[0],
            ground=ObjectionGround.SCORE,
            number="S-4/2018",
            signed_on=SIGNED_ON,
            placed=True,
            instead_of=applications(1)[0],
        ),
    )
    assert record_after(*PAST, APPROVED, lost(1), promoted(4)).upheld == ()


def test_an_override_and_each_effect_of_an_objection_make_other_minutes() -> None:
    plain = basis(record_after(*PAST, APPROVED))
    assert plain == basis(record_after(*PAST, APPROVED, lost(2, "withdrawn"), promoted(4)))
    others = [
        basis(record_after(*PAST, *events))
        for events in (
            (approval((2, 1), (4, 3), overrides=(override(1),)),),
            (approval((2, 1), (4, 3), overrides=(override(2),)),),
            (APPROVED, upheld(5)),
            (APPROVED, upheld(3)),
            (APPROVED, upheld(5), promoted(5)),
            (APPROVED, *PLACED),
        )
    ]
    assert len({plain, *others}) == 1 + len(others)
    assert "" not in others
    assert named(MinutesBasis(record=record_after(*PAST, APPROVED), cancelled=True)) == ""


def test_curators_and_officers_have_room_for_name_and_signature() -> None:
    words = printed(PANEL, APPROVED)
    found = section(words, "Tim kurator dan petugas")
    roles = [row[1] for row in rows(found)]
    assert roles[:5] == ["kurator"] * 5, "as many as the panel has"
    assert roles[5:] == [
        "petugas yang menutup penilaian",
        "petugas yang mengusulkan",
        "pejabat yang menyetujui",
    ]
    assert all(row[2:] == ("", "") for row in rows(found)), "no topic has names or accounts"
    assert found.table is not None
    assert found.table.tall
    assert "ditandatangani" in words.sections[-1].closing[-1]


def test_a_later_document_names_the_one_that_it_supersedes() -> None:
    later = replace(HEADING, earlier=Earlier(number="BA-1/2018", issued_on=date(2018, 3, 14)))
    record = record_after(*PAST, APPROVED, decree(1, 2))
    assert record.decree is not None
    named_all = applicants(1, 2, 3, 4)
    (id,) = applications(1)
    result = Result(outcome=Outcome.RESERVE)
    for words, first in (
        (minutes(later, HELD, record, named_all), "Berita acara ini menggantikan berita acara"),
        (annex(later, HELD, record.decree, named_all), "Lampiran ini menggantikan lampiran"),
        (letter(later, HELD, named_all[id], result), "Surat ini menggantikan surat"),
    ):
        sentence = f"{first} nomor BA-1/2018 tanggal 14 Maret 2018."
        assert sentence in words.sections[0].paragraphs
    (opening, *_) = printed(APPROVED).sections
    assert "menggantikan" not in str(opening)
    assert opening.paragraphs[0].startswith("Pada hari Senin, tanggal 12 Maret 2018,")
