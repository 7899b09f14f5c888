"""Callers that cost little: keep-alive connections that send prepared requests one after another.

Less than a tenth of what a server spends on a request, so that on two cores it is the server that
is measured.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.harness.child_channel import say

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class Caller(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last one is whole."""

    def __init__(self, requests: Iterator[bytes], statuses: dict[str, int]) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._statuses = statuses
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole."""
        self._received += data
        head, separator, body = self._received.partition(END_OF_HEAD)
        if not separator or len(body) < _length(head):
            return
        status = head[9:12].decode()
        self._statuses[status] = self._statuses.get(status, 0) + 1
        self._received = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """The server may not hang up."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(request)


async def call(port: int, connections: int, requests: list[bytes]) -> tuple[float, dict[str, int]]:
    """Send all of these; how many a second were answered, and how."""
    loop, statuses, left = asyncio.get_running_loop(), dict[str, int](), iter(requests)
    begun = time.perf_counter()
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(lambda: Caller(left, statuses), "127.0.0.1", port)
        callers.append(caller)
    await asyncio.gather(*(item.done for item in callers))
    return len(requests) / (time.perf_counter() - begun), statuses


async def load(*, port: int, connections: int, file: str, warm: int) -> None:
    """Call with a file's requests (one a line, in hexadecimal); the first `warm` do not count."""
    with open(file) as lines:  # noqa: ASYNC230 - nothing else runs meanwhile
        requests = [bytes.fromhex(line) for line in lines]
    _, first = await call(port, connections, requests[:warm])
    rate, statuses = await call(port, connections, requests[warm:])
    say(rate=rate, statuses=[first, statuses])


def _length(head: bytes) -> int:
    place = head.lower().find(LENGTH)
    return int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0
