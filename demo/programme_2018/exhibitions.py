"""The exhibitions of 2018: eleven real ones, and provincial expos that are ours.

Names, places, dates and hosts of the real ones are from sources; what is ours is said in their
`ours`. How many enterprises the ministry places is known of one only (15 at IFEX); 30 KUKM of
MIHAS shared 15 booths, and the client's text has 30 for both overseas exhibitions together.
"""

from datetime import date
from decimal import Decimal

from demo.programme_2018.exhibition import DOMESTIC, INDONESIA, OVERSEAS, Exhibition, Fixing, Quota
from demo.programme_2018.provinces import province, zone_of

SECOND_OVERSEAS = "chibimart-or-moscow"
"""The slot of the second overseas exhibition: of its alternatives one is planned at a time."""

JISDOR = "JISDOR"
OURS = "ILLUSTRATIVE"
"""No published fixing: such a rate always waits for a second person."""


def _ours(currency: str, on: date, rate: str, *, misread: str | None = None) -> Fixing:
    wrong = Decimal(misread) if misread else None
    return Fixing(currency=currency, on=on, rate=Decimal(rate), source=OURS, misread=wrong)


IFEX = Exhibition(
    id="ifex-2018",
    name="Indonesia International Furniture Expo (IFEX) 2018",
    scope=DOMESTIC,
    city="Jakarta",
    country=INDONESIA,
    organiser="HIMKI, Dyandra Promosindo",
    venue="JIExpo Kemayoran",
    starts_on=date(2018, 3, 9),
    ends_on=date(2018, 3, 12),
    places=15,
    call=1,
    sectors=("16", "31"),
    objection_days=1,
    fixings=(_ours("USD", date(2018, 3, 12), "13760"),),
    buyers=("AU", "NL", "US"),
)
FASHION_WEEK = Exhibition(
    id="indonesia-fashion-week-2018",
    name="Indonesia Fashion Week 2018",
    scope=DOMESTIC,
    city="Jakarta",
    country=INDONESIA,
    organiser="not known",
    venue="Jakarta Convention Center",
    starts_on=date(2018, 3, 28),
    ends_on=date(2018, 4, 1),
    places=20,
    call=1,
    sectors=("13", "14", "15", "32"),
    ours="places",
)
MIHAS = Exhibition(
    id="mihas-2018",
    name="Malaysia International Halal Showcase (MIHAS) 2018",
    scope=OVERSEAS,
    city="Kuala Lumpur",
    country="MY",
    zone="Asia/Kuala_Lumpur",
    organiser="MATRADE",
    venue="MITEC",
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    places=15,
    call=1,
    commitment_days=3,
    sectors=("10", "11", "20"),
    halal=True,
    fixings=(
        _ours("MYR", date(2018, 4, 6), "3560"),
        _ours("USD", date(2018, 4, 6), "13770", misread="13707"),
    ),
    buyers=("MY", "SG", "AE"),
    shared_by=2,
    ours="places: half of the client's 30, as many as there were shared booths",
)
MALANG = Exhibition(
    id="malang-city-expo-2018",
    name="Malang City Expo 2018",
    scope=DOMESTIC,
    city="Malang",
    country=INDONESIA,
    organiser="Pemerintah Kota Malang",
    venue="Malang",
    starts_on=date(2018, 4, 11),
    ends_on=date(2018, 4, 14),
    places=15,
    call=1,
    province="35",
    ours="places",
)
INACRAFT = Exhibition(
    id="inacraft-2018",
    name="Inacraft 2018",
    scope=DOMESTIC,
    city="Jakarta",
    country=INDONESIA,
    organiser="ASEPHI",
    venue="Jakarta Convention Center",
    starts_on=date(2018, 4, 25),
    ends_on=date(2018, 4, 29),
    places=40,
    call=1,
    sectors=("13", "14", "15", "16", "32"),
    fixings=(
        Fixing(currency="USD", on=date(2018, 4, 23), rate=Decimal(13894), source=JISDOR),
        Fixing(currency="USD", on=date(2018, 5, 3), rate=Decimal(13965), source=JISDOR),
        Fixing(currency="USD", on=date(2018, 5, 4), rate=Decimal(13943), source=JISDOR),
        _ours("USD", date(2018, 4, 25), "13890"),
        _ours("USD", date(2018, 4, 26), "13900"),
        _ours("USD", date(2018, 4, 27), "13910"),
    ),
    buyers=("JP", "US", "AU"),
    ours="places",
)
CHIBIMART = Exhibition(
    id="chibimart-summer-2018",
    name="Chibimart Summer 2018",
    scope=OVERSEAS,
    city="Milan",
    country="IT",
    zone="Europe/Rome",
    organiser="Fiera Milano",
    venue="Fiera Milano",
    starts_on=date(2018, 5, 18),
    ends_on=date(2018, 5, 21),
    places=15,
    call=2,
    sectors=("13", "14", "15", "32"),
    slot=SECOND_OVERSEAS,
    replaced_by="festival-indonesia-moscow-2018",
    ours="dates, places, and that it was called for, cancelled and replaced",
)
MOSCOW = Exhibition(
    id="festival-indonesia-moscow-2018",
    name="Festival Indonesia Moscow 2018",
    scope=OVERSEAS,
    city="Moscow",
    country="RU",
    zone="Europe/Moscow",
    organiser="Embassy of Indonesia, Moscow",
    venue="Krasnaya Presnya",
    starts_on=date(2018, 8, 3),
    ends_on=date(2018, 8, 5),
    places=15,
    call=3,
    commitment_days=3,
    slot=SECOND_OVERSEAS,
    fixings=(
        _ours("RUB", date(2018, 8, 3), "228.5"),
        _ours("EUR", date(2018, 8, 3), "16850"),
        _ours("USD", date(2018, 8, 3), "14450"),
    ),
    buyers=("RU", "KZ", "DE"),
    ours="places; in the sources it is a candidate",
)
COOPERATIVE_FAIR = Exhibition(
    id="cooperative-fair-jabar-2018",
    name="Cooperative Fair Jawa Barat 2018",
    scope=DOMESTIC,
    city="Bandung",
    country=INDONESIA,
    organiser="Dinas KUK Provinsi Jawa Barat",
    venue="Bandung",
    starts_on=date(2018, 8, 10),
    ends_on=date(2018, 8, 12),
    places=25,
    call=3,
    province="32",
    ours="places",
)
EXPO_JATIM = Exhibition(
    id="koperasi-umkm-expo-jatim-2018",
    name="Koperasi & UMKM Expo Jawa Timur 2018",
    scope=DOMESTIC,
    city="Surabaya",
    country=INDONESIA,
    organiser="Dinas Koperasi dan UKM Provinsi Jawa Timur",
    venue="Surabaya",
    starts_on=date(2018, 8, 15),
    ends_on=date(2018, 8, 19),
    places=25,
    call=3,
    province="35",
    ours="places, last day",
)
TRADE_EXPO = Exhibition(
    id="trade-expo-indonesia-2018",
    name="Trade Expo Indonesia 2018",
    scope=DOMESTIC,
    city="Tangerang",
    country=INDONESIA,
    organiser="Ministry of Trade",
    venue="ICE BSD",
    starts_on=date(2018, 10, 24),
    ends_on=date(2018, 10, 28),
    places=40,
    call=4,
    fixings=(_ours("USD", date(2018, 10, 26), "15200"),),
    buyers=("SA", "IN", "EG", "US"),
    ours="places",
)
EXPO_NTB = Exhibition(
    id="ntb-expo-2018",
    name="NTB Expo 2018",
    scope=DOMESTIC,
    city="Lombok Barat",
    country=INDONESIA,
    zone=zone_of("52"),
    organiser="Pemerintah Provinsi Nusa Tenggara Barat",
    venue="Banyumulek",
    starts_on=date(2018, 12, 5),
    ends_on=date(2018, 12, 9),
    planned_on=date(2018, 11, 28),
    quotas=(
        Quota(code="ntb", group={"form": "provinces", "provinces": [province("52")]}, at_least=2),
        Quota(code="koperasi", group={"form": "cooperatives"}, at_most=2),
    ),
    places=20,
    call=4,
    province="52",
    late_places=4,
    ours="places, that money for four of them came late, the quotas, and that it was rescheduled",
)

REAL = (
    IFEX, FASHION_WEEK, MIHAS, MALANG, INACRAFT, CHIBIMART, MOSCOW, COOPERATIVE_FAIR, EXPO_JATIM,
    TRADE_EXPO, EXPO_NTB,
)  # fmt: skip
