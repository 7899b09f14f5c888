"""The fields of a request that cannot be taken, each with what to correct in both languages.

A field is named by a pointer into the body (`#/targets/0/value`) or by its parameter
(`query/limit`). `detail` says in English what to correct, and `advice` in Indonesian and in English
(`{id, en}`), in terms of JSON where the validator speaks of Python. No input is echoed: it may be
personal. `shared.http.problems` calls it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.contracts.registration.enterprise import HS_PATTERN
from shared.contracts.registration.floor_plan import BOOTH_PATTERN
from shared.contracts.words import ID_PATTERN, LINE_PATTERN, PAIR_ID_PATTERN
from shared.contracts.wrong_value import WrongValue

ECHO_LENGTH_MIN = 4


class FieldSentence(NamedTuple):
    """A sentence in both languages; without English that of the validator is shown."""

    id: str
    en: str = ""


NO_FIELD = FieldSentence("Isian ini tidak dikenal: hapus.", "There is no such field: remove it.")
NO_OBJECT = FieldSentence("Isian ini harus berupa objek.", "This must be an object.")
NO_LIST = FieldSentence("Isian ini harus berupa daftar.", "This must be a list.")
NO_FLAG = FieldSentence("Kirim true atau false.", "Send true or false.")
NO_CHOICE = FieldSentence("Pilih salah satu: {expected}.")
NOT_ACCEPTED = FieldSentence(
    "Nilai ini tidak diterima di sini: lihat nilai yang diterima di /docs.",
    "This value is not accepted here: see /docs for the accepted values.",
)
EMPTY_BODY = FieldSentence(
    "Isi permintaan kosong: kirim objek JSON.", "The body is empty: send a JSON object."
)
SENTENCES = {
    "unexpected_keyword_argument": NO_FIELD,
    "extra_forbidden": NO_FIELD,
    "missing": FieldSentence("Isian ini wajib: tambahkan.", "This field is required: add it."),
    "dataclass_type": NO_OBJECT,
    "model_type": NO_OBJECT,
    "model_attributes_type": NO_OBJECT,
    "dict_type": NO_OBJECT,
    "tuple_type": NO_LIST,
    "list_type": NO_LIST,
    "too_short": FieldSentence("Isi sedikitnya {min_length} butir."),
    "too_long": FieldSentence("Isi paling banyak {max_length} butir."),
    "int_type": FieldSentence(
        "Kirim bilangan bulat, tanpa tanda kutip atau pecahan.",
        "Send a whole number, without quotes or a fraction.",
    ),
    "int_parsing": FieldSentence("Tulis bilangan bulat."),
    "bool_type": NO_FLAG,
    "bool_parsing": NO_FLAG,
    "greater_than": FieldSentence("Isi lebih dari {gt}."),
    "greater_than_equal": FieldSentence("Isi sedikitnya {ge}."),
    "less_than": FieldSentence("Isi kurang dari {lt}."),
    "less_than_equal": FieldSentence("Isi paling banyak {le}."),
    "enum": NO_CHOICE,
    "literal_error": NO_CHOICE,
    "string_type": FieldSentence("Kirim teks."),
    "string_unicode": FieldSentence("Kirim teks dalam UTF-8."),
    "string_too_short": FieldSentence("Isi sedikitnya {min_length} karakter."),
    "string_too_long": FieldSentence("Isi paling banyak {max_length} karakter."),
    "timezone_aware": FieldSentence(
        "Tulis waktu dengan zonanya, seperti 2018-02-01T10:00:00+07:00.",
        "Write the time with its zone, like 2018-02-01T10:00:00+07:00.",
    ),
    "datetime_from_date_parsing": FieldSentence(
        "Tulis tanggal dan waktu yang ada, dengan zonanya: 2018-02-01T10:00:00+07:00.",
        "Write date and time with the zone: 2018-02-01T10:00:00+07:00.",
    ),
    "instant_text": FieldSentence('Kirim waktu sebagai teks, seperti "2018-04-25T09:00:00+07:00".'),
    "date_from_datetime_parsing": FieldSentence(
        "Tulis tanggalnya saja, yang ada dalam kalender, seperti 2018-02-01.",
        "Write the date alone, like 2018-02-01.",
    ),
    "date_text": FieldSentence('Kirim tanggal sebagai teks, seperti "2018-04-25".'),
    "decimal_text": FieldSentence('Kirim jumlah sebagai teks berupa angka, seperti "1250.50".'),
    "decimal_whole_digits": FieldSentence(
        "Angka ini terlalu panjang di depan tanda desimal: periksa.",
        "This number has too many digits before the decimal point: check it.",
    ),
    "decimal_max_digits": FieldSentence(
        "Angka ini terlalu panjang: periksa.", "This number has too many digits: check it."
    ),
    "decimal_max_places": FieldSentence(
        "Angka ini memuat terlalu banyak desimal: periksa.",
        "This number has too many decimals: check it.",
    ),
    "parameter_unknown": FieldSentence("Parameter ini tidak dikenal: hapus."),
    "cursor_of_another_order": FieldSentence(
        "Ambil `cursor` dari tautan `next` sebuah halaman dalam urutan ini."
    ),
    "union_tag_not_found": FieldSentence(
        "Isi `form`: lihat nilai yang diterima di /docs.",
        "Give its `form`: see /docs for the values that are taken.",
    ),
    "parameter_repeated": FieldSentence("Parameter ini hanya boleh sekali: hapus yang lain."),
}
"""By the type of the validator's error; `{…}` is a bound that the validator names."""

