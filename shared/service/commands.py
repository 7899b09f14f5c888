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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Rule, decide_command
from shared.kernel.errors import Busy, KeyReused, Problem, Stale, database_unavailable
from shared.kernel.recorded import Receipt
from shared.observability import COMMANDS
from shared.store import StoreUnavailable
from shared.store.aggregates import Aggregates, OutboxFull
from shared.store.database import pause
from shared.store.documents import Loaded
from shared.store.recent import Recent

GROUP_MAX = 32
ATTEMPTS_MAX = 5
TAKES_AT_MOST_SECONDS = 10.0
"""The longest time between the making of the context and the sending of the write.

The socket's own time-out is as long, so no command is written later than 40 seconds after its
`context.now`: a step that a late command must not overtake (closing a call, taking over a claim)
waits longer than that."""
FactsLoader = Callable[[], Awaitable[object]]
OnCommitted = Callable[[str, Loaded[Any]], None]
"""`on_committed(kind, loaded)`: a majority has these new events of an aggregate."""


@dataclass(kw_only=True)
class Call:
    """One command on its way, and the future that its caller awaits."""

    command: Any
    context: Context
    load_facts: FactsLoader | None
    rule: Rule[Any, Any, Any] | None
    receipt: Receipt | None
    answer: "asyncio.Future[Answer]"
    outcome: Answer | BaseException | None = None
    has_effect: bool = False
    facts: object = None

    def finish(self, kind: str) -> None:
        """Give the caller its outcome, and count it."""
        code = getattr(self.outcome, "code", "failed")
        COMMANDS.labels(kind, "done" if isinstance(self.outcome, Answer) else code).inc()
        if self.answer.done():
            return
        if isinstance(self.outcome, Answer):
            self.answer.set_result(self.outcome)
        else:
            self.answer.set_exception(self.outcome or RuntimeError("a command without outcome"))


@dataclass
class Commands:
    """The commands of one kind of aggregate."""

    aggregates: Aggregates[Any]
    on_committed: OnCommitted
    _recent: Recent[Any] = field(default_factory=Recent)
    _queues: dict[str, deque[Call]] = field(default_factory=dict)
    _leading: set["asyncio.Task[None]"] = field(default_factory=set)

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
        else:
            queue.append(call)
        return await call.answer

    async def finish(self) -> None:
        """Wait until every queued command has been answered."""
        while self._leading:
            await asyncio.wait(self._leading)

    async def _lead(self, id: str) -> None:
        queue = self._queues[id]
        while queue:
            group = [queue.popleft() for _ in range(min(GROUP_MAX, len(queue)))]
            try:
                await self._commit(id, group)
            except Exception as error:  # noqa: BLE001 - every caller of the group gets the error
                for call in group:
                    call.outcome = _unavailable(error)
            for call in group:
                call.finish(self.aggregates.decider.kind)
        del self._queues[id]

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
            return True
        # 4. Write all events at once, unless it has taken too long.
        async with self.aggregates.write_slots:
            begun = min(call.context.begun for call in group)
            if time.monotonic() - begun > TAKES_AT_MOST_SECONDS:
                raise Busy("too-slow", "This took too long and nothing was saved: try again.")
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
            loaded.receipts |= await self.aggregates.receipts(loaded.id, missing)

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
            body, version = loaded.receipts[receipt.key]
            if body != receipt.body:
                raise KeyReused
            call.outcome = Answer(id=loaded.id, version=version)
            return loaded
        # 2. The caller's version and facts must be there.
        if call.context.expects not in (None, loaded.version):
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
        call.outcome = Answer(id=loaded.id, version=loaded.version)
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


def _unavailable(error: Exception) -> Exception:
    return database_unavailable() if isinstance(error, StoreUnavailable) else error


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()
