"""The annex of the participants' decree (Lampiran SK Penetapan Peserta), as it is now.

It lists the confirmed participants in the order of the decree, without those whom a signed
amendment has taken off; the amendments are listed beside it.
"""

from collections.abc import Mapping

from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.selection_record import Decree
from services.registration.responses.printed.wording import (
    Heading,
    Named,
    applicants,
    exhibition_facts,
    indonesian_day,
    names_of,
)
from shared.contracts.printed_document import Column, LabelledValue, PrintedDocument, Section, Table
from shared.printing.wording import ISSUER

AMENDMENT_COLUMNS = (
    Column(heading="Nomor keputusan perubahan", share=3),
    Column(heading="Tanggal", share=2),
    Column(heading="Dikeluarkan dari lampiran", share=4),
)


def annex(
    heading: Heading, held: Exhibition, decree: Decree, named: Mapping[str, Named]
) -> PrintedDocument:
    """Return the words of the annex of this decree."""
    return PrintedDocument(
        issuer=ISSUER,
        title="Lampiran Keputusan Penetapan Peserta",
        about=held.name,
        number=heading.number,
        issued_on=heading.issued_on,
        sections=(
            Section(
                paragraphs=heading.replaces("Lampiran ini", "lampiran"),
                facts=(
                    LabelledValue(label="Keputusan", value=decree.number),
                    LabelledValue(
                        label="Tanggal keputusan", value=indonesian_day(decree.signed_on)
                    ),
                    *exhibition_facts(held),
                    LabelledValue(label="Jumlah peserta", value=str(len(decree.annex))),
                ),
            ),
            applicants("Daftar peserta", decree.annex, named, empty="Tidak ada peserta."),
            *_amendments(decree, named),
            Section(closing=(f"Lampiran ini memuat {len(decree.annex)} peserta.",)),
        ),
        signature=heading.signature,
    )


def _amendments(decree: Decree, named: Mapping[str, Named]) -> tuple[Section, ...]:
    if not decree.amendments:
        return ()
    rows = tuple(
        (each.number, indonesian_day(each.signed_on), names_of(each.without, named))
        for each in decree.amendments
    )
    return (
        Section(heading="Perubahan lampiran", table=Table(columns=AMENDMENT_COLUMNS, rows=rows)),
    )
