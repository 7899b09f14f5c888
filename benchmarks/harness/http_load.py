"""Call a server cheaply: keep-alive connections send prepared requests one after another.

A call costs less than a tenth of the server's own work for the request, so that on two cores the
server is measured and not the caller.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.harness.child_channel import send

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class Caller(asyncio.Protocol):
    """One connection, which sends the next request when the last answer is complete."""

    def __init__(self, requests: Iterator[bytes], statuses: dict[str, int]) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._statuses = statuses
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        """Send the first request."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is complete, and send the next request."""
        self._received += data
        head, separator, body = self._received.partition(END_OF_HEAD)
        if not separator or len(body) < _length(head):
            return
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
            self._transport.write(request)


async def call(port: int, connections: int, requests: list[bytes]) -> tuple[float, dict[str, int]]:
    """Send all of these; return the answers a second, and the number of each status."""
    loop, statuses, left = asyncio.get_running_loop(), dict[str, int](), iter(requests)
    begun = time.perf_counter()
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(lambda: Caller(left, statuses), "127.0.0.1", port)
        callers.append(caller)
    await asyncio.gather(*(caller.done for caller in callers))
    return len(requests) / (time.perf_counter() - begun), statuses


async def load(*, port: int, connections: int, file: str, warm: int) -> None:
    """Send a file's requests (each a line in hexadecimal); the first `warm` are not timed."""
    with open(file) as lines:  # noqa: ASYNC230 - nothing else runs in this loop yet
        requests = [bytes.fromhex(line) for line in lines]
    _, first = await call(port, connections, requests[:warm])
    rate, statuses = await call(port, connections, requests[warm:])
    send(rate=rate, statuses=[first, statuses])


def _length(head: bytes) -> int:
    start = head.lower().find(LENGTH)
    return int(head[start + len(LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0
