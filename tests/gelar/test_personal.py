"""The audit finds numbers and addresses of persons in a text, and takes no other for them."""

import pytest

from gelar.checking.invariants.personal import is_personal

FOUND = (
    "3273012345670001",
    "3273.0123.4567.0001",
    "NIK 3273 0123 4567 0001",
    "01.234.567.8-901.000",
    "NIB 1234567890123",
    "hub. 0812-3456-7890",
    "0812 3456 7890",
    "+62 812-3456-7890",
    "6281234567890",
    "(021) 555 1234",
    "021-5551234",
    "ani@contoh.example",
)
LEFT = (
    "Trade Expo Indonesia 2018",
    "Pameran 2015 2016 2017 2018",
    "9-12 Mar 2018",
    "2018-02-15T02:00:00.999000Z",
    "2018-08-12",
    "pagu Rp 62.800.000.000",
    "UU 20/2008",
    "0421.001.051",
    "A.08123456-0812-4812-8812-081234567890",
    "0812345678901234567890123456789012345678901234567890123456789012",
)


@pytest.mark.parametrize("text", FOUND)
def test_the_number_or_address_of_a_person_is_found(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_are_left(text: str) -> None:
    assert not is_personal(text)
