"""A TCP proxy that can delay, hold back, reset or refuse connections.

async with proxy(mongo_port) as way:
    …f"mongodb://127.0.0.1:{way.port}/?directConnection=true"…
    way.answered_bytes       # the bytes that the server has answered so far
    way.reset_all()          # every connection ends with RST
    way.lose_answers()       # each connection loses its next answer and ends
    way.lose_a_share()       # the next heartbeat of a Kafka group that is answered with partitions
                             # loses its answer; the connection stays
    way.rewrites = (b"x", b"y")  # in each answer
    await way.away()         # connections end, and new ones are refused
    way.fall_silent()        # connections stay, and no byte passes
    await way.back()
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 65_536
HEARTBEAT = (68).to_bytes(2, "big")
"""The key of ConsumerGroupHeartbeat, after the length of the request."""
NO_SHARE_BYTES_MAX = 60
"""An answer to it without partitions is shorter, an answer with partitions longer."""
NO_LINGER = struct.pack("ii", 1, 0)


class _Connection:
    """A client's connection, and the proxy's connection to the server for it."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self.writers = writers
        self.loses_answer = False
        self.has_heartbeats = False

    def reset(self) -> None:
        """Reset both sides; bytes on their way are lost."""
        for writer in self.writers:
            # A connection that is closed has no socket any more.
            with suppress(OSError, AttributeError, ValueError):
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            writer.transport.abort()


class Proxy:
    """The way to a server; `delay_seconds` is added to each chunk in both directions."""

    def __init__(self, to_port: int, port: int = 0) -> None:
        self.to_port = to_port
        self.port = port
        self.delay_seconds = 0.0
        self.answers_lost = 0
        self.answered_bytes = 0
        self.rewrites = (b"\0", b"\0")
        self._loses_share = False
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._speaks = asyncio.Event()

    async def back(self) -> None:
        """Accept connections again, and go on with the connections that stayed."""
        silent = self._server is not None
        self._speaks.set()
        if silent:
            return
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def away(self) -> None:
        """End every connection and refuse new ones."""
        self._speaks.set()
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset_all()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def fall_silent(self) -> None:
        """Accept connections and pass no byte, as a server that hangs."""
        self._speaks.clear()

    def reset_all(self) -> None:
        """Reset every connection, as a machine after a restart does."""
        for connection in list(self._connections):
            connection.reset()

    def lose_answers(self) -> None:
        """Pass the next request on each connection, and lose its answer."""
        for connection in self._connections:
            connection.loses_answer = True

    def lose_a_share(self) -> None:
        """Pass heartbeats of Kafka's groups, and swallow the next answer that has partitions."""
        self._loses_share = True

    def _swallows(self, connection: _Connection, answer: bytes) -> bool:
        if self._loses_share and connection.has_heartbeats and len(answer) > NO_SHARE_BYTES_MAX:
            self._loses_share = False
            self.answers_lost += 1
            return True
        return False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            theirs, ours = await asyncio.open_connection(LOOPBACK, self.to_port)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(writer, ours)
        self._connections.add(connection)
        try:
            await asyncio.gather(
                self._pass(connection, reader, ours, answers=False),
                self._pass(connection, theirs, writer, answers=True),
            )
        finally:
            self._connections.discard(connection)

    async def _pass(
        self,
        connection: _Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        # uvloop raises RuntimeError where a connection was closed between a read and a write.
        with suppress(OSError, RuntimeError):
            while chunk := await reader.read(CHUNK_BYTES):
                if answers and connection.loses_answer:
                    self.answers_lost += 1
                    break
                if answers:
                    self.answered_bytes += len(chunk)
                await self._speaks.wait()
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                if answers and self._swallows(connection, chunk):
                    continue
                if answers:
                    chunk = chunk.replace(*self.rewrites)
                connection.has_heartbeats |= not answers and chunk[4:6] == HEARTBEAT
                writer.write(chunk)
                await writer.drain()
        # Half a connection is of no use: when a side ends, end the other side too.
        connection.reset()


@asynccontextmanager
async def proxy(to_port: int, port: int = 0) -> AsyncIterator[Proxy]:
    """Run a proxy to a port of this machine, on a free port or on the given port."""
    way = Proxy(to_port, port)
    await way.back()
    try:
        yield way
    finally:
        await way.away()
