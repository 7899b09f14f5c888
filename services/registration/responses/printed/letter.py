"""The decision letter (Surat Pemberitahuan Hasil Kurasi): an applicant's result, with its reasons.

It tells the same as the story of the application, by the same codes, on the day of its issue.
"""

from datetime import date
from typing import assert_never

from services.registration.domain.exhibition.state import Exhibition
from services.registration.responses.application import Outcome, Result
from services.registration.responses.printed.wording import (
    Heading,
    Named,
    exhibition_facts,
    province,
)
from services.registration.responses.telling import moment
from shared.contracts.calendar import local_date
from shared.contracts.printed_document import LabelledValue, PrintedDocument, Section
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.printing.wording import ISSUER, points

RESULTS = {
    Outcome.SELECTED: "TERPILIH",
    Outcome.RESERVE: "CADANGAN",
    Outcome.RESERVE_NOT_REACHED: "TIDAK TERPILIH (cadangan yang tidak mendapat giliran)",
    Outcome.NOT_SELECTED: "TIDAK TERPILIH",
    Outcome.GATE_NOT_PASSED: "TIDAK TERPILIH",
}
"""The results of which a letter tells."""


def letter(heading: Heading, held: Exhibition, named: Named, result: Result) -> PrintedDocument:
    """Return the words of the letter about this result."""
    return PrintedDocument(
        issuer=ISSUER,
        title="Surat Pemberitahuan Hasil Kurasi",
        about=held.name,
        number=heading.number,
        issued_on=heading.issued_on,
        addressee=(named.name, province(named.applicant)),
        sections=(
            Section(
                paragraphs=(
                    "Dengan hormat,",
                    "bersama surat ini kami memberitahukan hasil kurasi atas permohonan Saudara "
                    "untuk mengikuti pameran berikut dengan fasilitasi kementerian.",
                    *heading.replaces("Surat ini", "surat"),
                ),
                facts=(
                    *exhibition_facts(held),
                    LabelledValue(label="Nomor permohonan", value=named.applicant.application),
                ),
            ),
            _result(held, result, heading.issued_on),
        ),
        signature=heading.signature,
    )


def _result(held: Exhibition, result: Result, issued_on: date) -> Section:
    facts = [LabelledValue(label="Hasil", value=RESULTS[result.outcome])]
    if result.place is not None:
        facts.append(LabelledValue(label="Nomor daftar cadangan", value=str(result.place)))
    reasons = (*_reasons(held, result), *_passed_over(result.passed_over))
    return Section(
        heading="Hasil kurasi",
        facts=tuple(facts),
        closing=(
            *reasons,
            *_objection(held, result, issued_on),
            "Penjelasan hasil, termasuk nilai Saudara, dapat dibaca pada akun Saudara. Surat ini "
            "menyatakan keadaan pada tanggal penerbitannya; pindai kode QR untuk mengetahui "
            "apakah surat ini masih berlaku.",
            "Atas perhatian Saudara kami ucapkan terima kasih.",
        ),
    )


def _objection(held: Exhibition, result: Result, issued_on: date) -> tuple[str, ...]:
    """Return until when the applicant may object, if it still may on the day of issue."""
    until = result.objections_until
    if until is None or local_date(until, held.zone) < issued_on:
        return ()
    return (
        "Saudara dapat mengajukan sanggahan (keberatan) atas hasil ini melalui akun Saudara sampai "
        f"{moment(until, held.zone)[0]}.",
    )


def _reasons(held: Exhibition, result: Result) -> tuple[str, ...]:
    match result.outcome:
        case Outcome.SELECTED:
            return (
                "Permohonan Saudara terpilih. Tempat ditawarkan kepada Saudara begitu anggarannya "
                "tersedia; jawablah penawaran itu sebelum batas waktunya.",
            )
        case Outcome.RESERVE:
            return (
                "Permohonan Saudara memenuhi ambang batas dan berada di daftar cadangan. Tempat "
                "yang kosong diberikan menurut urutan daftar itu dan menurut kuota.",
            )
        case Outcome.RESERVE_NOT_REACHED:
            return (
                "Permohonan Saudara memenuhi ambang batas dan berada di daftar cadangan, tetapi "
                "giliran Saudara tidak tercapai sampai peserta ditetapkan.",
            )
        case Outcome.NOT_SELECTED:
            threshold = f" ({points(held.call.threshold)})" if held.call else ""
            return (
                f"Alasan: nilai permohonan Saudara di bawah ambang batas{threshold} yang "
                "ditetapkan sebelum panggilan dibuka.",
            )
        case _:
            return (
                "Alasan: menurut lebih dari separuh lembar penilaian tim kurator, permohonan "
                "Saudara tidak memenuhi satu syarat kurasi. Nilai tidak dapat menggantikannya.",
            )


def _passed_over(stop: QuotaStop | None) -> tuple[str, ...]:
    """Return the reason why the applicant was passed over, as codes say it."""
    if stop is None:
        return ()
    match stop.bound:
        case Bound.MAXIMUM:
            return (
                f"Kuota {stop.quota}, yang mencakup permohonan Saudara, sudah mencapai jumlah "
                "maksimumnya; karena itu Saudara dilewati.",
            )
        case Bound.MINIMUM:
            return (
                f"Tempat yang tersisa diperlukan untuk jumlah minimum kuota {stop.quota}; karena "
                "itu Saudara dilewati.",
            )
        case Bound.OWNER:
            return (
                "Permohonan lain dari pemilik yang sama mendapat tempat; karena itu Saudara "
                "dilewati.",
            )
        case Bound.MONEY:
            return (
                "Biaya tempat Saudara melebihi anggaran yang tersisa; karena itu Saudara dilewati.",
            )
        case Bound.TOGETHER:
            return (
                "Bersama permohonan Saudara kuota hanya dapat dipenuhi oleh calon dengan jumlah "
                "nilai yang lebih rendah; karena itu Saudara dilewati.",
            )
        case Bound.OVERRIDE:
            return (
                "Tempat diberikan kepada calon lain berdasarkan keputusan khusus pejabat yang "
                "berwenang; karena itu Saudara dilewati.",
            )
        case _:
            assert_never(stop.bound)
