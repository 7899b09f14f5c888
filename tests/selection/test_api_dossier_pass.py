"""The passes to dossiers and names: for those who judge, and refused without their key."""

from pathlib import Path

from services.selection.app import routers, service
from shared.http import dossier_pass
from shared.settings import Settings
from tests.selection.examples import ANI, BUDI, DEWI, EXHIBITION, A
from tests.selection.secretariat import ROUND, Secretariat, accepted, candidate, funded
from tests.serving import code, served


async def test_those_who_judge_a_candidate_get_a_pass_to_its_dossier(
    secretariat: Secretariat, settings: Settings
) -> None:
    await secretariat.opened("a")
    await secretariat.done(f"{candidate('a')}/assignments", {"curator": ANI})
    address = f"{candidate('a')}/dossier-pass"
    for role, actor in (("curator", ANI), ("approver", "approver-1"), ("auditor", "auditor-1")):
        answer = await secretariat.asks(address, {}, role=role, actor=actor)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert (body["id"], set(body)) == (A, {"id", "token", "expires_at"})
        key, now = dossier_pass.key_of(settings), dossier_pass.wall_clock()
        given = dossier_pass.check(key, body["token"], reader=actor, application=A, now=now)
        assert given.names


async def test_a_rubric_hides_names_from_its_curators_until_the_scoring_is_closed(
    secretariat: Secretariat, settings: Settings
) -> None:
    await secretariat.opened("a", rubric={"hides_names": True})
    await secretariat.scored("a", 4)
    key, now = dossier_pass.key_of(settings), dossier_pass.wall_clock()

    async def names(role: str, actor: str) -> bool:
        answer = await secretariat.asks(
            f"{candidate('a')}/dossier-pass", {}, role=role, actor=actor
        )
        token = answer.json()["token"]
        return dossier_pass.check(key, token, reader=actor, application=A, now=now).names

    assert not await names("curator", ANI)
    assert await names("approver", "approver-1")
    hidden = await secretariat.asks(f"{ROUND}/names-pass", {}, role="curator", actor=ANI)
    assert code(hidden) == (403, "names-hidden")
    assert (await secretariat.asks(f"{ROUND}/names-pass", {}, role="approver")).is_success
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    assert await names("curator", ANI)
    assert (await secretariat.asks(f"{ROUND}/names-pass", {}, role="curator", actor=ANI)).is_success


async def test_who_does_not_judge_a_candidate_gets_no_pass(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    await secretariat.done(f"{candidate('a')}/assignments", {"curator": ANI})
    address = f"{candidate('a')}/dossier-pass"
    other = await secretariat.asks(address, {}, role="curator", actor=BUDI)
    assert code(other) == (403, "not-assigned")
    own = await secretariat.api.command("auditor", address, {}, enterprise="a")
    assert code(own) == (403, "own-enterprise")
    await secretariat.done(
        f"{candidate('a')}/conflicts", {"reason": "a cousin"}, role="curator", actor=ANI
    )
    conflicted = await secretariat.asks(address, {}, role="approver", actor=ANI)
    assert code(conflicted) == (403, "curator-conflicted")
    for role in ("selection-officer", "enterprise", "ministry-system"):
        assert code(await secretariat.asks(address, {}, role=role)) == (403, "role-missing")
    unknown = await secretariat.asks(f"{candidate('z')}/dossier-pass", {}, role="auditor")
    assert code(unknown) == (404, "not-found")


async def test_the_panel_gets_a_pass_to_the_names_of_all_candidates(
    secretariat: Secretariat, settings: Settings
) -> None:
    address = f"{ROUND}/names-pass"
    early = await secretariat.asks(address, {}, role="curator", actor=ANI)
    assert code(early) == (404, "not-found")
    await secretariat.opened("a")
    answer = await secretariat.asks(address, {}, role="curator", actor=ANI)
    assert answer.headers["cache-control"] == "no-store"
    key, now = dossier_pass.key_of(settings), dossier_pass.wall_clock()
    token = answer.json()["token"]
    assert dossier_pass.check(key, token, reader=ANI, application=EXHIBITION, now=now).names
    stranger = await secretariat.asks(address, {}, role="curator", actor=DEWI)
    assert code(stranger) == (403, "not-on-panel")
    assert (await secretariat.asks(address, {}, role="approver")).is_success
    assert code(await secretariat.asks(address, {}, role="enterprise")) == (403, "role-missing")
    malformed = await secretariat.asks("/rounds/a.b/names-pass", {}, role="curator")
    assert code(malformed) == (422, "malformed-request")


async def test_an_officer_gets_a_pass_to_the_names_once_the_selection_is_approved(
    secretariat: Secretariat, settings: Settings
) -> None:
    address, officer = f"{ROUND}/names-pass", "selection-officer-1"
    digest = await secretariat.proposed({"a": 4})
    early = await secretariat.asks(address, {})
    assert code(early) == (403, "not-approved-yet")
    assert "once the selection is APPROVED" in early.json()["detail"]
    # A member of the panel reads them as a curator.
    assert code(await secretariat.asks(address, {}, actor=ANI)) == (403, "not-approved-yet")
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    answer = await secretariat.asks(address, {}, actor=officer)
    key, now = dossier_pass.key_of(settings), dossier_pass.wall_clock()
    token = answer.json()["token"]
    assert dossier_pass.check(key, token, reader=officer, application=EXHIBITION, now=now).names
    await secretariat.receives(EXHIBITION, funded("a"))
    await secretariat.receives(A, accepted("a"))
    assert (await secretariat.signs("decree", "SK-7")).is_success
    assert (await secretariat.asks(address, {})).is_success


async def test_without_the_key_only_passes_are_refused(
    settings: Settings, token_keys: Path
) -> None:
    without = settings.model_copy(update={"dossier_key": None})
    async with served(service, routers, without, token_keys) as api:
        answer = await api.command("auditor", f"{candidate('a')}/dossier-pass", {})
        assert code(answer) == (503, "dossier-key-missing")
        assert "KUKM_DOSSIER_KEY" in answer.json()["detail"]
        assert "retry-after" not in answer.headers
        assert (await api.query("auditor", "/candidates")).status_code == 200
