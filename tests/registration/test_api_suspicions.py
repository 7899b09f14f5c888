"""Suspicions on real servers: what records them, who sees and judges them, and what they join."""

import asyncio
from collections import Counter
from typing import Any

from pydantic import TypeAdapter

from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.registration import (
    RegistrationForm,
    hash_form,
    identifier_claims_of,
)
from services.registration.domain.exhibition.state import ExhibitionFields
from shared.contracts.selection.round_seats import PlaceOffered
from shared.kernel.keys import HashKeys
from tests.given import context
from tests.registration.examples import CLOSES_AT, EXHIBITION_FIELDS
from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    CALL,
    LICENCE,
    PLAN,
    PLANNER,
    PROPOSAL,
    VERIFIER,
    Registry,
    form,
    numbers,
)
from tests.relations import RELATION_KEYS
from tests.serving import code

CONFIRMATION = {"code": "same-owner", "reason": "Ibu Rahasia has one shop"}
DISMISSAL = {"code": "same-family", "reason": "two sisters of Ibu Rahasia"}
SHOWS = ("inacraft-2018", "ifex-2018", "tei-2018", "crafina-2018")
SEKAR = {"name": "CV Batik Sekar Kedaton", "representative": "Siti Noerhaliza Rahmawati"}
SEKAR_AGAIN = {"name": "BATIK SEKAR KEDATN", "representative": "Hj. Siti Nurhaliza Rachmawati"}


async def registered(registry: Registry, number: int, **words: Any) -> str:
    """Register an enterprise with a licence by its own registrar, and return its id."""
    by = {"actor": f"registrar-{number}"}
    own = await registry.done(VERIFIER, "/enterprises", form(number) | words, **by)
    await registry.done(VERIFIER, f"/enterprises/{own}/documents", LICENCE, **by)
    return own


async def twins(registry: Registry) -> tuple[str, str, str]:
    """Register an enterprise twice, and return both ids and that of their suspicion."""
    first = await registered(registry, 0, **SEKAR)
    second = await registered(registry, 1, **SEKAR_AGAIN)
    return first, second, ".".join(sorted((first, second)))


async def suspicions(registry: Registry, filters: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await registry.gets(f"/suspicions{filters}"))["items"]
    return found


async def test_a_taken_number_leaves_a_suspicion_with_both_parties(registry: Registry) -> None:
    own = await registered(registry, 0)
    body = form(1) | {"name": "Kopi Lain", "representative": "Bapak Lain"}
    body["identifiers"] = {**numbers(1), "nib": numbers(0)["nib"]}
    for key in ("first", "again"):
        refused = await registry.sends(VERIFIER, "/enterprises", body, actor="clerk", key=key)
        assert code(refused) == (409, "nib-taken")
    (found,) = await suspicions(registry)
    parties = {party["id"]: party for party in found["parties"]}
    assert (found["status"], found["ground"], found["numbers"]) == ("SUSPECTED", "NUMBER", ["NIB"])
    assert parties.pop(own)["name"] == "Batik Fiktif 0"
    (attempt,) = parties.values()
    assert (attempt["refused"], attempt["name"]) == (True, "Kopi Lain")
    assert await suspicions(registry, "?ground=LIKENESS") == []
    # Another person with the same number is another party, and the first registrar is suspected of
    # nothing when it has lost its answer.
    await registry.sends(VERIFIER, "/enterprises", body, actor="another")
    lost = await registry.sends(VERIFIER, "/enterprises", form(0), actor="registrar-0")
    assert code(lost) == (409, "nib-taken")
    assert len(await suspicions(registry)) == 2
    stored, published = str(await registry.stored()), " ".join(await registry.published())
    assert all(number not in stored for number in numbers(1).values())
    for secret in ("Kopi Lain", "Bapak Lain", "clerk", '"NIB"'):
        assert secret not in published


