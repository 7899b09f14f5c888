"""Imports on real servers: a table is tried, imported row by row, once, and known by its bytes."""

from typing import Any

import httpx

from services.registration.api.imports import CSV, XLSX
from tests.registration.examples import EXHIBITION
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    VERIFIER,
    Registry,
    numbers,
    place,
)
from tests.registration.spreadsheets import csv_of, row, xlsx_of
from tests.serving import code

IMPORTS, TRIAL = "/imports", "/imports/trial"
SECRETS = ("Ibu Rahasia", "Batik Fiktif", "IUMK-SECRET")


async def sends(
    registry: Registry,
    content: bytes,
    path: str = IMPORTS,
    *,
    actor: str = "importer",
    key: str = "k",
    media: str = CSV,
) -> httpx.Response:
    """Send a file as a verification officer."""
    token = registry.api.token(VERIFIER, actor=actor)
    headers = {"authorization": f"Bearer {token}", "idempotency-key": key, "content-type": media}
    return await registry.api.client.post(path, content=content, headers=headers)


async def imported(registry: Registry, content: bytes, **more: Any) -> str:
    """Import a file, wait until its job has ended, and return its id."""
    answer = await sends(registry, content, **more)
    assert answer.status_code == 201, answer.text
    await registry.settles()
    id: str = answer.json()["id"]
    return id


async def outcomes(registry: Registry, id: str, **parameters: str) -> list[tuple[Any, ...]]:
    """Return row, outcome and code of the rows of an import."""
    found = await registry.gets(f"{IMPORTS}/{id}/rows", VERIFIER, **parameters)
    return [(item["row"], item["outcome"], item["code"]) for item in found["items"]]


async def test_a_table_is_imported_on_behalf_of_its_enterprises(registry: Registry) -> None:
    await registry.calling()
    rows = [row(0), row(1, exhibition=EXHIBITION, capacity="5")]
    id = await imported(registry, csv_of(rows))
    found = await registry.gets(f"{IMPORTS}/{id}", AUDITOR)
    assert (found["status"], found["rows"], found["requests"]) == ("FINISHED", 2, 1)
    assert found["outcomes"]["REGISTERED"] == 2
    items = (await registry.gets(f"{IMPORTS}/{id}/rows", VERIFIER))["items"]
    first, second = items
    assert (first["row"], first["application"]) == (2, None)
    assert second["application"] == f"{EXHIBITION}.{second['enterprise']}"
    known = await registry.gets(f"/enterprises/{first['enterprise']}")
    (filed,) = (await registry.gets(f"/enterprises/{first['enterprise']}/documents"))["items"]
    assert (known["name"], filed["number"]) == ("Batik Fiktif 0", "IUMK-SECRET")
    assert await registry.status(place(second["enterprise"])) == "SUBMITTED"
    # Who imported it has declared it, and so does not judge it.
    answer = await registry.sends(
        VERIFIER, f"{place(second['enterprise'])}/verification", actor="importer"
    )
    assert code(answer) == (409, "same-person")
    await registry.done(VERIFIER, f"{place(second['enterprise'])}/verification", actor="another")
    past = (await registry.gets(f"/enterprises/{first['enterprise']}/history"))["items"]
    assert {(each["actor"], each["data"]["source"]) for each in past} == {
        ("importer", f"import/{id}.00002")
    }
    # Neither a topic nor a row that is done has a name or a number.
    text = "".join([*await registry.published(), str(await registry.stored())])
    for secret in numbers(0).values():
        assert secret not in text
    assert not [secret for secret in SECRETS if secret in "".join(await registry.published())]


async def test_a_trial_says_what_an_import_would_do_and_writes_nothing(registry: Registry) -> None:
    await registry.calling()
    known = await registry.registered(0)
    await registry.registered(6)
    stored = await registry.stored()
    rows = [
        row(0, exhibition=EXHIBITION, capacity="5"),
        row(1),
        row(2, exhibition="no-such", capacity="5"),
        row(3, nik="123", province="Atlantis", sector=""),
        row(4, npwp=numbers(6)["npwp"]),
        row(5, issued_on_1="2018-12-01"),
    ]
    answer = await sends(registry, csv_of(rows), TRIAL)
    assert answer.status_code == 200, answer.text
    tried = answer.json()
    assert [(item["row"], item["outcome"], item["code"]) for item in tried["items"]] == [
        (2, "RECOGNISED", None),
        (3, "REGISTERED", None),
        (4, "REFUSED", "not-found"),
        (5, "MALFORMED", None),
        (6, "REFUSED", "numbers-differ"),
        (7, "REFUSED", "issued-in-the-future"),
    ]
    assert tried["items"][0]["enterprise"] == known
    assert {(e["column"], e["code"]) for e in tried["items"][3]["errors"]} == {
        ("NIK", "malformed"),
        ("Provinsi", "unknown-code"),
        ("Golongan KBLI", "required"),
    }
    for item in tried["items"][3]["errors"]:
        assert item["sentence"]["id"]
        assert item["sentence"]["en"]
    assert tried["outcomes"] == {"REGISTERED": 1, "RECOGNISED": 1, "REFUSED": 3, "MALFORMED": 1}
    assert await registry.stored() == stored
    # The import ends as the trial says.
    id = await imported(registry, csv_of(rows))
    assert await outcomes(registry, id) == [
        (item["row"], item["outcome"], item["code"]) for item in tried["items"]
    ]


