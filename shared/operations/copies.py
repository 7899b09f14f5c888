"""A copy of a service's projection with its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.kernel.folding import Folding
from shared.kernel.wire import Partition
from shared.store.checkpoints import Checkpoint
from shared.store.database import Database
from shared.store.generations import Generation
from shared.store.inbox import Inbox
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
