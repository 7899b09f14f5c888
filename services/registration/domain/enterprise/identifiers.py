"""The numbers by which the state knows an enterprise: checked, normalised, and kept as hashes only.

| number | form |
|---|---|
| NIB | 13 digits; exists since mid-2018, so it is never demanded here |
| NPWP | 15 digits until 2022, 16 since: the old number behind a 0, or the owner's NIK |
| NIK | 16 digits: region, DDMMYY (women DD+40), a serial that is not 0000 |
| NIK Koperasi | of cooperatives; its form is not published, so it is checked loosely |

A NIK is never compared with a business address: its region is that of the first registration. The
hash is keyed (HMAC-SHA256), because numbers so short could be found again by trying them all. No
message here quotes a number, and none is in a representation, so no log can hold one.
"""

import hmac
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.kernel.errors import Refused

WOMEN_DAY_OFFSET = 40
CENTURIES = (1900, 2000)


def _plausible_nik(number: str) -> str:
    if number.endswith("0000"):
        raise ValueError("the serial of a NIK is never 0000")
    if not _is_date(int(number[6:8]), int(number[8:10]), int(number[10:12])):
        raise ValueError("digits 7 to 12 of a NIK are a date of birth (women: day + 40)")
    return number


def _is_date(day: int, month: int, year: int) -> bool:
    day = day - WOMEN_DAY_OFFSET if day > WOMEN_DAY_OFFSET else day
    for century in CENTURIES:
        with suppress(ValueError):
            date(century + year, month, day)
            return True
    return False


def _normal_npwp(written: str) -> str:
    digits = re.sub(r"[^0-9]", "", written)
    if len(digits) not in (15, 16):
        raise ValueError("an NPWP has 15 digits, or 16 since 2022")
    number = digits.rjust(16, "0")
    return number if number.startswith("0") else _plausible_nik(number)


def _normal_nik_koperasi(written: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", written.upper())


Nib = Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
Nik = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$"), AfterValidator(_plausible_nik)]
Npwp = Annotated[
    str, StringConstraints(pattern=r"^[0-9][0-9 .-]{13,24}$"), AfterValidator(_normal_npwp)
]
NikKoperasi = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{3,38}[A-Za-z0-9]$"),
    AfterValidator(_normal_nik_koperasi),
]


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """The numbers as they were given, normalised once validated. They live no longer than the
    request: what is decided on and kept are their hashes.
    """

    npwp: Npwp = field(repr=False)
    nib: Nib | None = field(default=None, repr=False)
    nik: Nik | None = field(default=None, repr=False)
    nik_koperasi: NikKoperasi | None = field(default=None, repr=False)


def hash_identifiers(identifiers: Identifiers, key: bytes) -> dict[str, str]:
    """The keyed hashes of the numbers that are given, by kind of number.

    The kind is hashed too, so that equal digits of two kinds are not seen to be equal.
    """
    given = {
        "NIB": identifiers.nib,
        "NPWP": identifiers.npwp,
        "NIK": identifiers.nik,
        "NIK_KOPERASI": identifiers.nik_koperasi,
    }
    return {
        kind: hmac.digest(key, f"{kind}:{number}".encode(), "sha256").hex()
        for kind, number in given.items()
        if number is not None
    }


def check_kinds(kinds: set[str], *, cooperative: bool) -> None:
    """Raise `Refused` unless exactly the numbers are there by which such an enterprise is known."""
    demanded = {"NPWP", "NIK_KOPERASI" if cooperative else "NIK"}
    if kinds - {"NIB"} != demanded:
        raise Refused(
            "wrong-identifiers",
            "Give the NPWP, and of a cooperative its NIK Koperasi, of any other enterprise its "
            "owner's NIK, and not the other's.",
        )
