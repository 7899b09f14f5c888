"""Run a service in a process of its own, without HTTP: orders come as JSON lines on a socket.

The first line names what to run: `{service, settings, point, when, armed, signal}`; the service is
`shop`, `till` or a newer version of it (`newer shop`, `newer till`), or a `delivering shop`, which
has jobs. The process
sends `{ready}` when it runs and `{ended}` when it has stopped in order, after SIGTERM or when its
caller is gone. A command `{key, stand, basket, item, price, buyer}` claims its stand for the item,
and is answered with `{key, version}` or `{key, refused}`; `{arm}` makes the point count from then
on, `{passed}` asks for all awaits that were passed, `{assigned}` for the number of the partitions
that the worker reads. At its point the process sends `{at}` and then sends itself the signal.
"""

import asyncio
import json
import os
import signal
import socket
from typing import Any

from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Problem, database_unavailable
from shared.messaging.consumer import EventConsumer
from shared.messaging.producer import _Client, _Run
from shared.service import Service
from shared.settings import Settings
from shared.store import StoreUnavailable
from tests.faults import awaits, newer
from tests.given import NOW
from tests.kernel.deliveries import delivering_shop
from tests.kernel.example import AddItem, PriceList, basket, decide_by_price_list, shop, till

SERVICES = {
    "shop": shop,
    "delivering shop": delivering_shop,
    "till": till,
    "newer shop": newer.newer_shop,
    "newer till": newer.newer_till,
}
RULES = {"shop": decide_by_price_list, "newer shop": newer.decide_gift_by_price_list}
LINE_BYTES_MAX = 1_000_000


def serve(connection: socket.socket) -> None:
    """Run the service that the first line of this connection names, until the process must end."""
    order = json.loads(_first_line(connection))

    def report() -> None:
        connection.sendall(json.dumps({"at": order["point"]}).encode() + b"\n")

    # Counted here: the client's own answer may block the loop while partitions change.
    _count("_assigned", 1)
    _count("_revoked", -1)
    for owner, function in (
        (EventConsumer, "_assigned"),
        (EventConsumer, "_revoked"),
        (_Client, "send"),
        (_Run, "delivered"),
    ):
        awaits.wrap(owner, function)
    if order["point"]:
        awaits.die_at(order["point"], order["when"], report, order["signal"])
    if order["armed"]:
        awaits.arm()
    asyncio.run(_run(order["service"], Settings(**order["settings"]), connection))


class Assigned:
    """The number of the partitions that this process reads."""

    number = 0


def _count(function: str, sign: int) -> None:
    inner = getattr(EventConsumer, function)

    def counting(self: EventConsumer, consumer: Any, partitions: list[Any]) -> None:
        inner(self, consumer, partitions)
        Assigned.number += sign * len(partitions)

    setattr(EventConsumer, function, counting)


async def _run(name: str, settings: Settings, connection: socket.socket) -> None:
    service = SERVICES[name]()
    reader, writer = await asyncio.open_connection(sock=connection, limit=LINE_BYTES_MAX)
    process = _Process(service, RULES.get(name), writer)
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    async with service.opened(settings):
        process.say({"ready": True})
        serving = asyncio.create_task(process.serve(reader))
        failing = asyncio.create_task(service.engine.failed())
        stopping = asyncio.create_task(ending.wait())
        await asyncio.wait({serving, failing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        failed = failing.done()
        for task in (serving, failing, stopping):
            task.cancel()
        await asyncio.gather(*process.commands, return_exceptions=True)
    process.say({"ended": not failed})
    await writer.drain()


class _Process:
    """The orders that come on the connection."""

    def __init__(self, service: Service, rule: Any, writer: asyncio.StreamWriter) -> None:
        self.commands: set[asyncio.Task[None]] = set()
        self._service = service
        self._rule = rule
        self._writer = writer

    def say(self, answer: dict[str, Any]) -> None:
        """Send a line."""
        self._writer.write(json.dumps(answer).encode() + b"\n")

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Take orders until the caller is gone."""
        while line := await reader.readline():
            order = json.loads(line)
            if "arm" in order:
                awaits.arm()
            elif "passed" in order:
                self.say({"passed": awaits.passed()})
            elif "assigned" in order:
                self.say({"assigned": Assigned.number})
            else:
                task = asyncio.create_task(self._command(order))
                self.commands.add(task)
                task.add_done_callback(self.commands.discard)

    async def _command(self, order: dict[str, Any]) -> None:
        async def facts() -> PriceList:
            return PriceList(most=1_000)

        key = order["key"]
        by = Context(
            now=NOW, origin=Origin.PERSON, actor="ani", key=key, correlation_id=f"by-{key}"
        )
        add = AddItem(
            item=order["item"], price=order["price"], buyer=order["buyer"], stand=order["stand"]
        )
        try:
            await self._service.claim(
                basket, order["basket"], f"stand/{order['stand']}", order["item"]
            )
            answer = await self._service.handle(
                basket, order["basket"], add, by, rule=self._rule, facts=facts
            )
        except Problem as problem:
            self.say({"key": key, "refused": problem.code})
        except StoreUnavailable:
            self.say({"key": key, "refused": database_unavailable().code})
        else:
            self.say({"key": key, "version": answer.version})


def _first_line(connection: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            os._exit(0)
        line += byte
    return line
