"""Codes are checked against their lists: provinces, KBLI divisions, countries, currencies."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.codes import CURRENCIES, DIVISIONS, Country, Currency, Sector, decimals_of
from shared.contracts.provinces import EDITIONS, NAMES
from shared.contracts.words import Province

TAKEN = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN
BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP
ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR
ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL
THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST
XAD XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
"""


def province(system: str, edition: str, code: str) -> Province:
    return Province(system=system, edition=edition, code=code)


@pytest.mark.parametrize(
    ("system", "edition", "code", "iso"),
    [
        ("BPS", "2018", "32", "ID-JB"),
        ("KEMENDAGRI", "2022", "32", "ID-JB"),
        ("BPS", "2018", "91", "ID-PB"),
        ("BPS", "2018", "94", "ID-PA"),
        ("KEMENDAGRI", "2018", "91", "ID-PA"),
        ("KEMENDAGRI", "2018", "92", "ID-PB"),
        ("KEMENDAGRI", "2022", "94", "ID-PT"),
        ("KEMENDAGRI", "2022", "96", "ID-PD"),
    ],
)
def test_a_province_has_one_code_for_all_systems(
    system: str, edition: str, code: str, iso: str
) -> None:
    assert province(system, edition, code).iso == iso


@pytest.mark.parametrize(
    ("system", "edition", "code"),
    [
        ("BPS", "1999", "00"),
        ("BPS", "2018", "00"),
        ("BPS", "2018", "92"),
        ("KEMENDAGRI", "2018", "94"),
        ("KEMENDAGRI", "2018", "96"),
        ("BPS", "2022", "31"),
        ("ISO", "2018", "31"),
    ],
)
def test_a_code_that_its_edition_does_not_list_is_refused(
    system: str, edition: str, code: str
) -> None:
    with pytest.raises(ValidationError):
        province(system, edition, code)


def test_a_wrong_iso_code_is_refused_and_the_right_one_is_read_back() -> None:
    given = {"system": "BPS", "edition": "2018", "code": "32"}
    with pytest.raises(ValidationError, match="this province is ID-JB"):
        Province.model_validate({**given, "iso": "ID-JT"})
    jawa_barat = Province.model_validate({**given, "iso": "ID-JB"})
    assert Province.model_validate_json(jawa_barat.model_dump_json()) == jawa_barat


def test_there_are_34_provinces_in_2018_and_38_since_2022() -> None:
    counts = {edition: len(set(codes.values())) for edition, codes in EDITIONS.items()}
    assert counts == {("BPS", "2018"): 34, ("KEMENDAGRI", "2018"): 34, ("KEMENDAGRI", "2022"): 38}
    assert set(NAMES) == {iso for codes in EDITIONS.values() for iso in codes.values()}


@pytest.mark.parametrize(
    ("kind", "known", "unknown"),
    [
        (Sector, ["01", "14", "31", "99"], ["00", "04", "34", "40", "98x"]),
        (Country, ["ID", "MY", "RU"], ["ZZ", "XX", "EU", "UK", "id", "IDN"]),
        (Currency, ["IDR", "USD", "KWD", "JPY", "BGN", "HRK", "VEF"], ["XTS", "XAU", "ABC", "usd"]),
    ],
)
def test_codes_are_those_of_the_list(kind: Any, known: list[str], unknown: list[str]) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    assert [adapter.validate_python(code) for code in known] == known
    for code in unknown:
        with pytest.raises(ValidationError):
            adapter.validate_python(code)


def test_there_are_88_divisions() -> None:
    # KBLI 2017 as ISIC Rev. 4: 88 divisions in 21 sections.
    assert len(DIVISIONS) == 88


@pytest.mark.parametrize(("currency", "decimals"), [("IDR", 0), ("JPY", 0), ("USD", 2), ("KWD", 3)])
def test_rupiah_are_whole_and_others_have_the_decimals_of_the_standard(
    currency: str, decimals: int
) -> None:
    assert decimals_of(currency) == decimals


def test_a_currency_that_was_taken_once_is_taken_for_good() -> None:
    # Recorded events may have it. If a new edition withdraws one, add it to `WITHDRAWN`.
    assert set(TAKEN.split()) <= set(CURRENCIES)
