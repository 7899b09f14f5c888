"""The faults of a cell and the refusals of a row in Indonesian and English, by code.

A row is refused with the sentences that its code has in `refusals.toml`. The codes here are of
cells, or mean something else in a row.
"""

from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from shared.kernel.explanations import FILE_NAME, read_explanations

REFUSALS = read_explanations(Path(__file__).parents[2] / FILE_NAME)


class Sentences(NamedTuple):
    """A sentence for the reader in both languages."""

    id: str
    en: str


SENTENCES = MappingProxyType(
    {
        "required": Sentences("Isi sel ini.", "Fill in this cell."),
        "formula-cell": Sentences(
            "Sel ini berisi rumus: tempelkan nilainya saja.",
            "This cell has a formula: paste its value alone.",
        ),
        "merged-cells": Sentences(
            "Sel ini digabung dengan sel lain: pisahkan, dan isi tiap baris.",
            "This cell is merged with others: split it, and fill in each row.",
        ),
        "number-cell": Sentences(
            "Nomor ini tersimpan sebagai angka, sehingga digitnya dapat hilang: jadikan sel teks, "
            "lalu ketik lagi.",
            "This number is stored as a figure, which loses digits: make the cell text, and type "
            "it again.",
        ),
        "scientific-notation": Sentences(
            "Nomor ini telah dibulatkan (misalnya 1,23E+12): jadikan sel teks, lalu ketik lagi.",
            "This number was rounded (such as 1.23E+12): make the cell text, and type it again.",
        ),
        "not-whole": Sentences(
            "Tulis angka bulat tanpa titik, koma, atau Rp.",
            "Write a whole number without dots, commas or Rp.",
        ),
        "not-a-day": Sentences(
            "Tulis tanggal seperti 2018-04-25 atau 25/04/2018 (hari/bulan/tahun).",
            "Write the day like 2018-04-25 or 25/04/2018 (day/month/year).",
        ),
        "not-yes-or-no": Sentences("Tulis Ya atau Tidak.", "Write Ya (yes) or Tidak (no)."),
        "not-text": Sentences("Tulis teks di sel ini.", "Write text in this cell."),
        "unknown-code": Sentences(
            "Kode ini tidak ada di lembar Kode: pilih salah satu dari sana.",
            "This code is not on the sheet Kode: take it from there.",
        ),
        "malformed": Sentences(
            "Isi sel ini tidak sesuai bentuknya: periksa dengan dokumen aslinya.",
            "This cell does not have the right form: compare it with the document.",
        ),
        "example-row": Sentences(
            "Ini baris contoh dari templat: hapus.",
            "This is the example of the template: remove the row.",
        ),
        "repeated-in-file": Sentences(
            "Nomor ini sudah ada di baris sebelumnya dalam berkas ini: hapus salah satu.",
            "An earlier row of this file has this number: remove one of the two.",
        ),
        "document-incomplete": Sentences(
            "Lengkapi dokumen ini: kode, penerbit, nomor, dan tanggal terbit.",
            "Complete this document: code, issuer, number and day of issue.",
        ),
        "document-repeated": Sentences(
            "Jenis dokumen ini sudah ada di baris yang sama: hapus salah satu.",
            "This row has this kind of document twice: remove one of the two.",
        ),
        "not-found": Sentences(
            "Pameran ini tidak ada: periksa kodenya.",
            "There is no such exhibition: check its code.",
        ),
        "failed": Sentences(
            "Terjadi galat pada sistem untuk baris ini: laporkan kepada operator.",
            "The system itself failed at this row: report it to the operator.",
        ),
    }
)


def sentences_of(code: str) -> dict[str, str]:
    """Return the sentences of a fault or a refusal: `{id, en}`."""
    found = SENTENCES.get(code)
    if found is None:
        return REFUSALS.explanation_of(code).sentences()
    return {"id": found.id, "en": found.en}
