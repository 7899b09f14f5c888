"""The numbers of an enterprise: they are checked, normalised and hashed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.enterprise.identifiers import (
    Identifiers,
    check_kinds,
    hash_identifiers,
)
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys

KEY = b"a key of a test, 32 bytes at the least"
KEYS = HashKeys((KEY,))
NIK, NPWP, NIB = "3171015708850001", "012345678901000", "8120001234567"
read = TypeAdapter(Identifiers).validate_python


def test_a_womans_day_of_birth_is_counted_from_forty() -> None:
    assert read({"npwp": NPWP, "nik": "3171015708850001"}).nik == "3171015708850001"
    assert read({"npwp": NPWP, "nik": "3171011708850001"}).nik == "3171011708850001"


@pytest.mark.parametrize(
    "nik",
    [
        "317101570885000",
        "31710157088500012",
        "3171017208850001",
        "3171013208850001",
        "3171010008850001",
        "3171014008850001",
        "3171011713850001",
        "3171012902850001",
        "3171011708850000",
        "317101170885000a",
    ],
    ids=[
        "15 digits",
        "17 digits",
        "day 72",
        "day 32",
        "day 0",
        "day 40, a woman's day 0",
        "month 13",
        "29 February 1985",
        "serial 0000",
        "a letter",
    ],
)
def test_an_implausible_nik_is_no_body_and_is_not_quoted(nik: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read({"npwp": NPWP, "nik": nik})
    (error,) = refusal.value.errors()
    assert error["loc"] == ("nik",)
    assert nik not in error["msg"]


def test_a_leap_day_of_either_century_is_plausible() -> None:
    assert read({"npwp": NPWP, "nik": "3171012902000001"}).nik == "3171012902000001"
    assert read({"npwp": NPWP, "nik": "3171012902840001"}).nik == "3171012902840001"


@given(
    born_on=st.dates(min_value=date(1930, 1, 1), max_value=date(2010, 12, 31)),
    woman=st.booleans(),
    serial=st.integers(min_value=1, max_value=9_999),
)
def test_every_birthday_is_plausible(born_on: date, woman: bool, serial: int) -> None:
    day = born_on.day + (40 if woman else 0)
    nik = f"317101{day:02}{born_on.month:02}{born_on.year % 100:02}{serial:04}"
    assert read({"npwp": NPWP, "nik": nik}).nik == nik


@pytest.mark.parametrize("written", ["012345678901000", "0012345678901000", "01.234.567.8-901.000"])
def test_old_and_new_npwp_are_the_same_number(written: str) -> None:
    assert read({"npwp": written}).npwp == "0012345678901000"


@pytest.mark.parametrize("npwp", [NIK, "3171013208850001", "1000000000123456"])
def test_an_npwp_of_sixteen_digits_need_not_be_a_nik(npwp: str) -> None:
    # Newly registered legal entities have numbers that begin neither with 0 nor with a region.
    assert read({"npwp": npwp}).npwp == npwp


@pytest.mark.parametrize("npwp", ["", "01234567890100", "00123456789010001", "npwp-01234567890"])
def test_an_npwp_has_fifteen_or_sixteen_digits(npwp: str) -> None:
    with pytest.raises(ValidationError):
        read({"npwp": npwp})


def test_a_nib_has_thirteen_digits() -> None:
    assert read({"npwp": NPWP, "nib": NIB}).nib == NIB
    with pytest.raises(ValidationError):
        read({"npwp": NPWP, "nib": NIB[:-1]})


def test_a_nik_koperasi_is_checked_loosely_and_spelt_one_way() -> None:
    spelt = {
        read({"npwp": NPWP, "nik_koperasi": written}).nik_koperasi
        for written in ("3171.020.010/001", "3171020010001", "3171-020-010-001")
    }
    assert spelt == {"3171020010001"}
    with pytest.raises(ValidationError):
        read({"npwp": NPWP, "nik_koperasi": "?"})


def test_equal_numbers_have_equal_hashes_under_one_key_only() -> None:
    old, new = read({"npwp": NPWP, "nik": NIK}), read({"npwp": "0" + NPWP, "nik": NIK})
    assert hash_identifiers(old, KEYS) == hash_identifiers(new, KEYS)
    assert hash_identifiers(old, KEYS) != hash_identifiers(old, HashKeys((KEY + b"!",)))


def test_the_kind_is_part_of_the_hash() -> None:
    hashes = hash_identifiers(read({"npwp": NIK, "nik": NIK}), KEYS)
    assert set(hashes) == {"NPWP", "NIK"}
    assert hashes["NPWP"] != hashes["NIK"]


def test_a_hash_is_hmac_sha256_in_hexadecimal() -> None:
    # Computed with `printf NIB:8120001234567 | openssl dgst -sha256 -hmac "$KEY"`.
    hashes = hash_identifiers(read({"npwp": NPWP, "nib": NIB}), KEYS)
    digest = "fae4a4081eb16677ad177a48655ff5fff8f36ec21f21e19f111420db46c58616"
    assert hashes["NIB"] == (f"{KEYS.names[0]}.{digest}",)


def test_no_representation_shows_a_number() -> None:
    text = repr(read({"npwp": NPWP, "nib": NIB, "nik": NIK, "nik_koperasi": "12345"}))
    assert text == "Identifiers()"


@pytest.mark.parametrize(
    ("kinds", "cooperative"),
    [
        ({"NPWP", "NIK"}, False),
        ({"NPWP", "NIK", "NIB"}, False),
        ({"NPWP", "NIK_KOPERASI"}, True),
    ],
)
def test_each_kind_of_enterprise_has_its_own_kinds_of_number(
    kinds: set[str], cooperative: bool
) -> None:
    check_kinds(kinds, cooperative=cooperative)
    with pytest.raises(Refused, match="wrong-identifiers"):
        check_kinds(kinds, cooperative=not cooperative)


@pytest.mark.parametrize("cooperative", [True, False])
@pytest.mark.parametrize("kinds", [{"NPWP"}, {"NPWP", "NIK", "NIK_KOPERASI"}, {"NIB"}])
def test_too_few_and_too_many_numbers_are_refused(kinds: set[str], cooperative: bool) -> None:
    with pytest.raises(Refused, match="wrong-identifiers"):
        check_kinds(kinds, cooperative=cooperative)
