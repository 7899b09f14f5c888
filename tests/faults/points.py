"""A table of all points of death between a command's arrival and the last view's commit.

A point is an await of the kernel, as `awaits` names it (or a function that the Kafka client calls
on its own thread), and a moment: before it, while it is under way, after it. An await that only
waits for another await of the kernel ends with that await and needs no point of its own.
`ELSEWHERE` lists the other awaits without a point; a test proves that no further await is missing.
"""

from dataclasses import dataclass
from typing import Any

BEFORE, UNDER_WAY, AFTER = "before", "under way", "after"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point in words, its service of the pair, and its await in the code.

    `at_start`: a start passes it; `joined`: it is reached when a second worker joins; `poison`: it
    is reached when an order has an item that no bill takes; `left_by`: the point at which another
    process must have died just before.
    """

    words: str
    service: str
    site: str
    when: str = AFTER
    at_start: bool = False
    joined: bool = False
    poison: bool = False
    left_by: "Point | None" = None


def _out(words: str, site: str, when: str = AFTER) -> Point:
    return Point(words=words, service="shop", site=site, when=when)


def _in(words: str, site: str, when: str = AFTER, **needs: Any) -> Point:
    return Point(words=words, service="till", site=site, when=when, **needs)


WRITE_KEPT = _out("a write is kept", "Aggregates.write: self.collection.update_one")
OUTBOXES_READ = Point(
    words="the outboxes are read",
    service="shop",
    site="Outboxes.heads: found",
    # A sweep may find what was left before this process could be armed.
    at_start=True,
    left_by=WRITE_KEPT,
)
REMOVAL, BATCH, REACTIONS = "Outboxes.archive", "Inbox.commit", "Reactions.drain"
POINTS = (
    _out("a claim is under way", "Claims.take: self._collection.find_one_and_update", UNDER_WAY),
    _out("a claim is kept", "Claims.take: self._collection.find_one_and_update"),
    _out("a command has come", "Commands.handle: call.answer", BEFORE),
    _out("its aggregate is read", "Aggregates.load: self._loads.of"),
    _out("its facts are read", "_load_facts: load_facts"),
    _out("a create is under way", "Aggregates.write: self.collection.insert_one", UNDER_WAY),
    _out("a create is kept", "Aggregates.write: self.collection.insert_one"),
    _out("a write is under way", "Aggregates.write: self.collection.update_one", UNDER_WAY),
    WRITE_KEPT,
    _out("the answer is on its way", "Commands.handle: call.answer"),
    _out("the relay is awake", "Relay._publish_woken: self._ready.wait"),
    OUTBOXES_READ,
    _out("one event is with the client", "_Client.send"),
    _out("the events are under way", "EventProducer._publish: run.done", UNDER_WAY),
    _out("one event is acknowledged", "_Run.delivered"),
    _out("all are acknowledged", "EventProducer._publish: run.done"),
    _out("the removal begins", f"{REMOVAL} > Database.transaction: self._client.start_session"),
    _out("removed, not archived", f"{REMOVAL}.move: self._write.update_many"),
    _out("archived, not committed", f"{REMOVAL}.move: self._history.insert_many"),
    _out("the removal commits", f"{REMOVAL} > _once: session.commit_transaction", UNDER_WAY),
    _out("the removal is committed", f"{REMOVAL} > _once: session.commit_transaction"),
    _in("partitions are assigned", "EventConsumer._assigned", BEFORE, at_start=True),
    _in("the live copy is known", "Generations.live: self._collection.find_one", at_start=True),
    _in("a batch is read", "Worker._follow: self.consumer.batch"),
    _in("its mirrors are read", "Projection.current: documents.to_list"),
    _in("the batch begins", f"{BATCH} > Database.transaction: self._client.start_session"),
    _in("checkpoints are moved", "Checkpoints.move: self._collection.bulk_write"),
    _in("new mirrors are written", "Projection.write_mirrors: collection.insert_many"),
    _in("mirrors are written", "Projection.write_mirrors: collection.bulk_write"),
    _in("views are read", "Projection.write_view: found"),
    _in("views are written", "Projection.write_view: collection.bulk_write"),
    _in("tallies are written", "Projection.write_figures: cells.bulk_write"),
    _in("reactions are pending", "Inbox.commit.write: self._pending.insert_many"),
    _in("the batch commits", f"{BATCH} > _once: session.commit_transaction", UNDER_WAY),
    _in("the batch is committed", f"{BATCH} > _once: session.commit_transaction"),
    _in("pending rows are drained", "Worker.assigned: self.reactions.drain", at_start=True),
    _in("partitions are taken over", "EventConsumer._assigned", at_start=True),
    _in(
        "pending rows are read",
        "Inbox.pending: self._pending.find(self.checkpoints.ids(partitions)).sort",
    ),
    _in("reactions begin", f"{REACTIONS} > Database.transaction: self._client.start_session"),
    _in("aggregates are read", "Aggregates.load_many: found"),
    _in("checkpoints are read", "Checkpoints.of: found", at_start=True),
    _in("aggregates are written", "Aggregates.write_many: self.collection.bulk_write"),
    _in("aggregates are created", "Aggregates.write_many: self.collection.bulk_write 2"),
    _in("the pending row is deleted", "Inbox.drained: self._pending.delete_many"),
    _in("an event is parked", "Parking.park: self._parked.insert_many", poison=True),
    _in(
        "the partition's epoch is raised",
        "Checkpoints.raise_epochs: self._collection.update_many",
        poison=True,
    ),
    _in(
        "its subject is flagged",
        "Parking._set: self._projection.collection(mirror).update_one",
        poison=True,
    ),
    _in("reactions commit", f"{REACTIONS} > _once: session.commit_transaction", UNDER_WAY),
    _in("reactions are committed", f"{REACTIONS} > _once: session.commit_transaction"),
    _in("offsets are to be reported", "Worker._commit: self.consumer.commit", BEFORE),
    _in("offsets are reported", "Worker._commit: self.consumer.commit"),
    _in("partitions are to be given up", "EventConsumer._revoked", BEFORE, joined=True),
    _in("partitions are given up", "EventConsumer._revoked", joined=True),
)

ELSEWHERE = {
    "the first batch of all: its rows are made where others are changed": (
        "Checkpoints.move: self._collection.bulk_write 2",
    ),
    "a start makes what is missing, as often as it takes": (
        "Database.collection_names: self._database.list_collection_names",
        "Database.create: self._database.create_collection",
        "Database.check: self._database.command",
        "Database.check: self._database.command 2",
        "Database.check: self._database.list_collection_names",
        "Database.check: self._database['checkpoints'].delete_one",
        "Generations.make_first: self._collection.update_one",
        "Service.opened: keys.start",
        "Following.check_kinds: self._collection.find_one",
        "Following.check_kinds: self._collection.update_one",
    ),
    "the first worker of a version writes in one transaction what it does; later ones find it": (
        "Versions._found: self._collection.find_one",
        "Checkpoints.offsets: found",
        "Versions.register > Database.transaction: self._client.start_session",
        "Checkpoints.raise_all_epochs: self._collection.insert_many",
        "Checkpoints.raise_all_epochs: self._collection.update_many",
        "Versions.become: self._collection.replace_one",
        "Versions.register > _once: session.commit_transaction",
    ),
    "the ids of topics are noted when they differ; what is read again then changes nothing": (
        "Followed.check: asyncio.to_thread",
        "Following.topics: self._collection.find_one",
        "Following.note_topics: self._collection.update_one",
    ),
    "the caller's facts are read one by one": ("Commands._decide_and_save: asyncio.gather",),
    "the next batch is folded meanwhile: what that reads has a place": (
        "Worker._step: following",
        "Worker._follow: self._fold",
        "Worker._step: asyncio.gather",
    ),
    "only a service with keys asks the database, where nothing is written but a newer name": (
        "ServiceParts.claimed: self.keys.note",
        "ServiceParts.claimed: self.keys.check",
    ),
    "pure rules: nothing is written": (
        "Worker._fold: self._run_maybe_in_thread",
        "Worker._fold: self._run_maybe_in_thread 2",
        "Worker._follow: self._due",
        "Worker._apply_again: self._due",
        "Aggregates.load_many: self._loaded",
    ),
    "a stop waits for what this awaits: that has places": ("Relay._archive_acked: asyncio.shield",),
    "one query for several callers: each of them has a place": ("Aggregates._read_ids: found",),
    "calls on the client's thread: each caller of it has a place": (
        "EventConsumer._on_thread: self._loop.run_in_executor",
    ),
    "nothing is under way while a loop waits or looks for work": (
        "Aggregates.due: found.sort([('deadline.at', 1), ('_id', 1)]).limit",
        "Outboxes.left: found.hint('outbox.0.lot_1').limit",
        "Relay._archive_acked: asyncio.sleep",
        "Relay._archive_acked: self._some_acked.wait",
        "Reactions._decide: self.missing.decided",
        "Relay._sweep: asyncio.sleep",
        "pause: asyncio.sleep",
    ),
    "only awaited if another owner holds the claim": ("Claims.take: self._majority.find_one",),
    "only awaited if another process was faster": (
        "Aggregates.load_many: self.collection.update_many",
        "Relay._archive_or_yield: self._yield_to_another",
        "Worker._due: self.consumer.seek",
        "Relay._yield_to_another: outboxes.waiting_ids",
        "Outboxes.waiting_ids: self._waiting",
        "Aggregates._raise_if_full: found",
    ),
    "nothing is to be counted or parked": (
        "Inbox.project: self.projection.write_figures",
        "Inbox.write: self.parking.park",
        "Reactions._decide: self.inbox.parking.park",
    ),
    "a refusal is checked on the latest write, and nothing is written": (
        "Commands._decide_and_save: self.aggregates.is_latest",
        "Aggregates.is_latest: self._latest.find_one",
    ),
    "only awaited if an aggregate has forgotten receipts": (
        "Commands._decide_and_save: self._recall",
        "Commands._recall: self.aggregates.receipts.of",
    ),
    "a transaction that ends without a commit": ("_open: session.abort_transaction",),
}
"""The awaits that have no place of their own, by the reason; `prepare` and `renew` neither, which
belong to a start."""