async def test_an_enterprise_that_is_alike_is_suspected_and_the_officer_sees_why(
    registry: Registry,
) -> None:
    first, second, id = await twins(registry)
    third = await registered(registry, 2)
    assert await suspicions(registry, f"?party={third}") == []
    (found,) = await suspicions(registry, f"?party={first}")
    assert (found["id"], found["ground"], found["numbers"]) == (id, "LIKENESS", [])
    assert found["likeness"]["score"] >= 82
    assert {party["name"] for party in found["parties"]} == {SEKAR["name"], SEKAR_AGAIN["name"]}
    shown = await registry.gets(f"/suspicions/{id}")
    assert (shown["id"], shown["code"], shown["words"]) == (id, None, None)
    for role in (APPLICANT, PLANNER, "ministry-system", "curator"):
        answer = await registry.api.query(role, f"/suspicions/{id}", enterprise=second)
        assert code(answer) == (403, "role-missing")
    stored = await registry.stored()
    indexed = [item["state"]["search_keys"] for item in stored["enterprise"]]
    assert all("kedaton" not in str(keys).casefold() for keys in indexed)
    assert all(indexed)


async def test_a_revision_finds_a_duplicate_and_a_verdict_is_never_asked_twice(
    registry: Registry,
) -> None:
    await registered(registry, 0, **SEKAR)
    other = await registered(registry, 1)
    assert await suspicions(registry) == []
    profile = {k: v for k, v in form(1).items() if k not in ("cooperative", "identifiers")}
    revision = profile | SEKAR_AGAIN | {"code": "renamed", "reason": "a new sign"}
    path = f"/enterprises/{other}/profile"
    headers = {"if-match": '"1"'}
    await registry.done(VERIFIER, path, revision, method="PUT", headers=headers)
    (found,) = await suspicions(registry, "?status=SUSPECTED")
    await registry.done(VERIFIER, f"/suspicions/{found['id']}/dismissal", DISMISSAL, actor="judge")
    search = await registry.sends(VERIFIER, "/suspicions/search", {"enterprises": 1})
    assert search.json()["next"]
    search = await registry.sends(VERIFIER, "/suspicions/search", {})
    assert search.json() == {"compared": 2, "suspicions": [], "next": None}
    (judged,) = await suspicions(registry)
    assert (judged["status"], judged["code"]) == ("DISMISSED", "same-family")
    assert judged["words"] == DISMISSAL["reason"]
    for message in await registry.published():
        assert "Rahasia" not in message


async def test_a_search_finds_what_was_left_undone(registry: Registry) -> None:
    first = await registered(registry, 0, **SEKAR)
    # A process that died after this write has compared nothing.
    service = registry.api.service
    keys = HashKeys(service.engine.settings.identifier_keys)
    declared = TypeAdapter(RegistrationForm).validate_python(form(1) | SEKAR_AGAIN)
    claims = identifier_claims_of(declared.identifiers, keys)
    async with service.claimed(enterprise, "e-2", claims):
        await service.handle(
            enterprise,
            "e-2",
            hash_form(declared, keys, relation_keys=RELATION_KEYS),
            context(key="k2"),
        )
    assert await suspicions(registry) == []
    search = await registry.sends(VERIFIER, "/suspicions/search", {})
    id = ".".join(sorted((first, "e-2")))
    assert search.json() == {"compared": 2, "suspicions": [id], "next": None}


async def test_a_suspicion_waits_for_an_officer_of_neither_party(registry: Registry) -> None:
    first, _, id = await twins(registry)

    async def waiting(actor: str) -> list[str]:
        headers = {"authorization": f"Bearer {registry.api.token(VERIFIER, actor=actor)}"}
        answer = await registry.api.client.get("/tasks", headers=headers)
        tasks = [item for item in answer.json()["items"] if item["task"] == "judge-suspicion"]
        assert all(task["label"]["id"] == "Periksa dugaan ganda" for task in tasks)
        return [task["href"] for task in tasks]

    assert await waiting("judge") == [f"/suspicions/{id}"]
    assert await waiting("registrar-1") == []
    path = f"/suspicions/{id}/confirmation"
    for actor, own, refusal in (
        ("registrar-0", None, "same-person"),
        ("judge", first, "own-enterprise"),
    ):
        by = {"actor": actor, "enterprise": own}
        refused = await registry.sends(VERIFIER, path, CONFIRMATION, **by)
        assert code(refused) == (409, refusal)
    await registry.done(VERIFIER, path, CONFIRMATION, actor="judge")
    assert await waiting("judge") == []
    dismissal = f"/suspicions/{id}/dismissal"
    refused = await registry.sends(VERIFIER, dismissal, DISMISSAL, actor="judge")
    assert code(refused) == (409, "same-person")
    await registry.done(VERIFIER, dismissal, DISMISSAL, actor="second")
    absent = await registry.sends(VERIFIER, "/suspicions/a.b/dismissal", DISMISSAL)
    assert code(absent) == (404, "not-found")


