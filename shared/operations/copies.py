"""A copy of a service's projection with its rows, and its checkpoints while it is built."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.kernel.folding import Batch, Folding
from shared.kernel.wire import Partition
from shared.store.database import Database
from shared.store.generations import Generation
from shared.store.inbox import NOWHERE, Checkpoint, Inbox
from shared.store.parking import Parking
from shared.store.projection import Projection


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One generation of the projection, with its rows."""

    projection: Projection
    inbox: Inbox


def copy_of(database: Database, folding: Folding, generation: Generation) -> Copy:
    """Return this generation's copy."""
    projection = Projection(database, folding, generation)
    inbox = Inbox(database, folding, projection, Parking(database, projection))
    return Copy(projection=projection, inbox=inbox)


def offsets_of(checkpoints: Mapping[Partition, Checkpoint]) -> dict[Partition, int]:
    """Return the offsets of these checkpoints, without partitions that were never read."""
    return {
        partition: checkpoint.offset
        for partition, checkpoint in checkpoints.items()
        if checkpoint.offset
    }


def checkpoints_after(
    checkpoints: Mapping[Partition, Checkpoint], batch: Batch
) -> dict[Partition, Checkpoint]:
    """Return the checkpoints after this batch is committed."""
    moved = {
        partition: checkpoints.get(partition, NOWHERE)._replace(offset=offset)
        for partition, offset in batch.next_offsets.items()
    }
    return {**checkpoints, **moved}
