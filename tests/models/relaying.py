"""Model the relay: an aggregate, writers, two relays, a topic, and all failures.

It follows `shared/store/aggregates.py` (a guarded write that appends to the outbox and leaves a
receipt), `shared/service/relay.py` with `shared/store/outbox.py` (the whole outbox is read from its
head and published, except for events that are published and not yet archived; after the acks the
events are removed by id and archived under unique ids in one transaction; a relay that finds them
archived reads which of them still wait), `shared/service/unpublished.py` (new events of the relay's
own process are sent without a read if they continue the events that this relay knows to be
published) and `shared/messaging/producer.py` (a failure fails the whole run, and events on the wire
may arrive later, in order, or be lost from some point on). Crashes, failures and lost answers may
come at every step and any number of times; only the dead clients with events on the wire are
bounded: at most `ghosts` at once.

`Rules` are the safeguards: a test removes each, and then the search must find a fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.models.relay_world import (
    DONE,
    IDLE,
    NEW,
    WAITS,
    Document,
    Event,
    Relay,
    Rules,
    Run,
    World,
    Writer,
)


@dataclass(frozen=True, kw_only=True)
class Relaying:
    """The model. `events` has the number of events that each writer's command makes.

    With `elections`, a write may lie on one server first and be rolled back; its caller may have
    asked again before (`asks_again`).
    """

    rules: Rules = field(default_factory=Rules)
    events: tuple[int, ...] = (2, 1)
    relays: int = 2
    ghosts: int = 1
    elections: bool = False
    asks_again: bool = True

    def start(self) -> World:
        """Return the state before the first step."""
        return World(Document(), (NEW,) * len(self.events), (IDLE,) * self.relays)

    def steps(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield each step that a writer, relay, dead client or election may take next."""
        for number in range(len(world.writers)):
            yield from self._write(world, number)
        for number in range(len(world.relays)):
            # Two relays in the same state do the same.
            if world.relays[number] not in world.relays[:number]:
                yield from self._relay(world, number)
        for ghost in world.ghosts:
            others = _without(world.ghosts, ghost)
            yield f"{ghost[0]} of a dead client arrives", _arrived(world, ghost[0])
            yield "a dead client's messages are lost", world._replace(ghosts=others)
        if world.majority is not None:
            yield from self._elect(world, world.majority)

    def wrong(self, world: World) -> str | None:
        """Return the promise that is broken in this state, if any."""
        numbers = [number for number, _, _ in world.topic]
        if numbers != list(range(1, len(numbers) + 1)):
            return "the topic has a gap"
        if not set(world.history) <= set(world.topic):
            return "archived and never published"
        document = world.majority or world.document
        kept = world.history + document.outbox
        if len(set(kept)) != len(kept):
            return "an event is kept twice"
        if sorted(number for number, _, _ in kept) != list(range(1, document.version + 1)):
            return "an event is kept nowhere, or two have one number"
        return self._wrong_for_a_writer(world, sorted(kept))

    def at_rest(self, world: World) -> bool:
        """Return True if all is written, published and archived."""
        version = world.document.version
        return (
            all(writer == DONE for writer in world.writers)
            and version == sum(self.events) == len(world.history) == len(world.topic)
            and not world.document.outbox
        )

    def _wrong_for_a_writer(self, world: World, kept: list[Event]) -> str | None:
        if not set(world.topic) <= set(kept):
            return "published an event that was never written"
        before = [-1, *(writer for _, writer, _ in kept)]
        if any(seen != last for (_, _, seen), last in zip(kept, before, strict=False)):
            return "decided on an event that was never written"
        for number, events in enumerate(self.events):
            theirs = sum(writer == number for _, writer, _ in kept)
            if theirs > events:
                return "a command has its effect twice"
            if theirs < events and world.writers[number] == DONE:
                return "an acknowledged command is lost"
        return None

    def _write(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        phase, version, last = world.writers[number]
        if phase == "new":
            yield self._read(world, number)
        elif phase == "read" and world.majority is None:
            if self.rules.guards_version and version != world.document.version:
                yield f"writer {number} was not first", _writer(world, number, NEW)
                return
            document = self._written(world.document, number, (version, last))
            written = world._replace(document=document)
            yield f"writer {number} writes", _writer(written, number, DONE)
            yield from _handed_on(_writer(written, number, DONE), document)
            yield f"writer {number} writes, the answer is lost", _writer(written, number, NEW)
            if self.elections:
                alone = written._replace(majority=world.document)
                yield f"writer {number} writes on one server", _writer(alone, number, WAITS)

    def _read(self, world: World, number: int) -> tuple[str, World]:
        local = self.rules.loads == "local" or world.majority is None
        document = world.document if local else world.majority or world.document
        if number in document.receipts:
            return f"writer {number} finds its receipt", _writer(world, number, DONE)
        read: Writer = ("read", document.version, document.last)
        return f"writer {number} reads version {document.version}", _writer(world, number, read)

    def _written(self, document: Document, number: int, seen: tuple[int, int]) -> Document:
        version, last = seen
        count = self.events[number]
        new = tuple(
            (version + step, number, number if step > 1 else last) for step in range(1, count + 1)
        )
        receipts = document.receipts
        return Document(
            version=version + count,
            last=number,
            outbox=document.outbox + new,
            receipts=receipts | {number} if self.rules.leaves_receipts else receipts,
        )

    def _elect(self, world: World, majority: Document) -> Iterator[tuple[str, World]]:
        reached = _settled(world, DONE)._replace(majority=None)
        yield "the write reaches a majority", reached
        if any(writer == WAITS for writer in world.writers):
            yield from _handed_on(reached, world.document)
        rolled_back = _settled(world, NEW)._replace(document=majority, majority=None)
        yield "an election rolls the write back", rolled_back
        if self.asks_again:
            # Through another replica, while the first still waits for the majority.
            yield "the writer's caller asks again", _settled(world, NEW)

    def _relay(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        relay = world.relays[number]
        acked, run, wire = relay.acked, relay.run, relay.wire
        if wire:
            took = _with(world, number, relay._replace(wire=wire[1:]))
            yield f"the broker takes {wire[0]}", _arrived(took, wire[0])
        else:
            yield from self._send_unread(world, number)
            yield from self._read_and_send(world, number)
        if world.majority is None and (acked or (run and not self.rules.waits_for_acks)):
            yield from self._archive(world, number)
        if not wire and acked:
            yield "a relay dies", _with(world, number, IDLE)
        elif wire and len(world.ghosts) < self.ghosts:
            yield "a relay dies", _haunted(_with(world, number, IDLE), wire)
            failed = _with(world, number, relay._replace(run=(), wire=()))
            yield "a relay's client fails", _haunted(failed, wire)
        if wire and self.rules.after_failure == "sends the next":
            failed = _haunted(_with(world, number, IDLE), wire[1:])
            yield f"{wire[0]} alone times out", failed

    def _read_and_send(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        # Events that it has published and not yet archived are still in the outbox.
        relay = world.relays[number]._replace(unpublished=())
        acked = relay.acked
        local = self.rules.relays_read == "local" or world.majority is None
        document = world.document if local else world.majority or world.document
        fresh = _apart(document.outbox, acked)
        runs = [fresh] if fresh else []
        if self.rules.publishes == "a single event":
            runs = [(event,) for event in fresh]
        for run in runs:
            sent = relay._replace(run=run, wire=run)
            yield f"a relay reads and sends {run}", _with(world, number, sent)
            if self.rules.after_failure == "goes on behind a purge":
                for first in range(1, len(run)):
                    purged = _with(world, number, sent._replace(wire=run[first:]))
                    yield f"a relay sends {run}, purged after {first}", purged

    def _send_unread(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        relay = world.relays[number]
        if not relay.unpublished:
            return
        continues = relay.unpublished[0][0] == relay.last + 1
        if continues or self.rules.sends_unread == "all":
            sent = relay._replace(run=relay.unpublished, wire=relay.unpublished, unpublished=())
            yield f"a relay sends {relay.unpublished} unread", _with(world, number, sent)

    def _archive(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        relay = world.relays[number]
        acked, run, wire = relay.acked, relay.run, relay.wire
        if self.rules.waits_for_acks:
            gone, left = acked, _with(world, number, relay._replace(acked=()))
        else:
            gone, left = (*acked, *run), _haunted(_with(world, number, IDLE), wire)
        known = tuple(event for event in gone if event in world.history)
        if known and self.rules.archives == "once":
            waiting = tuple(event for event in acked if event in world.document.outbox)
            looked = _with(world, number, relay._replace(acked=waiting))
            yield "a relay finds it archived and reads what waits", looked
            return
        fresh = _apart(gone, known) if self.rules.archives == "if absent" else gone
        document = world.document._replace(outbox=self._removed(world.document.outbox, gone))
        history = world.history + fresh
        yield f"a relay archives {gone}", left._replace(document=document, history=history)
        answer_lost = world._replace(document=document, history=history)
        yield f"a relay archives {gone}, the answer is lost", answer_lost

    def _removed(self, outbox: Run, run: Run) -> Run:
        match self.rules.removes:
            case "by id":
                return tuple(event for event in outbox if event not in run)
            case "by position":
                return outbox[len(run) :]
            case "all":
                return ()


def _writer(world: World, number: int, writer: Writer) -> World:
    writers = (*world.writers[:number], writer, *world.writers[number + 1 :])
    return world._replace(writers=writers)


def _handed_on(world: World, document: Document) -> Iterator[tuple[str, World]]:
    # The writer may be of either relay's process.
    new = tuple(event for event in document.outbox if event not in world.topic)
    new = tuple(event for event in new if event[1] == document.last)
    for number, relay in enumerate(world.relays):
        follows = not relay.unpublished or relay.unpublished[-1][0] + 1 == new[0][0]
        events = (*relay.unpublished, *new) if follows else ()
        handed = _with(world, number, relay._replace(unpublished=events))
        yield f"and hands {events} to a relay", handed


def _settled(world: World, writer: Writer) -> World:
    writers = tuple(writer if other == WAITS else other for other in world.writers)
    return world._replace(writers=writers)


def _with(world: World, number: int, relay: Relay) -> World:
    # Relays are alike, so their order is no part of the state.
    relays = (*world.relays[:number], relay, *world.relays[number + 1 :])
    return world._replace(relays=tuple(sorted(relays)))


def _haunted(world: World, wire: Run) -> World:
    return world._replace(ghosts=tuple(sorted((*world.ghosts, wire)))) if wire else world


def _arrived(world: World, event: Event) -> World:
    # Only first occurrences count: readers drop the others by number. So an event that is in the
    # topic already may leave every wire at once.
    if event not in world.topic:
        world = world._replace(topic=(*world.topic, event))
    relays = tuple(_acknowledged(relay, _apart(relay.wire, (event,))) for relay in world.relays)
    ghosts = tuple(filter(None, (_apart(ghost, (event,)) for ghost in world.ghosts)))
    return world._replace(relays=tuple(sorted(relays)), ghosts=tuple(sorted(ghosts)))


def _acknowledged(relay: Relay, wire: Run) -> Relay:
    # The run is acknowledged with its last message.
    if relay.run and not wire:
        acked = (*relay.acked, *relay.run)
        return relay._replace(acked=acked, run=(), wire=(), last=relay.run[-1][0])
    return relay._replace(wire=wire)


def _apart(run: Run, other: Run) -> Run:
    return tuple(event for event in run if event not in other)


def _without(ghosts: tuple[Run, ...], ghost: Run) -> tuple[Run, ...]:
    index = ghosts.index(ghost)
    return ghosts[:index] + ghosts[index + 1 :]