async def test_confirmed_duplicates_have_one_history_and_one_application_to_a_show(
    registry: Registry,
) -> None:
    await registry.calling()
    first, second, id = await twins(registry)
    await registry.applies(APPLYING, first, {"enterprise": first, "capacity": 5})
    await registry.done(VERIFIER, f"/suspicions/{id}/confirmation", CONFIRMATION, actor="judge")
    assert (await registry.gets(f"/enterprises/{second}"))["duplicates"] == [first]
    own = await registry.gets(f"/enterprises/{second}", APPLICANT, enterprise=second)
    assert own["duplicates"] is None
    history = await registry.gets(f"/enterprises/{second}/participations")
    assert [item["id"] for item in history["items"]] == [f"inacraft-2018.{first}"]
    body = {"enterprise": second, "capacity": 5}
    refused = await registry.sends(APPLICANT, APPLYING, body, enterprise=second)
    assert code(refused) == (409, "duplicate-applied")
    assert first in refused.json()["detail"]
    withdrawal = {"code": "dates", "reason": "the other one applies"}
    path = f"/applications/inacraft-2018.{first}/withdrawal"
    await registry.applies(path, first, withdrawal)
    await registry.applies(APPLYING, second, body)


async def test_confirmed_duplicates_never_pass_the_cap_in_one_instant(registry: Registry) -> None:
    first, second, id = await twins(registry)
    paths = await offered_everywhere(registry, first, second)
    for show, own in ((SHOWS[0], first), (SHOWS[1], second)):
        await registry.applies(f"/applications/{show}.{own}/acceptance", own)
    await registry.done(VERIFIER, f"/suspicions/{id}/confirmation", CONFIRMATION, actor="judge")
    beside = await registry.sends(
        APPLICANT, f"/applications/{SHOWS[0]}.{second}/acceptance", enterprise=second
    )
    assert code(beside) == (409, "duplicate-placed")
    # One place is left for both: of two acceptances at once one gets it, and one is declined. The
    # refusal above has the turn, so this owner goes first.
    last = [(second, f"/applications/{SHOWS[2]}.{second}"), (first, paths[SHOWS[3], first])]
    await decline(registry, f"/applications/{SHOWS[0]}.{second}", second)
    await asyncio.gather(*(accepts(registry, path, own) for own, path in last))
    standing = Counter([await registry.status(path) for _, path in last])
    assert standing == {"ACCEPTED": 1, "DECLINED": 1}


async def decline(registry: Registry, path: str, enterprise: str) -> None:
    await registry.applies(f"{path}/decline", enterprise)


async def accepts(registry: Registry, path: str, enterprise: str) -> None:
    """Accept, again as long as the turn of another lasts."""
    answer = await registry.sends(APPLICANT, f"{path}/acceptance", enterprise=enterprise)
    while answer.status_code == 503:
        assert code(answer) == (503, "slots-busy")
        answer = await registry.sends(APPLICANT, f"{path}/acceptance", enterprise=enterprise)
    assert answer.is_success, answer.text


async def offered_everywhere(registry: Registry, *enterprises: str) -> dict[tuple[str, str], str]:
    """Let each enterprise be offered a place at each show; return their applications."""
    await registry.calling()
    for show in SHOWS[1:]:
        await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": show})
        await registry.done(PLANNER, f"/exhibitions/{show}/plan", PLAN)
        await registry.done(PLANNER, f"/exhibitions/{show}/call", CALL)
    paths = {}
    for show in SHOWS:
        for own in enterprises:
            body = {"enterprise": own, "capacity": 5}
            await registry.applies(f"/exhibitions/{show}/applications", own, body)
            await registry.done(VERIFIER, f"/applications/{show}.{own}/verification")
            paths[show, own] = f"/applications/{show}.{own}"
        fields = ExhibitionFields(**{**EXHIBITION_FIELDS, "exhibition": show})
        until = {"deadline_at": CLOSES_AT, "latest_at": CLOSES_AT}
        offers = [
            PlaceOffered(application=f"{show}.{own}", offer_hours=72, **until, **fields)
            for own in enterprises
        ]
        await registry.receives(show, *offers)
    return paths
