"""Build the indexes and renew the documents that a version needs, as a job beside the running one.

Called by `gelar migrate`, before the first process of that version starts, and after a rollback
with the older version. Interrupted or repeated, it does what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.service.engine import Engine
from shared.service.revisions import bring_back, renew
from shared.store.generations import OtherVersion
from shared.store.indexes import Index, build, missing
from shared.store.revisions import Revisions

OnStep = Callable[[str], None]
"""`on_step(sentence)`: what is being done now."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The work that is left: missing indexes, and documents of other revisions by kind.

    `newer` are those that a newer version has renewed, before an operator went back from it.
    """

    indexes: list[Index]
    older: dict[str, int]
    newer: dict[str, int]


async def plan(engine: Engine) -> Plan:
    """Return what a migration would do; nothing is changed.

    Raises `NeverRan` where there is nothing to migrate: the first start makes everything.
    """
    indexes = [*engine.own_indexes, *engine.inbox.parking.indexes()]
    try:
        await engine.attach()
    except OtherVersion:
        # The rebuild of this version makes its copy with its indexes.
        pass
    else:
        indexes += engine.projection.indexes()
    older, newer = dict[str, int](), dict[str, int]()
    for kind, commands in engine.commands.items():
        revisions = Revisions(commands.aggregates)
        if number := await revisions.count(revisions.lower):
            older[kind] = number
        if number := await revisions.count(revisions.higher):
            newer[kind] = number
    return Plan(indexes=await missing(engine.database, indexes), older=older, newer=newer)


async def migrate(engine: Engine, on_step: OnStep) -> Plan:
    """Do what is planned; return the plan. Raises `NeverRan`."""
    planned = await plan(engine)
    for index in planned.indexes:
        on_step(f"building {index}")
        await build(engine.database, index.collection, [index])
    for kind, number in planned.older.items():
        on_step(f"renewing {number:,} of {kind}")
        await renew(engine.commands[kind].aggregates)
    for kind, number in planned.newer.items():
        on_step(f"bringing back {number:,} of {kind}")
        await bring_back(engine.commands[kind].aggregates)
    return planned
