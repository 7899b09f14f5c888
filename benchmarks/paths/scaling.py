"""Two and four worker processes beside one, on a service whose tally every batch touches.

The workers join while the topic is empty. They are paused while it is filled (for less than the
group's session lasts) and resumed together, so that neither joining nor publishing is measured.
"""

from contextlib import AsyncExitStack

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.events import publish_all, weighings
from benchmarks.harness.rounds import Goal, MeasuredPath, Pair, Pairs, Row, at_least, at_most
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


async def measure(bench: Bench) -> Pairs:
    """Measure one worker, then two, then four."""
    rates = {}
    aborted = 0.0
    for workers in (1, 2, 4):
        async with bench.namespace("desk") as namespace:
            rates[workers], aborted = await _together(namespace, workers)
    return {
        TWO: Pair(rates[2], rates[1]),
        FOUR: Pair(rates[4], rates[2]),
        ABORTED: Pair(aborted, ABORTED_MAX),
    }


async def _together(namespace: Namespace, workers: int) -> tuple[float, float]:
    """Return events a second, and the share of their transactions that were aborted."""
    subjects = namespace.bench.size(10_000, 20_000)
    follower = Follower(namespace, "depot")
    async with AsyncExitStack() as stack:
        children = [
            await stack.enter_async_context(namespace.worker("depot")) for _ in range(workers)
        ]
        await follower.balanced(workers)
        for child in children:
            child.pause()
        events = await publish_all(namespace, weighings(subjects, EACH))
        before = await follower.transactions()
        for child in children:
            child.resume()
        duration = await seconds(follower.applied, events)
        after = await follower.transactions()
    follower.close()
    aborted, started = (after[name] - before[name] for name in ("totalAborted", "totalStarted"))
    return events / duration, aborted / started


PATHS = (MeasuredPath(name="scaling", rows=(TWO, FOUR, ABORTED), measure=measure),)
