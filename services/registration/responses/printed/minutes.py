"""The minutes of the curation (Berita Acara Kurasi): terms, numbers, and both approved lists.

Scores are not in them, because registration does not have them: selection prints the recapitulation
of scores. The people who closed, proposed and approved are in the history of the round.
"""

from collections.abc import Mapping

from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.selection_record import Approval, SelectionRecord, Terms
from services.registration.responses.printed.wording import (
    ISSUER,
    Heading,
    Named,
    applicants,
    exhibition_facts,
    indonesian_day,
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

QUOTA_COLUMNS = (
    Column(heading="Kuota", share=2),
    Column(heading="Kelompok", share=5),
    Column(heading="Paling sedikit", numbers=True),
    Column(heading="Paling banyak", numbers=True),
)
CLOSING = (
    "Nilai setiap calon ada dalam Rekapitulasi Nilai. Petugas yang menutup penilaian, mengusulkan, "
    "dan menyetujui tercatat dalam riwayat kurasi dan dapat dibaca oleh pemeriksa.",
    "Demikian berita acara ini dibuat dengan sebenarnya.",
)


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
            *_terms(record.terms),
            _course(record, approval),
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


def _terms(terms: Terms | None) -> tuple[Section, ...]:
    if terms is None:
        return ()
    facts = Section(
        heading="Ketentuan kurasi",
        facts=(
            LabelledValue(label="Instrumen penilaian", value=terms.rubric),
            LabelledValue(label="Nilai ambang batas", value=points(terms.threshold)),
            LabelledValue(label="Tempat", value=str(terms.places)),
            LabelledValue(
                label="Lembar penilaian", value=f"sedikitnya {terms.sheets_min} setiap calon"
            ),
        ),
    )
    if not terms.quotas:
        return (facts,)
    rows = tuple(_quota(each) for each in terms.quotas)
    return (facts, Section(heading="Kuota", table=Table(columns=QUOTA_COLUMNS, rows=rows)))


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
