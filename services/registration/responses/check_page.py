"""The page of a check of an issued document, in the words of registration."""

from services.registration.domain.issued_document.state import Standing
from services.registration.responses.issued_document import CheckResponse
from shared.contracts.labels import Label
from shared.contracts.registration.issued_document import IssuedKind
from shared.contracts.written_day import whole_day
from shared.printing.check_page import CheckRow, check_page

KINDS = {
    IssuedKind.DECISION_LETTER: Label(
        id="Surat Pemberitahuan Hasil Kurasi", en="Letter about the result of the selection"
    ),
    IssuedKind.SELECTION_MINUTES: Label(id="Berita Acara Kurasi", en="Minutes of the selection"),
    IssuedKind.DECREE_ANNEX: Label(
        id="Lampiran Keputusan Penetapan Peserta", en="Annex of the participants' decree"
    ),
}
STANDINGS = {
    Standing.CURRENT: Label(
        id="Dokumen ini diterbitkan oleh kementerian dan masih berlaku.",
        en="The ministry has issued this document, and it is current.",
    ),
    Standing.SUPERSEDED: Label(
        id="Dokumen ini pernah diterbitkan, tetapi sudah diganti dengan dokumen yang lebih baru.",
        en="This document was issued, but a newer one has taken its place.",
    ),
    Standing.OUTDATED: Label(
        id="Dokumen ini diterbitkan oleh kementerian, tetapi keadaan yang dinyatakannya sudah "
        "berubah.",
        en="The ministry has issued this document, but what it states has changed since.",
    ),
    Standing.REVOKED: Label(
        id="Dokumen ini sudah dicabut dan tidak berlaku.",
        en="This document is revoked: it holds no more.",
    ),
}


def issued_document_page(found: CheckResponse) -> str:
    """Return the page about a document that was issued."""
    rows = (
        CheckRow(label=Label(id="Jenis", en="Kind"), value=KINDS[found.document_kind]),
        CheckRow(label=Label(id="Nomor", en="Number"), value=found.number),
        CheckRow(label=Label(id="Pameran", en="Exhibition"), value=found.exhibition_name),
        CheckRow(label=Label(id="Diterbitkan", en="Issued"), value=whole_day(found.issued_on)),
        CheckRow(
            label=Label(id="Jumlah baris tabel", en="Rows of its tables"), value=str(found.entries)
        ),
    )
    return check_page(STANDINGS[found.standing], rows)
