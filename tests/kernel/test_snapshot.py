"""A snapshot of a service's copies: every read in it is of one moment."""

from shared.service import Snapshot
from tests.conftest import DEADLINE_SECONDS
from tests.kernel.example import AddItem, Buyer, Seen, basket, baskets, buyers, spending
from tests.kernel.test_loops import Pair, person
from tests.settled import settled


async def add(pair: Pair, id: str, item: str) -> None:
    await pair.shop.handle(basket, id, AddItem(item=item, price=5), person(f"{id}/{item}"))
    await settled(*pair)


async def shown(snapshot: Snapshot) -> tuple[object, ...]:
    """Return everything that a snapshot can show."""
    return (
        await snapshot.load(baskets, "b1"),
        await snapshot.load(buyers, "ani"),
        [found.id for found in await snapshot.find_all(baskets, buyer="ani")],
        [found.id for found in await snapshot.find(baskets, after="b1", limit=1)],
        await snapshot.tally(spending, buyer="ani"),
        await snapshot.checkpoints(),
    )


async def test_what_happens_between_two_reads_is_in_neither(pair: Pair) -> None:
    await add(pair, "b1", "batik")

    async def read(snapshot: Snapshot) -> tuple[object, ...]:
        first = await shown(snapshot)
        await add(pair, "b1", "kopi")
        await add(pair, "b2", "teh")
        assert await shown(snapshot) == first
        return first

    before = await pair.till.at_one_moment(read)
    assert before[0] == Seen(buyer="ani", total=5)
    assert before[1] == Buyer(items=("batik",))
    assert before[2:5] == (["b1"], [], {("ani",): {"baskets": 1, "total": 5}})
    after = await pair.till.at_one_moment(shown)
    assert after[2:5] == (["b1", "b2"], ["b2"], {("ani",): {"baskets": 2, "total": 15}})


async def test_the_checkpoints_of_a_snapshot_say_which_events_it_has(pair: Pair) -> None:
    await add(pair, "b1", "batik")
    partitions = (await pair.till.progress())["partitions"]
    reached = {
        name: partition["checkpoint"]
        for name, partition in partitions.items()
        if partition["checkpoint"]
    }

    async def checkpoints(snapshot: Snapshot) -> dict[str, int]:
        return await snapshot.checkpoints()

    found = await pair.till.at_one_moment(checkpoints)
    assert {name: offset for name, offset in found.items() if offset} == reached
    assert reached


async def test_what_a_query_waited_for_is_in_its_snapshot(pair: Pair) -> None:
    # The worker's write may not have reached a majority yet when the wait ends.
    async def total(snapshot: Snapshot) -> int:
        seen = await snapshot.load(baskets, "b1")
        return seen.total if seen else 0

    for number in range(1, 21):
        command = AddItem(item=f"i{number}", price=1)
        await pair.shop.handle(basket, "b1", command, person(f"{number}"))
        await pair.till.wait_until_applied("basket", "b1", number, DEADLINE_SECONDS)
        assert await pair.till.at_one_moment(total) >= number
