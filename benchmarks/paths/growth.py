"""The cost of an event must not grow with the number of subjects.

The depot first applies an event of every subject; then further events of some thousand subjects are
timed. There is one partition, and a batch is smaller than the smallest size, so that the subjects
of a batch are distinct and no size gains more than another by folding events together.
"""

from collections.abc import Iterator, Sequence

from benchmarks.harness.bench import Bench
from benchmarks.harness.events import context, event, publish_all, subject, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.harness.watching import Follower, seconds
from shared.kernel.recorded import Recorded, record

SMALLEST = 1_000
SIZES, LARGEST = (10_000, 100_000), 1_000_000
SIZES_QUICK = SIZES[:1]
TIMED, TIMED_QUICK = 30_000, 10_000
ROWS = {
    size: Row(
        path=f"projector with {size:,} subjects, time an event",
        against=f"with {SMALLEST:,} subjects",
        goal=at_most(1.2),
        unit="µs",
    )
    for size in (*SIZES, LARGEST)
}


async def measure(bench: Bench) -> Pairs:
    """Compare the larger sizes with the smallest."""
    return await _compared(bench, SIZES_QUICK if bench.quick else SIZES)


async def measure_largest(bench: Bench) -> Pairs:
    """Compare the largest size, which takes minutes."""
    return await _compared(bench, (LARGEST,))


async def _compared(bench: Bench, sizes: Sequence[int]) -> Pairs:
    smallest = await _cost(bench, SMALLEST)
    return {ROWS[size]: Pair(await _cost(bench, size), smallest) for size in sizes}


async def _cost(bench: Bench, subjects: int) -> float:
    """Return the microseconds an event."""
    timed = bench.size(TIMED_QUICK, TIMED)
    async with (
        bench.namespace("desk", partitions=1) as namespace,
        namespace.worker("depot", batch_events_max=f"{SMALLEST // 2}") as worker,
    ):
        follower = Follower(namespace, "depot")
        first = await publish_all(namespace, weighings(subjects, 1))
        await seconds(follower.applied, first)
        worker.pause()
        further = await publish_all(namespace, _further(subjects, timed))
        worker.resume()
        duration = await seconds(follower.applied, first + further)
        follower.close()
    return duration / further * 1e6


def _further(subjects: int, events: int) -> Iterator[Recorded]:
    """Yield this number of further events, in turn over subjects that are evenly far apart."""
    several = min(subjects, events)
    apart = subjects // several
    for n in range(events):
        number = n % several * apart
        yield record(event(n), 2 + n // several, context(subject(number)), None)


TO_A_MILLION = MeasuredPath(
    name="growth to a million", rows=(ROWS[LARGEST],), measure=measure_largest, rounds=1
)
PATHS = (
    MeasuredPath(name="growth", rows=[ROWS[size] for size in SIZES], measure=measure, rounds=3),
    TO_A_MILLION,
)
