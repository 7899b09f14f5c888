"""The words of the contracts take what is meant and nothing that only looks like it."""

from decimal import Decimal
from time import perf_counter

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.personal import found_in
from shared.contracts.reporting.outcome import Amount
from shared.contracts.words import PublicId, PublicText, Text

AMOUNT: TypeAdapter[Decimal] = TypeAdapter(Amount)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
PUBLIC: TypeAdapter[str] = TypeAdapter(PublicText)
PUBLIC_ID: TypeAdapter[str] = TypeAdapter(PublicId)
ODD = ["\uff11\uff12", "\u0661\u0662", "1_000", "1E+2", " 12", "+12", "", ".5", 12.5, True, None]
UNSEEN = ["", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800\u00ad", "a\nb"]


@pytest.mark.parametrize("given", ["12", "12.50", 12, Decimal("12.5")])
def test_an_amount_is_digits(given: object) -> None:
    assert AMOUNT.validate_python(given) in (12, Decimal("12.5"))


@pytest.mark.parametrize("given", ODD)
def test_an_amount_in_another_form_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        AMOUNT.validate_python(given)


@pytest.mark.parametrize("text", ["a", "7", "-", "\u0e1c\u0e49\u0e32", "\U0001f9f5"])
def test_text_can_be_seen(text: str) -> None:
    assert TEXT.validate_python(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3171015708850001",
        "01.234.567.8-901.000",
        "3171 0157 0885 0001",
        "hubungi 0812-3456-7890",
        "+62 812 3456 7890",
        "(62)81234567890",
        "ani@contoh.example",
        "3171_0157_0885_0001",
        "3171,0157:0885\u20130001",
        "3171\u00a00157  0885 0001",
        "\uff13\uff11\uff17\uff11015708850001",
        "\u0663171015708850001",
        "62 (812) 3456789",
        "ani\uff20contoh.example",
        "(021) 520 4366",
        "Telp. 0274-565123",
        "(62-21) 520 4366",
        "+62 (0)812-3456-7890",
        "62 0812 3456 7890",
        "0062 812 3456 789",
        "0812 - 3456 - 7890",
        "0812  -  3456  - 7890",
        "Hall 3, 0812-3456-7890",
        "2018 0812-3456-7890",
        "62.812.345.678",
        "+60 12-345 6789",
        "+60.123.456.789",
        "3171 \u2013 0123 \u2013 4567 \u2013 0001",
        "3171\u2062\u2062\u20620123\u2062\u2062\u206245670001",
        "31.71.01.57.08.85.00.01",
        "budi@koperasi",
        "NIB 9120001234567",
        "NIB: 9120 0012 34567",
    ],
)
def test_a_public_text_has_no_numbers_of_persons_and_no_mail_address(text: str) -> None:
    assert TEXT.validate_python(text) == text
    with pytest.raises(ValidationError, match="this text is public"):
        PUBLIC.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        *("SK-12/2018", "12/SPK/Dep.3/2018", "00123A/412345/2018", "JIExpo, Hall B3 10620"),
        *("KEP 1 @ 2", "80 stan@9m2", "0421.001.051", "120 x 80 cm", "1.250.000,00"),
        *("Rp 50.000.000.000", "Rp 50.000.000.000,00", "Rp 62.800.000.000", "50.000.000.000,00"),
        *("12-14 April 2018", "2018/2019", "2015, 2016, 2017, 2018", "08.04.2018 09.00-17.00"),
        *("12/04/2018 - 14/04/2018", "08/12/18 - 10/12/18", "08.00 - 17.00, 12 April"),
        *("2018-04-25 2018-04-29", "inacraft-02042018", "Rp 50.000.000.000 12 April"),
    ],
)
def test_a_public_text_may_have_document_numbers_amounts_days_and_addresses(text: str) -> None:
    assert PUBLIC.validate_python(text) == text


def test_a_refusal_names_what_was_found() -> None:
    with pytest.raises(ValidationError, match="it seems to have a mobile phone number: leave out"):
        PUBLIC.validate_python("hubungi 0812-3456-7890")


@pytest.mark.parametrize(
    "part",
    [
        "1",
        "1  ",
        "08 ",
        "+",
        "a@",
        "Rp ",
        "NIB ",
        "2018 ",
        "12.04.2018 ",
        "1.000.000 ",
        "08.12.18-",
    ],
)
def test_a_long_text_is_read_in_linear_time(part: str) -> None:
    begun = perf_counter()
    for length in range(9_990, 10_000):
        found_in(f"{(part * 10_000)[:length]}x")
    assert perf_counter() - begun < 5


def test_an_id_that_an_officer_makes_up_has_no_numbers_of_persons() -> None:
    assert PUBLIC_ID.validate_python("inacraft-2018") == "inacraft-2018"
    with pytest.raises(ValidationError, match="this text is public"):
        PUBLIC_ID.validate_python("nik-3171015708850001")


@pytest.mark.parametrize("text", UNSEEN)
def test_text_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(text)
