"""The minutes of the curation (Berita Acara Kurasi): terms, numbers, and both approved lists.

Scores are not in them, because registration does not have them: selection prints the recapitulation
of scores. No topic carries the names of people: the curators write theirs beside their signatures,
and those who closed, proposed and approved are in the history of the round.
"""

from collections.abc import Iterator, Mapping

from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.selection_record import Approval, SelectionRecord, Terms
from services.registration.responses.printed.wording import (
    ISSUER,
    Heading,
    Named,
    applicants,
    exhibition_facts,
    indonesian_day,
    names_of,
    points,
)
from shared.contracts.printed_document import Column, LabelledValue, PrintedDocument, Section, Table
from shared.contracts.provinces import NAMES
from shared.contracts.registration.quota import (
    CooperativeGroup,
    FirstTimerGroup,
    ProvinceGroup,
    Quota,
    SectorGroup,
)
from shared.contracts.selection.approval import Override
from shared.contracts.selection.override_names import AUTHORITIES, CODES, EFFECTS

QUOTA_COLUMNS = (
    Column(heading="Kuota", share=2),
    Column(heading="Kelompok", share=5),
    Column(heading="Paling sedikit", numbers=True),
    Column(heading="Paling banyak", numbers=True),
)
OVERRIDE_COLUMNS = (
    Column(heading="Nama pelaku usaha", share=4),
    Column(heading="Akibat", share=3),
    Column(heading="Pejabat dan alasan", share=4),
    Column(heading="Dokumen", share=3),
)
UPHELD_COLUMNS = (
    Column(heading="Nama pelaku usaha", share=4),
    Column(heading="Dokumen", share=3),
)
PANEL_COLUMNS = (
    Column(heading="No.", numbers=True),
    Column(heading="Nama kurator", share=5),
    Column(heading="Tanda tangan", share=4),
)
CLOSING = (
    "Nilai setiap calon ada dalam Rekapitulasi Nilai. Petugas yang menutup penilaian, mengusulkan, "
    "dan menyetujui tercatat dalam riwayat kurasi dan dapat dibaca oleh pemeriksa.",
    "Demikian berita acara ini dibuat dengan sebenarnya.",
)


def named_in(record: SelectionRecord) -> tuple[str, ...]:
    """Return the applications that the minutes of an approved selection name, each once."""
    approval = record.approval
    assert approval is not None, "minutes are of an approved selection"
    overridden = (each.application for each in approval.overrides)
    upheld = (each.application for each in record.upheld)
    return tuple(dict.fromkeys((*approval.selected, *approval.reserve, *overridden, *upheld)))


def minutes(
    heading: Heading, held: Exhibition, record: SelectionRecord, named: Mapping[str, Named]
) -> PrintedDocument:
    """Return the words of the minutes of an approved selection."""
    approval = record.approval
    assert approval is not None, "minutes are of an approved selection"
    return PrintedDocument(
        issuer=ISSUER,
        title="Berita Acara Kurasi",
        about=held.name,
        number=heading.number,
        issued_on=heading.issued_on,
        sections=(
            _opening(held, approval),
            *_terms(record.terms, approval.paid),
            _course(record, approval),
            *_overrides(approval, named),
            applicants(
                "Daftar terpilih menurut peringkat",
                approval.selected,
                named,
                empty="Tidak ada calon yang terpilih.",
            ),
            applicants(
                "Daftar cadangan menurut urutan",
                approval.reserve,
                named,
                empty="Tidak ada cadangan.",
            ),
            *_upheld(record, named),
            _panel(record),
            Section(closing=CLOSING),
        ),
        signature=heading.signature,
    )


def _opening(held: Exhibition, approval: Approval) -> Section:
    return Section(
        paragraphs=(
            f"Pada tanggal {indonesian_day(approval.approved_on)} hasil kurasi untuk pameran "
            "berikut telah disetujui oleh pejabat yang tidak ikut menilai dan tidak mengusulkan.",
        ),
        facts=exhibition_facts(held),
    )


