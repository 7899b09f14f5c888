"""Call a server cheaply: keep-alive connections send prepared requests one after another.

A call costs less than a tenth of the server's own work for the request, so that on two cores the
server is measured and not the caller.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks.harness.child_channel import send

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class Caller(asyncio.Protocol):
    """One connection, which sends the next request when the last answer is complete."""

    def __init__(
        self, requests: Iterator[bytes], statuses: dict[str, int], seconds: list[float]
    ) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._statuses = statuses
        self._seconds = seconds
        self._sent_at = 0.0
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        """Send the first request."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is complete, and send the next request."""
        self._received += data
        head, separator, body = self._received.partition(END_OF_HEAD)
        if not separator or len(body) < length_of(head):
            return
        self._seconds.append(time.perf_counter() - self._sent_at)
        status = head[9:12].decode()
        self._statuses[status] = self._statuses.get(status, 0) + 1
        self._received = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Fail if the server closed the connection before the last answer."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._sent_at = time.perf_counter()
            self._transport.write(request)


class Called(NamedTuple):
    """The answers a second, the number of each status, and the 99th percentile of an answer."""

    rate: float
    statuses: dict[str, int]
    p99_seconds: float


async def call(port: int, connections: int, requests: list[bytes]) -> Called:
    """Send all of these."""
    loop, statuses, seconds = asyncio.get_running_loop(), dict[str, int](), list[float]()
    left = iter(requests)
    begun = time.perf_counter()
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(
            lambda: Caller(left, statuses, seconds), "127.0.0.1", port
        )
        callers.append(caller)
    await asyncio.gather(*(caller.done for caller in callers))
    rate = len(requests) / (time.perf_counter() - begun)
    return Called(rate, statuses, sorted(seconds)[len(seconds) * 99 // 100] if seconds else 0.0)


async def load(*, port: int, connections: int, file: str, warm: int) -> None:
    """Send a file's requests (each a line in hexadecimal); the first `warm` are not timed."""
    with open(file) as lines:  # noqa: ASYNC230 - nothing else runs in this loop yet
        requests = [bytes.fromhex(line) for line in lines]
    first = await call(port, connections, requests[:warm])
    then = await call(port, connections, requests[warm:])
    statuses = [called.statuses for called in (first, then)]
    send(rate=then.rate, statuses=statuses, p99_seconds=then.p99_seconds)


def length_of(head: bytes) -> int:
    """Return the length of the body that this head announces."""
    start = head.lower().find(LENGTH)
    return int(head[start + len(LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0
