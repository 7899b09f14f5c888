"""The page of a check of an issued document, in the words of registration."""

from services.registration.domain.issued_document.state import Standing
from services.registration.responses.issued_document import CheckResponse
from shared.contracts.labels import Label
from shared.contracts.registration.issued_document import IssuedKind
from shared.printing.check_page import check_page, said_day

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
    kind = KINDS[found.document_kind]
    rows = (
        ("Jenis", "Kind", f"{kind.id} ({kind.en})"),
        ("Nomor", "Number", found.number),
        ("Pameran", "Exhibition", found.exhibition_name),
        ("Diterbitkan", "Issued", said_day(found.issued_on)),
        ("Jumlah baris tabel", "Rows of its tables", str(found.entries)),
    )
    return check_page(STANDINGS[found.standing], rows)
