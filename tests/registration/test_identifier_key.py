"""Another identifier key stops the start, and a rotation keeps every enterprise recognised."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gelar.commands import commands
from services.registration.app import IDENTIFIER_KEY, routers, service
from services.registration.domain.duplicates.search_keys import search_keys
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.rehashing import (
    RehashIdentifiers,
    rehashed,
)
from shared.contracts.registration.enterprise import IdentifiersRehashed
from shared.kernel.errors import Busy, CannotStart
from shared.kernel.keys import HashKeys
from shared.settings import Settings
from shared.store.database import Database
from tests.gelar.test_commands import environment
from tests.given import given
from tests.registration.examples import ENTERPRISE, REGISTERED, enterprise_after
from tests.registration.registry import VERIFIER, form, numbers
from tests.serving import Api, code, served

OLD = "an identifier key for tests, 32 characters"
NEW = "another identifier key, of 32 characters at least"
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)
run = CliRunner()


def with_keys(settings: Settings, key: str, *before: str) -> Settings:
    given = {
        **settings.model_dump(exclude={"identifier_key", "identifier_keys_before"}),
        "identifier_key": key,
        "identifier_keys_before": "\n".join(before) if before else None,
    }
    return Settings(**given)


async def register(settings: Settings, token_keys: Path, *numbers: int) -> list[object]:
    """Register these enterprises, and return their ids, or the code of a refusal."""
    found: list[object] = []
    async with served(service, routers, settings, token_keys) as api:
        for number in numbers:
            answer = await api.command(VERIFIER, "/enterprises", form(number))
            found.append(answer.json()["id"] if answer.is_success else code(answer)[1])
    return found


async def rekey(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `gelar rekey` with the new key and the one that it replaces."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", NEW)
    monkeypatch.setenv("KUKM_IDENTIFIER_KEYS_BEFORE", OLD)
    return await asyncio.to_thread(run.invoke, commands, ["rekey"])


@asynccontextmanager
async def two_processes(settings: Settings, token_keys: Path) -> AsyncIterator[tuple[Api, Api]]:
    """Serve the API with the former key only, and with the new key as well."""
    rotating = with_keys(settings, NEW, OLD)
    async with (
        served(replace(service), routers, settings, token_keys) as old,
        served(replace(service), routers, rotating, token_keys) as new,
    ):
        yield old, new


async def age_claims(database: Database) -> None:
    """Let the claims be old enough for others to take over those that no state has."""
    await database.collection("claims").update_many({}, {"$set": {"at": LONG_AGO}})


async def test_another_key_stops_the_start_in_a_sentence(
    settings: Settings, token_keys: Path
) -> None:
    await register(settings, token_keys, 1)
    with pytest.raises(CannotStart, match="KUKM_IDENTIFIER_KEY is another key than the newest"):
        await register(with_keys(settings, NEW), token_keys, 1)
    # A new key needs the one that it replaces, and the refusal says where to give it.
    with pytest.raises(CannotStart, match="it replaces in KUKM_IDENTIFIER_KEYS_BEFORE"):
        await register(with_keys(settings, NEW, NEW + "!"), token_keys, 1)
    # A worker hashes nothing and needs no key.
    only_worker = settings.model_copy(update={"identifier_key": None})
    async with service.opened(only_worker):
        pass
    assert await register(settings, token_keys, 1) == ["nib-taken"]


async def test_enterprises_are_recognised_before_and_after_the_rotation(
    settings: Settings, token_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = await register(settings, token_keys, 1)
    rotating = with_keys(settings, NEW, OLD)
    assert (await register(rotating, token_keys, 1, 2))[0] == "nib-taken"
    for _ in range(2):
        ended = await rekey(settings, monkeypatch)
        # A log line of a part of an earlier test that is ending may stand before it.
        assert (ended.exit_code, ended.output.splitlines()[-1]) == (
            0,
            "Enterprises whose numbers are hashed with the newest key: 2.",
        )
    name = HashKeys((OLD.encode(), NEW.encode())).names[-1]
    async with service.opened(rotating):
        state = await service.load(enterprise, str(first))
        assert state is not None
        assert {hashed.partition(".")[0] for hashed in state.identifiers.values()} == {name}
    assert await register(rotating, token_keys, 1, 2) == ["nib-taken", "nib-taken"]
    # The old key alone would not recognise them any more.
    with pytest.raises(CannotStart, match="another key"):
        await register(settings, token_keys, 1)


async def test_a_process_with_the_former_key_takes_none_once_the_new_one_is_used(
    settings: Settings, token_keys: Path
) -> None:
    async with two_processes(settings, token_keys) as (old, new):
        # Until then both recognise what either has registered.
        first = await old.command(VERIFIER, "/enterprises", form(1))
        assert first.status_code == 201
        second = await new.command(VERIFIER, "/enterprises", form(2))
        assert second.status_code == 201
        database = new.service.engine.database
        await age_claims(database)
        for number in (2, 3):
            refused = await old.command(VERIFIER, "/enterprises", form(number))
            assert code(refused) == (503, "key-changed")
            assert "restart it with the new key" in refused.json()["detail"]
        owners = await database.collection("claims").distinct("owner")
        assert set(owners) == {first.json()["id"], second.json()["id"]}
        lookup: dict[str, Any] = {"npwp": numbers(2)["npwp"]}
        found = await old.command(VERIFIER, "/enterprises/lookup", lookup)
        assert code(found) == (503, "key-changed")
        taken = [await new.command(VERIFIER, "/enterprises", form(number)) for number in (1, 2)]
        assert [code(answer) for answer in taken] == [(409, "nib-taken")] * 2


async def test_a_new_key_that_is_used_between_claims_and_command_stops_the_former_one(
    settings: Settings, token_keys: Path
) -> None:
    async with two_processes(settings, token_keys) as (old, new):
        # The old process notes its own key; then a newer one is noted beside its next claims.
        await old.command(VERIFIER, "/enterprises", form(1))
        await new.service.keys.note()
        with pytest.raises(Busy, match="key-changed"):
            async with old.service.claimed(enterprise, "e-9", {"nib/9": "NIB"}):
                raise AssertionError("the command is not reached")
        database = new.service.engine.database
        assert await database.collection("claims").find_one({"_id": "nib/9"}) is None


async def test_a_rotation_goes_on_past_an_enterprise_whose_number_another_one_has(
    settings: Settings, token_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotating = with_keys(settings, NEW, OLD)
    (first,) = await register(rotating, token_keys, 1)
    async with service.opened(rotating):
        # A version that did not check the name of the key registered the same numbers again.
        database = service.engine.database
        old_name = HashKeys((OLD.encode(),)).names[-1]
        of_numbers = {"_id": IDENTIFIER_KEY}
        await database.collection("keys").update_one(of_numbers, {"$set": {"name": old_name}})
        await age_claims(database)
    again, *others = await register(settings, token_keys, 1, 2, 3, 4)
    ended = await rekey(settings, monkeypatch)
    conflict = f"Enterprise {again}: " + ", ".join(
        f"its {kind} is that of enterprise {first}" for kind in ("NIB", "NIK", "NPWP")
    )
    assert ended.exit_code == 1
    assert f"{conflict}." in ended.stderr.splitlines()
    assert "left with their former hashes: 1." in ended.stderr
    assert "Enterprises whose numbers are hashed with the newest key: 4." in ended.stdout
    names = HashKeys((OLD.encode(), NEW.encode())).names
    async with service.opened(rotating):
        for id, name in ((first, names[1]), (again, names[0]), *((id, names[1]) for id in others)):
            state = await service.load(enterprise, str(id))
            assert state is not None
            assert {hashed.partition(".")[0] for hashed in state.identifiers.values()} == {name}


async def test_a_rotation_needs_the_newest_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    ended = await asyncio.to_thread(run.invoke, commands, ["rekey"])
    assert ended.exit_code == 1
    assert ended.stderr == "KUKM_IDENTIFIER_KEY is not set: give the newest key.\n"


def test_all_hashes_of_an_enterprise_are_replaced_together() -> None:
    keys = HashKeys((OLD.encode(), NEW.encode()))
    hashes = {kind: keys.hashes(f"{kind}:1") for kind in ("NPWP", "NIK")}
    old = {kind: of_kind[0] for kind, of_kind in hashes.items()}
    today = {kind: of_kind[1] for kind, of_kind in hashes.items()}
    registered = REGISTERED.model_copy(update={"identifiers": old})
    command = rehashed(enterprise_after(registered), keys)
    found_by = search_keys(REGISTERED.name, REGISTERED.representative, keys)
    assert command == RehashIdentifiers(identifiers=today, search_keys=found_by)
    event = IdentifiersRehashed(enterprise=ENTERPRISE, identifiers=today, search_keys=found_by)
    given(enterprise, registered).when(command, subject=ENTERPRISE).then(event)
    given(enterprise, registered, event).when(command, subject=ENTERPRISE).then()
    fewer = RehashIdentifiers(identifiers={"NPWP": today["NPWP"]})
    given(enterprise, registered).when(fewer, subject=ENTERPRISE).refused("wrong-identifiers")
    assert today["NPWP"] not in event.public_json() + repr(command)
