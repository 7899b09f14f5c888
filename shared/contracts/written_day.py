"""A day as people write it, in Indonesian and in English: `Senin, 3 Desember 2018`.

The names are written out here, so that no locale of a machine changes them.
"""

from datetime import date

from shared.contracts.labels import Label

MONTHS = (
    Label(id="Januari", en="January"),
    Label(id="Februari", en="February"),
    Label(id="Maret", en="March"),
    Label(id="April", en="April"),
    Label(id="Mei", en="May"),
    Label(id="Juni", en="June"),
    Label(id="Juli", en="July"),
    Label(id="Agustus", en="August"),
    Label(id="September", en="September"),
    Label(id="Oktober", en="October"),
    Label(id="November", en="November"),
    Label(id="Desember", en="December"),
)
WEEKDAYS = (
    Label(id="Senin", en="Monday"),
    Label(id="Selasa", en="Tuesday"),
    Label(id="Rabu", en="Wednesday"),
    Label(id="Kamis", en="Thursday"),
    Label(id="Jumat", en="Friday"),
    Label(id="Sabtu", en="Saturday"),
    Label(id="Minggu", en="Sunday"),
)


def written_day(at: date) -> Label:
    """Return a day as people write it: `3 Desember 2018`, `3 December 2018`."""
    month = MONTHS[at.month - 1]
    return Label(id=f"{at.day} {month.id} {at.year}", en=f"{at.day} {month.en} {at.year}")


def weekday(at: date) -> Label:
    """Return the day of the week: `Senin`, `Monday`."""
    return WEEKDAYS[at.weekday()]


def whole_day(at: date) -> Label:
    """Return a day with that of the week: `Senin, 3 Desember 2018`, `Monday, 3 December 2018`."""
    day, of_week = written_day(at), weekday(at)
    return Label(id=f"{of_week.id}, {day.id}", en=f"{of_week.en}, {day.en}")
