"""A day is written alike on every machine, in both languages."""

from datetime import date

from shared.contracts.labels import Label
from shared.contracts.written_day import whole_day, written_day


def test_a_day_has_its_name_in_both_languages() -> None:
    monday = date(2018, 12, 3)
    assert written_day(monday) == Label(id="3 Desember 2018", en="3 December 2018")
    assert whole_day(monday) == Label(id="Senin, 3 Desember 2018", en="Monday, 3 December 2018")
    assert whole_day(date(2018, 5, 6)) == Label(id="Minggu, 6 Mei 2018", en="Sunday, 6 May 2018")
