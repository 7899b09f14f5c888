"""A command to its 201, through the real API, beside a bare route with one majority `update_one`.

Ours checks the token, the key and the body, decides, keeps state and event in one write, and in the
same process publishes and archives what it kept; the bare route writes and forgets.
"""

import asyncio
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import httpx

from benchmarks.harness.events import command, key, subject
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least
from benchmarks.harness.stage import Bench, Place, Running
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


async def measure(bench: Bench) -> Taken:
    """The same requests to both."""
    async with bench.place("desk") as place:
        ours = await _rate(place, "benchmarks.harness.process", "desk")
        bare = await _rate(place, "benchmarks.peers.bare_api")
    return {SPREAD: Pair(ours, bare)}


async def _rate(place: Place, *program: str) -> float:
    port = _free_port()
    variables = {"parts": "api", "http_port": str(port)}
    async with place.process("-m", *program, name=program[0], variables=variables) as server:
        await _ready(port, server)
        told = await _called(place, port, place.bench.size(3_000, 15_000))
    for statuses in told["statuses"]:
        assert set(statuses) == {"201"}, statuses
    return float(told["rate"])


async def _called(place: Place, port: int, size: int) -> Mapping[str, Any]:
    path = place.bench.folder / "requests"
    path.write_text("\n".join(request.hex() for request in _requests(place, SUBJECTS + size)))
    job = {"port": port, "connections": CONNECTIONS, "file": str(path), "warm": SUBJECTS}
    return await place.told("benchmarks.harness.http_load:load", **job)


def _requests(place: Place, size: int) -> Iterator[bytes]:
    keys = place.bench.folder / "keys"
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


async def _ready(port: int, server: Running) -> None:
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
    raise RuntimeError("the server ended: see its log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


ROOMS = (Room(name="commands", rows=(SPREAD,), measure=measure),)
