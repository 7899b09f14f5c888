"""Whether an event costs the same however many subjects there are.

The depot first hears of all subjects; then further events of some thousand of them are timed. One
partition and batches that are smaller than the smallest size, so that the subjects of a batch are
distinct and every size folds equally little together.
"""

from collections.abc import Iterator, Sequence

from benchmarks.harness.events import context, event, flood, subject, weighings
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_most
from benchmarks.harness.stage import Bench
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


async def measure(bench: Bench) -> Taken:
    """The smallest one, then the larger ones."""
    return await _compared(bench, SIZES_QUICK if bench.quick else SIZES)


async def measure_largest(bench: Bench) -> Taken:
    """The same for the largest, which takes minutes."""
    return await _compared(bench, (LARGEST,))


async def _compared(bench: Bench, sizes: Sequence[int]) -> Taken:
    smallest = await _cost(bench, SMALLEST)
    return {ROWS[size]: Pair(await _cost(bench, size), smallest) for size in sizes}


async def _cost(bench: Bench, subjects: int) -> float:
    """Microseconds an event."""
    timed = bench.size(TIMED_QUICK, TIMED)
    async with (
        bench.place("desk", partitions=1) as place,
        place.worker("depot", batch_events_max=f"{SMALLEST // 2}") as worker,
    ):
        follower = Follower(place, "depot")
        heard = await flood(place, weighings(subjects, 1))
        await seconds(follower.applied, heard)
        worker.freeze()
        further = await flood(place, _further(subjects, timed))
        worker.thaw()
        taken = await seconds(follower.applied, heard + further)
        follower.close()
    return taken / further * 1e6


def _further(subjects: int, events: int) -> Iterator[Recorded]:
    """So many more events, in turn over subjects that lie as far apart as they can."""
    several = min(subjects, events)
    apart = subjects // several
    for n in range(events):
        number = n % several * apart
        yield record(event(n), 2 + n // several, context(subject(number)), None)


TO_A_MILLION = Room(
    name="growth to a million", rows=(ROWS[LARGEST],), measure=measure_largest, rounds=1
)
ROOMS = (
    Room(name="growth", rows=[ROWS[item] for item in SIZES], measure=measure, rounds=3),
    TO_A_MILLION,
)
