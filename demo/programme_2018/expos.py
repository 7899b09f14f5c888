"""The rest of the 40 domestic events: 32 illustrative expos, marked so everywhere (ours).

The client's text names a few domestic exhibitions and "about 40 events". One expo in each province
that has no real exhibition here, and one national one, stand for the others.
"""

from datetime import date, timedelta

from demo.programme_2018.exhibition import DOMESTIC, INDONESIA, Exhibition
from demo.programme_2018.provinces import CAPITALS, NAMES, zone_of

SLOTS = (
    (1, date(2018, 4, 11), 3),
    (1, date(2018, 4, 25), 2),
    (2, date(2018, 5, 10), 5),
    (2, date(2018, 7, 5), 5),
    (3, date(2018, 8, 10), 3),
    (3, date(2018, 9, 13), 5),
    (4, date(2018, 10, 24), 3),
    (4, date(2018, 11, 8), 3),
    (4, date(2018, 11, 22), 3),
)
"""The call in which they are, their first day, and how many begin then."""

LASTS = timedelta(days=3)
PLACES_TOTAL = 470
"""The places that the real domestic exhibitions leave of the 670 (700 less 30 overseas)."""

NATIONAL = "nasional"


def illustrative_expos() -> list[Exhibition]:
    """Return the expos in order of their dates; together they have `PLACES_TOTAL` places."""
    where = [NATIONAL, *CAPITALS]
    dates = [(call, first) for call, first, count in SLOTS for _ in range(count)]
    least, more = divmod(PLACES_TOTAL, len(dates))
    return [
        _expo(code, call=call, starts_on=first, places=least + (position < more))
        for position, (code, (call, first)) in enumerate(zip(where, dates, strict=True))
    ]


def _expo(code: str, *, call: int, starts_on: date, places: int) -> Exhibition:
    province = None if code == NATIONAL else code
    name = "Nasional" if province is None else NAMES[province]
    city = CAPITALS[province or "31"]
    slug = name.lower().replace("kep. ", "kepulauan-").replace(" ", "-")
    return Exhibition(
        id=f"expo-kukm-{slug}-2018",
        name=f"Ekspo KUKM {name} 2018 (ilustrasi)",
        scope=DOMESTIC,
        city=city,
        country=INDONESIA,
        zone=zone_of(province or "31"),
        organiser=f"Dinas Koperasi dan UKM {name} (ilustrasi)",
        venue=f"{city} (ilustrasi)",
        starts_on=starts_on,
        ends_on=starts_on + LASTS,
        places=places,
        call=call,
        province=province,
        illustrative=True,
        ours="all of it",
    )