async def test_the_same_file_is_the_same_import(registry: Registry) -> None:
    content = xlsx_of([row(0), row(1, exhibition=EXHIBITION, capacity="5")])
    id = await imported(registry, content, media=XLSX)
    assert await outcomes(registry, id) == [(2, "REGISTERED", None), (3, "REFUSED", "not-found")]
    (refused,) = (await registry.gets(f"{IMPORTS}/{id}/rows?outcome=REFUSED"))["items"]
    assert (refused["enterprise"] is not None, refused["application"]) == (True, None)
    stored = (await registry.stored())["enterprise"]
    # With the same key the same answer; with another one the rows that are not done.
    assert await imported(registry, content, media=XLSX) == id
    assert (await registry.gets(f"{IMPORTS}/{id}"))["requests"] == 1
    await registry.calling()
    again = await imported(registry, content, media=XLSX, key="k2", actor="another")
    assert again == id
    assert await outcomes(registry, id) == [(2, "REGISTERED", None), (3, "RECOGNISED", None)]
    after = (await registry.stored())["enterprise"]
    assert [(each["_id"], each["version"]) for each in after] == [
        (each["_id"], each["version"]) for each in stored
    ]


async def test_a_cancelled_import_leaves_its_rows(registry: Registry) -> None:
    content = csv_of([row(number) for number in range(60)])
    answer = await sends(registry, content)
    id = answer.json()["id"]
    path = f"{IMPORTS}/{id}/cancellation"
    assert (await registry.sends(VERIFIER, path, {"code": "wrong-file"})).is_success
    await registry.settles()
    found = await registry.gets(f"{IMPORTS}/{id}")
    assert found["status"] == "CANCELLED"
    done = found["outcomes"]["REGISTERED"]
    assert done + found["outcomes"]["WAITING"] == 60
    assert (await registry.sends(VERIFIER, path, {"code": "other"})).json()["events"] == []
    await imported(registry, content, key="k2")
    found = await registry.gets(f"{IMPORTS}/{id}")
    assert (found["status"], found["outcomes"]["REGISTERED"]) == ("FINISHED", 60)
    refused = await registry.sends(VERIFIER, path, {"code": "other"})
    assert code(refused) == (409, "import-finished")
    unknown = await registry.sends(VERIFIER, f"{IMPORTS}/i-1/cancellation", {"code": "other"})
    assert code(unknown) == (404, "not-found")


async def test_a_file_that_is_no_table_is_refused_and_stores_nothing(registry: Registry) -> None:
    stored = await registry.stored()
    for content, refusal in (
        (b"PK\x03\x04nothing", "not-a-spreadsheet"),
        (b"%PDF-1.4 some text\nmore text", "not-a-spreadsheet"),
        (b"\xff\xfe\x00", "not-utf-8"),
        (b"Nama Usaha;Harga\n", "heading-unknown"),
        (b"Nama Usaha,NPWP\n", "heading-missing"),
        (csv_of([]), "no-rows"),
        (xlsx_of([row(0)], hidden=True), "sheet-hidden"),
        (xlsx_of([row(0)], sheet="Lembar1"), "sheet-missing"),
    ):
        for path in (IMPORTS, TRIAL):
            assert code(await sends(registry, content, path)) == (422, refusal)
    large = await sends(registry, b" " * (10 * 1024 * 1024 + 1))
    assert code(large) == (413, "file-too-large")
    other = await sends(registry, b"{}", media="application/json")
    assert code(other) == (415, "unsupported-media-type")
    assert await registry.stored() == stored


async def test_the_templates_are_taken_back_with_their_example_marked(registry: Registry) -> None:
    for ending, media in (("xlsx", XLSX), ("csv", CSV)):
        answer = await registry.api.query(VERIFIER, f"{IMPORTS}/template.{ending}")
        assert answer.headers["content-type"].startswith(media)
        tried = (await sends(registry, answer.content, TRIAL, media=media)).json()
        assert [error["code"] for error in tried["items"][0]["errors"]] == ["example-row"]


async def test_imports_are_for_officers_and_their_lists_have_pages(registry: Registry) -> None:
    id = await imported(registry, csv_of([row(number) for number in range(3)]))
    assert await outcomes(registry, id, outcome="WAITING") == []
    first = await registry.gets(f"{IMPORTS}/{id}/rows", VERIFIER, limit="2")
    rest = await registry.gets(f"{IMPORTS}/{id}/rows{first['next']}", VERIFIER)
    assert [item["row"] for item in (*first["items"], *rest["items"])] == [2, 3, 4]
    listed = await registry.gets(IMPORTS, VERIFIER)
    assert [item["id"] for item in listed["items"]] == [id]
    for path in (IMPORTS, f"{IMPORTS}/{id}", f"{IMPORTS}/{id}/rows", f"{IMPORTS}/template.csv"):
        assert (await registry.api.query(APPLICANT, path)).status_code == 403
    missing = await registry.api.query(VERIFIER, f"{IMPORTS}/i-1/rows")
    assert code(missing) == (404, "not-found")


async def test_an_enterprise_that_has_applied_itself_is_recognised(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    id = await imported(registry, csv_of([row(0, exhibition=EXHIBITION, capacity="9")]))
    assert await outcomes(registry, id) == [(2, "RECOGNISED", None)]
    assert (await registry.gets(f"/applications/{EXHIBITION}.{own}"))["capacity"] == 5
