"""A command on its way through a process, from its caller to its outcome.

Made and finished by `shared.service.commands`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Rule
from shared.kernel.errors import Problem
from shared.kernel.recorded import Receipt
from shared.metrics import COMMANDS

log = structlog.get_logger()
FAILED = "failed"
"""The outcome of a command that met a bug."""

FactsLoader = Callable[[], Awaitable[object]]


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
        """Give the caller its outcome, and count it; what was done leaves a line in the log."""
        outcome = self.outcome
        if isinstance(outcome, Answer):
            code = "done"
            log.info(
                "command done",
                command=type(self.command).__name__,
                kind=kind,
                id=outcome.id,
                version=outcome.version,
                events=len(outcome.events),
                # This runs for the caller that leads a group: the id is that of this caller.
                correlation_id=self.context.correlation_id,
            )
        else:
            code = outcome.code if isinstance(outcome, Problem) else FAILED
        COMMANDS.labels(kind, code).inc()
        if self.answer.done():
            return
        if isinstance(outcome, Answer):
            self.answer.set_result(outcome)
        elif isinstance(outcome, Exception) and not isinstance(outcome, StopIteration):
            self.answer.set_exception(outcome)
        else:
            # A future takes no StopIteration.
            self.answer.set_exception(RuntimeError(f"a command ended with {outcome!r}"))
