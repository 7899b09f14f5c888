"""The way out: decide a command on its aggregate and write its events, in one document write.

Called by `Service.handle` (routes) and `shared.service.deadlines`; calls `shared.store.aggregates`,
and the relay next (`on_committed`).

Commands on one aggregate queue in this process and commit as a group: decided one after another in
memory, at most `GROUP_MAX` in one write. A refusal answers only its own caller. If another process
was faster, no caller is answered yet: the aggregate is read again and all are decided again. An
aggregate that this process has just written need not be read. A receipt remembers each effect, so
a repeated request is answered and changes nothing.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Rule, decide_command
from shared.kernel.errors import (
    Busy,
    KeyReused,
    Problem,
    Stale,
    TooLarge,
    Unstorable,
    database_unavailable,
)
from shared.kernel.recorded import Receipt
from shared.metrics import COMMAND_RETRIES, COMMANDS
from shared.service.calls import FAILED, Call, FactsLoader
from shared.store import StoreError, is_retryable
from shared.store.aggregates import Aggregates
from shared.store.database import pause
from shared.store.documents import Loaded, OutboxFull
from shared.store.recent import Recent

GROUP_MAX = 32
QUEUE_MAX = 2_000
"""So many commands of this process may wait for one aggregate."""
ATTEMPTS_MAX = 5
TAKES_AT_MOST_SECONDS = 10.0
"""The longest time between the making of the context and the sending of the write.

