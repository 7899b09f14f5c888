"""Another identifier key stops the start, and a rotation keeps every enterprise recognised."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gelar.commands import commands
from services.registration.app import routers, service
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.rehashing import (
    RehashIdentifiers,
    rehashed,
)
from shared.contracts.registration.enterprise import IdentifiersRehashed
from shared.kernel.errors import CannotStart
from shared.kernel.keys import HashKeys
from shared.settings import Settings
from tests.gelar.test_commands import environment
from tests.given import given
from tests.registration.examples import ENTERPRISE, REGISTERED, enterprise_after
from tests.registration.registry import VERIFIER, form
from tests.serving import code, served

OLD = "an identifier key for tests, 32 characters"
NEW = "another identifier key, of 32 characters at least"
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


async def test_another_key_stops_the_start_in_a_sentence(
    settings: Settings, token_keys: Path
) -> None:
    await register(settings, token_keys, 1)
    with pytest.raises(CannotStart, match="KUKM_IDENTIFIER_KEY is another key than the one"):
        await register(with_keys(settings, NEW), token_keys, 1)
    with pytest.raises(CannotStart, match="another key"):
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
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", NEW)
    monkeypatch.setenv("KUKM_IDENTIFIER_KEYS_BEFORE", OLD)
    for _ in range(2):
        ended = await asyncio.to_thread(run.invoke, commands, ["rekey"])
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
    assert command == RehashIdentifiers(identifiers=today)
    event = IdentifiersRehashed(enterprise=ENTERPRISE, identifiers=today)
    given(enterprise, registered).when(command, subject=ENTERPRISE).then(event)
    given(enterprise, registered, event).when(command, subject=ENTERPRISE).then()
    fewer = RehashIdentifiers(identifiers={"NPWP": today["NPWP"]})
    given(enterprise, registered).when(fewer, subject=ENTERPRISE).refused("wrong-identifiers")
    assert today["NPWP"] not in event.public_json() + repr(command)
