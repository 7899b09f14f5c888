"""The routes of the enterprise on real servers: its numbers, and the fields that readers see."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    CALL,
    EXHIBITION_PATH,
    LICENCE,
    PLANNER,
    VERIFIER,
    Registry,
    form,
    numbers,
)
from tests.serving import code

ENTERPRISES = "/enterprises"
COOPERATIVE: dict[str, Any] = {
    **form(9),
    "cooperative": True,
    "identifiers": {"npwp": numbers(9)["npwp"], "nik_koperasi": "3171.020.010/001"},
}
SECRETS = ("Ibu Rahasia", "Batik Fiktif", "IUMK-SECRET")


async def test_an_enterprise_registers_itself_and_files_its_documents(registry: Registry) -> None:
    answer = await registry.sends(APPLICANT, ENTERPRISES, form(0), key="k")
    assert answer.status_code == 201
    own = answer.json()["id"]
    path = f"{ENTERPRISES}/{own}"
    filed = await registry.sends(APPLICANT, f"{path}/documents", LICENCE, enterprise=own)
    event = "id.go.kukm.registration.document-filed.v1"
    document = filed.json()["id"]
    assert filed.json() == {"id": document, "version": 1, "events": [event]}
    filing = {
        **LICENCE,
        **{"id": document, "version": 1, "enterprise": own, "status": "FILED"},
        **{"expires_on": None, "replaces": None, "has_file": False, "sha256": ""},
        **{"revoked_because": None, "words": "", "same_file": None},
    }
    hidden = {**filing, **dict.fromkeys(("number", "sha256", "words"))}
    for role, enterprise in ((APPLICANT, own), (VERIFIER, None), (AUDITOR, None)):
        response = await registry.gets(path, role, enterprise=enterprise)
        assert (response["name"], response["representative"]) == ("Batik Fiktif 0", "Ibu Rahasia")
        assert "identifiers" not in response
        listed = await registry.gets(f"{path}/documents", role, enterprise=enterprise)
        assert listed["items"] == [filing]
    for role, name in (
        ("programme-officer", "Batik Fiktif 0"),
        ("reporting-officer", "Batik Fiktif 0"),
        ("ministry-system", None),
        ("selection-officer", None),
        ("approver", None),
    ):
        response = await registry.gets(path, role)
        assert (response["name"], response["representative"]) == (name, None)
        assert (await registry.gets(f"{path}/documents", role))["items"] == [hidden]
    etag = (await registry.api.query(AUDITOR, path)).headers["etag"]
    assert etag.startswith('"1-')
    assert await registry.done(VERIFIER, ENTERPRISES, COOPERATIVE) != own


async def test_a_refused_request_of_an_enterprise_stores_nothing(registry: Registry) -> None:
    own, other = await registry.registered(0), await registry.registered(1)
    stored = await registry.stored()
    path = f"{ENTERPRISES}/{own}"
    assert code(await registry.sends(APPLICANT, ENTERPRISES, form(2), enterprise=own)) == (
        403,
        "already-an-enterprise",
    )
    for stranger, refusal in ((other, "another-enterprise"), (None, "token-without-enterprise")):
        filed = await registry.sends(APPLICANT, f"{path}/documents", LICENCE, enterprise=stranger)
        read = await registry.api.query(APPLICANT, path, enterprise=stranger)
        assert code(filed) == code(read) == (403, refusal)
    unasked = await registry.api.query("curator", path)
    assert code(unasked) == (403, "role-missing")
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("", {**form(2), "cooperative": True}, "wrong-identifiers"),
        ("", {**form(2), "identifiers": {"npwp": numbers(2)["npwp"]}}, "wrong-identifiers"),
        (f"/{own}/documents", {**LICENCE, "issued_on": "2018-02-02"}, "issued-in-the-future"),
        (f"/{own}/documents", {**LICENCE, "expires_on": "2017-05-01"}, "expires-before-issue"),
    ]
    for route, body, expected in refused:
        answer = await registry.sends(VERIFIER, f"{ENTERPRISES}{route}", body)
        assert code(answer) == (409, expected)
    filed = await registry.sends(VERIFIER, f"{ENTERPRISES}/e-absent/documents", LICENCE)
    read = await registry.api.query(AUDITOR, f"{ENTERPRISES}/e-absent")
    assert code(filed) == code(read) == (404, "not-found")
    assert await registry.stored() == stored


async def test_a_wrong_value_is_explained_in_words(registry: Registry) -> None:
    body = form(0)
    body["identifiers"] = {**body["identifiers"], "nib": "12"}
    answer = await registry.sends(APPLICANT, ENTERPRISES, body)
    assert [error["detail"] for error in answer.json()["errors"]] == ["Write 13 digits."]
    without_zone = {**CALL, "closes_at": "2018-03-01T16:59:59"}
    answer = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/call", without_zone)
    (error,) = answer.json()["errors"]
    assert error["detail"] == "Write the time with its zone, like 2018-02-01T10:00:00+07:00."


async def test_of_eight_that_register_one_nib_at_once_exactly_one_wins(
    registry: Registry,
) -> None:
    async def register(number: int) -> httpx.Response:
        nib = {"nib": numbers(0)["nib"]}
        body = {**form(number), "identifiers": {**numbers(number), **nib}}
        return await registry.sends(APPLICANT, ENTERPRISES, body, actor=f"person-{number}")

    answers = await asyncio.gather(*map(register, range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {code(answer) for answer in answers if answer.is_error} == {(409, "nib-taken")}
    (winner,) = (answer.json()["id"] for answer in answers if answer.is_success)
    assert [item["_id"] for item in (await registry.stored())["enterprise"]] == [winner]


async def test_a_registered_number_is_taken_however_it_is_written(registry: Registry) -> None:
    await registry.registered(0)
    await registry.done(VERIFIER, ENTERPRISES, COOPERATIVE)
    own = numbers(0)
    other = {**COOPERATIVE, "identifiers": {"npwp": numbers(4)["npwp"]}}
    taken = {
        "nib": (form(1), own["nib"]),
        "npwp": (form(2), f"0{own['npwp']}"),
        "nik": (form(3), own["nik"]),
        "nik_koperasi": (other, "3171020010001"),
    }
    for kind, (body, number) in taken.items():
        wrong = {**body, "identifiers": {**body["identifiers"], kind: number}}
        answer = await registry.sends(VERIFIER, ENTERPRISES, wrong, key=kind)
        assert code(answer) == (409, f"{kind.replace('_', '-')}-taken")
        assert number not in answer.text
    assert len((await registry.stored())["enterprise"]) == 2
    # A registration that was refused after some claims is sent again under the same key.
    await registry.done(VERIFIER, ENTERPRISES, form(3), key="nik")


async def test_a_repeated_registration_is_one_enterprise(registry: Registry) -> None:
    asking = (registry.sends(APPLICANT, ENTERPRISES, form(0), key="k") for _ in range(8))
    answers = await asyncio.gather(*asking)
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    other = await registry.sends(APPLICANT, ENTERPRISES, {**form(0), "sector": "15"}, key="k")
    assert code(other) == (422, "idempotency-key-reused")
    stored = await registry.stored()
    assert [item["version"] for item in stored["enterprise"]] == [1]
    assert len(stored["claims"]) == 3


async def test_no_number_of_a_person_is_stored_and_none_of_its_names_is_published(
    registry: Registry,
) -> None:
    for serial in range(3):
        await registry.registered(serial)
    await registry.done(VERIFIER, ENTERPRISES, COOPERATIVE)
    await registry.sends(VERIFIER, ENTERPRISES, form(0))
    everything, published = await registry.stored(), " ".join(await registry.published())
    stored = str(everything)
    own_numbers = [number for serial in (0, 1, 2, 9) for number in numbers(serial).values()]
    for number in (*own_numbers, "3171.020.010/001", "3171020010001"):
        assert number not in stored
        assert number not in published
    identifiers = [item["state"]["identifiers"] for item in everything["enterprise"]]
    hashes = {item for each in identifiers for item in each.values()}
    assert len(hashes) == 3 * 3 + 2
    # The search finds a secret where it is stored: so the search above can fail.
    assert all(secret in stored for secret in (*SECRETS, *hashes))
    assert all(item["_id"] in published for item in everything["enterprise"])
    assert not [secret for secret in (*SECRETS, *hashes) if secret in published]


async def test_who_lost_the_answer_of_its_registration_finds_its_enterprise(
    registry: Registry,
) -> None:
    own = (await registry.sends(APPLICANT, ENTERPRISES, form(0), key="k")).json()["id"]
    await registry.registered(1)
    refused = await registry.sends(APPLICANT, ENTERPRISES, form(0), key="again")
    assert code(refused) == (409, "nib-taken")
    assert "GET /enterprises/mine" in refused.json()["detail"]
    mine = await registry.gets(f"{ENTERPRISES}/mine", APPLICANT)
    assert [item["id"] for item in mine["items"]] == [own]
    (named,) = (await registry.gets(f"{ENTERPRISES}/mine", APPLICANT, enterprise=own))["items"]
    assert (named["id"], named["name"]) == (own, "Batik Fiktif 0")
    assert code(await registry.api.query(VERIFIER, f"{ENTERPRISES}/mine"))[0] == 403


async def test_an_enterprise_is_looked_up_by_a_number(registry: Registry) -> None:
    own, _ = await registry.registered(0), await registry.registered(1)
    given = numbers(0)
    for kind in given:
        answer = await registry.sends(VERIFIER, f"{ENTERPRISES}/lookup", {kind: given[kind]})
        assert [item["id"] for item in answer.json()["items"]] == [own], kind
    spelt = {"npwp": f"0{given['npwp']}"}
    answer = await registry.sends(VERIFIER, f"{ENTERPRISES}/lookup", spelt)
    assert [item["id"] for item in answer.json()["items"]] == [own]
    unknown = await registry.sends(VERIFIER, f"{ENTERPRISES}/lookup", {"nib": "8120009999999"})
    assert unknown.json() == {"items": [], "next": None}
    for body in ({}, given, {"nib": "1"}):
        answer = await registry.sends(VERIFIER, f"{ENTERPRISES}/lookup", body)
        assert answer.status_code == 422
        assert given["nib"] not in answer.text
    assert (await registry.sends(APPLICANT, f"{ENTERPRISES}/lookup", spelt)).status_code == 403


async def test_enterprises_are_listed_without_what_is_private(registry: Registry) -> None:
    ids = sorted([await registry.registered(number) for number in range(3)])
    page = await registry.gets(ENTERPRISES, "ministry-system", limit="2")
    assert [item["id"] for item in page["items"]] == ids[:2]
    assert page["next"]
    shown = page["items"][0]
    assert (shown["name"], shown["net_assets_idr"], shown["products"]) == (None, None, None)
    (first, *_) = (await registry.gets(ENTERPRISES, VERIFIER))["items"]
    assert first["name"]
    assert code(await registry.api.query(APPLICANT, ENTERPRISES, enterprise=ids[0]))[0] == 403


async def test_enterprises_are_found_by_the_words_of_their_name(registry: Registry) -> None:
    first = await registry.registered(0)
    ids = {first, await registry.registered(1)}
    path = f"{ENTERPRISES}/search"
    for words, expected in (
        ("fiktif BATIK", ids),
        ("PT. Batik 0", {first}),
        ("tenun", set()),
        ("bati", set()),
    ):
        answer = await registry.sends(VERIFIER, path, {"name": words})
        assert {item["id"] for item in answer.json()["items"]} == expected, words
    for body in ({}, {"name": "PT"}, {"name": "..."}, {"name": 7}):
        refused = await registry.sends(VERIFIER, path, body)
        assert code(refused) == (422, "malformed-request")
    for role in ("programme-officer", "reporting-officer"):
        answer = await registry.sends(role, path, {"name": "batik 0"})
        (shown,) = answer.json()["items"]
        assert (shown["name"], shown["representative"]) == ("Batik Fiktif 0", None)
    assert code(await registry.sends(APPLICANT, path, {"name": "batik"})) == (403, "role-missing")


@pytest.mark.parametrize("selecting", ["curator", "approver", "selection-officer"])
async def test_who_selects_learns_no_name_by_another_role(
    registry: Registry, selecting: str
) -> None:
    path = f"{ENTERPRISES}/{await registry.registered(0)}"
    token = registry.api.token("reporting-officer", selecting)
    headers = {"authorization": f"Bearer {token}"}
    shown = (await registry.api.client.get(path, headers=headers)).json()
    assert shown["name"] is None
    search = f"{ENTERPRISES}/search"
    refused = await registry.api.client.post(search, json={"name": "batik"}, headers=headers)
    assert code(refused) == (403, "names-by-pass")
