"""Model the batch: a partition, its log, and two consumers that both believe they own it.

It follows `shared/service/worker.py` (mirrors are read outside the transaction; the next batch is
folded in memory before the batch under way is committed, and kept only at the checkpoint that it
was folded on; a consumer that was overtaken or got no answer drains and reads the checkpoint
again),
`shared/store/inbox.py` (the checkpoint is compared-and-set with its epoch in the transaction of
mirror, view, tally and pending row; the row has a unique id and is deleted by offset and epoch),
`shared/service/reactions.py` (the second transaction: aggregate and row in one snapshot) and
`shared/operations/parked.py` (an operator folds parked events, and raises the epoch). Crashes,
lost answers, rebalances and zombies may come at every step, any number of times; any batch may end
anywhere; a caller writes the aggregate too.

`Rules` are the safeguards: a test removes each, and then the search must find a fault.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.models.batch_world import (
    ASSIGNED,
    AWAY,
    Consumer,
    Mirror,
    Numbers,
    Row,
    Rules,
    World,
)


@dataclass(frozen=True, kw_only=True)
class Batching:
    """The model: the `log` holds numbers of a subject, some twice.

    `unfoldable` is parked at once; `poison` is folded, and then its command can never succeed. An
    operator redrives both.
    """

    rules: Rules = field(default_factory=Rules)
    log: Numbers = (1, 2, 1, 3)
    unfoldable: int = 0
    poison: int = 0
    caller: bool = True

    def start(self) -> World:
        """Return the state before anything was read."""
        return World()

    def steps(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield each step that a consumer, the caller or the operator may take next."""
        for number, consumer in enumerate(world.consumers):
            # Two consumers in the same state do the same.
            if consumer not in world.consumers[:number]:
                yield from self._step(world, number, consumer)
                yield "a consumer crashes", _with(world, number, AWAY)
        if self.caller and 0 not in world.aggregate:
            aggregate = (*world.aggregate, 0)
            yield "a caller's command is written", world._replace(aggregate=aggregate)
        if (world.parked or world.parked_folded) and world.pending is None:
            yield "an operator redrives", self._redriven(world)

    def wrong(self, world: World) -> str | None:
        """Return the promise that is broken in this state, if any."""
        mirror, done = world.mirror, tuple(number for number in world.aggregate if number)
        pending = world.pending.commands if world.pending else ()
        received = tuple(dict.fromkeys(self.log[: world.checkpoint]))
        if mirror.folded != tuple(range(1, len(mirror.folded) + 1)):
            return "the mirror has an event twice or out of order"
        if self.rules.begins_at == "checkpoint" and mirror.folded + world.parked != received:
            return "mirror and parked events are not the received events"
        if mirror.parked != bool(world.parked or world.parked_folded):
            return "a subject is flagged and has nothing parked, or the reverse"
        if world.view != mirror.folded or world.tally != len(mirror.folded):
            return "view or tally do not agree with the mirror"
        if done + pending + world.parked_folded != mirror.folded:
            return "a reaction's effect is lost, twice or out of order"
        return None

    def at_rest(self, world: World) -> bool:
        """Return True if all is received, reacted on and redriven, and no command is lost."""
        numbers = sorted(set(self.log) | ({0} if self.caller else set()))
        return world.pending is None and sorted(world.aggregate) == numbers

    def _step(self, world: World, number: int, consumer: Consumer) -> Iterator[tuple[str, World]]:
        match consumer.phase:
            case "away":
                yield "a consumer is assigned", _with(world, number, ASSIGNED)
            case "assigned":
                yield self._look_for_row(world, number, consumer)
            case "drains":
                seen = (world.aggregate, world.pending)
                begun = consumer._replace(phase="decides", seen=seen)
                yield "a consumer loads the aggregate", _with(world, number, begun)
            case "decides":
                yield from self._decide(world, number, consumer)
            case "drained":
                yield self._position(world, number, consumer)
            case "at":
                yield "a consumer loses the partition", _with(world, number, AWAY)
                yield from self._take(world, number, consumer)
            case "folded":
                yield from self._read_again(world, number, consumer)
                yield from self._fold_ahead(world, number, consumer)
                yield from self._commit(world, number, consumer)

    def _look_for_row(self, world: World, number: int, consumer: Consumer) -> tuple[str, World]:
        if world.pending is None or not self.rules.drains_when_assigned:
            drained = Consumer("drained", ahead=consumer.ahead)
            return "a consumer drains nothing", _with(world, number, drained)
        drains = Consumer("drains", row=world.pending, ahead=consumer.ahead)
        return "a consumer finds a row", _with(world, number, drains)

    def _position(self, world: World, number: int, consumer: Consumer) -> tuple[str, World]:
        # It knows its position if it has just committed, or else it reads it.
        at = consumer.at or (world.checkpoint, world.epoch)
        if consumer.at is None and self.rules.begins_at == "Kafka's offset":
            at = (world.committed, world.epoch)
        if consumer.at is not None and self.rules.begins_at == "Kafka's offset":
            world = world._replace(committed=at[0])
        if consumer.ahead and consumer.ahead[0] > at[0]:
            end, known = consumer.ahead
            folded = Consumer("folded", at=at, end=end, known=known)
            return "a consumer takes the batch that it folded ahead", _with(world, number, folded)
        return f"a consumer goes on at {at[0]}", _with(world, number, Consumer("at", at=at))

    def _take(self, world: World, number: int, consumer: Consumer) -> Iterator[tuple[str, World]]:
        begin = consumer.at[0] if consumer.at else 0
        for end in range(begin + 1, len(self.log) + 1):
            took = consumer._replace(phase="folded", end=end, known=world.mirror)
            yield f"a consumer takes {self.log[begin:end]}", _with(world, number, took)

    def _read_again(
        self, world: World, number: int, consumer: Consumer
    ) -> Iterator[tuple[str, World]]:
        # The partition is assigned to it again within its batch.
        if not self.rules.keeps_where_it_folded:
            moved = consumer._replace(at=(world.checkpoint, world.epoch))
            yield "a consumer believes the new checkpoint", _with(world, number, moved)

    def _fold_ahead(
        self, world: World, number: int, consumer: Consumer
    ) -> Iterator[tuple[str, World]]:
        if consumer.ahead or consumer.at is None:
            return
        known, _ = self._folded(consumer.known, self.log[consumer.at[0] : consumer.end])
        for end in range(consumer.end + 1, len(self.log) + 1):
            ahead = consumer._replace(ahead=(end, known))
            yield (
                f"a consumer folds {self.log[consumer.end : end]} ahead",
                _with(world, number, ahead),
            )

    def _commit(self, world: World, number: int, consumer: Consumer) -> Iterator[tuple[str, World]]:
        offset, epoch = consumer.at or (0, 0)
        mirror, parked = self._folded(consumer.known, self.log[offset : consumer.end])
        fresh = mirror.folded[len(consumer.known.folded) :]
        if self._overtaken(world, (offset, epoch), bool(fresh)):
            ahead = None if self.rules.drops_what_is_ahead else consumer.ahead
            overtaken = ASSIGNED._replace(ahead=ahead)
            yield "a consumer's batch is overtaken", _with(world, number, overtaken)
            return
        written = world._replace(
            checkpoint=consumer.end,
            mirror=mirror,
            view=world.view + fresh,
            tally=world.tally + len(fresh),
            parked=world.parked + parked,
            pending=Row(consumer.end, epoch, fresh) if fresh else world.pending,
        )
        at = (consumer.end, epoch)
        # It drains the row that is pending now, which need not be the row that it has just written.
        after = Consumer("drains", at=at, row=written.pending, ahead=consumer.ahead)
        after = after if fresh else Consumer("drained", at=at, ahead=consumer.ahead)
        yield "a consumer commits its batch", _with(written, number, after)
        yield "a consumer commits its batch, the answer is lost", _with(written, number, ASSIGNED)

    def _overtaken(self, world: World, at: tuple[int, int], reacts: bool) -> bool:
        offset, epoch = at
        compares = self.rules.compares_checkpoint and self.rules.begins_at == "checkpoint"
        return (
            (compares and world.checkpoint != offset)
            or (compares and self.rules.compares_epoch and world.epoch != epoch)
            or (reacts and self.rules.keeps_row == "inserted" and world.pending is not None)
        )

    def _folded(self, mirror: Mirror, numbers: Numbers) -> tuple[Mirror, Numbers]:
        folded, flagged = mirror
        parked: Numbers = ()
        for number in numbers:
            if number <= len(folded) and self.rules.counts_numbers:
                continue
            if flagged or number == self.unfoldable:
                flagged, parked = True, (*parked, number)
            else:
                folded = (*folded, number)
        return Mirror(folded, flagged), parked

    def _decide(self, world: World, number: int, consumer: Consumer) -> Iterator[tuple[str, World]]:
        row, (aggregate, pending) = consumer.row, consumer.seen
        unchanged = consumer.seen == (world.aggregate, world.pending)
        found = self._matches(pending, row)
        if row is None or (not found and self.rules.counts_deleted):
            yield "a consumer's row is gone", _with(world, number, ASSIGNED)
        elif self.rules.decides_in_snapshot and not unchanged:
            yield (
                "a consumer meets a conflict",
                _with(world, number, consumer._replace(phase="drains")),
            )
        else:
            written = self._reacted(world, aggregate, row)
            written = written._replace(pending=None if found else world.pending)
            after = Consumer("drained", at=consumer.at, ahead=consumer.ahead)
            yield "a consumer commits its reactions", _with(written, number, after)
            yield (
                "a consumer commits its reactions, the answer is lost",
                _with(written, number, ASSIGNED),
            )

    def _matches(self, pending: Row | None, row: Row | None) -> bool:
        if pending is None or row is None:
            return False
        match self.rules.matches_row:
            case "offset and epoch":
                return pending[:2] == row[:2]
            case "offset":
                return pending.offset == row.offset
            case "nothing":
                return True

    def _reacted(self, world: World, aggregate: Numbers, row: Row) -> World:
        if world.cured or self.poison not in row.commands:
            return world._replace(aggregate=aggregate + row.commands)
        sound = row.commands.index(self.poison)
        return world._replace(
            aggregate=aggregate + row.commands[:sound],
            parked_folded=row.commands[sound:],
            mirror=world.mirror._replace(parked=True),
            epoch=world.epoch + self.rules.raises_epoch_when_it_flags,
        )

    def _redriven(self, world: World) -> World:
        first, *left = (*world.parked_folded, *world.parked)
        epoch = world.epoch + 1
        world = world._replace(
            epoch=epoch,
            cured=world.cured or first == self.poison,
            pending=Row(world.checkpoint, epoch, (first,)),
        )
        if world.parked_folded:
            mirror = world.mirror._replace(parked=bool(left))
            return world._replace(mirror=mirror, parked_folded=world.parked_folded[1:])
        return world._replace(
            mirror=Mirror((*world.mirror.folded, first), bool(left)),
            view=(*world.view, first),
            tally=world.tally + 1,
            parked=tuple(left),
        )


def _with(world: World, number: int, consumer: Consumer) -> World:
    # Consumers are alike, so their order is no part of the state.
    consumers = (*world.consumers[:number], consumer, *world.consumers[number + 1 :])
    return world._replace(consumers=tuple(sorted(consumers, key=_in_words)))


_in_words: Callable[[Consumer], str] = functools.cache(repr)
