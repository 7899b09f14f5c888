"""A batch of the worker on its way: the messages that are due, and what they change once folded.

Made and committed by `shared.service.worker`.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import structlog

from shared.kernel.folding import Batch
from shared.kernel.trace_context import ids_of
from shared.kernel.wire import Message, Partition
from shared.metrics import (
    BATCH_MESSAGES,
    COMMIT_TO_VIEW,
    CONSUMED,
    EVENTS_PARKED,
    EVENTS_RECEIVED,
    PROCESSED,
)
from shared.store.checkpoints import NOWHERE, Checkpoint
from shared.tracing import batch_applied

log = structlog.get_logger()
PARTITION_OF = attrgetter("partition")


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


def log_batch(folded: Folded, topics: Mapping[str, str]) -> None:
    """Log, trace and count the outcome of a committed batch; `topics` are those of services."""
    batch, messages = folded.batch, folded.messages
    counts = {**batch.counts, "parked": len(batch.parked), "unfollowed": folded.unfollowed}
    for outcome, number in counts.items():
        EVENTS_RECEIVED.labels(outcome.replace(" ", "-")).inc(number)
    BATCH_MESSAGES.observe(len(messages))
    of_services = Counter[str]()
    for (service, _), number in Counter(map(PARTITION_OF, messages)).items():
        of_services[service] += number
    for service, number in of_services.items():
        CONSUMED.labels(topics[service]).inc(number)
    names = [topics[service] for service in of_services]
    batch_applied(names, messages, folded.group, time.perf_counter() - folded.begun)
    for service, seconds in _oldest(messages, time.time()).items():
        COMMIT_TO_VIEW.labels(topics[service]).observe(seconds)
    log.debug("batch applied", messages=len(messages), **counts)
    for parked in batch.parked:
        EVENTS_PARKED.labels(parked.reason).inc()
        log.error(
            "event parked",
            kind=parked.kind,
            subject=parked.subject,
            sequence=parked.sequence,
            reason=parked.reason,
            detail=parked.detail,
            **ids_of(parked.message.headers),
        )


def time_batch(folded: Folded, topics: Mapping[str, str]) -> None:
    """Measure how long a batch took, for each of its topics."""
    seconds = time.perf_counter() - folded.begun
    for service in {service for service, _ in folded.batch.next_offsets}:
        PROCESSED.labels(topics[service]).observe(seconds)


def _oldest(messages: Sequence[Message], now: float) -> dict[str, float]:
    """Return for each topic the age of the oldest event in these messages, in seconds."""
    firsts = {message.partition: message for message in reversed(messages)}
    ages: dict[str, float] = {}
    for (service, _), first in firsts.items():
        try:
            at = datetime.fromisoformat(first.headers["ce_time"].decode()).timestamp()
        except (KeyError, ValueError, OverflowError):
            # It was no event, and is parked.
            continue
        ages[service] = max(ages.get(service, 0.0), now - at)
    return ages


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
