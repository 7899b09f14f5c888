"""The API of selection beside a running solve: reads at an even pace, at rest and while it solves.

The solver is asked what would be under other terms, again and again, so that one choice is always
being made; each asks for all candidates of the round, ranks them, and solves twice.
"""

import asyncio
import time

import httpx

from benchmarks.harness.bench import Bench
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.harness.samples import p99, within
from benchmarks.harness.scored_round import SHOW
from benchmarks.paths.commands import free_port, ready
from gelar.issuer import issue_token

PER_SECOND = 50.0
WARM_SECONDS = 2.0
SECONDS = 10.0
KEY = "a relation key of a measurement, 32 signs"
BESIDE = Row(
    path="a read of selection's API beside a running solve of 1,000 candidates, p99",
    against="at rest",
    goal=at_most(2),
    unit="ms",
)
MANY = Row(
    path="the same, 10,000 candidates",
    against="at rest",
    goal=at_most(2),
    unit="ms",
)


async def measure(bench: Bench) -> Pairs:
    """Measure at rest and beside a solve, with either number of candidates."""
    pairs = {BESIDE: await _measured(bench, 1_000)}
    if not bench.quick:
        pairs[MANY] = await _measured(bench, 10_000)
    return pairs


async def _measured(bench: Bench, candidates: int) -> Pair:
    async with bench.namespace("selection") as namespace:
        filled = await namespace.result(
            "benchmarks.harness.scored_round:fill", candidates=candidates
        )
        port = free_port()
        variables = {"parts": "api", "http_port": str(port), "relation_key": KEY}
        token = issue_token(bench.folder / "keys", actor="officer-1", roles=["selection-officer"])
        async with namespace.program(
            "-m", "services.selection.app", name="solving-api", variables=variables
        ) as server:
            await ready(port, server)
            job = {"port": port, "token": token, "per_second": PER_SECOND}
            path = f"/candidates/{filled['candidate']}"
            async with namespace.child(
                "benchmarks.harness.open_reads:read", path=path, **job
            ) as reads:
                await reads.read_line()
                await asyncio.sleep(WARM_SECONDS)
                quiet = (time.monotonic(), time.monotonic() + SECONDS)
                await asyncio.sleep(SECONDS)
                busy = await _solved(port, token)
                result = await reads.finish()
    assert not result["failed"], f"{result['failed']} reads failed"
    samples = result["samples"]
    return Pair(p99(within(samples, busy)), p99(within(samples, quiet)))


async def _solved(port: int, token: str) -> tuple[float, float]:
    """Ask again and again, and return the window of time in which it was solved."""
    address = f"http://127.0.0.1:{port}"
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=120) as client:
        begun = time.monotonic()
        while time.monotonic() - begun < SECONDS:
            answer = await client.post(
                f"/rounds/{SHOW}/what-if", json={"threshold": 6_100}, headers=headers
            )
            assert answer.is_success, answer.text
        return begun, time.monotonic()


PATHS = (MeasuredPath(name="solving", rows=(BESIDE, MANY), measure=measure),)
