"""The lists that codes are checked against: countries, currencies, KBLI divisions.

Countries are those of ISO 3166-1 and currencies those of ISO 4217, as the packages `iso3166` and
`iso4217` publish them, with the currencies that were withdrawn since 2018. The divisions are those
of KBLI 2015, 2017 and 2020, which follow ISIC Rev. 4 and differ only below the division.
"""

from typing import Annotated

import iso3166
from iso4217 import Currency as KnownCurrency
from pydantic import AfterValidator, StringConstraints

from shared.contracts.wrong_value import WrongValue

RUPIAH = "IDR"
DIVISIONS = frozenset(
    f"{number:02}"
    for first, last in (
        *((1, 3), (5, 9), (10, 33), (35, 35), (36, 39), (41, 43), (45, 47), (49, 53), (55, 56)),
        *((58, 63), (64, 66), (68, 68), (69, 75), (77, 82), (84, 84), (85, 85), (86, 88)),
        *((90, 93), (94, 96), (97, 98), (99, 99)),
    )
    for number in range(first, last + 1)
)
WITHDRAWN = dict.fromkeys(("ANG", "BGN", "CUC", "HRK", "SLL", "VEF", "ZWL"), 2)
"""Currencies of 2018 that the standard has withdrawn since, and their decimals.

A sale of 2018 was in one of them, and a new edition of the package leaves them out. A currency that
goes next is added here, because recorded events may have it.
"""

CURRENCIES = WITHDRAWN | {
    currency.code: currency.exponent for currency in KnownCurrency if currency.exponent is not None
}
"""The decimals of each currency; those of metals and tests have none and are left out."""

COUNTRIES = frozenset(iso3166.countries_by_alpha2) - {"XK"}
"""Without Kosovo, whose code the standard leaves to its users."""


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise WrongValue(
            "name the country by its two letters in ISO 3166, such as ID or MY",
            id="Sebutkan negara dengan dua hurufnya menurut ISO 3166, misalnya ID atau MY.",
        )
    return code


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise WrongValue(
            "name the currency by its three letters in ISO 4217, such as IDR or USD",
            id="Sebutkan mata uang dengan tiga hurufnya menurut ISO 4217, misalnya IDR atau USD.",
        )
    return code


def _division(code: str) -> str:
    if code not in DIVISIONS:
        raise WrongValue(
            "name a two-digit KBLI division, such as 14",
            id="Sebutkan golongan pokok KBLI dua angka, misalnya 14.",
        )
    return code


def in_a_division(code: str) -> str:
    """Return a code of KBLI whose first two digits are a division; raises `ValueError`."""
    if code[:2] not in DIVISIONS:
        raise WrongValue(
            "the first two digits are no KBLI division: name a code such as 13134",
            id="Dua angka pertama bukan golongan pokok KBLI: sebutkan kode seperti 13134.",
        )
    return code


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_country)]
"""A country by its alpha-2 code in ISO 3166-1."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
"""A currency by its code in ISO 4217."""

Sector = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$"), AfterValidator(_division)]
"""A two-digit KBLI division."""


def decimals_of(currency: str) -> int:
    """Return how many decimals an amount of this currency may have: rupiah are always whole."""
    return 0 if currency == RUPIAH else CURRENCIES[currency]
