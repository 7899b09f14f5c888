"""A replica remembers its own writes: it reads less, and its answers stay right."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Refused
from shared.service import Service
from shared.settings import Settings
from shared.store import recent
from shared.store.documents import RECEIPTS_KEPT, Loaded, Remembered
from shared.store.recent import Recent
from tests.given import NOW
from tests.kernel.example import AddItem, Bill, GrowBill, SealBasket, basket, bill, shop, till
from tests.kernel.test_loops import person
from tests.settled import settled

Replicas = tuple[Service, Service]


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[Replicas]:
    """Run two replicas of the shop on the same database."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(shop().opened(settings)),
            await stack.enter_async_context(shop().opened(settings)),
        )


async def add(service: Service, item: str, key: str, expects: int | None = None) -> int:
    """Add an item and return the version after it."""
    context = Context(
        now=NOW,
        origin=Origin.PERSON,
        actor="ani",
        key=key,
        expects=frozenset({expects}) if expects else None,
    )
    answer = await service.handle(basket, "b1", AddItem(item=item, price=1), context)
    return answer.version


async def test_a_command_is_decided_on_the_latest_write_of_another_replica(
    replicas: Replicas,
) -> None:
    ours, other = replicas
    await add(ours, "batik", "1")
    context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key="2")
    await other.handle(basket, "b1", SealBasket(), context)
    with pytest.raises(Refused, match="sealed"):
        await add(ours, "kopi", "3")
    assert (await ours.get(basket, "b1")).state.items == ("batik",)


async def test_no_command_is_refused_from_memory(replicas: Replicas) -> None:
    ours, other = replicas
    await add(ours, "batik", "1")
    assert await add(other, "kopi", "2") == 2
    # The replica remembers version 1: judged by that, this command would be stale.
    assert await add(ours, "teh", "3", expects=2) == 3
    assert (await ours.get(basket, "b1")).state.items == ("batik", "kopi", "teh")


async def test_a_request_that_another_replica_has_answered_has_the_same_answer(
    replicas: Replicas,
) -> None:
    ours, other = replicas
    await add(ours, "batik", "1")
    assert await add(other, "kopi", "2") == 2
    assert await add(other, "teh", "3") == 3
    assert await add(ours, "kopi", "2") == 2
    assert (await ours.get(basket, "b1")).version == 3


async def test_the_next_command_reads_nothing(replicas: Replicas) -> None:
    ours, _ = replicas
    await add(ours, "batik", "1")
    aggregates = ours.engine.commands["basket"].aggregates
    loads: list[str] = []
    load = aggregates.load

    async def counted(id: str) -> Loaded[Any]:
        loads.append(id)
        return await load(id)

    aggregates.load = counted  # type: ignore[method-assign]  # only counted: it does what it did
    assert [await add(ours, "kopi", "2"), await add(ours, "teh", "3")] == [2, 3]
    assert loads == []
    assert await add(ours, "kopi", "2") == 2
    assert loads == ["b1"]


async def test_after_a_reaction_a_command_is_decided_once(settings: Settings) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        await billing.handle(bill, "ani", GrowBill(item="kopi", amount=1), person("1"))
        await selling.handle(basket, "b1", AddItem(item="teh", price=2, buyer="ani"), person("1"))
        await settled(selling, billing)
        asked: list[str] = []

        async def facts() -> None:
            asked.append("ani")

        grown = GrowBill(item="gula", amount=3)
        await billing.handle(bill, "ani", grown, person("2"), facts=facts)  # type: ignore[call-overload]  # no rule needs them
        assert (await billing.get(bill, "ani")).state == Bill(amount=6, lines=3)
        assert asked == ["ani"]


def test_the_memory_is_bounded_in_number_time_and_receipts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr("shared.store.recent.time.monotonic", lambda: clock[0])
    remembered: Recent[str] = Recent()
    keys = {f"k{n}": Remembered("body", n, ()) for n in range(RECEIPTS_KEPT + 1)}
    remembered.keep(Loaded(id="many", state="s", version=65, receipts=keys))
    loaded = remembered.take("many")
    assert loaded is not None
    assert (loaded.stored_version, loaded.forgotten, len(loaded.receipts)) == (
        65,
        True,
        RECEIPTS_KEPT,
    )
    assert "k0" not in loaded.receipts
    assert remembered.take("many") is None
    for number in range(recent.KEPT_MAX + 1):
        remembered.keep(Loaded(id=f"{number}", state="s", version=1))
    assert remembered.take("0") is None
    assert remembered.take("1") is not None
    clock[0] += recent.KEPT_SECONDS
    assert remembered.take("2") is None


async def test_no_refusal_rests_on_a_read_that_an_election_made_old(settings: Settings) -> None:
    async with shop().opened(settings) as first, shop().opened(settings) as second:
        await first.handle(basket, "b1", AddItem(item="kopi", price=1), person("1"))
        aggregates = second.engine.commands["basket"].aggregates
        newest = aggregates.majority

        class Old:
            """A new primary that does not know yet what its majority has."""

            def find(self, *arguments: object) -> Any:
                aggregates.majority = newest
                return newest.find({"_id": "unknown"})

        aggregates.majority = Old()
        sealed = await second.handle(basket, "b1", SealBasket(), person("2"))
        assert sealed.version == 2
        with pytest.raises(Refused, match="basket-sealed"):
            await second.handle(basket, "b1", AddItem(item="teh", price=1), person("3"))
