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

from shared.kernel.errors import Busy, NewerVersion
from shared.kernel.recorded import Recorded, UnknownType
from shared.kernel.wire import Message, Partition, Undecodable, recorded
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.replay import Replay
from shared.messaging.topics import Topics
from shared.settings import Settings
from shared.store import StoreError
from shared.store.aggregates import Aggregates
from shared.store.claims import Claims
from shared.store.documents import Damaged
from shared.store.missing import Hole, Missing
from shared.store.published import Published

log = structlog.get_logger()
MESSAGES_AT_ONCE = 1_000
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

        Raises `NewerVersion` if one of them is known to another version only, and
        `BrokerUnavailable`.
        """
        marks, ends = await self.published.marks(), await self._ends()
        shorter = [
            f"{number} ends at {end}, and {marks[service, number]} was published"
            for (service, number), end in ends.items()
            if end < marks.get((service, number), 0)
        ]
        if shorter:
            log.critical("topic lost events", service=self.service, partitions=shorter)
        replay, added, whole = Replay(self.settings, marks, ends), 0, True
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
            await self.published.advance(ends)
        else:
            self._marks_stay.set()
        return added

    async def keep_marks(self) -> None:
        """Move the marks on from time to time; where events are missing before others they stay."""
        while not self._marks_stay.is_set():
            await asyncio.sleep(MARK_SECONDS)
            with suppress(BrokerUnavailable, StoreError):
                await self.published.advance(await self._ends())

    async def _ends(self) -> dict[Partition, int]:
        return await asyncio.to_thread(self.topics.ends, [self.service])

    async def _add_all(self, kind: str, events: Sequence[Recorded]) -> tuple[int, bool]:
        """Add those of these events that aggregates lack; return their number.

        The second value is False if an event that must come before them is not in the topic:
        nothing is decided on its aggregate.

        Raises `NewerVersion`.
        """
        by_subject: dict[str, list[Recorded]] = defaultdict(list)
        for event in events:
            by_subject[event.subject].append(event)
        versions = await self.missing.versions(kind, sorted(by_subject))
        await self._hold_differing(kind, events, versions)
        added, complete = 0, True
        for subject, of_subject in by_subject.items():
            version = versions.get(subject, 0)
            further = [event for event in of_subject if event.sequence > version]
            if kind not in self.aggregates:
                if further:
                    raise NewerVersion(
                        f"the database was restored, and {further[0].id} is of a kind that this "
                        "version does not know: start the newer version first"
                    )
                continue
            try:
                number = await self._add(self.aggregates[kind], subject, further)
            except Hole as hole:
                log.critical("topic lost events", service=self.service, missing=str(hole))
                await self.missing.hold(kind, subject, [event.id for event in further])
                complete = False
            else:
                added += number
        return added, complete

    async def _add(
        self, aggregates: Aggregates[Any], subject: str, further: Sequence[Recorded]
    ) -> int:
        if not further:
            await self._claim_again(aggregates, subject)
            return 0
        try:
            loaded = await self.missing.add(aggregates, subject, further)
            await self._claim(aggregates, subject, loaded.state)
        except (StoreError, Hole, Busy):
            raise
        except Exception as error:
            if isinstance(error, UnknownType) or (isinstance(error, Damaged) and error.newer):
                raise NewerVersion(
                    f"the database was restored, and {error}: start the newer version first"
                ) from error
            # Junk or damage stops its own record, and no start.
            kind = aggregates.decider.kind
            log.critical("not caught up", kind=kind, subject=subject, error=str(error))
            await self.missing.hold(kind, subject, [event.id for event in further])
            return 0
        return loaded.version - loaded.stored_version

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
                has_entry=partial(aggregates.has_claim, key),
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
