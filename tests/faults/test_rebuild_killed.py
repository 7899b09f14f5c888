"""A rebuild beside a live copy is killed at more and more distant awaits of the store."""

import asyncio
import json
from pathlib import Path

from deploy.local.forks import Forks, forks
from shared.settings import Settings
from tests.conftest import eventually
from tests.faults.cast import WITHIN_SECONDS
from tests.faults.processes import worker_settings
from tests.gelar.test_checking import checked
from tests.kernel.example import till
from tests.kernel.test_parked import both, fill, parked
from tests.kernel.test_rebuild import figures, publishing
from tests.long_tests import long_test
from tests.settled import settled

DEATHS_MIN = 5


async def is_killed(children: Forks, settings: Settings, number: int) -> bool:
    """Return True if a rebuild died at its await of this number; otherwise it has ended well."""
    _, reader, writer = await children.fork()
    writer.write(
        json.dumps({"settings": worker_settings(settings), "number": number}).encode() + b"\n"
    )
    async with asyncio.timeout(WITHIN_SECONDS):
        answer = await reader.read()
    writer.close()
    assert not answer or json.loads(answer) == {"failed": False}
    return not answer


@long_test
async def test_a_rebuild_that_is_killed_again_and_again_ends_and_is_right(
    settings: Settings, tmp_path: Path
) -> None:
    async with (
        forks(tmp_path, "tests.faults.marked:rebuild") as children,
        both(settings, till()) as pair,
    ):
        await fill(pair, "b1", "batik", "bug", "kopi")
        await fill(pair, "b2", "batik", "poison", "kopi")
        deaths, number = 0, 3
        async with publishing(pair):
            while await is_killed(children, settings, number):
                deaths, number = deaths + 1, 2 * number
        assert deaths >= DEATHS_MIN
        assert await pair.till.engine.generations.building() is None
        await settled(*pair)
        stuck = await parked(pair)
        assert {row[0] for row in stuck} == {"b1", "b2"}
        assert (await checked(pair)).differences == []
        live = await figures(pair)
        assert not await is_killed(children, settings, 0)

        async def again() -> bool:
            return await figures(pair) == live

        await eventually(again)
        assert await parked(pair) == stuck
        assert (await checked(pair)).differences == []
