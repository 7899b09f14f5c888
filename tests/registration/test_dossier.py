"""The dossier is read with a pass of selection, or to verify; each reading is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.registration.domain.dossier import Dossier, ReadDossier, Readings, dossier
from shared.contracts.selection.round import CandidatesListed
from shared.http.dossier_pass import issue
from shared.kernel.decider import Context, Origin
from tests.registration.examples import EXHIBITION, EXHIBITION_FIELDS
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    EXHIBITION_PATH,
    VERIFIER,
    Registry,
    approved,
    form,
    place,
)
from tests.serving import code

CURATOR, APPROVER, OFFICER = "curator", "approver", "selection-officer"
NOW = datetime(2018, 2, 10, 3, tzinfo=UTC)


def key_of(registry: Registry) -> str:
    """Return the key of the passes that this registry checks."""
    key = registry.api.service.engine.settings.dossier_key
    assert key is not None
    return key.get_secret_value()


def pass_of(registry: Registry, reader: str, id: str, **issued: Any) -> str:
    """Return a pass of selection for this reader to an application or exhibition."""
    now = issued.pop("now", datetime.now(UTC))
    key, names = issued.pop("key", key_of(registry)), issued.pop("names", True)
    return issue(key, reader=reader, application=id, now=now, names=names)


async def read(
    registry: Registry, role: str, path: str, given: str | None = None, **token: str
) -> httpx.Response:
    """Read a path in this role, with a pass if one is given."""
    headers = {"authorization": f"Bearer {registry.api.token(role, **token)}"}
    if given is not None:
        headers["dossier-pass"] = given
    return await registry.api.client.get(path, headers=headers)


def test_each_reading_of_a_reader_is_counted() -> None:
    state: Dossier | None = None
    for minutes in (0, 5):
        context = Context(
            now=NOW + timedelta(minutes=minutes),
            origin=Origin.PERSON,
            actor="curator.a",
            subject="ifex.e1",
        )
        (event,) = dossier.decide(ReadDossier(role="curator", pass_id="p"), state, context)
        state = dossier.evolve(state, event)
    last_at = NOW + timedelta(minutes=5)
    readings = Readings(role="curator", first_at=NOW, last_at=last_at, times=2)
    assert state == Dossier(exhibition="ifex", readers={"curator.a": readings})


async def test_a_curator_reads_a_dossier_with_its_pass_and_the_reading_is_recorded(
    registry: Registry,
) -> None:
    await registry.calling()
    enterprise = await registry.eligible(1)
    application = f"{EXHIBITION}.{enterprise}"
    path = f"{place(enterprise)}/dossier"
    given = pass_of(registry, "curator-1", application)
    answer = await read(registry, CURATOR, path, given)
    assert answer.status_code == 200
    shown = answer.json()
    (product,) = shown["products"]
    assert (shown["name"], product["name"], shown["capacity"]) == (form(1)["name"], "Batik", 5)
    (document,) = shown["documents"]
    assert document["issuer"]
    assert "number" not in document
    assert "net_assets_idr" not in shown
    assert (await read(registry, CURATOR, path, given)).is_success
    by_auditor = pass_of(registry, "auditor-1", application)
    assert (await read(registry, AUDITOR, path, by_auditor)).is_success
    assert (await read(registry, VERIFIER, path)).is_success
    readers = (await registry.gets(f"{path}/readings"))["readers"]
    counted = {name: (reader["role"], reader["times"]) for name, reader in readers.items()}
    assert counted == {
        "curator-1": ("curator", 2),
        "auditor-1": ("auditor", 1),
        "verification-officer-1": ("verification-officer", 1),
    }
    # The topic has the fact, and not the reader.
    (first, *_) = [text for text in await registry.published() if "dossier-read" in text]
    assert "curator-1" not in first


async def test_a_dossier_is_closed_without_the_right_pass(registry: Registry) -> None:
    await registry.calling()
    enterprise = await registry.eligible(1)
    application, path = f"{EXHIBITION}.{enterprise}", f"{place(enterprise)}/dossier"
    old = datetime.now(UTC) - timedelta(hours=1)
    for given, expected in (
        (None, "pass-missing"),
        ("x.y.z", "pass-invalid"),
        (pass_of(registry, "curator-2", application), "pass-invalid"),
        (pass_of(registry, "curator-1", EXHIBITION), "pass-invalid"),
        (pass_of(registry, "curator-1", application, key="k" * 32), "pass-invalid"),
        (pass_of(registry, "curator-1", application, now=old), "pass-expired"),
    ):
        assert code(await read(registry, CURATOR, path, given)) == (403, expected)
    for role in (APPROVER, AUDITOR):
        assert code(await read(registry, role, path)) == (403, "pass-missing")
    # A curator with a declared conflict gets no pass, and leaving the role out does not help.
    alone = await read(registry, AUDITOR, path, actor="curator-1")
    assert code(alone) == (403, "pass-missing")
    assert code(await read(registry, APPLICANT, path)) == (403, "role-missing")
    # A token that speaks for the enterprise judges nothing of it.
    own = await read(registry, VERIFIER, path, enterprise=enterprise)
    assert code(own) == (409, "own-enterprise")
    readings = await registry.api.query(AUDITOR, f"{path}/readings")
    assert code(readings) == (404, "not-found")


@pytest.mark.parametrize(
    ("roles", "recorded"),
    [
        ((APPROVER, AUDITOR), APPROVER),
        ((CURATOR, VERIFIER), CURATOR),
        ((CURATOR, AUDITOR, "budget-officer"), CURATOR),
        ((VERIFIER, AUDITOR), AUDITOR),
    ],
)
async def test_who_may_have_a_conflict_needs_a_pass_whatever_other_roles_it_has(
    registry: Registry, roles: tuple[str, ...], recorded: str
) -> None:
    await registry.calling()
    enterprise = await registry.eligible(1)
    application, path = f"{EXHIBITION}.{enterprise}", f"{place(enterprise)}/dossier"
    token = registry.api.token(*roles, actor="dewi")
    sent = {"authorization": f"Bearer {token}"}
    get = registry.api.client.get
    assert code(await get(path, headers=sent)) == (403, "pass-missing")
    given = sent | {"dossier-pass": pass_of(registry, "dewi", application)}
    assert (await get(path, headers=given)).is_success
    readers = (await registry.gets(f"{path}/readings"))["readers"]
    assert readers["dewi"]["role"] == recorded


async def test_the_panel_reads_the_names_of_all_candidates(registry: Registry) -> None:
    await registry.calling()
    enterprises = [await registry.eligible(number) for number in range(3)]
    await registry.submitted(7)
    path = f"{EXHIBITION_PATH}/candidate-names"
    given = pass_of(registry, "curator-1", EXHIBITION)
    answer = (await read(registry, CURATOR, path, given)).json()
    named = {item["enterprise"]: item["name"] for item in answer["items"]}
    assert named == {each: form(number)["name"] for number, each in enumerate(enterprises)}
    assert code(await read(registry, CURATOR, path)) == (403, "pass-missing")
    given = pass_of(registry, "approver-1", EXHIBITION)
    assert (await read(registry, APPROVER, path, given)).json() == answer


async def test_the_names_of_all_candidates_stay_after_the_decree(registry: Registry) -> None:
    await registry.calling()
    enterprises = [await registry.eligible(number) for number in range(3)]
    early = await registry.eligible(3)
    withdrawal = {"code": "costs", "reason": "too dear"}
    await registry.applies(f"{place(early)}/withdrawal", early, withdrawal)
    await registry.verified()
    listed = tuple(f"{EXHIBITION}.{enterprise}" for enterprise in enterprises)
    await registry.receives(
        EXHIBITION,
        CandidatesListed(applications=listed, **EXHIBITION_FIELDS),
        approved(enterprises[:1], enterprises[1:2]),
    )
    await registry.offered(enterprises[0])
    await registry.applies(f"{place(enterprises[0])}/acceptance", enterprises[0])
    await registry.confirmed(enterprises[:1])
    standing = [await registry.status(place(enterprise)) for enterprise in enterprises]
    assert standing == ["CONFIRMED", "CLOSED", "CLOSED"]
    path = f"{EXHIBITION_PATH}/candidate-names"
    given = pass_of(registry, "selection-officer-1", EXHIBITION)
    first = (await read(registry, OFFICER, f"{path}?limit=2", given)).json()
    rest = (await read(registry, OFFICER, f"{path}{first['next']}", given)).json()
    items = first["items"] + rest["items"]
    assert [item["id"] for item in items] == sorted(listed)
    named = {item["enterprise"]: item["name"] for item in items}
    assert named == {each: form(number)["name"] for number, each in enumerate(enterprises)}
    assert code(await read(registry, OFFICER, path)) == (403, "pass-missing")


@pytest.mark.parametrize("path", ["/applications/x/dossier", "/applications/a.b/dossier?x=1"])
async def test_a_malformed_question_is_refused(registry: Registry, path: str) -> None:
    assert code(await read(registry, VERIFIER, path)) == (422, "malformed-request")
    absent = await read(registry, VERIFIER, "/applications/a.b/dossier")
    assert code(absent) == (404, "not-found")
