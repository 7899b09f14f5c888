"""The page of a check: what a person reads who has scanned the QR code of a document.

It is plain HTML in Indonesian and English without scripts, pictures or cookies. Its style is in the
page, and the policy of its answer admits exactly this style by its digest.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape

from services.registration.domain.issued_document.state import Standing
from services.registration.responses.issued_document import CheckResponse
from services.registration.responses.telling import day
from shared.contracts.labels import Label
from shared.contracts.registration.issued_document import IssuedKind

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
UNKNOWN = Label(
    id="Dokumen dengan sidik ini tidak pernah diterbitkan. Jangan percaya isinya.",
    en="No document with this digest was ever issued. Do not trust it.",
)
COMPARE = Label(
    id="Bandingkan jenis, nomor, pameran, tanggal, dan jumlah baris dengan dokumen di tangan Anda; "
    "semuanya harus sama. Halaman ini tidak memuat nama. Jika isi dokumen meragukan, tanyakan "
    "kepada kementerian dengan menyebutkan nomornya.",
    en="Compare kind, number, exhibition, day and number of rows with the paper in your hands: all "
    "must be the same. This page shows no names. If you doubt the words of the paper, ask the "
    "ministry about its number.",
)
STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#111;"
    "background:#fff}h1{font-size:1.3rem}h1 span,dt span,.en{color:#555;font-weight:400}"
    "dl{display:grid;grid-template-columns:12rem 1fr;gap:.4rem 1rem}dd{margin:0;font-weight:700}"
    "@media(max-width:30rem){dl{display:block}dd{margin:0 0 .7rem}}"
)
STYLE_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def check_page(found: CheckResponse) -> str:
    """Return the page about a document that was issued."""
    kind, (indonesian, english) = KINDS[found.document_kind], day(found.issued_on)
    issued_on = f"{indonesian} ({english})"
    rows = (
        ("Jenis", "Kind", f"{kind.id} ({kind.en})"),
        ("Nomor", "Number", found.number),
        ("Pameran", "Exhibition", found.exhibition_name),
        ("Diterbitkan", "Issued", issued_on),
        ("Jumlah baris tabel", "Rows of its tables", str(found.entries)),
    )
    facts = "".join(
        f"<dt>{escape(id)} <span>{escape(en)}</span></dt><dd>{escape(value)}</dd>"
        for id, en, value in rows
    )
    return _page(STANDINGS[found.standing], f"<dl>{facts}</dl>{_paragraphs(COMPARE)}")


def unknown_page() -> str:
    """Return the page about a digest that no document has."""
    return _page(UNKNOWN, "")


def _page(said: Label, content: str) -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>Pemeriksaan dokumen</title><style>{STYLE}</style></head><body><main>"
        f'<h1>{escape(said.id)}<br><span lang="en">{escape(said.en)}</span></h1>'
        f"{content}</main></body></html>"
    )


def _paragraphs(said: Label) -> str:
    return f'<p>{escape(said.id)}</p><p class="en" lang="en">{escape(said.en)}</p>'
