"""Read a resource at an even pace, in a process of its own, until the parent ends it.

A read begins when its turn comes, whether or not those before it are answered: what a slow answer
makes others wait is part of their time (no coordinated omission).
"""

import asyncio
import time

from benchmarks.harness.child_channel import finish_requested, send
from benchmarks.harness.http_load import END_OF_HEAD, length_of
from benchmarks.harness.samples import Sample

CONNECTIONS = 16
"""They take turns, so that the server closes none of them for its rest."""
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def read(*, port: int, token: str, path: str, per_second: float) -> None:
    """Send `samples` and `failed`, the number of answers that are not 200, in the end."""
    head = (f"GET {path} HTTP/1.1", "host: 127.0.0.1", f"authorization: Bearer {token}")
    request = "\r\n".join(head).encode() + END_OF_HEAD
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    samples, failed = list[Sample](), 0

    async def ask(due: float) -> None:
        nonlocal failed
        reader, writer = await free.get()
        writer.write(request)
        answer = await reader.readuntil(END_OF_HEAD)
        await reader.readexactly(length_of(answer))
        samples.append((due, time.monotonic() - due))
        failed += answer[9:12] != b"200"
        free.put_nowait((reader, writer))

    finish = asyncio.ensure_future(finish_requested())
    begun, asked = time.monotonic(), set[asyncio.Task[None]]()
    send(ready=True)
    number = 0
    while not finish.done():
        asked.add(task := asyncio.create_task(ask(begun + number / per_second)))
        task.add_done_callback(asked.discard)
        number += 1
        await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
    await asyncio.gather(*asked)
    send(samples=samples, failed=failed)
