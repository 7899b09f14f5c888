"""Fictional enterprises: who they are, what they make, which documents they have.

Every name says that it is an example (contoh) and every representative that it is fictional
(fiktif). Sectors, sizes and provinces are spread so that every exhibition finds applicants.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from demo.fiction.numbers import board_niks, document_number, nik, nik_koperasi, npwp
from demo.programme_2018.provinces import NAMES, province

SECTORS = {"10": 28, "11": 6, "13": 12, "14": 14, "15": 7, "16": 10, "20": 6, "31": 7, "32": 10}
"""KBLI divisions and how common they are here, in hundredths."""

PRODUCTS = {
    "10": ("keripik buah", "sambal botol", "kopi sangrai", "rendang kemasan"),
    "11": ("sirup pala", "minuman jahe"),
    "13": ("batik tulis", "tenun ikat", "songket"),
    "14": ("busana muslim", "kebaya", "jaket batik"),
    "15": ("tas kulit", "sepatu kulit"),
    "16": ("anyaman rotan", "ukiran kayu", "kerajinan bambu"),
    "20": ("sabun herbal", "minyak atsiri"),
    "31": ("kursi rotan", "meja jati"),
    "32": ("perhiasan perak", "aksesori manik", "mainan kayu"),
}
FOOD_AND_COSMETICS = frozenset({"10", "11", "20"})
WORDS = ("Melati", "Bahari", "Sejahtera", "Nusa", "Lestari", "Cempaka", "Mandiri", "Rinjani")
POPULOUS = {"32": 10, "35": 10, "33": 9, "31": 6, "36": 4, "12": 4, "73": 3, "34": 4, "51": 4}
SIZES = (
    (35, (5_000_000, 50_000_000), (20_000_000, 300_000_000)),
    (50, (60_000_000, 500_000_000), (320_000_000, 2_500_000_000)),
    (15, (600_000_000, 8_000_000_000), (2_600_000_000, 40_000_000_000)),
)
"""Micro, small, medium by UU 20/2008: hundredths, net assets, annual sales; whole rupiah."""

ISSUERS = {"HALAL": "MUI Contoh (fictional)"}
"""The issuers of the kinds for which rules name an authority."""

EXPIRES_MIDYEAR = date(2018, 8, 31)
EXPIRES_LATE = date(2020, 12, 31)


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """A fictional enterprise; `documents` are filed at once, `late_document` only when asked for.

    `renewed_document` takes the place of a licence that ends too early.
    `keen`: applies whenever it can. `sound`: no document of it fails in the year.
    """

    number: int
    form: dict[str, Any]
    documents: tuple[dict[str, Any], ...]
    late_document: dict[str, Any] | None
    exports: bool
    keen: bool
    sound: bool
    renewed_document: dict[str, Any] | None = None

    @property
    def representative(self) -> str:
        """The actor who speaks for it: an opaque id."""
        return f"representative-{self.number:04d}"

    @property
    def sector(self) -> str:
        """Its KBLI division."""
        return str(self.form["sector"])

    @property
    def person(self) -> str:
        """The NIK of its owner, or of a member of its board."""
        return str(self.form["identifiers"].get("nik") or self.form["board_niks"][0])

    @property
    def province(self) -> str:
        """Its province's code."""
        return str(self.form["province"]["code"])

    @property
    def halal(self) -> bool:
        """Return True if it has a halal certificate."""
        return any(document["document_kind"] == "HALAL" for document in self.documents)


def enterprises(count: int, rng: Random) -> tuple[Enterprise, ...]:
    """So many enterprises, numbered from 1."""
    return tuple(_enterprise(number, rng) for number in range(1, count + 1))


def _enterprise(number: int, rng: Random) -> Enterprise:
    form = _form(number, rng)
    fault = rng.choices(("none", "no-licence", "midyear", "no-permit", "late"), (86, 3, 4, 4, 3))[0]
    exports = rng.randrange(100) < 20
    documents = list(_documents(number, form["sector"], fault, rng))
    late = documents.pop(0) if fault == "late" else None
    return Enterprise(
        number=number,
        form=form,
        documents=tuple(documents),
        late_document=late,
        exports=exports,
        keen=rng.randrange(100) < 8,
        sound=fault in ("none", "late"),
    )


def _form(number: int, rng: Random) -> dict[str, Any]:
    weights = [POPULOUS.get(code, 2) for code in NAMES]
    code = rng.choices(list(NAMES), weights)[0]
    sector = rng.choices(list(SECTORS), list(SECTORS.values()))[0]
    cooperative = rng.randrange(100) < 12
    _, assets, sales = rng.choices(SIZES, [share for share, _, _ in SIZES])[0]
    kind = "Koperasi" if cooperative else rng.choice(("UD", "CV", "PT"))
    identifiers = {"npwp": npwp(number, rng)}
    if cooperative:
        identifiers["nik_koperasi"] = nik_koperasi(number, code)
    else:
        identifiers["nik"] = nik(number, code, rng)
    return {
        "name": f"{kind} Contoh {rng.choice(WORDS)} {number:04d}",
        "representative": f"Wakil Fiktif {number:04d}",
        "cooperative": cooperative,
        "province": province(code),
        "sector": sector,
        "net_assets_idr": rng.randrange(*assets, 1_000_000),
        "annual_sales_idr": rng.randrange(*sales, 1_000_000),
        "earlier_participations": rng.choices((0, 1, 2, 3, 4), (62, 18, 10, 6, 4))[0],
        "products": [{"name": name} for name in rng.sample(PRODUCTS[sector], 2)],
        "identifiers": identifiers,
        "board_niks": board_niks(number, code) if cooperative else [],
    }


def _documents(number: int, sector: str, fault: str, rng: Random) -> Iterator[dict[str, Any]]:
    expires = EXPIRES_MIDYEAR if fault == "midyear" else EXPIRES_LATE
    licence = rng.choice(("SIUP_TDP", "IUMK"))
    if fault != "no-licence":
        yield _document(licence, number, expires, rng)
    if sector in FOOD_AND_COSMETICS:
        if fault != "no-permit":
            yield _document(rng.choice(("SPP_IRT", "BPOM_MD")), number, EXPIRES_LATE, rng)
        if rng.randrange(100) < 70:
            yield _document("HALAL", number, EXPIRES_LATE, rng)
    elif rng.randrange(100) < 25:
        yield _document("TRADEMARK", number, None, rng)


def _document(kind: str, number: int, expires_on: date | None, rng: Random) -> dict[str, Any]:
    issued_on = date(2016, 1, 4) + timedelta(days=rng.randrange(700))
    return {
        "document_kind": kind,
        "issuer": ISSUERS.get(kind, "Penerbit Contoh (fictional)"),
        "number": document_number(kind, number, rng),
        "issued_on": issued_on.isoformat(),
        "expires_on": expires_on.isoformat() if expires_on else None,
    }
