"""The official numbers of persons and taxpayers as people write them: check and normalise them.

| number | form |
|---|---|
| NIK | 16 digits: region, DDMMYY (women DD+40), a serial that is not 0000 |
| NPWP | 15 digits until 2022; 16 since then: the old number after a 0, a NIK, or neither |

A NIK is never compared with a business address, because its region is the region where the NIK was
first issued. No event has such a number: a service hashes it within the request that brings it.
"""

import re
from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contracts.wrong_value import WrongValue

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


Nik = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$"), AfterValidator(_plausible_nik)]
"""The number of a citizen (Nomor Induk Kependudukan)."""

Npwp = Annotated[str, StringConstraints(max_length=25), AfterValidator(_normalised_npwp)]
"""The number of a taxpayer (Nomor Pokok Wajib Pajak), normalised to 16 digits."""
