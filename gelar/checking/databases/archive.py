"""Compare the topics with each publisher's history: both must hold the same events."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from gelar.checking.topics.log import Log
from shared.service.engine import Engine
from shared.store.database import Session

IDS_PER_QUERY = 500


async def archived(engine: Engine, session: Session) -> dict[str, bytes]:
    """Return the digest of every event in a service's history, by id, as the session sees it."""
    digests: dict[str, bytes] = {}
    wanted = {"type": 1, "data": 1}
    history = engine.database.collection("history")
    async for event in history.find({}, wanted, session=session):
        text = f"{event.get('type')}\n{event.get('data')}".encode()
        digests[event["_id"]] = blake2b(text, digest_size=12).digest()
    return digests


def unpublished(past: Mapping[str, bytes], log: Log) -> Iterator[str]:
    """Yield a line for each archived event that the log lacks or has with other bytes.

    The history must have been read before the log.
    """
    for id, digest in past.items():
        published = log.digests.get(id)
        if published is None:
            yield f"{id} is archived and was never published"
        elif published != digest:
            yield f"{id} was published with other bytes than are archived"


async def unknown(engine: Engine, past: Mapping[str, bytes], log: Log) -> AsyncIterator[str]:
    """Yield a line for each published event that its publisher's database does not have."""
    kinds = set(engine.commands)
    newer = [id for id in log.digests if id not in past and id.partition("/")[0] in kinds]
    async for id in _unknown(engine, newer):
        yield f"{id} was published and is neither archived nor waiting"


async def _unknown(engine: Engine, ids: list[str]) -> AsyncIterator[str]:
    for start in range(0, len(ids), IDS_PER_QUERY):
        part = ids[start : start + IDS_PER_QUERY]
        # The outbox is read before history, because events move from the outbox to history.
        known = await _waiting(engine, part)
        known |= {
            event["_id"]
            async for event in engine.database.collection("history").find(
                {"_id": {"$in": part}}, {"_id": 1}
            )
        }
        for id in part:
            if id not in known:
                yield id


async def _waiting(engine: Engine, ids: Iterable[str]) -> set[str]:
    wanted = list(ids)
    waiting: set[str] = set()
    for commands in engine.commands.values():
        documents: Any = commands.aggregates.collection.find(
            {"outbox.id": {"$in": wanted}}, {"outbox.id": 1}
        )
        async for document in documents:
            waiting |= {entry.get("id", "") for entry in document["outbox"]}
    return waiting
