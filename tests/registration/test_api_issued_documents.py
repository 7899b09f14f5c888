"""Issued documents on real servers: issue, print, check without a token, supersede, revoke."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from shared.contracts.selection.round_seats import AmendmentRecorded, AnnexAmended
from shared.contracts.written_day import whole_day
from tests.printing.examples import words_of
from tests.registration.examples import CLOSES_AT, EXHIBITION, EXHIBITION_FIELDS
from tests.registration.issued_documents import PANEL, lost, promoted, upheld
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    EXHIBITION_PATH,
    PLANNER,
    PROFILE,
    VERIFIER,
    Registry,
    approved,
    place,
)
from tests.registration.test_api_results import selected
from tests.serving import code

DOCUMENTS = f"{EXHIBITION_PATH}/issued-documents"
POSITION = {"position": "Deputi Bidang Produksi dan Pemasaran"}
MINUTES = {"document_kind": "SELECTION_MINUTES", "number": "BA-1/2018", **POSITION}
ANNEX = {"document_kind": "DECREE_ANNEX", "number": "SK-12/2018", **POSITION}
REVOCATION = {"code": "mistyped", "reason": "as Ibu Rahasia wrote"}
SELECTORS = ("selection-officer", "approver")
BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def letters_to(enterprise: str) -> str:
    """Return the path of the letters to this applicant."""
    return f"{place(enterprise)}/issued-documents"


def letter(number: str = "B-1/2018") -> dict[str, str]:
    """Return the command of a letter."""
    return {"number": number, **POSITION}


async def check(registry: Registry, digest: str, accept: str = "*/*") -> httpx.Response:
    """Check a digest as anybody, without a token."""
    return await registry.api.client.get(f"/document-checks/{digest}", headers={"accept": accept})


async def shown(registry: Registry, document: str) -> dict[str, Any]:
    """Return a document as an auditor reads it."""
    return await registry.gets(f"/issued-documents/{document}")


async def printed(
    registry: Registry, document: str, role: str = AUDITOR, enterprise: str | None = None
) -> httpx.Response:
    """Download a document."""
    path = f"/issued-documents/{document}/file"
    return await registry.api.query(role, path, enterprise=enterprise)


async def test_a_letter_is_issued_printed_and_checked_by_anybody(registry: Registry) -> None:
    own, other, below = await selected(registry, 3)
    issued = await registry.sends(PLANNER, letters_to(own), letter())
    assert issued.status_code == 201, issued.text
    document = issued.json()["id"]
    assert issued.headers["location"] == f"../../issued-documents/{document}"
    found = await shown(registry, document)
    assert (found["number"], found["standing"], found["enterprise"]) == ("B-1/2018", "CURRENT", own)
    assert found["check_url"] == f"https://gelar.example/document-checks/{found['digest']}"

    file = await printed(registry, document, APPLICANT, own)
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == f'attachment; filename="{document}.pdf"'
    (words,) = words_of(file.content)
    assert "Kepada Yth. Batik Fiktif 0 DKI Jakarta" in words
    assert "Hasil : TERPILIH" in words
    assert "Nomor: B-1/2018" in words
    assert (await printed(registry, document)).content == file.content, "the same bytes"

    answer = await check(registry, found["digest"])
    assert answer.json() == {
        "document_kind": "DECISION_LETTER",
        "number": "B-1/2018",
        "exhibition": EXHIBITION,
        "exhibition_name": "Inacraft 2018",
        "issued_on": found["issued_on"],
        "entries": 0,
        "standing": "CURRENT",
        "revoked_because": None,
    }
    for enterprise in (other, below):
        assert code(await printed(registry, document, APPLICANT, enterprise)) == (404, "not-found")
    letters = await registry.gets(f"/enterprises/{own}/letters", APPLICANT, enterprise=own)
    assert [each["id"] for each in letters["items"]] == [document]
    foreign = await registry.api.query(APPLICANT, f"/enterprises/{own}/letters", enterprise=other)
    assert code(foreign) == (403, "another-enterprise")


async def test_the_page_of_a_check_has_no_names_and_no_scripts(registry: Registry) -> None:
    own, *_ = await selected(registry, 3)
    document = await registry.done(PLANNER, letters_to(own), letter())
    found = await shown(registry, document)
    page = await check(registry, found["digest"], BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
    assert "masih berlaku" in page.text
    assert "it is current" in page.text
    day = whole_day(date.fromisoformat(found["issued_on"]))
    assert f'{day.id} <span lang="en">{day.en}</span>' in page.text
    assert "B-1/2018" in page.text
    assert all(word not in page.text for word in ("Batik Fiktif", own, "<script", "TERPILIH"))
    unknown = await check(registry, "0" * 64, BROWSER)
    assert unknown.status_code == 404
    assert "Tidak ada dokumen yang diterbitkan" in unknown.text
    mistyped = await check(registry, "made-up", BROWSER)
    assert (mistyped.status_code, "salah ketik" in mistyped.text) == (404, True)
    assert code(await check(registry, "0" * 64)) == (404, "not-found")
    assert code(await check(registry, "made-up")) == (404, "not-found")
    digest = (await shown(registry, document))["digest"]
    as_typed = f" {digest[:30].upper()}\u200b {digest[30:]}%0A"
    assert (await check(registry, as_typed)).json()["number"] == "B-1/2018"


async def test_a_changed_result_outdates_a_letter_and_a_new_one_supersedes_it(
    registry: Registry,
) -> None:
    own, reserve, _ = await selected(registry, 3)
    first = await shown(registry, await registry.done(PLANNER, letters_to(reserve), letter()))

    async def standing() -> str:
        answer: str = (await check(registry, first["digest"])).json()["standing"]
        return answer

    await registry.offered(reserve, CLOSES_AT + timedelta(days=3))
    assert await standing() == "OUTDATED"
    taken = await registry.sends(PLANNER, letters_to(reserve), letter())
    assert code(taken) == (409, "document-number-taken")
    again = await registry.done(PLANNER, letters_to(reserve), letter("B-2/2018"))
    assert await standing() == "SUPERSEDED"
    await registry.done(PLANNER, f"/issued-documents/{again}/revocation", REVOCATION)
    assert await standing() == "OUTDATED", "the later one is revoked"
    revoked = (await check(registry, (await shown(registry, again))["digest"])).json()
    assert (revoked["standing"], revoked["revoked_because"]) == ("REVOKED", "mistyped")
    # The number of a revoked document may be given again.
    third = await registry.done(PLANNER, letters_to(own), letter("B-2/2018"))
    assert (await shown(registry, third))["standing"] == "CURRENT"
    (listed,) = (
        each
        for each in (await registry.gets(f"{DOCUMENTS}?sort=-issued_at", PLANNER))["items"]
        if each["id"] == again
    )
    assert listed["reason"] == REVOCATION["reason"]


async def test_minutes_and_annex_are_printed_with_all_names(registry: Registry) -> None:
    own, reserve, _ = await selected(registry, 3)
    await registry.receives(EXHIBITION, PANEL)
    early = await registry.sends(PLANNER, DOCUMENTS, ANNEX)
    assert code(early) == (409, "participants-not-decreed")
    minutes = await registry.done(PLANNER, DOCUMENTS, MINUTES)
    words = " ".join(words_of((await printed(registry, minutes)).content))
    assert "BERITA ACARA KURASI" in words
    assert "1 Batik Fiktif 0 DKI Jakarta KBLI 14" in words
    assert "1 Batik Fiktif 1 DKI Jakarta KBLI 14" in words
    assert "Batik Fiktif 2" not in words, "below the threshold: counted, not named"

    await registry.offered(own, CLOSES_AT + timedelta(days=3))
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed((own, reserve))
    annex = await registry.done(PLANNER, DOCUMENTS, ANNEX)
    (words,) = words_of((await printed(registry, annex)).content)
    assert "Lampiran ini memuat 2 peserta." in words
    digest = (await shown(registry, annex))["digest"]
    assert (await check(registry, digest)).json()["entries"] == 2

    lost = f"{EXHIBITION}.{reserve}"
    await registry.receives(EXHIBITION, AnnexAmended(without=lost, **EXHIBITION_FIELDS))
    assert (await check(registry, digest)).json()["standing"] == "OUTDATED"
    assert code(await registry.sends(PLANNER, DOCUMENTS, ANNEX)) == (409, "amendment-unsigned")
    signed = AmendmentRecorded(
        number="SK-15/2018", signed_on=CLOSES_AT.date(), without=(lost,), **EXHIBITION_FIELDS
    )
    await registry.receives(EXHIBITION, signed)
    amended = await registry.done(PLANNER, DOCUMENTS, {**ANNEX, "number": "SK-15/2018"})
    (words,) = words_of((await printed(registry, amended)).content)
    assert "Lampiran ini memuat 1 peserta." in words
    assert "SK-15/2018" in words
    assert (await check(registry, digest)).json()["standing"] == "SUPERSEDED"


async def test_an_upheld_objection_outdates_the_minutes_and_the_next_ones_name_them(
    registry: Registry,
) -> None:
    own, _, below = await selected(registry, 3)
    first = await shown(registry, await registry.done(PLANNER, DOCUMENTS, MINUTES))
    application = {"application": f"{EXHIBITION}.{below}"}
    objection = upheld(1).model_copy(update=application)
    displaced = lost(1).model_copy(update={"application": f"{EXHIBITION}.{own}"})
    await registry.receives(EXHIBITION, objection, displaced)
    await registry.receives(EXHIBITION, promoted(1).model_copy(update=application))
    assert (await check(registry, first["digest"])).json()["standing"] == "OUTDATED"
    again = await registry.done(PLANNER, DOCUMENTS, {**MINUTES, "number": "BA-2/2018"})
    words = " ".join(words_of((await printed(registry, again)).content))
    assert "menggantikan berita acara nomor BA-1/2018 tanggal" in words
    assert "1 Batik Fiktif 0 DKI Jakarta" in words, "the lists are those that were approved"
    assert "Batik Fiktif 2 nilai S-4/2018" in words
    assert "semula diberikan kepada Batik Fiktif 0" in words
    assert (await check(registry, first["digest"])).json()["standing"] == "SUPERSEDED"
    assert (await shown(registry, again))["standing"] == "CURRENT"


async def test_those_who_select_read_minutes_and_no_letters(registry: Registry) -> None:
    own, *_ = await selected(registry, 3)
    told = await registry.done(PLANNER, letters_to(own), letter())
    minutes = await registry.done(PLANNER, DOCUMENTS, MINUTES)
    for role in SELECTORS:
        assert (await printed(registry, minutes, role)).status_code == 200
        assert code(await printed(registry, told, role)) == (403, "names-not-open")
        listed = (await registry.gets(DOCUMENTS, role))["items"]
        assert [each["id"] for each in listed] == [minutes]
    for role in (PLANNER, VERIFIER, "reporting-officer", AUDITOR):
        assert (await printed(registry, told, role)).status_code == 200
    for role in ("curator", "budget-officer", "ministry-system", "operator"):
        assert code(await printed(registry, minutes, role)) == (403, "role-missing")
    assert code(await printed(registry, minutes, APPLICANT, own)) == (404, "not-found")


async def test_twenty_retries_issue_one_document(registry: Registry) -> None:
    own, reserve, _ = await selected(registry, 3)
    answers = await asyncio.gather(
        *(registry.sends(PLANNER, letters_to(own), letter(), key="k") for _ in range(20))
    )
    assert {(each.status_code, each.text) for each in answers} == {(201, answers[0].text)}
    assert len((await registry.gets(DOCUMENTS))["items"]) == 1
    # The same key for another applicant is another letter.
    taken = await registry.sends(PLANNER, letters_to(reserve), letter(), key="k")
    assert code(taken) == (409, "document-number-taken")
    second = await registry.sends(PLANNER, letters_to(reserve), letter("B-2/2018"), key="k")
    assert second.status_code == 201
    assert second.json()["id"] != answers[0].json()["id"]


async def test_one_number_is_of_one_document_also_in_one_instant(registry: Registry) -> None:
    own, reserve, below = await selected(registry, 3)
    answers = await asyncio.gather(
        *(registry.sends(PLANNER, letters_to(each), letter()) for each in (own, reserve, below))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409]


async def test_topics_carry_no_word_of_a_document(registry: Registry) -> None:
    own, *_ = await selected(registry, 3)
    document = await registry.done(PLANNER, letters_to(own), letter())
    await registry.done(PLANNER, f"/issued-documents/{document}/revocation", REVOCATION)
    published = await registry.published()
    assert any("document-issued" in message for message in published)
    hidden = ("TERPILIH", "Batik Fiktif", "Deputi Bidang", "Rahasia", "salt")
    assert all(word not in message for message in published for word in hidden)


async def test_unknown_applicants_and_documents_are_named(registry: Registry) -> None:
    await selected(registry, 1)
    unknown = await registry.sends(PLANNER, letters_to("e-9"), letter())
    assert code(unknown) == (404, "not-found")
    for path in ("/issued-documents/d-9", "/issued-documents/d-9/file"):
        assert code(await registry.api.query(AUDITOR, path)) == (404, "not-found")
    absent = await registry.sends(PLANNER, "/issued-documents/d-9/revocation", REVOCATION)
    assert code(absent) == (404, "not-found")
    addressed = await registry.sends(PLANNER, DOCUMENTS, {**MINUTES, "enterprise": "e-1"})
    assert code(addressed) == (422, "malformed-request")


@pytest.mark.parametrize("name", ['#read("/etc/passwd") [x] $1$', "\u202eBatik \\u{7} *A*"])
async def test_a_hostile_name_is_printed_as_it_is(registry: Registry, name: str) -> None:
    await registry.calling()
    own = await registry.eligible(0)
    headers = {"if-match": "*"}
    revised = await registry.sends(
        VERIFIER,
        f"/enterprises/{own}/profile",
        {**PROFILE, "name": name},
        method="PUT",
        headers=headers,
    )
    assert revised.is_success, revised.text
    await registry.verified()
    await registry.receives(EXHIBITION, approved([own]))
    document = await registry.done(PLANNER, letters_to(own), letter())
    (words,) = words_of((await printed(registry, document)).content)
    assert f"Kepada Yth. {name.replace(chr(0x202E), '')} DKI Jakarta" in words
