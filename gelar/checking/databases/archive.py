"""Compare the topics with each publisher's history: both must hold the same events."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import Any

from gelar.checking.topics.log import Log
from shared.service.engine import Engine
from shared.store.database import Session

IDS_PER_QUERY = 500
CHAINED = ("type", "time", "actor", "commitment", "data")
"""The fields of an event that follow its id in what its digest is made of."""


@dataclass(kw_only=True)
class Archive:
    """The events of a history: the digest of each by id, and the faults of their chains."""

    digests: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _subject: str = ""
    _before: str = ""

    def take(self, event: Mapping[str, Any]) -> None:
        """Take the next event, of each subject in the order of its numbers."""
        id = event["_id"]
        text = f"{event.get('type')}\n{event.get('data')}".encode()
        self.digests[id] = blake2b(text, digest_size=12).digest()
        subject = id.rpartition("@")[0]
        if subject != self._subject:
            self._subject, self._before = subject, ""
        self._check_chain(id, event)

    def _check_chain(self, id: str, event: Mapping[str, Any]) -> None:
        claimed = event.get("digest")
        if not claimed:
            if self._before:
                self.faults.append(f"{id} has no digest in the history, and one before it has")
            return
        lines = [self._before, id, *(str(event.get(name)) for name in CHAINED)]
        self._before = claimed
        if claimed != sha256("\n".join(lines).encode()).hexdigest():
            self.faults.append(f"{id} or an archived event before it is not what its digest says")
        private = event.get("private")
        # A private part that was erased proves nothing and breaks nothing.
        hidden = f"{event.get('salt')}\n{private}"
        if private is not None and sha256(hidden.encode()).hexdigest() != event.get("commitment"):
            self.faults.append(f"the private part of {id} is not the one that was recorded")


async def archived(engine: Engine, session: Session) -> Archive:
    """Return every event in a service's history, as the session sees it."""
    found = Archive()
    wanted = dict.fromkeys((*CHAINED, "digest", "private", "salt"), 1)
    history = engine.database.collection("history")
    async for event in history.find({}, wanted, session=session).sort("_id", 1):
        found.take(event)
    return found


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
