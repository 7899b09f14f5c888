"""The version of a service that consumes: its features, and where its reactions were live.

One document: `{_id: "consuming", features, refused, reactions, left}`. `reactions` has the
stretches of each by name, `[{begin: {SERVICE/N: offset}, end}]`. `left` has the offsets up to which
an earlier version has read services that this one does not follow: a later version that follows
them again reacts from there on. A version that has all stored features and more consumes from its
first assignment on; in the same transaction every checkpoint gets another epoch, so that no batch
of an older worker can be committed. A version that lacks a feature, or has one that an operator has
refused by going back to a version without it, hands over until an operator accepts it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from shared.kernel.errors import NewerVersion
from shared.kernel.features import features_of
from shared.kernel.parts import Parts
from shared.kernel.wire import Partition
from shared.store.database import Database, Session
from shared.store.inbox import Inbox

CONSUMING = {"_id": "consuming"}
NOTHING: dict[str, Any] = {"features": [], "refused": [], "reactions": {}, "left": {}}
Offsets = Mapping[str, int]
"""Offsets by partition, as `SERVICE/N`."""


@dataclass(frozen=True, kw_only=True)
class Versions:
    """The version of one service that consumes, beside this one with its features."""

    service: str
    database: Database
    inbox: Inbox
    features: frozenset[str]
    reactions: Sequence[str]
    partitions: Sequence[Partition]

    @classmethod
    def of(
        cls, parts: Parts, database: Database, inbox: Inbox, partitions: Sequence[Partition]
    ) -> Self:
        """Return the versions of a service that is declared by these parts."""
        return cls(
            service=parts.name,
            database=database,
            inbox=inbox,
            features=features_of(parts),
            reactions=[reaction.name for reaction in parts.reactions],
            partitions=partitions,
        )

    async def register(self) -> bool:
        """Consume as this version, if it does all that the consuming version does.

        Return True if an operator went back to it from a version that does more. Raises
        `NewerVersion`.
        """
        found = await self._found()
        self._check(found)
        if set(found["features"]) != self.features:
            await self.database.transaction(self._register)
        return bool(found["refused"])

    async def differences(self) -> tuple[list[str], list[str]]:
        """Return the features that this version lacks, and those of it that were refused."""
        return self._differing(await self._found())

    async def check(self) -> None:
        """Raise `NewerVersion` while this version must not consume."""
        self._check(await self._found())

    async def left(self) -> dict[Partition, int]:
        """Return up to where an earlier version has read what the last version did not follow."""
        found = (await self._found())["left"]
        names = {f"{service}/{n}": (service, n) for service, n in self.partitions}
        return {names[name]: offset for name, offset in found.items() if name in names}

    async def become(self, session: Session, stood: Mapping[Partition, int] | None = None) -> None:
        """Join a transaction after which this version consumes, whatever did before.

        `stood` are the last offsets of the copy before, if this version's copy replaces another.
        """
        found = await self._found(session)
        if stood is None:
            stood = await self.inbox.checkpoints.offsets(session)
        features = set(found["features"])
        refused = (features | set(found["refused"])) - self.features
        checkpoints = await self.inbox.checkpoints.raise_all_epochs(self.partitions, session)
        followed = _named(checkpoints)
        now = found["left"] | _named(stood) | followed
        if not features:
            # The very first version: what it reacts to, it has always reacted to.
            now = dict.fromkeys(now, 0)
        reactions: dict[str, list[dict[str, Any]]] = dict(found["reactions"])
        for name in sorted({*reactions, *self.reactions}):
            _switch(reactions.setdefault(name, []), now, live=name in self.reactions)
        document = {
            "features": sorted(self.features),
            "refused": sorted(refused),
            "reactions": reactions,
            "left": {name: offset for name, offset in now.items() if name not in followed},
        }
        await self._collection.replace_one(CONSUMING, document, upsert=True, session=session)

    async def widen(self, ends: Mapping[Partition, int], session: Session) -> None:
        """Take these partitions, up to these ends, as reacted to by every reaction that was live.

        Their topics were made again: which of their events came before cannot be known by offsets.
        """
        found = await self._found(session)
        begin, end = dict.fromkeys(_named(ends), 0), _named(ends)
        for stretches in found["reactions"].values():
            for stretch in stretches:
                stretch["begin"] |= begin
                if stretch["end"] is not None:
                    stretch["end"] |= end
        changes = {"$set": {"reactions": found["reactions"]}}
        await self._collection.update_one(CONSUMING, changes, session=session)

    async def live(self, reaction: str) -> list[tuple[Offsets, Offsets | None]]:
        """Return where a reaction was live: from these offsets to those (None: to now)."""
        found = await self._found()
        stretches = found["reactions"].get(reaction, [])
        return [(stretch["begin"], stretch["end"]) for stretch in stretches]

    async def _register(self, session: Session) -> None:
        found = await self._found(session)
        self._check(found)
        if set(found["features"]) != self.features:
            await self.become(session)

    async def _found(self, session: Session | None = None) -> dict[str, Any]:
        found = await self._collection.find_one(CONSUMING, session=session)
        return NOTHING | (found or {})

    def _differing(self, found: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        lacking = sorted(set(found["features"]) - self.features)
        return lacking, sorted(self.features.intersection(found["refused"]))

    def _check(self, found: Mapping[str, Any]) -> None:
        lacking, refused = self._differing(found)
        if not lacking and not refused:
            return
        reason = (
            f"the version that consumes {lacking[0]}, and this one does not"
            if lacking
            else f"this version {refused[0]}, and an operator went back to one that does not"
        )
        further = len(lacking) + len(refused) - 1
        raise NewerVersion(
            f"{reason}{f' ({further} more such features)' if further else ''}; if this version is "
            f"to go on, run `gelar versions accept {self.service}` with it"
        )

    @property
    def _collection(self) -> Any:
        return self.database.collection("versions")


def _named(offsets: Mapping[Partition, int]) -> dict[str, int]:
    return {f"{service}/{n}": offset for (service, n), offset in offsets.items()}


def _switch(stretches: list[dict[str, Any]], now: Offsets, *, live: bool) -> None:
    is_live = bool(stretches) and stretches[-1]["end"] is None
    if live and not is_live:
        stretches.append({"begin": dict(now), "end": None})
    if is_live and not live:
        stretches[-1]["end"] = dict(now)


def was_live(
    stretches: Iterable[tuple[Offsets, Offsets | None]], partition: Partition, offset: int
) -> bool:
    """Return True if a reaction was live for the message at this offset."""
    name = f"{partition[0]}/{partition[1]}"
    return any(
        begin.get(name, 0) <= offset and (end is None or offset < end.get(name, 0))
        for begin, end in stretches
    )
