"""Two and four worker processes beside one, on a service whose tally every batch touches.

The workers join while the topic is empty, are frozen while it is filled (for less than the group's
session lasts), and thawed together: so neither joining nor publishing is measured.
"""

from contextlib import AsyncExitStack

from benchmarks.harness.events import flood, weighings
from benchmarks.harness.rounds import Goal, Pair, Room, Row, Taken, at_least, at_most
from benchmarks.harness.stage import Bench, Place
from benchmarks.harness.watching import Follower, seconds

EACH = 3
ABORTED_MAX = 0.01


def _row(path: str, against: str, goal: Goal, unit: str = "events/s") -> Row:
    return Row(path=path, against=against, goal=goal, unit=unit)


TWO = _row("projector, 2 workers, hot tallies", "1 worker", at_least(1.4))
FOUR = _row("projector, 4 workers, hot tallies", "2 workers", at_least(0.95))
ABORTED = _row(
    "aborted transactions, 4 workers", "the limit of 1 %", at_most(1), "of all transactions"
)


async def measure(bench: Bench) -> Taken:
    """One, two and four."""
    rates = {}
    aborted = 0.0
    for workers in (1, 2, 4):
        async with bench.place("desk") as place:
            rates[workers], aborted = await _together(place, workers)
    return {
        TWO: Pair(rates[2], rates[1]),
        FOUR: Pair(rates[4], rates[2]),
        ABORTED: Pair(aborted, ABORTED_MAX),
    }


async def _together(place: Place, workers: int) -> tuple[float, float]:
    """Events a second, and the share of transactions that were aborted meanwhile."""
    subjects = place.bench.size(10_000, 20_000)
    follower = Follower(place, "depot")
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(place.worker("depot")) for _ in range(workers)]
        await follower.balanced(workers)
        for item in running:
            item.freeze()
        events = await flood(place, weighings(subjects, EACH))
        before = await follower.transactions()
        for item in running:
            item.thaw()
        taken = await seconds(follower.applied, events)
        after = await follower.transactions()
    follower.close()
    aborted, started = (after[name] - before[name] for name in ("totalAborted", "totalStarted"))
    return events / taken, aborted / started


ROOMS = (Room(name="scaling", rows=(TWO, FOUR, ABORTED), measure=measure),)
