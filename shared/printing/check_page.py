"""The page of a check: what a person reads who has scanned the QR code of a printed document.

It is plain HTML in Indonesian and English without scripts, pictures or cookies. Its style is in the
page, and the policy of its answer (`HEADERS`) admits exactly this style, by its digest.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from html import escape
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contracts.labels import Label


def _as_typed(text: str) -> str:
    """Return a digest without the blanks, invisible signs and capitals of one typed from paper."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace()).lower()


TypedDigest = Annotated[str, StringConstraints(max_length=500), AfterValidator(_as_typed)]
"""A digest as a person types or copies it: whatever it is, the answer is no error of a machine."""
CheckRow = tuple[str, str, str]
"""The label of a row in Indonesian and in English, and its value."""

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)
UNKNOWN = Label(
    id="Dokumen dengan sidik ini tidak pernah diterbitkan. Jangan percaya isinya.",
    en="No document with this digest was ever issued. Do not trust it.",
)
MISTYPED = Label(
    id="Alamat ini tidak lengkap: sidik dokumen terdiri atas 64 angka dan huruf a sampai f. "
    "Periksa kembali, atau pindai lagi kode QR.",
    en="This address is not complete: the digest of a document has 64 digits and letters from a "
    "to f. Check it, or scan the QR code again.",
)
DIGEST = re.compile(r"[0-9a-f]{64}")
COMPARE = Label(
    id="Bandingkan semua yang tertulis di atas dengan dokumen di tangan Anda; semuanya harus sama. "
    "Halaman ini tidak memuat nama. Jika isi dokumen meragukan, tanyakan kepada kementerian dengan "
    "menyebutkan nomornya.",
    en="Compare all of the above with the paper in your hands: it must be the same. This page "
    "shows no names. If you doubt the words of the paper, ask the ministry about its number.",
)
STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#111;"
    "background:#fff}h1{font-size:1.3rem}h1 span,dt span,.en{color:#555;font-weight:400}"
    "dl{display:grid;grid-template-columns:12rem 1fr;gap:.4rem 1rem}dd{margin:0;font-weight:700;"
    "overflow-wrap:anywhere}"
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


def check_page(said: Label, rows: Sequence[CheckRow]) -> str:
    """Return the page about a document that was issued: how it stands, and what it is."""
    facts = "".join(
        f'<dt>{escape(id)} <span lang="en">{escape(en)}</span></dt><dd>{escape(value)}</dd>'
        for id, en, value in rows
    )
    compare = f'<p>{escape(COMPARE.id)}</p><p class="en" lang="en">{escape(COMPARE.en)}</p>'
    return _page(said, f"<dl>{facts}</dl>{compare}")


def unknown_page(digest: str) -> str:
    """Return the page about a digest that no document has, or that was not typed completely."""
    return _page(UNKNOWN if DIGEST.fullmatch(digest) else MISTYPED, "")


def day_in_words(at: date) -> str:
    """Return a day as people write it in Indonesian: `1 Maret 2018`."""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def said_day(at: date) -> str:
    """Return a day in both languages: `1 Maret 2018 (1 March 2018)`."""
    return f"{day_in_words(at)} ({at.day} {at:%B %Y})"


def _page(said: Label, content: str) -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>Pemeriksaan dokumen</title><style>{STYLE}</style></head><body><main>"
        f'<h1>{escape(said.id)}<br><span lang="en">{escape(said.en)}</span></h1>'
        f"{content}</main></body></html>"
    )