The server is told to end the write within as long again (`shared.store.database.bounded`), so no
command is written later than 40 seconds after its `context.now`: a step that a late command must
not overtake (closing a call, taking over a claim) waits longer than that."""
OnCommitted = Callable[[str, Loaded[Any]], None]
"""`on_committed(kind, loaded)`: a majority has these new events of an aggregate."""


class TooSlow(Exception):
    """A command of this group was begun so long ago that it must not be written any more."""


@dataclass
class Commands:
    """The commands of one kind of aggregate."""

    aggregates: Aggregates[Any]
    on_committed: OnCommitted
    _recent: Recent[Any] = field(default_factory=Recent)
    _queues: dict[str, deque[Call]] = field(default_factory=dict)
    _leading: set["asyncio.Task[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Prometheus sees an increase only of a series that was there before.
        COMMANDS.labels(self.aggregates.decider.kind, FAILED)

    async def handle(
        self,
        id: str,
        command: Any,
        context: Context,
        facts: FactsLoader | None = None,
        rule: Rule[Any, Any, Any] | None = None,
    ) -> Answer:
        """Decide `command` and write its events. Raises the errors that `Service.handle` names."""
        context = replace(context, subject=id)
        call = Call(
            command=command,
            context=context,
            load_facts=facts,
            rule=rule,
            receipt=self._receipt(command, context),
            answer=asyncio.get_running_loop().create_future(),
        )
        queue = self._queues.get(id)
        if queue is None:
            self._queues[id] = deque([call])
            task = asyncio.create_task(self._lead(id))
            self._leading.add(task)
            task.add_done_callback(self._leading.discard)
        elif len(queue) >= QUEUE_MAX:
            raise Busy("too-many-waiting", "Too many requests wait here: try again in a moment.")
        else:
            queue.append(call)
        return await call.answer

    def written_by_reaction(self, id: str) -> None:
        """Forget the remembered state of an aggregate that a reaction has written."""
        self._recent.forget(id)

    async def refuse_used_key(self, id: str, command: Any, context: Context) -> None:
        """Raise `KeyReused` if the caller's key has answered this command on another aggregate."""
        receipt = self._receipt(command, context)
        if receipt and await self.aggregates.receipts.answered_by(receipt.key) not in (None, id):
            raise KeyReused

    async def finish(self) -> None:
        """Wait until every queued command has been answered."""
        while self._leading:
            await asyncio.wait(self._leading)

    @property
    def waiting(self) -> int:
        """Return the number of commands that wait behind others of their aggregate."""
        return sum(map(len, self._queues.values()))

    async def _lead(self, id: str) -> None:
        queue, group = self._queues[id], list[Call]()
        try:
            while queue:
                group = [queue.popleft() for _ in range(min(GROUP_MAX, len(queue)))]
                await self._commit_or_fail(id, group)
        finally:
            # Whatever happens: no later command waits behind a queue that has no leader.
            del self._queues[id]
            for call in (*group, *queue):
                call.answer.cancel()

    async def _commit_or_fail(self, id: str, group: list[Call]) -> None:
        try:
            await self._commit(id, group)
        except (Unstorable, TooSlow) as error:
            if len(group) > 1:
                # One of them is to blame, and nothing was saved: each is decided by itself.
                for call in group:
                    await self._commit_or_fail(id, [call])
                return
            group[0].outcome = _refused(error)
        except Exception as error:  # noqa: BLE001 - every caller of the group gets the error
            for call in group:
                call.outcome = _refused(error)
        for call in group:
            call.finish(self.aggregates.decider.kind)

    async def _commit(self, id: str, group: list[Call]) -> None:
        # 1. Decide on the aggregate as this process has just written it, if it has.
        recent = self._recent.take(id)
        if recent and await self._decide_and_save(recent, group, from_memory=True):
            return
        # 2. Otherwise, or if another process was faster: read it and decide again.
        for attempt in range(ATTEMPTS_MAX):
            if attempt:
                await pause(attempt)
            loaded = await self.aggregates.load(id)
            if await self._decide_and_save(loaded, group):
                return
            COMMAND_RETRIES.labels(self.aggregates.decider.kind).inc()
        raise Busy("too-many-conflicts", "Other requests keep changing this: try again soon.")

    async def _decide_and_save(
        self, loaded: Loaded[Any], group: list[Call], *, from_memory: bool = False
    ) -> bool:
        """Decide the group and write the events. Return False to read the aggregate again."""
        # 1. Find the receipts of repeated requests, and load the facts.
        await self._recall(loaded, group)
        await asyncio.gather(
            *(_load_facts(call, call.load_facts) for call in group if call.load_facts)
        )
        # 2. Decide the commands one after another, each on the result of those before it.
        for call in group:
            loaded = self._decide(loaded, call)
        # 3. A refusal or a repeated answer must be decided on what the database holds.
        if from_memory and not all(call.has_effect for call in group):
            return False
        if not loaded.entries:
            # Just after an election the read may be older than an acknowledged write.
            return await self.aggregates.is_latest(loaded)
        # 4. Write all events at once, unless it has taken too long.
        async with self.aggregates.write_slots:
            begun = min(call.context.begun for call in group)
            if time.monotonic() - begun > TAKES_AT_MOST_SECONDS:
                raise TooSlow
            return await self._save(loaded)

    async def _save(self, loaded: Loaded[Any]) -> bool:
        try:
            saved = await self.aggregates.write(loaded)
        except OutboxFull as error:
            raise Busy(
                "outbox-full",
                "Too many events wait to be published here: try again in a moment.",
            ) from error
        if saved:
            self._recent.keep(loaded)
            self.on_committed(self.aggregates.decider.kind, loaded)
        return saved

    async def _recall(self, loaded: Loaded[Any], group: list[Call]) -> None:
        if not loaded.forgotten:
            return
        keys = [call.receipt.key for call in group if call.receipt]
        missing = [key for key in keys if key not in loaded.receipts]
        if missing:
            loaded.receipts |= await self.aggregates.receipts.of(loaded.id, missing)

    def _decide(self, loaded: Loaded[Any], call: Call) -> Loaded[Any]:
        """Set the call's outcome; return the aggregate after it."""
        call.has_effect = False
        try:
            after = self._decided(loaded, call)
        except Problem as problem:
            call.outcome = problem
        except Exception as error:  # noqa: BLE001 - a bug answers its own caller, not the group
            call.outcome = error
        else:
            return after
        return loaded

    def _decided(self, loaded: Loaded[Any], call: Call) -> Loaded[Any]:
        receipt = call.receipt
        # 1. A repeated request gets its first answer.
        if receipt and receipt.key in loaded.receipts:
            remembered = loaded.receipts[receipt.key]
            if remembered.body != receipt.body:
                raise KeyReused
            call.outcome = Answer(
                id=loaded.id, version=remembered.version, events=remembered.events
            )
            return loaded
        # 2. The record must be whole, and the caller's version and facts must be there.
        loaded.check_whole()
        expects = call.context.expects
        if expects is not None and loaded.version not in expects:
            raise Stale(loaded.version)
        if isinstance(call.facts, BaseException):
            raise call.facts
        # 3. The rule decides; its events are applied to a copy, so a bug leaves nothing half done.
        events = decide_command(
            self.aggregates.decider,
            call.command,
            loaded.state,
            call.context,
            rule=call.rule,
            facts=call.facts,
        )
        if events:
            loaded = loaded.copy()
            self.aggregates.documents.apply_events(loaded, events, call.context, receipt)
            call.has_effect = True
        types = tuple(event.type_name() for event in events)
        call.outcome = Answer(id=loaded.id, version=loaded.version, events=types)
        return loaded

    def _receipt(self, command: Any, context: Context) -> Receipt | None:
        if context.key is None:
            return None
        name = type(command).__name__
        body = self.aggregates.documents.command_json(command)
        return Receipt(
            key=_digest(f"{context.actor}\n{name}\n{context.key}".encode()), body=_digest(body)
        )


async def _load_facts(call: Call, load_facts: FactsLoader) -> None:
    try:
        call.facts = await load_facts()
    except Exception as error:  # noqa: BLE001 - raised to this caller when its command is decided
        call.facts = error


def _refused(error: Exception) -> Exception:
    """Return the error for the caller: what it can do about it, where it can do something."""
    match error:
        case StoreError() if is_retryable(error):
            return database_unavailable()
        case TooSlow():
            return Busy("too-slow", "This took too long and nothing was saved: try again.")
        case Unstorable():
            return TooLarge()
        case _:
            return error


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()
