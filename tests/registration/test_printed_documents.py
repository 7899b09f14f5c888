"""The words of printed documents, as the events of the round and the applications give them."""

from datetime import datetime, time, timedelta

import pytest

from services.registration.domain.selection_record import SelectionRecord
from services.registration.responses.application import Outcome, Result
from services.registration.responses.printed.annex import annex
from services.registration.responses.printed.letter import RESULTS, letter
from services.registration.responses.printed.minutes import minutes
from services.registration.responses.printed.wording import indonesian_day
from shared.contracts.calendar import WIB
from shared.contracts.printed_document import PrintedDocument, Section
from shared.contracts.registration.quota import Bound, QuotaStop
from tests.registration.examples import CALLED, exhibition_after
from tests.registration.issued_documents import (
    HEADING,
    OPENED,
    PANEL,
    amended,
    amendment,
    applications,
    approval,
    closed,
    decree,
    listed,
    named,
    record_after,
    struck,
)

HELD = exhibition_after(*CALLED)
SEVEN = (1, 2, 3, 4, 5, 6, 7)


def values(section: Section) -> dict[str, str]:
    """Return the labelled values of a section."""
    return {each.label: each.value for each in section.facts}


def section(words: PrintedDocument, heading: str) -> Section:
    """Return the section with this heading."""
    (found,) = [each for each in words.sections if each.heading == heading]
    return found


def rows(section: Section) -> list[tuple[str, ...]]:
    """Return the rows of the section's table."""
    assert section.table is not None
    return list(section.table.rows)


def told(result: Result) -> PrintedDocument:
    """Return the letter to the first applicant about this result."""
    (id,) = applications(1)
    return letter(HEADING, HELD, named(1)[id], result)


@pytest.mark.parametrize("outcome", RESULTS)
def test_a_letter_says_the_result_and_its_reason(outcome: Outcome) -> None:
    words = told(Result(outcome=outcome))
    assert words.title == "Surat Pemberitahuan Hasil Kurasi"
    assert words.addressee == ("Koperasi Fiktif 1", "DKI Jakarta")
    found = section(words, "Hasil kurasi")
    assert values(found) == {"Hasil": RESULTS[outcome]}
    reasons = {told(Result(outcome=each)).sections[1].closing[0] for each in RESULTS}
    assert len(reasons) == len(RESULTS), "each has a reason of its own"


def test_a_letter_to_a_reserve_says_its_place_and_the_quota_that_stops_it() -> None:
    sayings = {
        Bound.MAXIMUM: "Kuota jabar",
        Bound.MINIMUM: "minimum kuota jabar",
        Bound.OWNER: "pemilik yang sama",
        Bound.MONEY: "anggaran yang tersisa",
        Bound.TOGETHER: "lebih rendah",
        Bound.OVERRIDE: "keputusan khusus",
    }
    assert set(sayings) == set(Bound)
    for bound, word in sayings.items():
        stop = QuotaStop(quota="jabar", bound=bound)
        found = told(Result(outcome=Outcome.RESERVE, place=3, passed_over=stop)).sections[1]
        assert values(found) == {"Hasil": "CADANGAN", "Nomor daftar cadangan": "3"}
        assert word in found.closing[1]
        assert "Anda" not in " ".join(found.closing), "a letter says Saudara"


def test_a_letter_says_until_when_one_may_object_while_it_is_possible() -> None:
    until = datetime.combine(HEADING.issued_on, time(9), WIB)
    for outcome in (Outcome.RESERVE, Outcome.NOT_SELECTED, Outcome.GATE_NOT_PASSED):
        open_still = told(Result(outcome=outcome, objections_until=until))
        over = told(Result(outcome=outcome, objections_until=until - timedelta(days=1)))
        assert "sanggahan" in open_still.sections[1].closing[1]
        assert f"{indonesian_day(HEADING.issued_on)} pukul 09.00 WIB" in str(open_still)
        assert "sanggahan" not in str(over)
    assert "sanggahan" not in str(told(Result(outcome=Outcome.SELECTED)))


