"""Numbers of documents: their form, and how two of them are compared."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.documents import DocumentNumber, TreasuryNumber, comparable

numbers: TypeAdapter[str] = TypeAdapter(DocumentNumber)
treasury_numbers: TypeAdapter[str] = TypeAdapter(TreasuryNumber)


@pytest.mark.parametrize(
    "number",
    [
        *("00123A/412345/2018", "12/SPK/Dep.3/2018", "SK 7/2018", "DIPA-044.01.2.412345/2018", "1"),
        *("0812/2018/0001", "08123/2018", "208123456789", "044.01.1.431423-2018.0421.001"),
    ],
)
def test_a_number_is_kept_as_it_is_written(number: str) -> None:
    assert numbers.validate_python(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        " ",
        "none",
        "/1",
        "SK  7",
        "7\n8",
        "é7",
        "7_8",
        "x" * 64 + "1",
        "3201154107900001",
        7,
        "Laporan hub 081234567890",
        "6281234567890",
        *("01.234.567.8-901.000", "NPWP 01.234.567.8-901.000/2018"),
        *("3201-1541-0790-0001", "3201 1541 0790 0001", "SK 320115.410790.0001"),
    ],
)
def test_other_texts_are_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        numbers.validate_python(number)


def test_a_number_of_the_treasury_may_have_fifteen_digits() -> None:
    assert treasury_numbers.validate_python("180191302004512") == "180191302004512"
    for number in ("3201154107900001", "3201-1541-0790-0001", "none", "7_8"):
        with pytest.raises(ValidationError):
            treasury_numbers.validate_python(number)
    with pytest.raises(ValidationError):
        numbers.validate_python("180191302004512")


def test_numbers_are_compared_without_capitals_and_spaces() -> None:
    assert comparable("sk 7/Dep.3/2018") == comparable("SK7/DEP.3/2018")
    assert comparable("SPM-1") != comparable("SPM.1")
