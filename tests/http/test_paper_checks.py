"""The check of a printed paper: a browser always gets a page, a program always JSON."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import pytest
from fastapi import Request, Response

from shared.contracts.labels import Label
from shared.http import checked_paper, create_app, paper_checks
from shared.kernel.errors import NotFound
from shared.printing.check_page import CheckRow, TypedDigest, check_page
from shared.settings import Settings
from shared.store import StoreUnavailable
from tests.http.example import ExampleService, client_of, lifespan
from tests.serving import code

router = paper_checks("paper")
DIGEST = "0a1b2c3d" * 8
AWAY = "b" * 64
BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@dataclass(frozen=True)
class Paper:
    """The only paper that was issued."""

    number: str = "BA-1 <b>"


@router.get("/papers/{digest:path}", response_model=Paper)
async def check(digest: TypedDigest, request: Request) -> Response:
    if digest == AWAY:
        raise StoreUnavailable("no primary")
    if digest != DIGEST:
        raise NotFound("paper", "with this digest")
    said = Label(id="Dokumen ini berlaku.", en="This document is current.")
    rows = (CheckRow(label=Label(id="Nomor", en="Number"), value=Paper().number),)
    return checked_paper(request, Paper(), lambda: check_page(said, rows))


@pytest.fixture
async def papers(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(ExampleService(), (router,), settings, lifespan=lifespan)
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize(
    "typed",
    [
        DIGEST,
        DIGEST.upper(),
        f" {DIGEST}\n",
        "\u200b".join((DIGEST[:12], DIGEST[12:24], DIGEST[24:])),
        f"\ufeff{DIGEST[:30]} {DIGEST[30:]}\u2060",
    ],
)
async def test_a_digest_is_found_as_a_person_types_or_copies_it(
    papers: httpx.AsyncClient, typed: str
) -> None:
    path = f"/papers/{quote(typed)}"
    assert (await papers.get(path)).json() == {"number": "BA-1 <b>"}
    page = await papers.get(path, headers=BROWSER)
    assert page.status_code == 200
    assert "BA-1 &lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("c" * 64, 404, "Tidak ada dokumen yang diterbitkan dengan sidik ini."),
        (DIGEST[:-1], 404, "salah ketik"),
        (f"{DIGEST}0", 404, "salah ketik"),
        (f"{DIGEST[:-1]}g", 404, "salah ketik"),
        ("", 404, "salah ketik"),
        (f"{DIGEST}/", 404, "salah ketik"),
        ("<script>alert(1)</script>", 404, "salah ketik"),
        ("x" * 501, 404, "salah ketik"),
        (AWAY, 503, "Coba lagi beberapa menit lagi"),
    ],
)
async def test_a_browser_gets_a_page_that_says_what_to_do(
    papers: httpx.AsyncClient, typed: str, status: int, said: str
) -> None:
    page = await papers.get(f"/papers/{quote(typed)}", headers=BROWSER)
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
    assert page.headers["cache-control"] == "no-store"
    assert said in page.text
    assert '<span lang="en">' in page.text, "it says so in both languages"
    assert "<script" not in page.text
    advice = "pindai kode QR" if status == 404 else "tidak tersedia"
    assert advice in page.text


async def test_a_program_gets_the_stable_codes(papers: httpx.AsyncClient) -> None:
    assert code(await papers.get(f"/papers/{'c' * 64}")) == (404, "not-found")
    assert code(await papers.get(f"/papers/{AWAY}")) == (503, "database-unavailable")
    assert code(await papers.get(f"/papers/{DIGEST[:-1]}")) == (404, "not-found")
    assert code(await papers.get(f"/papers/{'x' * 501}")) == (422, "malformed-request")
    unknown = await papers.get(f"/papers/{DIGEST}", params={"fbclid": "x"})
    assert code(unknown) == (422, "malformed-request")


async def test_a_parameter_that_a_messenger_adds_keeps_no_person_from_the_page(
    papers: httpx.AsyncClient,
) -> None:
    page = await papers.get(f"/papers/{DIGEST}", params={"fbclid": "x"}, headers=BROWSER)
    assert page.status_code == 200
