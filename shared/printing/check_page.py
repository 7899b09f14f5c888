"""The page of a check: what a person reads who has scanned the QR code of a printed document.

It is plain HTML in Indonesian and English without scripts, pictures or cookies. Its style is in the
page, and the policy of its answer (`HEADERS`) admits exactly this style, by its digest. A person
who has mistyped the address, or who holds a paper that was never issued, reads what to do.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, StringConstraints

from shared.contracts.labels import Label
from shared.contracts.printed_document import INVISIBLE

WHOLE = re.compile(r"[0-9a-f]{64}")


def _as_typed(given: str) -> str:
    """Return a digest as it is compared: small letters, without blanks and invisible signs."""
    shown = (sign for sign in given if category(sign) not in INVISIBLE and not sign.isspace())
    return "".join(shown).lower()


TypedDigest = Annotated[str, StringConstraints(max_length=500), AfterValidator(_as_typed)]
"""A digest as a person types it, or copies it from a paper with invisible signs in it.

What is no whole digest is found nowhere, like an unknown one.
"""


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """A row of the page: its label, and its value, in both languages where it has words."""

    label: Label
    value: Label | str


UNKNOWN = Label(
    id="Tidak ada dokumen yang diterbitkan dengan sidik ini.",
    en="No document was issued with this digest.",
)
MISTYPED = Label(
    id="Alamat pemeriksaan ini tidak lengkap atau salah ketik.",
    en="The address of this check is incomplete or mistyped.",
)
AWAY = Label(
    id="Dokumen ini belum dapat diperiksa sekarang.",
    en="This document cannot be checked just now.",
)
WHAT_TO_DO = (
    Label(
        id="Jika Anda mengetik alamatnya: pindai kode QR pada dokumen, atau periksa kembali bagian "
        "terakhir alamat itu. Bagian itu terdiri atas 64 tanda: angka 0 sampai 9 dan huruf a "
        "sampai f.",
        en="If you typed the address: scan the QR code on the paper, or check the last part of the "
        "address again. It has 64 signs: the digits 0 to 9 and the letters a to f.",
    ),
    Label(
        id="Jika Anda memindai kode QR: jangan percaya isi dokumen itu, dan tanyakan kepada "
        "kementerian dengan menyebutkan nomornya.",
        en="If you scanned the QR code: do not trust the paper, and ask the ministry about its "
        "number.",
    ),
)
TRY_AGAIN = Label(
    id="Layanan pemeriksaan sedang tidak tersedia. Coba lagi beberapa menit lagi; sampai saat itu "
    "tidak ada yang dapat dikatakan tentang dokumen ini.",
    en="The check is not available at the moment. Try again in a few minutes; until then nothing "
    "can be said about this paper.",
)
COMPARE = Label(
    id="Bandingkan semua yang tertulis di atas dengan dokumen di tangan Anda; semuanya harus sama. "
    "Halaman ini tidak memuat nama. Jika isi dokumen meragukan, tanyakan kepada kementerian dengan "
    "menyebutkan nomornya.",
    en="Compare all of the above with the paper in your hands: it must be the same. This page "
    "shows no names. If you doubt the words of the paper, ask the ministry about its number.",
)
STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#111;"
    "background:#fff}h1{font-size:1.3rem}h1 span,dt span,dd span,.en{color:#555;font-weight:400}"
    "dl{display:grid;grid-template-columns:12rem 1fr;gap:.4rem 1rem}dd{margin:0;font-weight:700}"
    "h1,dd{overflow-wrap:anywhere}dd span{display:block}"
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
    facts = "".join(f"<dt>{_both(row.label)}</dt><dd>{_value(row.value)}</dd>" for row in rows)
    return _page(said, f"<dl>{facts}</dl>{_paragraph(COMPARE)}")


def unknown_page(typed: str) -> str:
    """Return the page about a digest that no document has, or that was not typed completely."""
    said = UNKNOWN if WHOLE.fullmatch(_as_typed(typed)) else MISTYPED
    return _page(said, "".join(_paragraph(each) for each in WHAT_TO_DO))


def away_page() -> str:
    """Return the page while documents cannot be looked up."""
    return _page(AWAY, _paragraph(TRY_AGAIN))


def _value(value: Label | str) -> str:
    return escape(value) if isinstance(value, str) else _both(value)


def _both(label: Label) -> str:
    return f'{escape(label.id)} <span lang="en">{escape(label.en)}</span>'


def _paragraph(label: Label) -> str:
    return f'<p>{escape(label.id)}</p><p class="en" lang="en">{escape(label.en)}</p>'


def _page(said: Label, content: str) -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>Pemeriksaan dokumen</title><style>{STYLE}</style></head><body><main>"
        f'<h1>{escape(said.id)}<br><span lang="en">{escape(said.en)}</span></h1>'
        f"{content}</main></body></html>"
    )
