"""A rebuild that is killed at one await of the store after another, beside a live copy."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from shared.service.verify import verify
from shared.settings import Settings
from tests.conftest import eventually
from tests.faults.processes import told
from tests.kernel.example import till
from tests.kernel.test_parked import both, fill, parked
from tests.kernel.test_rebuild import figures, publishing

ROOT = Path(__file__).parent.parent.parent
ENDS_WITHIN_SECONDS = 60.0
DEATHS_MIN = 5


async def ended(settings: Settings, number: int) -> int:
    """How a rebuild ended that was to die at its await of this number."""
    given = json.dumps(told(settings))
    command = (sys.executable, "-m", "tests.faults.rebuilding", given, str(number))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        async with asyncio.timeout(ENDS_WITHIN_SECONDS):
            return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()


async def test_a_rebuild_that_is_killed_again_and_again_ends_and_is_right(
    settings: Settings, short_transactions: None
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        await fill(pair, "b2", "batik", "poison", "kopi")
        deaths, number = 0, 3
        async with publishing(pair):
            while await ended(settings, number) == -signal.SIGKILL:
                deaths, number = deaths + 1, 2 * number
        assert deaths >= DEATHS_MIN
        assert await pair.till.engine.generations.building() is None
        await eventually(pair.settled)
        stuck = await parked(pair)
        assert {row[0] for row in stuck} == {"b1", "b2"}
        assert (await verify(pair.till.engine)).differences == []
        live = await figures(pair)
        assert await ended(settings, 0) == 0

        async def again() -> bool:
            return await figures(pair) == live

        await eventually(again)
        assert await parked(pair) == stuck
