"""Numbers of documents: a decree, a contract, an SPM or SP2D, the DIPA and its revisions.

Such a number has letters, digits, `/`, `.`, `-` and single spaces, with at least one digit:
`12/SPK/Dep.3/2018`, `00123A/412345/2018`. It is kept as it was written and compared by
`comparable`, which ignores capitals and spaces. A number of fifteen digits or more in one run may
be a person's (NIK, NPWP) and is refused, and so is the number of a mobile phone in one run. Only
the treasury's own numbers (SP2D) have fifteen digits; sixteen are refused there too. Other groups
of digits stay, because codes of the budget have many; only those in which an NPWP or NIK is usually
written are refused: `01.234.567.8-901.000`, `3201-1541-0790-0001`.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts.wrong_value import WrongValue

FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/.-]| (?! ))*", re.ASCII)
PERSONAL_DIGITS = re.compile(r"[0-9]{15}")
PHONE_DIGITS = re.compile(r"(?<![0-9])(?:62|0)8[0-9]{7,11}(?![0-9])")
CITIZEN_DIGITS = re.compile(r"[0-9]{16}")
GROUPED_DIGITS = re.compile(
    r"(?<![0-9])(?:"
    r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}"
    r"|[0-9]{4}(?:[ .-][0-9]{4}){3}"
    r"|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}"
    r")(?![0-9])"
)


def _treasury_number(text: str) -> str:
    if not FORM.fullmatch(text) or not re.search(r"[0-9]", text):
        raise WrongValue(
            "write the number as on the document: letters, digits, `/`, `.`, `-` and single "
            "spaces, with at least one digit",
            id="Tulis nomor seperti pada dokumennya: huruf, angka, `/`, `.`, `-`, dan satu spasi, "
            "dengan sedikitnya satu angka.",
        )
    if CITIZEN_DIGITS.search(text):
        raise WrongValue(
            "a run of 16 digits or more may be the number of a person: leave it out",
            id="Rangkaian 16 angka atau lebih mungkin nomor seseorang: hapus.",
        )
    if GROUPED_DIGITS.search(text):
        raise WrongValue(
            "this is written like an NPWP or NIK: leave out the number of a person",
            id="Ini ditulis seperti NPWP atau NIK: hapus nomor seseorang.",
        )
    return text


def _document_number(text: str) -> str:
    if PERSONAL_DIGITS.search(text):
        raise WrongValue(
            "a run of 15 digits or more may be the number of a person: leave it out",
            id="Rangkaian 15 angka atau lebih mungkin nomor seseorang: hapus.",
        )
    if PHONE_DIGITS.search(text):
        raise WrongValue(
            "this looks like the number of a phone: leave it out",
            id="Ini tampak seperti nomor telepon: hapus.",
        )
    return _treasury_number(text)


DocumentNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_document_number),
    Field(examples=["12/SPK/Dep.3/2018"]),
]
"""The number of a document, as it was written; two numbers are one if `comparable` says so."""

TreasuryNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_treasury_number),
    Field(examples=["180191302004512"]),
]
"""A number that the treasury gives (SP2D, return): a document's number, of which 15 digits are
usual."""


def comparable(number: str) -> str:
    """Return the form by which numbers are compared: capitals, no spaces."""
    return number.replace(" ", "").upper()
