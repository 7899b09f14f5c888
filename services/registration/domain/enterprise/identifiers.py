"""The official numbers of an enterprise: check them, normalise them, and hash them.

| number | form |
|---|---|
| NIB | 13 digits; it exists only since mid-2018, so it is never required here |
| NPWP, NIK | `shared.contracts.numbers` |
| NIK Koperasi | only cooperatives have it; its form is not published, so the check is loose |

The hash has a key (`shared.kernel.keys`): without a key, a number so short could be
found by hashing all possible numbers. No message quotes a number and no representation shows a
number, so no log can contain it.
"""

import re
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contracts.numbers import Nik, Npwp
from shared.contracts.wrong_value import WrongValue
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys


def _normalised_nik_koperasi(nik_koperasi: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", nik_koperasi.upper())


Nib = Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
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
