"""The lag of the event loop: how much later than planned it comes to a timer.

Called by `shared.run`, beside a service. While the loop is late every request waits as long: a
computation that takes long runs on it, or the machine has no processor time for this process.
"""

import asyncio

from shared.metrics import LOOP_LAG

EVERY_SECONDS = 0.5


async def measure_lag() -> None:
    """Measure until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        planned_at = loop.time() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        LOOP_LAG.observe(max(0.0, loop.time() - planned_at))