PATTERNS = {
    ID_PATTERN: FieldSentence(
        "Kode terdiri atas 1 sampai 64 huruf (A sampai Z), angka, dan tanda hubung.",
        "An id has 1 to 64 letters (A to Z), digits and hyphens.",
    ),
    PAIR_ID_PATTERN: FieldSentence(
        "Kode ini terdiri atas dua kode dengan titik di antaranya, seperti ifex-2018.e1.",
        "This id is two ids with a dot between them, like ifex-2018.e1.",
    ),
    LINE_PATTERN: FieldSentence(
        "Tulis dalam satu baris, tanpa karakter kendali.",
        "Write it on one line, without control characters.",
    ),
    BOOTH_PATTERN: FieldSentence(
        "Nomor stan terdiri atas huruf besar dan angka, boleh dengan tanda hubung, seperti A-12.",
        "A booth label has capitals and digits, perhaps with a hyphen between them, like A-12.",
    ),
    HS_PATTERN: FieldSentence(
        "Kode HS terdiri atas 4, 6, 8, atau 10 angka.", "An HS code has 4, 6, 8 or 10 digits."
    ),
}
DIGITS_PATTERN = re.compile(r"\^\[0-9\]\{([0-9]+)\}\$")
OTHER_PATTERN = FieldSentence(
    "Bentuk nilai ini tidak sesuai: lihat polanya di /docs.",
    "This value does not have the form that is taken here: see /docs for its pattern.",
)


def malformed_fields(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the malformed fields, from the errors of the validator: `{pointer, detail, advice}`.

    An error that only repeats another further inside (a list, when an item is wrong) is left out.
    """
    places = [error["loc"] for error in errors]
    return [
        _field(error)
        for error in errors
        if not any(
            len(place) > len(error["loc"]) and place[: len(error["loc"])] == error["loc"]
            for place in places
        )
    ]


def _field(error: Mapping[str, Any]) -> dict[str, Any]:
    where, *path = [str(step) for step in error["loc"]]
    steps = "/".join(step.replace("~", "~0").replace("/", "~1") for step in path)
    pointer = (f"#/{steps}" if steps else "#") if where == "body" else f"{where}/{steps}"
    sentence = _sentence(error)
    return {
        "pointer": pointer,
        "detail": sentence.en,
        "advice": {"id": sentence.id, "en": sentence.en},
    }


def _sentence(error: Mapping[str, Any]) -> FieldSentence:
    if error["type"] == "missing" and tuple(error["loc"]) == ("body",):
        return EMPTY_BODY
    if error["type"] == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"]
        if digits := DIGITS_PATTERN.fullmatch(pattern):
            return FieldSentence(f"Tulis {digits[1]} angka.", f"Write {digits[1]} digits.")
        return PATTERNS.get(pattern, OTHER_PATTERN)
    found = SENTENCES.get(error["type"], FieldSentence(NOT_ACCEPTED.id))
    return found if found.en else _of_validator(error, found)


def _of_validator(error: Mapping[str, Any], found: FieldSentence) -> FieldSentence:
    """Return the sentence of the validator itself, unless it quotes the input."""
    bounds = error.get("ctx", {})
    wrong = bounds.get("error")
    message = str(error["msg"]).removeprefix("Value error, ")
    id = wrong.id if isinstance(wrong, WrongValue) else found.id.format(**_in_indonesian(bounds))
    value = str(error.get("input", ""))
    # Two kinds of message quote the input: a wrong tag of a union, and a validator's own text.
    quoted = len(value) >= ECHO_LENGTH_MIN and value in f"{message}\n{id}"
    if quoted or error["type"] == "union_tag_invalid":
        return NOT_ACCEPTED
    return FieldSentence(id, message)


def _in_indonesian(bounds: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(bound).replace(" or ", " atau ") for name, bound in bounds.items()}
