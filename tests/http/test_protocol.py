"""A stranger's connection costs little: its headers, body, time and number are bounded."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from shared.http.protocol import bounded
from shared.metrics import HTTP_REFUSED
from shared.settings import Settings
from tests.conftest import eventually
from tests.http.conftest import Sign
from tests.http.example import ExampleService, example_app

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
BOUNDS = {
    "http_connections_max": 5,
    "http_requests_max": 2,
    "http_head_bytes_max": 8_192,
    "http_head_seconds": 2,
    "http_body_seconds": 2,
    "http_keep_alive_seconds": 30,
}


class Waiting(ExampleService):
    """A service whose progress is answered only when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.asked = 0

    async def progress(self) -> dict[str, Any]:
        self.asked += 1
        await self.go_on.wait()
        return {}


@pytest.fixture
def service() -> Waiting:
    """Return the example service."""
    return Waiting()


@pytest.fixture
async def port(settings: Settings, service: Waiting) -> AsyncIterator[int]:
    """Serve the example with narrow bounds, and yield its port."""
    narrow = settings.model_copy(update=BOUNDS)
    app = example_app(service, narrow)
    config = uvicorn.Config(
        app,
        port=0,
        http=bounded(narrow),
        timeout_keep_alive=narrow.http_keep_alive_seconds,
        log_config=None,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    """Open a connection, and close it at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def refused(port: int, sent: bytes) -> tuple[int, str]:
    """Send these bytes; return status and code of the answer that ends the connection."""
    async with connected(port) as (reader, writer):
        writer.write(sent)
        status, problem = await answer_to(reader)
        return status, problem["code"]


async def answer_to(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """Return status and document of an answer that ends its connection."""
    async with asyncio.timeout(20):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    document, lines = json.loads(body), head.decode().lower().split("\r\n")
    # The headers that all other answers have.
    assert "cache-control: no-store" in lines
    assert "x-content-type-options: nosniff" in lines
    assert f"x-correlation-id: {document['correlation_id']}" in lines
    return int(head.split()[1]), document


@pytest.mark.parametrize("begun", [b"", b"GET /livez HTTP/1.1\r\nHost: x\r\n"])
async def test_headers_that_do_not_come_end_the_connection(port: int, begun: bytes) -> None:
    assert await refused(port, begun) == (408, "headers-too-slow")


async def test_a_body_that_does_not_come_ends_the_connection(port: int, commands: Sign) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["POST /booths HTTP/1.1", "Host: x", "Content-Length: 100", *lines])
    assert await refused(port, f"{head}\r\n\r\n{{".encode()) == (408, "body-too-slow")


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""])
async def test_headers_that_are_too_large_are_refused(port: int, end: bytes) -> None:
    large = b"GET /livez HTTP/1.1\r\nX: " + b"x" * 100_000 + end
    assert await refused(port, large) == (431, "headers-too-large")


async def test_bytes_that_are_no_http_get_a_problem_document(port: int) -> None:
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n"
    assert await refused(port, hello) == (400, "not-http")


async def test_too_many_connections_are_refused_and_the_others_served(port: int) -> None:
    async with AsyncExitStack() as stack:
        kept = [await stack.enter_async_context(connected(port)) for _ in range(5)]
        assert await refused(port, GET) == (503, "too-many-connections")
        for reader, writer in kept:
            assert await served(reader, writer) == 200


async def test_too_many_requests_are_refused_and_probes_are_not(
    port: int, service: Waiting, reads: Sign
) -> None:
    ((name, value),) = reads("operator").items()
    asked = f"GET /progress HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\n\r\n".encode()
    async with AsyncExitStack() as stack:
        waiting = [await stack.enter_async_context(connected(port)) for _ in range(2)]
        for _, writer in waiting:
            writer.write(asked)

        async def both_are_served() -> bool:
            return service.asked == 2

        await eventually(both_are_served)
        refusals = HTTP_REFUSED.labels("too-many-requests")
        before = next(iter(refusals.collect())).samples[0].value
        assert await refused(port, asked) == (503, "too-many-requests")
        assert next(iter(refusals.collect())).samples[0].value == before + 1
        async with connected(port) as (reader, writer):
            assert await served(reader, writer) == 200
        service.go_on.set()
        for reader, _ in waiting:
            assert (await reader.readline()).split()[1] == b"200"


async def test_a_connection_serves_many_requests_and_rests_between_them(port: int) -> None:
    async with connected(port) as (reader, writer):
        for pause in (0.0, 2 * BOUNDS["http_head_seconds"], 0.0):
            await asyncio.sleep(pause)
            assert await served(reader, writer) == 200


async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    """Ask for a probe on an open connection; read the whole answer, and return its status."""
    writer.write(GET)
    async with asyncio.timeout(20):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        (length,) = re.findall(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length))
    return int(head.split()[1])