def _terms(terms: Terms | None, paid: int | None) -> tuple[Section, ...]:
    if terms is None:
        return ()
    facts = Section(
        heading="Ketentuan kurasi",
        facts=(
            LabelledValue(label="Instrumen penilaian", value=terms.rubric),
            LabelledValue(label="Nilai ambang batas", value=points(terms.threshold)),
            LabelledValue(label="Tempat", value=_places(terms, paid)),
            LabelledValue(
                label="Lembar penilaian", value=f"sedikitnya {terms.sheets_min} setiap calon"
            ),
        ),
    )
    if not terms.quotas:
        return (facts,)
    rows = tuple(_quota(each) for each in terms.quotas)
    return (facts, Section(heading="Kuota", table=Table(columns=QUOTA_COLUMNS, rows=rows)))


def _places(terms: Terms, paid: int | None) -> str:
    if paid is None or paid >= terms.places:
        return str(terms.places)
    return f"{terms.places}; dana yang tersedia cukup untuk {paid}"


def _quota(quota: Quota) -> tuple[str, str, str, str]:
    maximum = "-" if quota.maximum is None else str(quota.maximum)
    return quota.code, _group(quota), str(quota.minimum), maximum


def _group(quota: Quota) -> str:
    group = quota.group
    match group:
        case SectorGroup():
            return f"sektor KBLI {', '.join(group.sectors)}"
        case ProvinceGroup():
            return f"provinsi {', '.join(NAMES[each.iso] for each in group.provinces)}"
        case FirstTimerGroup():
            return "belum pernah difasilitasi"
        case CooperativeGroup():
            return "koperasi"


def _course(record: SelectionRecord, approval: Approval) -> Section:
    return Section(
        heading="Pelaksanaan dan hasil",
        facts=(
            LabelledValue(label="Tim kurator", value=f"{record.panel_size} orang"),
            LabelledValue(label="Penutupan penilaian", value=f"{record.closings} kali"),
            LabelledValue(label="Calon yang dinilai", value=str(approval.remaining)),
            LabelledValue(label="Terpilih", value=str(len(approval.selected))),
            LabelledValue(label="Cadangan", value=str(len(approval.reserve))),
            LabelledValue(label="Di bawah ambang batas", value=str(approval.below)),
            LabelledValue(label="Tidak memenuhi syarat", value=str(len(approval.not_passed))),
            LabelledValue(label="Tanggal persetujuan", value=indonesian_day(approval.approved_on)),
        ),
    )


def _overrides(approval: Approval, named: Mapping[str, Named]) -> Iterator[Section]:
    """Yield the overrides of an authority, which are always shown."""
    if approval.overrides:
        rows = tuple(_override(each, named) for each in approval.overrides)
        table = Table(columns=OVERRIDE_COLUMNS, rows=rows)
        yield Section(heading="Keputusan khusus pejabat yang berwenang", table=table)


def _override(override: Override, named: Mapping[str, Named]) -> tuple[str, ...]:
    document = override.document
    return (
        names_of([override.application], named),
        EFFECTS[override.effect],
        f"{AUTHORITIES[override.authority]}: {CODES[override.code]}",
        f"{document.number} tanggal {indonesian_day(document.signed_on)}",
    )


def _upheld(record: SelectionRecord, named: Mapping[str, Named]) -> Iterator[Section]:
    """Yield the objections that were upheld since the approval: the lists are those of then."""
    if record.upheld:
        rows = tuple(
            (
                names_of([each.application], named),
                f"{each.number} tanggal {indonesian_day(each.signed_on)}",
            )
            for each in record.upheld
        )
        yield Section(
            heading="Sanggahan yang diterima sesudah persetujuan",
            paragraphs=(
                "Kedua daftar di atas adalah daftar saat disetujui. Sesudah itu sanggahan berikut "
                "diterima, dan pelaku usahanya menempati urutan pertama untuk mendapat tempat.",
            ),
            table=Table(columns=UPHELD_COLUMNS, rows=rows),
        )


def _panel(record: SelectionRecord) -> Section:
    """Return a line for each curator: the names of people are in no topic, so they are written."""
    rows = tuple((str(number), "", "") for number in range(1, record.panel_size + 1))
    return Section(
        heading="Tim kurator", table=Table(columns=PANEL_COLUMNS, rows=rows, empty="Belum ada.")
    )
