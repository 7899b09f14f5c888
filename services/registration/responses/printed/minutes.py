"""The minutes of the curation (Berita Acara Kurasi): terms, numbers, both lists, and the people.

The lists are those that were approved; beside them stand the overrides of an authority and the
objections that were upheld since. Scores are not in them, because registration does not have them:
selection prints the recapitulation of scores.
"""

from collections.abc import Mapping

from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.selection_record import Approval, SelectionRecord, Terms
from services.registration.responses.printed.objections import upheld_section
from services.registration.responses.printed.people import people_section
from services.registration.responses.printed.wording import (
    Heading,
    Named,
    applicants,
    exhibition_facts,
    indonesian_day,
)
from shared.contracts.printed_document import Column, LabelledValue, PrintedDocument, Section
from shared.contracts.written_day import weekday
from shared.printing.wording import (
    ISSUER,
    money_facts,
    override_section,
    points,
    quota_section,
)

CANDIDATE = Column(heading="Nama pelaku usaha", share=4)
SCORES = "Nilai setiap calon ada dalam Rekapitulasi Nilai."
MADE = "Demikian berita acara ini dibuat dengan sebenarnya."
SIGNED = (
    "Demikian berita acara ini dibuat dengan sebenarnya dan ditandatangani oleh mereka yang "
    "disebut di atas."
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
            _opening(heading, held, approval),
            *_terms(record.terms, approval, named),
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
            override_section(approval.overrides, CANDIDATE, lambda id: named[id].name),
            upheld_section(record.upheld, named),
            *people_section(record.panel_size),
            Section(closing=(SCORES, SIGNED if record.panel_size else MADE)),
        ),
        signature=heading.signature,
    )


def _opening(heading: Heading, held: Exhibition, approval: Approval) -> Section:
    day = approval.approved_on
    return Section(
        paragraphs=(
            f"Pada hari {weekday(day).id}, tanggal {indonesian_day(day)}, hasil kurasi untuk "
            "pameran berikut telah disetujui oleh pejabat yang tidak ikut menilai dan tidak "
            "mengusulkan.",
            *heading.replaces("Berita acara ini", "berita acara"),
        ),
        facts=exhibition_facts(held),
    )


def _terms(
    terms: Terms | None, approval: Approval, named: Mapping[str, Named]
) -> tuple[Section, ...]:
    if terms is None:
        return ()
    facts = Section(
        heading="Ketentuan kurasi",
        facts=(
            LabelledValue(label="Instrumen penilaian", value=terms.rubric),
            LabelledValue(label="Nilai ambang batas", value=points(terms.threshold)),
            LabelledValue(label="Tempat", value=str(terms.places)),
            *money_facts(approval.funds, terms.places),
            LabelledValue(
                label="Lembar penilaian", value=f"sedikitnya {terms.sheets_min} setiap calon"
            ),
        ),
    )
    selected = {
        quota.code: sum(quota.counts(named[id].applicant) for id in approval.selected)
        for quota in terms.quotas
    }
    return (facts, *quota_section(terms.quotas, selected))


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
