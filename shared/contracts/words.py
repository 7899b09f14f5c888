"""The words that events of several nouns share: ids, scopes, provinces, who applies, money.

Money is integer rupiah. Codes of regions and sectors always say which system and edition they are
of, because the ministries disagree (Papua before and after 2022).
"""

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from shared.contracts.codes import Sector
from shared.contracts.personal import found_in
from shared.contracts.provinces import iso_of
from shared.contracts.wrong_value import WrongValue

ID_PATTERN = r"^[A-Za-z0-9-]{1,64}$"
PAIR_ID_PATTERN = r"^[A-Za-z0-9-]{1,64}\.[A-Za-z0-9-]{1,64}$"
YEAR_PATTERN = r"^[0-9]{4}$"
LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""A single id: letters, digits and hyphens, at most 64."""

PairId = Annotated[str, StringConstraints(pattern=PAIR_ID_PATTERN)]
"""A composed id: `EXHIBITION.ENTERPRISE` (application, candidate), `PROGRAMME.SCOPE` (envelope)."""

Year = Annotated[str, StringConstraints(pattern=YEAR_PATTERN)]
"""A fiscal year, which is a calendar year and a programme's id."""

IDR_MAX = 10**15
"""The largest amount in rupiah: a million billion, far above any budget line."""

Rupiah = Annotated[int, Field(strict=True, ge=0, le=IDR_MAX)]
"""Whole rupiah, never negative; the largest is a thousand times the programme's pagu and more."""

Positive = Annotated[int, Field(strict=True, gt=0, le=IDR_MAX)]
"""Whole rupiah above zero."""

Delta = Annotated[int, Field(strict=True, ge=-IDR_MAX, le=IDR_MAX)]
"""A change in whole rupiah, up or down."""

Points = Annotated[int, Field(strict=True, ge=0, le=10_000)]
"""A score or threshold in hundredths of a point: 10,000 is 100.00."""

Instant = Annotated[datetime, AwareDatetime]
"""A moment of the programme clock, with its offset; UTC on the wire."""

BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that show nothing (fillers, the empty Braille pattern)."""


def _visible(text: str) -> str:
    if not any(category(sign)[0] in "LNPS" and sign not in BLANK for sign in text):
        raise WrongValue(
            "write something that can be seen: these signs show nothing",
            id="Tulis sesuatu yang dapat dilihat: tanda ini tidak menampilkan apa pun.",
        )
    return text


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=LINE_PATTERN),
    AfterValidator(_visible),
]
"""A name, reason or document number: one line, never empty, and it can be seen."""


def _without_persons(text: str) -> str:
    found = found_in(text)
    if found is not None:
        raise WrongValue(
            f"this text is public, and it seems to have {found}: leave out numbers of persons and "
            "enterprises (NIK, NPWP, NIB), phone numbers and mail addresses",
            id="Teks ini terbuka untuk umum: hapus nomor orang dan usaha (NIK, NPWP, NIB), nomor "
            "telepon, dan alamat surel.",
        )
    return text


PublicText = Annotated[Text, AfterValidator(_without_persons)]
"""A text that travels on the topics: without identity numbers, phone numbers, mail addresses."""

PublicId = Annotated[Id, AfterValidator(_without_persons)]
"""An id that an officer makes up; ids travel on the topics and are parts of addresses."""

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


def _plain_decimal(given: object) -> object:
    text = isinstance(given, str) and PLAIN_DECIMAL.fullmatch(given)
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not (text or whole or isinstance(given, Decimal)):
        raise WrongValue(
            'write the amount in digits, as a string like "1250.50"',
            id='Tulis jumlahnya dengan angka, sebagai teks seperti "1250.50".',
        )
    return given


PLAIN = BeforeValidator(_plain_decimal)
"""Of a decimal number: ASCII digits, no exponent, no blanks, no float that was rounded before."""


class Word(BaseModel):
    """Base of the values inside events: frozen, and tolerant of fields of later versions."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Scope(StrEnum):
    """Dalam Negeri or Luar Negeri."""

    DOMESTIC = "DOMESTIC"
    OVERSEAS = "OVERSEAS"


class TargetScope(StrEnum):
    """The part of the programme that a target counts: one scope, or both (the 700)."""

    DOMESTIC = "DOMESTIC"
    OVERSEAS = "OVERSEAS"
    ALL = "ALL"


class Indicator(StrEnum):
    """The unit of a target: distinct enterprises, participations or exhibitions."""

    ENTERPRISES = "ENTERPRISES"
    PARTICIPATIONS = "PARTICIPATIONS"
    EXHIBITIONS = "EXHIBITIONS"


class SizeClass(StrEnum):
    """By the rule set in force on the call's closing date; computed, never chosen."""

    MICRO = "MICRO"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"


class Province(Word):
    """A province as a code of a stated system and edition (BPS 2018, KEMENDAGRI 2022, …).

    `iso` follows from them; provinces are compared and counted by it.
    """

    system: Annotated[str, StringConstraints(pattern=r"^(BPS|KEMENDAGRI)$")]
    edition: Year
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    iso: Annotated[str, StringConstraints(pattern=r"^(ID-[A-Z]{2})?$")] = ""

    @model_validator(mode="after")
    def _listed(self) -> Self:
        iso = iso_of(self.system, self.edition, self.code)
        if self.iso not in ("", iso):
            raise WrongValue(
                f"this province is {iso}: leave `iso` out",
                id=f"Provinsi ini adalah {iso}: kosongkan `iso`.",
            )
        # The model is frozen: this is still its validation.
        object.__setattr__(self, "iso", iso)
        return self


class Target(Word):
    """A target (Target) of the programme: so many of `indicator` over `scope`."""

    scope: TargetScope
    indicator: Indicator
    value: Annotated[int, Field(ge=0, le=10**9)]


class Sentence(Word):
    """A text in Indonesian (`id`) and in English (`en`)."""

    id: PublicText
    en: PublicText


class Applicant(Word):
    """The applicant, frozen at submission: the facts that other services act on and count by.

    `first_timer`: no participation before this programme. `illustrative`: the exhibition is none of
    a source (demonstration data).
    """

    exhibition: Id
    programme: Year
    scope: Scope
    enterprise: Id
    province: Province
    sector: Sector
    size_class: SizeClass
    cooperative: bool
    first_timer: bool
    illustrative: bool = False

    @property
    def application(self) -> str:
        """The application's (and candidate's) id, `EXHIBITION.ENTERPRISE`."""
        return f"{self.exhibition}.{self.enterprise}"
