"""A batch of the worker on its way: the messages that are due, and what they change once folded.

Made and committed by `shared.service.worker`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from shared.kernel.folding import Batch
from shared.kernel.wire import Message, Partition
from shared.observability import EVENTS_RECEIVED
from shared.store.checkpoints import NOWHERE, Checkpoint

log = structlog.get_logger()


def moved_checkpoints(
    before: Mapping[Partition, Checkpoint], batch: Batch
) -> dict[Partition, Checkpoint]:
    """Return the checkpoints of the partitions of this batch once it is committed."""
    return {
        partition: before.get(partition, NOWHERE)._replace(offset=offset)
        for partition, offset in batch.next_offsets.items()
    }


@dataclass(frozen=True, kw_only=True)
class Due:
    """Messages to apply, each once; the checkpoints before them; the consumer group of the copy."""

    messages: list[Message]
    checkpoints_before: Mapping[Partition, Checkpoint]
    group: str


@dataclass(frozen=True, kw_only=True)
class Folded(Due):
    """A batch in memory: the changes that these messages make once it is committed."""

    batch: Batch
    entries: Mapping[Partition, list[dict[str, Any]]]
    unfollowed: int
    begun: float

    @property
    def checkpoints_after(self) -> dict[Partition, Checkpoint]:
        """The checkpoints after the commit."""
        return moved_checkpoints(self.checkpoints_before, self.batch)


def log_batch(batch: Batch, messages: int, unfollowed: int) -> None:
    """Log and count the outcome of a batch that is committed."""
    counts = {**batch.counts, "parked": len(batch.parked), "unfollowed": unfollowed}
    for outcome, number in counts.items():
        EVENTS_RECEIVED.labels(outcome).inc(number)
    log.info("batch applied", messages=messages, **counts)
    for parked in batch.parked:
        log.error(
            "event parked",
            kind=parked.kind,
            subject=parked.subject,
            sequence=parked.sequence,
            reason=parked.reason,
            detail=parked.detail,
        )


def in_turn(
    messages: Sequence[Message],
    checkpoints: Mapping[Partition, Checkpoint],
    read_again_at: Mapping[Partition, int],
) -> tuple[list[Message], dict[Partition, int]]:
    """Return the messages that come next in their partitions, and the offsets that are missing.

    An offset that was missing before, and that its partition was read again from, is not in the
    log: the message behind it is the next.
    """
    due, missing = [], dict[Partition, int]()
    expected = {partition: checkpoint.offset for partition, checkpoint in checkpoints.items()}
    for message in messages:
        partition, offset = message.partition, message.offset
        turn = expected.get(partition, 0)
        if offset < turn or partition in missing:
            continue
        if offset > turn and read_again_at.get(partition) != turn:
            missing[partition] = turn
            continue
        expected[partition] = offset + 1
        due.append(message)
    return due, missing
