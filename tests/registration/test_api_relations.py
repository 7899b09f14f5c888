"""The board of a cooperative and the relations of an application, on real servers."""

from shared.kernel.keys import HashKeys
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    PLANNER,
    VERIFIER,
    Registry,
    form,
    numbers,
)
from tests.registration.test_api_profile import revises
from tests.relations import SARI, TONO, owner
from tests.serving import code

COOPERATIVE = form(7) | {
    "cooperative": True,
    "identifiers": {"npwp": numbers(7)["npwp"], "nik_koperasi": "3273010010001"},
    "board_niks": [SARI, TONO],
}


async def test_the_board_is_given_and_counted_and_no_reader_sees_it(registry: Registry) -> None:
    own = await registry.done(VERIFIER, "/enterprises", COOPERATIVE)
    path = f"/enterprises/{own}"
    for role, enterprise in ((APPLICANT, own), (VERIFIER, None), (AUDITOR, None)):
        found = await registry.gets(path, role, enterprise=enterprise)
        assert found["board_members"] == 2
    assert (await registry.gets(path, PLANNER))["board_members"] is None
    profile = {
        name: value
        for name, value in COOPERATIVE.items()
        if name not in ("cooperative", "identifiers", "board_niks")
    }
    renamed = profile | {"name": "Koperasi Baru", "code": "renamed", "reason": "a new name"}
    assert (await revises(registry, own, renamed, 1)).is_success
    assert (await registry.gets(path))["board_members"] == 2, "left out, the board stays"
    await revises(registry, own, renamed | {"board_niks": [SARI]}, 2)
    assert (await registry.gets(path))["board_members"] == 1
    await registry.settles()
    history = str(await registry.gets(f"{path}/history"))
    for secret in (SARI, TONO, "relations", "board_niks"):
        assert secret not in history


async def test_only_a_cooperative_gives_a_board(registry: Registry) -> None:
    answer = await registry.sends(VERIFIER, "/enterprises", form(8) | {"board_niks": [SARI]})
    assert code(answer) == (409, "no-board")


async def test_a_verified_application_travels_with_hashes_and_without_names(
    registry: Registry,
) -> None:
    await registry.calling()
    await registry.eligible(1)
    keys = HashKeys(registry.api.service.engine.settings.relation_keys)
    published = await registry.published()
    own = owner(numbers(1)["nik"], keys).hash
    carrying = [each for each in published if own in each]
    assert len(carrying) == 1, "only the event that enters the candidate has them"
    assert "application-verified" in carrying[0]
    for number in numbers(1).values():
        assert not any(number in each for each in published)
