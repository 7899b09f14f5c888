"""The way out: a command is decided on its aggregate and kept, with its events, in one write.

Commands on one aggregate queue in this process and commit as a group: decided one after another in
memory, at most `GROUP_MAX` in one write; a refusal answers only its own caller. Where somebody else
was faster nobody is answered: the aggregate is read again and all are decided again. What this
process has just written need not be read for that. An effect is remembered by a receipt, so that a
repeated request is answered and nothing happens twice.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Rule
from shared.kernel.errors import Busy, KeyReused, Problem, Stale, database_unavailable
from shared.kernel.recorded import Receipt
from shared.observability import COMMANDS
from shared.store.aggregates import Aggregates, OutboxFull
from shared.store.database import StoreUnavailable, pause
from shared.store.documents import Loaded
from shared.store.recent import Recent

GROUP_MAX = 32
ATTEMPTS_MAX = 5
TAKES_AT_MOST_SECONDS = 10.0
"""From the making of the context to the sending of the write. With the socket's own time-out of as
much, no command is written later than 40 seconds after its `context.now`: what must not be
overtaken (the closing of a call, the taking over of a claim) waits longer than that."""
Facts = Callable[[], Awaitable[object]]
Written = Callable[[str, Loaded[Any]], None]


@dataclass(kw_only=True)
class Call:
    """One command on its way, and the future that its caller awaits."""

    command: Any
    context: Context
    facts: Facts | None
    rule: Rule[Any, Any, Any] | None
    receipt: Receipt | None
    answer: "asyncio.Future[Answer]"
    outcome: Answer | BaseException | None = None
    happened: bool = False
    asked: object = None

    def settle(self, kind: str) -> None:
        """Give the caller its outcome, and count it."""
        no = getattr(self.outcome, "code", "failed")
        COMMANDS.labels(kind, "done" if isinstance(self.outcome, Answer) else no).inc()
        if self.answer.done():
            return
        if isinstance(self.outcome, Answer):
            self.answer.set_result(self.outcome)
        else:
            self.answer.set_exception(self.outcome or RuntimeError("a command without outcome"))


@dataclass
class Commands:
    """The commands of one kind of aggregate; `written` tells the relay what has been."""

    aggregates: Aggregates[Any]
    written: Written
    _recent: Recent[Any] = field(default_factory=Recent)
    _queues: dict[str, deque[Call]] = field(default_factory=dict)
    _leading: set["asyncio.Task[None]"] = field(default_factory=set)

    async def handle(
        self,
        id: str,
        command: Any,
        context: Context,
        facts: Facts | None = None,
        rule: Rule[Any, Any, Any] | None = None,
    ) -> Answer:
        """Decide `command` and keep what happens. Raises the errors that `Service.handle` names."""
        context = replace(context, subject=id)
        call = Call(
            command=command,
            context=context,
            facts=facts,
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
            except Exception as error:  # noqa: BLE001 - whatever it is, every caller of the group hears it
                for call in group:
                    call.outcome = _unavailable(error)
            for call in group:
                call.settle(self.aggregates.decider.kind)
        del self._queues[id]

    async def _commit(self, id: str, group: list[Call]) -> None:
        recent = self._recent.take(id)
        if recent and await self._decided_on(recent, group, from_memory=True):
            return
        for attempt in range(ATTEMPTS_MAX):
            if attempt:
                await pause(attempt)
            loaded = await self.aggregates.load(id)
            if await self._decided_on(loaded, group):
                return
        raise Busy("too-many-conflicts", "Others keep changing this: try again in a moment.")

    async def _decided_on(
        self, loaded: Loaded[Any], group: list[Call], *, from_memory: bool = False
    ) -> bool:
        """Decide the group and keep what happens; False where the aggregate is to be read again."""
        await self._recall(loaded, group)
        await asyncio.gather(*(_ask(call, call.facts) for call in group if call.facts))
        for call in group:
            self._decide(loaded, call)
        if from_memory and not all(call.happened for call in group):
            # Only a write proves that what was remembered still is so.
            return False
        if not loaded.recorded:
            return True
        async with self.aggregates.write_slots:
            begun = min(call.context.begun for call in group)
            if time.monotonic() - begun > TAKES_AT_MOST_SECONDS:
                raise Busy("too-slow", "This took too long and nothing was kept: try again.")
            return await self._written(loaded)

    async def _written(self, loaded: Loaded[Any]) -> bool:
        try:
            written = await self.aggregates.write(loaded)
        except OutboxFull as error:
            raise Busy(
                "outbox-full", "Too much waits to be published: try again in a moment."
            ) from error
        if written:
            self._recent.keep(loaded)
            self.written(self.aggregates.decider.kind, loaded)
        return written

    async def _recall(self, loaded: Loaded[Any], group: list[Call]) -> None:
        if not loaded.forgotten:
            return
        keys = [one.receipt.key for one in group if one.receipt]
        missing = [key for key in keys if key not in loaded.receipts]
        if missing:
            loaded.receipts |= await self.aggregates.receipts(loaded.id, missing)

    def _decide(self, loaded: Loaded[Any], call: Call) -> None:
        call.happened = False
        try:
            call.outcome = self._decided(loaded, call)
        except Problem as problem:
            call.outcome = problem
        except Exception as error:  # noqa: BLE001 - a bug answers its own caller, not the group
            call.outcome = error

    def _decided(self, loaded: Loaded[Any], call: Call) -> Answer:
        receipt, decider = call.receipt, self.aggregates.decider
        if receipt and receipt.key in loaded.receipts:
            body, version = loaded.receipts[receipt.key]
            if body != receipt.body:
                raise KeyReused
            return Answer(id=loaded.id, version=version)
        if call.context.expects not in (None, loaded.version):
            raise Stale(loaded.version)
        if isinstance(call.asked, BaseException):
            raise call.asked
        rule = call.rule or decider.decide
        events = list(rule(call.command, call.asked, loaded.state, call.context))
        if events:
            after = loaded.copy()
            self.aggregates.documents.apply_events(after, events, call.context, receipt)
            loaded.__dict__.update(after.__dict__)
            call.happened = True
        return Answer(id=loaded.id, version=loaded.version)

    def _receipt(self, command: Any, context: Context) -> Receipt | None:
        if context.key is None:
            return None
        name = type(command).__name__
        body = self.aggregates.documents.command_json(command)
        return Receipt(
            key=_digest(f"{context.actor}\n{name}\n{context.key}".encode()), body=_digest(body)
        )


async def _ask(call: Call, facts: Facts) -> None:
    try:
        call.asked = await facts()
    except Exception as error:  # noqa: BLE001 - told to this caller when its turn comes
        call.asked = error


def _unavailable(error: Exception) -> Exception:
    return database_unavailable() if isinstance(error, StoreUnavailable) else error


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()
