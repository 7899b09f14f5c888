"""The cost of traces: processor time with traces on, at the ratio of 1 %, beside traces off.

The processor time of a process is compared and not its rate: it is the cost, and other programs on
the machine change it less. Commands are decided in one process, in short runs, with traces on and
off in turn; everything from the request's headers to the archived event is in it, also the export
of spans. Workers read the same events in turn, those with traces on with contexts in their headers,
of which every hundredth is recorded.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

import psutil
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from starlette.types import ASGIApp, Message, Scope

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import send
from benchmarks.harness.collector import collector
from benchmarks.harness.events import command, key, publish_all, subject, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.harness.sample import desk, router
from benchmarks.harness.watching import POLL_SECONDS, Follower
from gelar.issuer import issue_token
from shared.kernel.recorded import Recorded
from shared.run import application
from shared.settings import Settings
from shared.spans import exporting_to
from shared.tracing import configure_tracing, stop_tracing

COMMAND = Row(
    path="processor time of a command, traces on at 1 %",
    against="traces off",
    goal=at_most(1.03),
    unit="ms",
)
EVENT = Row(
    path="processor time of an event in a worker, traces on at 1 %",
    against="traces off",
    goal=at_most(1.03),
    unit="ms",
)
SUBJECTS = 500
CALLERS = 32
RUN = 320
"""Commands in a run."""
WORKERS = 4
"""Measured of each kind, in turn."""
EVERY = 100
EACH = 3


class Milliseconds(defaultdict[bool, float]):
    """Processor time, with traces on (True) and off."""

    def __init__(self) -> None:
        super().__init__(float)


async def measure_commands(bench: Bench) -> Pairs:
    """Let a process decide commands, with traces on and off in turn."""
    async with bench.namespace("desk") as namespace:
        with collector() as spans:
            result = await namespace.result(
                "benchmarks.paths.traces:decide",
                url=spans.url,
                runs=bench.size(30, 100),
                keys=str(bench.folder / "keys"),
            )
        assert spans.taken > 0
    return {COMMAND: Pair(result["on"], result["off"])}


async def decide(*, url: str, runs: int, keys: str) -> None:
    """Decide runs of commands in this process; send the processor time of one, on and off.

    The time with traces on follows from the median ratio of two runs right after each other.
    """
    settings, processor = Settings(), _Lasting(url)
    app = application(desk, (router,), settings)
    caller = _Caller(app, issue_token(Path(keys), actor="clerk-7", roles=["budget-officer"]))
    pairs = list[Milliseconds]()
    async with app.router.lifespan_context(app):
        for run in range(runs + 1):
            spent = Milliseconds()
            for traced in (False, True) if run % 2 else (True, False):
                if traced:
                    configure_tracing(settings, "desk", processor)
                begun = time.process_time()
                await asyncio.gather(*(caller.send(first) for first in range(CALLERS)))
                await desk.engine.relay.drain(10)
                spent[traced] = 1_000 * (time.process_time() - begun) / RUN
                stop_tracing()
            pairs.append(spent)
    processor.end()
    # The first run of each is not counted.
    off = median(spent[False] for spent in pairs[1:])
    send(on=off * median(spent[True] / spent[False] for spent in pairs[1:]), off=off)


class _Lasting(SpanProcessor):
    """Send spans as a process does, through all runs."""

    def __init__(self, url: str) -> None:
        self._processor = exporting_to(url)

    def on_end(self, span: ReadableSpan) -> None:
        self._processor.on_end(span)

    def shutdown(self) -> None:
        """Go on: another run follows."""

    def end(self) -> None:
        """Send the spans that wait."""
        self._processor.shutdown()


class _Caller:
    """Send requests to an application in this process, as a web server hands them over."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def send(self, first: int) -> None:
        """Send one caller's share of a run, one request after another; all are answered 201."""
        for number in range(first, RUN, CALLERS):
            await self._send(number)

    async def _send(self, number: int) -> None:
        body = json.dumps(asdict(command(number))).encode()
        statuses = list[int]()

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self._app(self._scope(number, len(body)), receive, answer)
        assert statuses == [201], statuses

    def _scope(self, number: int, length: int) -> Scope:
        path = f"/parcels/{subject(number)}/weighings"
        headers = {
            "host": "127.0.0.1",
            "authorization": f"Bearer {self._token}",
            "idempotency-key": key(),
            "content-type": "application/json",
            "content-length": str(length),
        }
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }


async def measure_events(bench: Bench) -> Pairs:
    """Run workers in turn, each on a topic and a database of its own."""
    subjects, pairs = bench.size(12_000, 40_000), list[Milliseconds]()
    with collector() as spans:
        for number in range(WORKERS):
            spent = Milliseconds()
            for traced in (False, True) if number % 2 else (True, False):
                async with bench.namespace("desk") as namespace:
                    events = weighings(subjects, EACH)
                    await publish_all(namespace, _carrying(events) if traced else events)
                    changes = {"traces_url": spans.url} if traced else {}
                    spent[traced] = await _of_an_event(namespace, subjects * EACH, **changes)
            pairs.append(spent)
    off = median(spent[False] for spent in pairs)
    return {EVENT: Pair(off * median(spent[True] / spent[False] for spent in pairs), off)}


async def _of_an_event(namespace: Namespace, events: int, **changes: str) -> float:
    """Return the processor time of an event, from the first batch on: the start is not in it."""
    follower = Follower(namespace, "depot")
    async with namespace.worker("depot", **changes) as worker:
        first, begun = await _applied(follower, 1), _processor_milliseconds(worker.pid)
        last = await _applied(follower, events)
        spent = _processor_milliseconds(worker.pid) - begun
    follower.close()
    return spent / (last - first)


async def _applied(follower: Follower, events: int) -> int:
    """Return how many events are applied, once there are so many."""
    while (applied := await follower.applied()) < events:  # noqa: ASYNC110 - a server sets no event
        await asyncio.sleep(POLL_SECONDS)
    return applied


def _processor_milliseconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return 1_000 * float(times.user + times.system)


def _carrying(events: Iterator[Recorded]) -> Iterator[Recorded]:
    for number, event in enumerate(events, 1):
        flags = "01" if number % EVERY == 0 else "00"
        yield replace(event, traceparent=f"00-{number:032x}-{number:016x}-{flags}")


PATHS = (
    MeasuredPath(name="traces, commands", rows=(COMMAND,), measure=measure_commands),
    MeasuredPath(name="traces, events", rows=(EVENT,), measure=measure_events),
)
