"""Let a version of a service consume that does less than the version before it: a rollback.

Called by `gelar versions accept`, which is run with the version that is to go on.
"""

from dataclasses import replace

from shared.service.engine import Engine
from shared.store.checkpoints import Overtaken
from shared.store.database import pause

ATTEMPTS_MAX = 20


async def accept(engine: Engine, *, park_unknown: bool = False) -> None:
    """Consume as this version from now on, whatever the version before it had.

    Commands that are pending are decided first. Raises `NewerVersion` where this version does not
    know one of them; with `park_unknown` its event is parked with it, and `gelar parked redrive`
    takes it with a version that knows it.
    """
    reactions = replace(engine.reactions, parks_unknown=park_unknown)
    for attempt in range(ATTEMPTS_MAX):
        try:
            await engine.attach()
            await reactions.drain(engine.partitions)
            await engine.database.transaction(engine.versions.become)
            return
        except Overtaken:
            await pause(min(attempt, 4))
    raise Overtaken
