"""Add the events that a topic has and its service's database lacks, after it was restored.

Called by the engine at the start, before anything is served, and by its loop of marks. Events
behind the marks (`shared.store.published`) are compared with the aggregates: those that an
aggregate lacks are folded into it and added to history, each aggregate in one transaction, so that
several processes may do it at once. What an event kept private did not travel: its aggregate is
marked, and takes no commands until an operator has settled it (`gelar restored`). A command that a
reaction had already caused before the restore is not decided again (`shared.service.reactions`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from shared.kernel.errors import Busy
from shared.kernel.recorded import Recorded, UnknownType
from shared.kernel.wire import Message, Partition, Undecodable, recorded
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.replay import Replay
from shared.messaging.topics import Topics
from shared.settings import Settings
from shared.store import StoreError
from shared.store.aggregates import Aggregates
from shared.store.claims import Claims
from shared.store.missing import Hole, Missing
from shared.store.published import Published

log = structlog.get_logger()
MESSAGES_AT_ONCE = 1_000
AGAIN_SECONDS = 0.5
MARK_SECONDS = 10.0
"""A mark is at most this old: a start reads what was published since then."""


@dataclass(frozen=True, kw_only=True)
class CatchingUp:
    """The marks of one service, and the events behind them."""

    service: str
    settings: Settings
    topics: Topics
    published: Published
    missing: Missing
    aggregates: Mapping[str, Aggregates[Any]]
    claims: Claims
    _marks_stay: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> int:
        """Add the events that the database lacks; return their number.

        What only another version knows is left to it: the marks stay. Raises `BrokerUnavailable`.
        """
        topic, ends = await self._ends()
        begins = await asyncio.to_thread(self.topics.begins, [self.service])
        marks = await self.published.marks(topic)
        reads = {part: max(begin, marks.get(part, 0)) for part, begin in begins.items()}
        shorter = [
            f"{number} ends at {end}, and {marks[service, number]} was published"
            for (service, number), end in ends.items()
            if end < marks.get((service, number), 0)
        ]
        if shorter:
            log.critical("topic lost events", service=self.service, partitions=shorter)
        replay, added, whole = Replay(self.settings, reads, ends), 0, True
        try:
            while messages := await replay.batch(MESSAGES_AT_ONCE):
                for kind, events in _by_kind(messages).items():
                    number, complete = await self._add_all(kind, events)
                    added, whole = added + number, whole and complete
        finally:
            await replay.close()
        if added:
            log.warning("caught up from the topic", events=added)
        if whole:
            await self.published.advance(topic, ends)
        else:
            self._marks_stay.set()
        return added

    async def keep_marks(self) -> None:
        """Move the marks on from time to time; where events are missing before others they stay."""
        while not self._marks_stay.is_set():
            await asyncio.sleep(MARK_SECONDS)
            with suppress(BrokerUnavailable, StoreError):
                await self.published.advance(*await self._ends())

    async def reset_marks(self) -> None:
        """Set the marks to the ends of the topic as it is now. Raises `BrokerUnavailable`."""
        await self.published.reset(*await self._ends())

    async def _ends(self) -> tuple[str, dict[Partition, int]]:
        """Return the topic's id and the ends of its partitions."""
        while True:
            before = await asyncio.to_thread(self.topics.ids, [self.service])
            ends = await asyncio.to_thread(self.topics.ends, [self.service])
            after = await asyncio.to_thread(self.topics.ids, [self.service])
            if before == after and before:
                return before[self.service], ends
            await asyncio.sleep(AGAIN_SECONDS)

    async def _add_all(self, kind: str, events: Sequence[Recorded]) -> tuple[int, bool]:
        """Add those of these events that aggregates lack; return their number.

        The second value is False if some are left out that may come later: of a kind or a type that
        another version knows, of a record whose earlier event is missing, or that is not there.
        """
        if kind not in self.aggregates:
            log.critical("not caught up", kind=kind, subject="", error="an unknown kind")
            return 0, False
        by_subject: dict[str, list[Recorded]] = defaultdict(list)
        for event in events:
            by_subject[event.subject].append(event)
        versions = await self.missing.versions(kind, sorted(by_subject))
        await self._hold_differing(kind, events, versions)
        added, complete = 0, True
        for subject, of_subject in by_subject.items():
            version = versions.get(subject, 0)
            further = [event for event in of_subject if event.sequence > version]
            number, whole = await self._add(self.aggregates[kind], subject, further)
            added, complete = added + number, complete and whole
        return added, complete

    async def _add(
        self, aggregates: Aggregates[Any], subject: str, further: Sequence[Recorded]
    ) -> tuple[int, bool]:
        kind = aggregates.decider.kind
        if not further:
            await self._claim_again(aggregates, subject)
            return 0, True
        try:
            loaded, fault = await self.missing.add(aggregates, subject, further)
        except (StoreError, Busy):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record
            # The record itself cannot be read: that stops no start, and `gelar verify` names it.
            log.critical("not caught up", kind=kind, subject=subject, error=str(error))
            await self.missing.hold(kind, subject, [event.id for event in further])
            return 0, False
        await self._claim(aggregates, subject, loaded.state)
        if isinstance(fault, Hole):
            log.critical("topic lost events", service=self.service, missing=str(fault))
        elif fault is not None:
            # Junk, or an event of another version, stops its own record, and no start.
            log.critical("not caught up", kind=kind, subject=subject, error=str(fault))
        is_held = loaded.version > 0 and not isinstance(fault, Hole | UnknownType)
        return loaded.version - loaded.stored_version, fault is None or is_held

    async def _claim_again(self, aggregates: Aggregates[Any], subject: str) -> None:
        """Claim for a record that has its events: a process may have died before its claims."""
        if not aggregates.decider.has_claims:
            return
        try:
            state = (await aggregates.load(subject)).state
        except (Busy, ValueError):
            # A newer version has changed it and claims for it, or `gelar verify` names the fault.
            return
        await self._claim(aggregates, subject, state)

    async def _hold_differing(
        self, kind: str, events: Sequence[Recorded], versions: Mapping[str, int]
    ) -> None:
        known = [event for event in events if event.sequence <= versions.get(event.subject, 0)]
        differing = set(await self.missing.differing(kind, known)) if known else set()
        for event in known:
            if event.id in differing:
                log.critical("history differs from the topic", event_id=event.id)
                await self.missing.hold(kind, event.subject, [event.id])

    async def _claim(self, aggregates: Aggregates[Any], subject: str, state: Any) -> None:
        for key, entry in aggregates.decider.claims(state).items():
            taken = await self.claims.take(
                key,
                owner=subject,
                entry=entry,
                holding_of=partial(aggregates.holding, key),
            )
            if taken is None:
                log.error("claim held by another", key=key, subject=subject)


def _by_kind(messages: Sequence[Message]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for message in messages:
        with suppress(Undecodable):
            event = recorded(message)
            found[event.kind].append(event)
    return found
