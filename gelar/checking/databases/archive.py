"""The log against each publisher's history: whatever is archived was published, and the reverse."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from gelar.checking.log import Log
from shared.service.engine import Engine
from shared.store.database import Session

ASKED_AT_ONCE = 500


async def archived(engine: Engine, session: Session) -> dict[str, bytes]:
    """The digest of every event in a service's history, by id, at the moment of the session."""
    found: dict[str, bytes] = {}
    wanted = {"type": 1, "data": 1}
    history = engine.database.collection("history")
    async for one in history.find({}, wanted, session=session):
        text = f"{one.get('type')}\n{one.get('data')}".encode()
        found[one["_id"]] = blake2b(text, digest_size=12).digest()
    return found


def unpublished(past: Mapping[str, bytes], log: Log) -> Iterator[str]:
    """What the history read before the log has otherwise than the log, in words."""
    for id, digest in past.items():
        published = log.digests.get(id)
        if published is None:
            yield f"{id} is archived and was never published"
        elif published != digest:
            yield f"{id} was published with other bytes than are archived"


async def unknown(engine: Engine, past: Mapping[str, bytes], log: Log) -> AsyncIterator[str]:
    """What the log has of this publisher and its database has not, in words."""
    kinds = set(engine.commands)
    newer = [id for id in log.digests if id not in past and id.partition("/")[0] in kinds]
    async for id in _unknown(engine, newer):
        yield f"{id} was published and is neither archived nor waiting"


async def _unknown(engine: Engine, ids: list[str]) -> AsyncIterator[str]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        some = ids[start : start + ASKED_AT_ONCE]
        # The outbox is asked before history: events move from the one to the other.
        known = await _waiting(engine, some)
        known |= {
            one["_id"]
            async for one in engine.database.collection("history").find(
                {"_id": {"$in": some}}, {"_id": 1}
            )
        }
        for id in some:
            if id not in known:
                yield id


async def _waiting(engine: Engine, ids: Iterable[str]) -> set[str]:
    wanted = list(ids)
    found: set[str] = set()
    for commands in engine.commands.values():
        documents: Any = commands.aggregates.collection.find(
            {"outbox.id": {"$in": wanted}}, {"outbox.id": 1}
        )
        async for one in documents:
            found |= {entry.get("id", "") for entry in one["outbox"]}
    return found
