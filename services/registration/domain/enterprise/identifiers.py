"""The official numbers of an enterprise: check them, normalise them, and hash them.

| number | form |
|---|---|
| NIB | 13 digits; it exists only since mid-2018, so it is never required here |
| NPWP | 15 digits until 2022; 16 since then: the old number after a 0, a NIK, or neither |
| NIK | 16 digits: region, DDMMYY (women DD+40), a serial that is not 0000 |
| NIK Koperasi | only cooperatives have it; its form is not published, so the check is loose |

A NIK is never compared with a business address, because its region is the region where the NIK was
first issued. The hash has a key (`shared.kernel.keys`): without a key, a number so short could be
found by hashing all possible numbers. No message quotes a number and no representation shows a
number, so no log can contain it.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contracts.wrong_value import WrongValue
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys

NPWP = re.compile(r"[0-9][0-9 .-]*", re.ASCII)
WOMEN_DAY_OFFSET = 40
CENTURIES = (1900, 2000)


def _plausible_nik(number: str) -> str:
    if number.endswith("0000"):
        raise WrongValue(
            "the serial of a NIK is never 0000", id="Nomor urut NIK tidak mungkin 0000."
        )
    if not _is_date(int(number[6:8]), int(number[8:10]), int(number[10:12])):
        raise WrongValue(
            "digits 7 to 12 of a NIK are a date of birth (women: day + 40)",
            id="Angka ke-7 sampai ke-12 NIK adalah tanggal lahir (perempuan: hari + 40).",
        )
    return number


def _is_date(day: int, month: int, year: int) -> bool:
    day = day - WOMEN_DAY_OFFSET if day > WOMEN_DAY_OFFSET else day
    for century in CENTURIES:
        with suppress(ValueError):
            date(century + year, month, day)
            return True
    return False


def _normalised_npwp(npwp: str) -> str:
    digits = re.sub(r"[^0-9]", "", npwp)
    if len(digits) not in (15, 16) or not NPWP.fullmatch(npwp):
        raise WrongValue(
            "an NPWP has 15 digits, or 16 digits since 2022",
            id="NPWP terdiri atas 15 angka, atau 16 angka sejak 2022.",
        )
    return digits.rjust(16, "0")


def _normalised_nik_koperasi(nik_koperasi: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", nik_koperasi.upper())


Nib = Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
Nik = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$"), AfterValidator(_plausible_nik)]
Npwp = Annotated[str, StringConstraints(max_length=25), AfterValidator(_normalised_npwp)]
NikKoperasi = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{3,38}[A-Za-z0-9]$"),
    AfterValidator(_normalised_nik_koperasi),
]


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """The numbers of an enterprise; the validation normalises them.

    They exist only during the request: the service decides on their hashes and stores only those.
    """

    npwp: Npwp = field(repr=False)
    nib: Nib | None = field(default=None, repr=False)
    nik: Nik | None = field(default=None, repr=False)
    nik_koperasi: NikKoperasi | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class OneIdentifier:
    """One number by which an enterprise is looked up."""

    npwp: Npwp | None = field(default=None, repr=False)
    nib: Nib | None = field(default=None, repr=False)
    nik: Nik | None = field(default=None, repr=False)
    nik_koperasi: NikKoperasi | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check that there is one number, and not more."""
        numbers = (self.npwp, self.nib, self.nik, self.nik_koperasi)
        if sum(number is not None for number in numbers) != 1:
            raise WrongValue(
                "give exactly one of npwp, nib, nik and nik_koperasi",
                id="Isi tepat satu dari npwp, nib, nik, dan nik_koperasi.",
            )


def hash_identifiers(
    identifiers: Identifiers | OneIdentifier, keys: HashKeys
) -> dict[str, tuple[str, ...]]:
    """Return the hashes of each number that is not None, by kind of number; the last is today's.

    The kind is hashed too, so that equal digits of two kinds have different hashes.
    """
    numbers = {
        "NIB": identifiers.nib,
        "NPWP": identifiers.npwp,
        "NIK": identifiers.nik,
        "NIK_KOPERASI": identifiers.nik_koperasi,
    }
    return {
        kind: keys.hashes(f"{kind}:{number}")
        for kind, number in numbers.items()
        if number is not None
    }


def check_kinds(kinds: set[str], *, cooperative: bool) -> None:
    """Refuse numbers that do not fit the kind of enterprise.

    A cooperative has NPWP and NIK Koperasi, any other enterprise NPWP and its owner's NIK. The NIB
    is optional.
    """
    required = {"NPWP", "NIK_KOPERASI" if cooperative else "NIK"}
    if kinds - {"NIB"} != required:
        raise Refused(
            "wrong-identifiers",
            "The numbers do not fit the kind of enterprise: give NPWP and NIK Koperasi for a "
            "cooperative, NPWP and the owner's NIK for any other enterprise.",
        )
