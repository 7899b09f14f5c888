"""A command to its 201, through the real API, beside a bare route with one majority `update_one`.

Our API checks the token, the key and the body, decides, stores state and event in one write, and
publishes and archives the event in the same process. The bare route only writes.
"""

import asyncio
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import httpx

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.events import command, key, subject
from benchmarks.harness.processes import Program
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from gelar.issuer import issue_token

SPREAD = Row(
    path="command to 201, spread over aggregates",
    against="bare FastAPI route, one majority update_one",
    goal=at_least(0.6),
    unit="requests/s",
)
SUBJECTS = 500
CONNECTIONS = 32
READY_SECONDS_MAX = 30


async def measure(bench: Bench) -> Pairs:
    """Send the same requests to both."""
    async with bench.namespace("desk") as namespace:
        ours = await _rate(namespace, "benchmarks.harness.sample_process", "desk")
        bare = await _rate(namespace, "benchmarks.peers.bare_api")
    return {SPREAD: Pair(ours, bare)}


async def _rate(namespace: Namespace, *program: str) -> float:
    port = free_port()
    variables = {"parts": "api", "http_port": str(port)}
    async with namespace.program("-m", *program, name=program[0], variables=variables) as server:
        await ready(port, server)
        result = await _call(namespace, port, namespace.bench.size(3_000, 15_000))
    for statuses in result["statuses"]:
        assert set(statuses) == {"201"}, statuses
    return float(result["rate"])


async def _call(namespace: Namespace, port: int, size: int) -> Mapping[str, Any]:
    path = namespace.bench.folder / "requests"
    path.write_text("\n".join(request.hex() for request in _requests(namespace, SUBJECTS + size)))
    job = {"port": port, "connections": CONNECTIONS, "file": str(path), "warm": SUBJECTS}
    return await namespace.result("benchmarks.harness.http_load:load", **job)


def _requests(namespace: Namespace, size: int) -> Iterator[bytes]:
    keys = namespace.bench.folder / "keys"
    token = issue_token(keys, actor="clerk-7", roles=["budget-officer"])
    for n in range(size):
        body = json.dumps(asdict(command(n))).encode()
        head = (
            f"POST /parcels/{subject(n % SUBJECTS)}/weighings HTTP/1.1",
            "host: 127.0.0.1",
            f"authorization: Bearer {token}",
            f"idempotency-key: {key()}",
            "content-type: application/json",
            f"content-length: {len(body)}",
        )
        yield "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def ready(port: int, server: Program) -> None:
    """Wait until a server answers on this port; raise `RuntimeError` if it has ended."""
    async with asyncio.timeout(READY_SECONDS_MAX), httpx.AsyncClient(trust_env=False) as client:
        while server.alive:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            if answer.is_success:
                return
            await asyncio.sleep(0.05)
    raise RuntimeError("the server ended early: read its log for the reason")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PATHS = (MeasuredPath(name="commands", rows=(SPREAD,), measure=measure),)
