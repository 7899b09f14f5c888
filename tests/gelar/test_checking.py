"""The history checker finds each kind of damage, and nothing in sound databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from confluent_kafka import Producer

from gelar.checking.check import Report, check
from gelar.checking.findings import Concern, advice
from gelar.checking.topics.log import Line, Log
from shared.kernel.wire import encode
from shared.messaging.topics import topic_name
from shared.operations.parked import ParkedSubjects
from shared.settings import Settings
from shared.store.history import History
from tests.kernel.example import till
from tests.kernel.test_loops import Pair
from tests.kernel.test_parked import SITI, both, fill
from tests.kernel.test_rebuild import rebuild_of, silent


async def checked(pair: Pair) -> Report:
    """Check both services and return the report."""
    return await check([(service, service.engine) for service in (pair.shop, pair.till)])


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    """Run a shop and a till with parked, discarded and applied events."""
    async with both(settings, till()) as running:
        await fill(running, "b1", "batik", "kopi")
        await fill(running, "b2", "batik", "bug", "kopi")
        await fill(running, "b3", "batik", "poison", "kopi")
        await fill(running, "b4", "batik", "bug", "kopi")
        (row, _) = await running.till.engine.inbox.parking.rows("b4")
        await ParkedSubjects(running.till.engine).discard(row["_id"], SITI)
        await ParkedSubjects(running.till.engine).redrive("b4", SITI)
        await fill(running, "b4", "teh")
        yield running


async def test_sound_databases_have_no_findings(pair: Pair) -> None:
    report = await checked(pair)
    assert report.differences == []
    assert report.events == report.messages > 12
    assert report.applied["till"] > 8


DAMAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "till: mirror.basket b1: not what its 2 events make": (
        "v1.mirror.basket",
        {"_id": "b1"},
        {"$set": {"state.total": 3}},
    ),
    "till: mirror.basket b2: its flag is not what is parked of it": (
        "v1.mirror.basket",
        {"_id": "b2"},
        {"$set": {"parked": False}},
    ),
    "till: view.buyer buyer-of-b1: not what its events make": (
        "v1.view.buyer",
        {"_id": "buyer-of-b1"},
        {"$push": {"state.items": "silk"}},
    ),
    "till: tally spending buyer-of-b1": (
        "v1.tally.spending",
        {"cell.buyer": "buyer-of-b1"},
        {"$inc": {"numbers.total": 1}},
    ),
    "till: bill buyer-of-b1: its state differs from the fold of its 2 events": (
        "bill",
        {"_id": "buyer-of-b1"},
        {"$inc": {"state.amount": 1}},
    ),
    "till: bill/buyer-of-b1@00000000000000000001 was published with other bytes": (
        "history",
        {"_id": "bill/buyer-of-b1@00000000000000000001"},
        {"$set": {"data": "{}"}},
    ),
}


async def test_a_direct_change_of_a_database_is_found(pair: Pair) -> None:
    for text, (name, where, change) in DAMAGES.items():
        collection = pair.till.engine.database.collection(name)
        sound = await collection.find_one(where)
        assert sound is not None
        assert (await collection.update_one(where, change)).modified_count == 1, text
        differences = (await checked(pair)).differences
        assert len([line for line in differences if line.startswith(text)]) == 1, differences
        await collection.replace_one({"_id": sound["_id"]}, sound)
    assert (await checked(pair)).differences == []


DAMAGED: list[tuple[str, str, dict[str, Any]]] = [
    ("v1.mirror.basket", "b1", {"$unset": {"last": 1, "state": 1}}),
    ("v1.mirror.basket", "b2", {"$unset": {"parked": 1}}),
    ("v1.mirror.basket", "b3", {"$set": {"last": "many"}}),
    ("v1.view.buyer", "buyer-of-b1", {"$unset": {"state": 1}}),
]
CELLS: list[tuple[str, dict[str, Any]]] = [
    ("buyer-of-b1", {"$unset": {"cell.buyer": 1}}),
    ("buyer-of-b2", {"$unset": {"numbers": 1}}),
    ("buyer-of-b3", {"$set": {"numbers.total": "much"}}),
]


async def test_a_damaged_document_has_a_line_and_the_rest_is_checked(pair: Pair) -> None:
    database = pair.till.engine.database
    for name, id, change in DAMAGED:
        await database.collection(name).update_one({"_id": id}, change)
    cells = database.collection("v1.tally.spending")
    ids = {
        buyer: (await cells.find_one({"cell.buyer": buyer}, {"_id": 1}))["_id"]
        for buyer, _ in CELLS
    }
    for buyer, change in CELLS:
        await cells.update_one({"_id": ids[buyer]}, change)
    differences = (await checked(pair)).differences
    assert [line for line in differences if "tally" not in line] == [
        "till: mirror.basket b1: damaged: last is missing",
        "till: mirror.basket b1: damaged: state is missing",
        "till: mirror.basket b2: damaged: parked is missing",
        "till: mirror.basket b3: damaged: last is no int",
        "till: view.buyer buyer-of-b1: damaged: state is missing",
    ]
    assert {line for line in differences if "tally" in line and "damaged" in line} == {
        f"till: tally spending {ids['buyer-of-b1']}: damaged: buyer is missing",
        f"till: tally spending {ids['buyer-of-b2']}: damaged: numbers is missing",
        f"till: tally spending {ids['buyer-of-b3']}: damaged: total is no int",
    }
    miscounted = [line for line in differences if "tally spending buyer-of-b" in line]
    assert len(miscounted) == 3, differences


async def test_a_damaged_aggregate_is_found_and_the_rest_is_checked(pair: Pair) -> None:
    bills = pair.till.engine.database.collection("bill")
    await bills.update_one({"_id": "buyer-of-b2"}, {"$inc": {"state.amount": 1}})
    sound = await bills.find_one({"_id": "buyer-of-b1"})
    assert sound is not None
    for lost in ("version", "state", "outbox"):
        await bills.update_one({"_id": "buyer-of-b1"}, {"$unset": {lost: 1}})
        first, second = (await checked(pair)).differences
        assert first.startswith(f"till: bill buyer-of-b1: damaged: {lost} is missing")
        assert second.startswith("till: bill buyer-of-b2: its state differs from")
        await bills.replace_one({"_id": "buyer-of-b1"}, sound)


async def test_each_kind_of_difference_comes_with_advice(pair: Pair) -> None:
    database = pair.till.engine.database
    assert list(advice((await checked(pair)).findings)) == []
    for id in ("b1", "b4"):
        where = {"_id": id}
        await database.collection("v1.mirror.basket").update_one(where, {"$set": {"state": None}})
    (copies,) = advice((await checked(pair)).findings)
    assert "wrong in till: correct every difference above first" in copies
    await database.collection("bill").update_one(
        {"_id": "buyer-of-b1"}, {"$inc": {"state.amount": 1}}
    )
    record, again = advice((await checked(pair)).findings)
    assert "restore its database" in record
    assert again == copies
    await database.collection("history").delete_one(
        {"_id": "bill/buyer-of-b4@00000000000000000001"}
    )
    foreign, *_ = advice((await checked(pair)).findings)
    assert "published of till that their own databases do not know" in foreign
    log = Log()
    log.take(line(5))
    (topics,) = advice(log.faults)
    assert "the topics of budget" in topics


async def test_a_lost_document_is_found(pair: Pair) -> None:
    database = pair.till.engine.database
    await database.collection("v1.mirror.basket").delete_one({"_id": "b1"})
    await database.collection("history").delete_one(
        {"_id": "bill/buyer-of-b1@00000000000000000002"}
    )
    differences = (await checked(pair)).differences
    assert "till: mirror.basket b1: missing" in differences
    gone = "till: bill/buyer-of-b1@00000000000000000002 was published and is neither archived"
    assert [line for line in differences if line.startswith(gone)]


async def test_an_event_that_was_never_published_is_found(pair: Pair, settings: Settings) -> None:
    history = pair.shop.engine.database.collection("history")
    (past, _) = await History(pair.shop.engine.database).of_subject("basket", "b1")
    event = await history.find_one({"_id": past.id})
    await history.insert_one({**event, "_id": past.id.replace("b1@", "b9@")})
    differences = (await checked(pair)).differences
    assert f"shop: {past.id.replace('b1@', 'b9@')} is archived and was never published" in (
        differences
    )
    servers = settings.kafka_bootstrap_servers
    producer = Producer({"bootstrap.servers": servers, "partitioner": "murmur2_random"})
    for forged in (
        replace(past, data='{"buyer":"x"}'),
        replace(past, actor="another-actor"),
        replace(past, id=past.id.replace("@00000000000000000001", "@00000000000000000007")),
    ):
        key, value, headers = encode("shop", forged)
        topic = topic_name(settings.namespace, "shop")
        producer.produce(topic, value=value, key=key, headers=headers)
    producer.flush()
    differences = (await checked(pair)).differences
    assert len([line for line in differences if line.endswith("with other bytes")]) == 2
    assert [line for line in differences if line.endswith("comes where number 3 is due")], (
        differences
    )


async def test_the_copy_that_is_live_at_that_moment_is_checked(
    pair: Pair, settings: Settings
) -> None:
    await rebuild_of(pair.till, settings).run(silent)
    # No event has arrived since: the worker still holds the copy that was live before.
    assert (await checked(pair)).differences == []


def line(sequence: int, data: bytes = b"{}", **changes: Any) -> Line:
    """Return an event of an allocation."""
    fields: dict[str, Any] = {
        "service": "budget",
        "partition": 0,
        "offset": sequence,
        "id": f"allocation/ifex@{sequence:020}",
        "kind": "allocation",
        "subject": "ifex",
        "sequence": sequence,
        "type": "id.go.kukm.budget.place-funded.v1",
        "data": data,
    }
    return Line(**{**fields, **changes})


def test_a_subject_on_two_partitions_is_found_in_either_order() -> None:
    for first, second in ((3, 7), (7, 3)):
        log = Log()
        log.take(line(1, partition=first))
        log.take(line(2, partition=second))
        (fault,) = log.faults
        assert fault.text.endswith(": allocation ifex lies on partitions 3 and 7")


def test_repetitions_are_fine_and_gaps_are_not() -> None:
    log = Log()
    assert [log.take(line(n)) for n in (1, 2, 2, 1, 3)] == [True, True, False, False, True]
    assert log.faults == []
    log.take(line(5))
    (gap,) = log.faults
    assert gap.text == "allocation/ifex@00000000000000000005 comes where number 4 is due"
    assert (gap.concern, gap.service) == (Concern.LOG, "budget")
    log.take(line(6, id="allocation/ifex@00000000000000000009"))
    assert len(log.faults) == 2
