"""Each malformed field is explained in both languages, in terms of JSON, without its input."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from shared.contracts.codes import Country
from shared.contracts.documents import DocumentNumber
from shared.contracts.words import Id, PublicText, Text, Year
from shared.contracts.wrong_value import WrongValue
from shared.http.malformed import NOT_ACCEPTED, SENTENCES, malformed_fields

NIK = "3201234567890001"


class Size(StrEnum):
    MICRO = "MICRO"
    SMALL = "SMALL"


class Stall(BaseModel):
    width_cm: int


def quoting(given: str) -> str:
    raise WrongValue(f"not {given}", id="Bukan.")


def quoting_in_indonesian(given: str) -> str:
    raise WrongValue("not this", id=f"Bukan {given}.")


def english_only(given: str) -> str:
    raise ValueError("no value is taken")


def errors_of(annotation: Any, value: object, *, strict: bool = False) -> list[dict[str, Any]]:
    """Return the malformed fields of a body that has this value."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(annotation).validate_python(value, strict=strict)
    return malformed_fields(
        [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    )


@pytest.mark.parametrize(
    ("annotation", "value", "indonesian"),
    [
        (Stall, {}, "Isian ini wajib: tambahkan."),
        (Stall, 7, "Isian ini harus berupa objek."),
        (list[int], 7, "Isian ini harus berupa daftar."),
        (Annotated[list[int], Field(min_length=2)], [1], "Isi sedikitnya 2 butir."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "Isi paling banyak 1 butir."),
        (int, "a", "Tulis bilangan bulat."),
        (bool, "a", "Kirim true atau false."),
        (Annotated[int, Field(gt=3)], 3, "Isi lebih dari 3."),
        (Annotated[int, Field(ge=3)], 2, "Isi sedikitnya 3."),
        (Annotated[int, Field(lt=3)], 3, "Isi kurang dari 3."),
        (Annotated[int, Field(le=3)], 4, "Isi paling banyak 3."),
        (Size, "LARGE", "Pilih salah satu: 'MICRO' atau 'SMALL'."),
        (Literal["A", "B", "C"], "D", "Pilih salah satu: 'A', 'B' atau 'C'."),
        (str, 7, "Kirim teks."),
        (Text, " ", "Isi sedikitnya 1 karakter."),
        (Text, "a" * 501, "Isi paling banyak 500 karakter."),
        (Text, "a\nb", "Tulis dalam satu baris, tanpa karakter kendali."),
        (Year, "18", "Tulis 4 angka."),
        (Annotated[str, Field(pattern=r"^[0-9]{13}$")], "1", "Tulis 13 angka."),
        (
            Annotated[str, Field(pattern="^a$")],
            "b",
            "Bentuk nilai ini tidak sesuai: lihat polanya di /docs.",
        ),
        (date, "2018-02-30", "Tulis tanggalnya saja, yang ada dalam kalender, seperti 2018-02-01."),
        (
            datetime,
            "x",
            "Tulis tanggal dan waktu yang ada, dengan zonanya: 2018-02-01T10:00:00+07:00.",
        ),
        (
            AwareDatetime,
            "2018-02-01T10:00:00",
            "Tulis waktu dengan zonanya, seperti 2018-02-01T10:00:00+07:00.",
        ),
        (Annotated[Decimal, Field(max_digits=3)], "1234", "Angka ini terlalu panjang: periksa."),
        (
            Annotated[Decimal, Field(decimal_places=1)],
            "1.23",
            "Angka ini memuat terlalu banyak desimal: periksa.",
        ),
        (
            Country,
            "XX",
            "Sebutkan negara dengan dua hurufnya menurut ISO 3166, misalnya ID atau MY.",
        ),
        (DocumentNumber, "SK/081234567890", "Ini tampak seperti nomor telepon: hapus."),
        (
            PublicText,
            NIK,
            "Teks ini terbuka untuk umum: hapus nomor orang dan usaha (NIK, NPWP, "
            "NIB), nomor telepon, dan alamat surel.",
        ),
        (Annotated[str, AfterValidator(english_only)], "a", NOT_ACCEPTED.id),
        (set[int], 7, NOT_ACCEPTED.id),
    ],
)
def test_a_malformed_value_is_explained_in_indonesian(
    annotation: Any, value: object, indonesian: str
) -> None:
    (error,) = errors_of(annotation, value)
    assert error["advice"]["id"] == indonesian
    assert error["detail"] == error["advice"]["en"] != indonesian


def test_the_body_itself_and_a_field_inside_it_have_their_pointer() -> None:
    assert [error["pointer"] for error in errors_of(Stall, 7)] == ["#"]
    assert [error["pointer"] for error in errors_of(list[Stall], [{"width_cm": "a"}])] == [
        "#/0/width_cm"
    ]


@pytest.mark.parametrize("validator", [quoting, quoting_in_indonesian])
def test_a_validator_that_quotes_the_input_is_not_shown(validator: Any) -> None:
    (error,) = errors_of(Annotated[str, AfterValidator(validator)], NIK)
    assert error["advice"] == {"id": NOT_ACCEPTED.id, "en": NOT_ACCEPTED.en}
    assert NIK not in str(error)


def test_an_id_of_other_signs_is_explained() -> None:
    (error,) = errors_of(Id, "e_1")
    assert error == {
        "pointer": "#",
        "detail": "An id has 1 to 64 letters (A to Z), digits and hyphens.",
        "advice": {
            "id": "Kode terdiri atas 1 sampai 64 huruf (A sampai Z), angka, dan tanda hubung.",
            "en": "An id has 1 to 64 letters (A to Z), digits and hyphens.",
        },
    }


def test_each_sentence_is_there_in_indonesian_and_none_in_english_alone() -> None:
    sentences = set(SENTENCES.values())
    assert all(sentence.id and sentence.id != sentence.en for sentence in sentences)
    assert len({sentence.id for sentence in sentences}) == len(sentences)