def test_a_letter_quotes_the_threshold_of_the_call() -> None:
    found = told(Result(outcome=Outcome.NOT_SELECTED)).sections[1]
    assert "ambang batas (60,00)" in found.closing[0]


def test_minutes_count_every_candidate_and_list_both_lists() -> None:
    record = record_after(
        OPENED,
        PANEL,
        listed(*SEVEN),
        closed(*SEVEN),
        struck(7),
        approval((2, 1), (4, 3)),
        struck(3),
    )
    words = minutes(HEADING, HELD, record, named(1, 2, 3, 4))
    assert values(section(words, "Ketentuan kurasi")) == {
        "Instrumen penilaian": "kukm-2018-1",
        "Nilai ambang batas": "60,00",
        "Tempat": "3",
        "Anggaran": "tidak membatasi: belum dialokasikan",
        "Lembar penilaian": "sedikitnya 3 setiap calon",
    }
    assert rows(section(words, "Kuota")) == [
        ("pemula", "belum pernah difasilitasi", "2", "-", "2", "0"),
        ("jakarta", "provinsi DKI Jakarta", "0", "5", "2", "0"),
    ]
    assert values(section(words, "Pelaksanaan dan hasil")) == {
        "Tim kurator": "5 orang",
        "Penutupan penilaian": "1 kali",
        "Calon yang dinilai": "6",
        "Terpilih": "2",
        "Cadangan": "2",
        "Di bawah ambang batas": "2",
        "Tidak memenuhi syarat": "0",
        "Tanggal persetujuan": "12 Maret 2018",
    }
    lists = ("Daftar terpilih menurut peringkat", "Daftar cadangan menurut urutan")
    assert [[row[1] for row in rows(section(words, each))] for each in lists] == [
        ["Koperasi Fiktif 2", "Koperasi Fiktif 1"],
        ["Koperasi Fiktif 4", "Koperasi Fiktif 3"],
    ], "as they were approved"


def test_minutes_of_a_round_without_reserves_say_so() -> None:
    record = record_after(closed(1), approval((1,)))
    reserves = section(minutes(HEADING, HELD, record, named(1)), "Daftar cadangan menurut urutan")
    assert reserves.table is not None
    assert (reserves.table.rows, reserves.table.empty) == ((), "Tidak ada cadangan.")


def test_a_second_closing_counts_its_own_candidates() -> None:
    record = record_after(closed(1, 2, 3), struck(3), closed(1, 2, closing=2), approval((1,)))
    found = section(minutes(HEADING, HELD, record, named(1)), "Pelaksanaan dan hasil")
    assert values(found)["Penutupan penilaian"] == "2 kali"
    assert values(found)["Calon yang dinilai"] == "2"
    assert values(found)["Di bawah ambang batas"] == "1"


def test_an_annex_lists_who_takes_part_and_every_amendment() -> None:
    record = record_after(
        decree(1, 2, 3, 4), amended(2, "SK-15/2018"), amended(3), amendment("SK-16/2018", 3)
    )
    assert record.decree is not None
    words = annex(HEADING, HELD, record.decree, named(1, 2, 3, 4))
    assert rows(section(words, "Daftar peserta")) == [
        ("1", "Koperasi Fiktif 1", "DKI Jakarta", "KBLI 14"),
        ("2", "Koperasi Fiktif 4", "DKI Jakarta", "KBLI 14"),
    ]
    assert rows(section(words, "Perubahan lampiran")) == [
        ("SK-15/2018", "15 Maret 2018", "Koperasi Fiktif 2"),
        ("SK-16/2018", "15 Maret 2018", "Koperasi Fiktif 3"),
    ]
    assert values(words.sections[0])["Keputusan"] == "SK-12/2018"
    assert words.sections[-1].closing == ("Lampiran ini memuat 2 peserta.",)


def test_a_record_without_a_decree_takes_no_amendment() -> None:
    assert record_after(amended(1)) == SelectionRecord()
