"""Jobs: work of many rows that a person asks for, and workers do row by row. Pure.

A job is an aggregate: a command asks for it, another one cancels it, and the loop's own command
finishes it. Its state has a `status`, which is `RUNNING` while there is work, and a `run`, which
counts how often it was asked for. Its rows and their outcomes are documents of their own
(`shared.store.job_rows`), stored before the job is asked for.

A row is done at least once and has its effects once: all of its commands have the row in their
idempotency keys. `shared.service.jobs` runs the jobs.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.kernel.decider import Context, Decider

RUNNING = "RUNNING"
"""The status of a job whose rows are being done."""

WAITING = "WAITING"
"""The word for rows that are not done, where rows are counted or asked for."""

FAILED = "FAILED"
"""The outcome of a row at which the code itself failed; the log has the reason."""


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A row to be done: its job, its number from 1 on, and the data that were stored for it."""

    job: str
    number: int
    data: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """The id of the row, `JOB.00001`: rows have the order of their numbers."""
        return f"{self.job}.{self.number:05}"

    def correlation_id(self, kind: str) -> str:
        """Return the id that all commands, events and log lines of this row have in common."""
        return str(uuid5(NAMESPACE_URL, f"kukm:{kind}/{self.id}"))

    def acting(self, context: Context, kind: str, step: str = "") -> Context:
        """Return the context of a command of this row; each command of it has a `step`.

        The key is the same each time, so that the row has its effects once; `source` says in
        history which row it was.
        """
        return replace(
            context,
            key=f"{self.id}/{step}",
            source=f"{kind}/{self.id}",
            correlation_id=self.correlation_id(kind),
        )


@dataclass(frozen=True, kw_only=True)
class RowOutcome:
    """The outcome of a row, a word of its job, and what a reader sees beside it.

    A row that is not `final` is tried again when its job is asked for again; the data of a final
    row are removed.
    """

    outcome: str
    final: bool
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RowState:
    """A row as its readers see it; without an `outcome` it is not done yet."""

    number: int
    outcome: str | None
    shown: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Job:
    """A kind of job: its aggregate, the work of a row, and the command that finishes it.

    `run_row(service, state, row)` does a row as often as it is called, with one effect. It returns
    the outcome of a refusal, too; after an error that may pass the row is left to be done.
    `finish` gets the run whose rows are done, and the number of rows by outcome: its decider
    ignores the command of an earlier run.
    """

    decider: Decider[Any, Any, Any]
    run_row: Callable[[Any, Any, JobRow], Awaitable[RowOutcome]]
    finish: Callable[[int, Mapping[str, int]], Any]

    def __post_init__(self) -> None:
        """Check that the jobs that run can be found."""
        if "status" not in self.decider.indexes:
            raise TypeError(f"{self.kind} has no index by status, by which its jobs are found")

    @property
    def kind(self) -> str:
        """The kind of its aggregate."""
        return self.decider.kind
