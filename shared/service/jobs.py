"""The loop of jobs: every worker looks for jobs that run, and does their rows by lease.

Started by `shared.service.engine`; a job's own `run_row` gives commands to `Service.handle`, and
this loop its last one to `shared.service.commands`. One turn of a job:

1. take its lease, or hold it for longer; another worker that has it goes on alone;
2. read the job: a job that was cancelled or has ended is left;
3. read the next rows that are due and do them at the same time, each with an outcome of its own;
4. if none is due, finish the job with the number of rows by outcome.

A worker that dies loses its lease after some seconds, and the next one does the same rows again:
the commands of a row are the same each time, so their receipts answer. The lease saves work and is
needed for nothing else. A row whose error may pass is left to be done, after a growing pause.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog

from shared.clock import Clock
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Problem
from shared.kernel.jobs import FAILED, RUNNING, Job, JobRow, RowOutcome
from shared.kernel.parts import Parts
from shared.metrics import JOB_ROW_RETRIES, JOB_ROWS
from shared.service.commands import Commands
from shared.service.deadlines import Failing
from shared.store import StoreError, is_retryable
from shared.store.database import Database
from shared.store.job_rows import JobRows
from shared.store.lease import Lease

LOOK_SECONDS = 1.0
ROWS_AT_ONCE = 32
JOBS_MAX = 100
"""So many running jobs of a kind a worker looks at."""
HELD_FOR = timedelta(seconds=15)
CLEAN_SECONDS = 3_600.0
log = structlog.get_logger()


@dataclass(kw_only=True)
class _Turns:
    """A job under way in this process: its lease, its pauses, and the last row of this pass."""

    lease: Lease
    failing: Failing = field(default_factory=Failing)
    after: str = ""
    failed: bool = False


class Jobs:
    """The jobs of one service, in one worker."""

    def __init__(
        self,
        service: Parts,
        *,
        database: Database,
        commands: Mapping[str, Commands],
        rows: Mapping[str, JobRows],
        clock: Clock,
    ) -> None:
        self._service = service
        self._database = database
        self._commands = commands
        self._rows = rows
        self._clock = clock
        self._turns: dict[tuple[str, str], _Turns] = {}
        self._cleaned_at = float("-inf")

    async def run(self) -> None:
        """Do the rows of all jobs until cancelled."""
        while True:
            begun_at = self._clock.now()
            worked = False
            if self._service.is_open:
                for job in self._service.jobs:
                    worked = await self._look(job) or worked
                await self._clean()
            if not worked:
                await self._clock.rest(LOOK_SECONDS, since=begun_at)

    async def _look(self, job: Job) -> bool:
        """Give each running job of a kind a turn; return False if there was nothing to do."""
        worked = False
        try:
            running = await self._rows[job.kind].running_ids(JOBS_MAX)
            for kind, id in self._turns.keys() - {(job.kind, id) for id in running}:
                if kind == job.kind:
                    await self._leave(job, id)
            for id in running:
                worked = await self._turn(job, id) or worked
        except (StoreError, Problem) as error:
            log.warning("job interrupted", kind=job.kind, error=type(error).__name__)
            return False
        return worked

    async def _turn(self, job: Job, id: str) -> bool:
        rows = self._rows[job.kind]
        name = f"job/{job.kind}/{id}"
        turns = self._turns.setdefault(
            (job.kind, id), _Turns(lease=Lease(self._database, name, HELD_FOR))
        )
        # 1. One worker at a time, and none while the rows that are left wait for their pause.
        if time.monotonic() < turns.failing.not_before or not await turns.lease.take():
            return False
        # 2. The job as it stands now.
        aggregates = self._commands[job.kind].aggregates
        state = (await aggregates.load(id)).state
        if state is None or state.status != RUNNING:
            await self._leave(job, id)
            return False
        # 3. The next rows; at the end of a pass those that failed are begun again, later.
        due = await rows.due(id, state.run, after=turns.after, limit=ROWS_AT_ONCE)
        if due:
            turns.after = due[-1].id
            done = await asyncio.gather(*(self._do(job, state, row) for row in due))
            turns.failed = turns.failed or not all(done)
            return True
        if turns.failed:
            turns.failing.failed()
            turns.after, turns.failed = "", False
            return False
        if turns.after:
            turns.after = ""
            return True
        # 4. Nothing is left.
        await self._finish(job, id, state.run)
        return True

    async def _do(self, job: Job, state: Any, row: JobRow) -> bool:
        """Do a row and keep its outcome; return False if it is left to be done."""
        # Every row is done in a task of its own, with a context of its own.
        structlog.contextvars.bind_contextvars(correlation_id=row.correlation_id(job.kind))
        try:
            outcome = await job.run_row(self._service, state, row)
        except Exception as error:
            if _may_pass(error):
                JOB_ROW_RETRIES.labels(job.kind).inc()
                return False
            log.error(
                "job row failed", kind=job.kind, subject=row.job, row=row.number, exc_info=error
            )
            outcome = RowOutcome(outcome=FAILED, final=False, shown={"code": "failed"})
        if await self._rows[job.kind].conclude(row, state.run, outcome):
            JOB_ROWS.labels(job.kind, outcome.outcome).inc()
        return True

    async def _finish(self, job: Job, id: str, run: int) -> None:
        counts = await self._rows[job.kind].counts(id)
        context = Context(
            now=self._clock.now(),
            origin=Origin.SWEEP,
            actor=f"service:{self._service.name}",
            correlation_id=str(uuid4()),
        )
        await self._commands[job.kind].handle(id, job.finish(run, counts), context)
        await self._leave(job, id)

    async def _leave(self, job: Job, id: str) -> None:
        turns = self._turns.pop((job.kind, id))
        await turns.lease.release()

    async def _clean(self) -> None:
        """Remove rows without a job, and old data of rows that were not done."""
        if time.monotonic() < self._cleaned_at + CLEAN_SECONDS:
            return
        self._cleaned_at = time.monotonic()
        for kind, rows in self._rows.items():
            try:
                if removed := await rows.remove_unasked():
                    log.info("rows without a job removed", kind=kind, jobs=removed)
                if forgotten := await rows.forget():
                    log.info("data of old rows removed", kind=kind, jobs=forgotten)
            except StoreError as error:
                log.warning("job interrupted", kind=kind, error=type(error).__name__)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, Problem):
        return error.retry_after_seconds is not None
    return isinstance(error, StoreError) and is_retryable(error)
