"""Rebuild the till in a process of its own, which kills itself at a chosen await.

The first line is `{settings, number}`: the process gets SIGKILL before its await of this number in
the store. If it has fewer awaits, it sends `{failed}` when it ends.
"""

import asyncio
import json
import socket

from shared.operations.rebuild import Rebuild
from shared.service.wiring import build
from shared.settings import Settings
from tests.faults import awaits
from tests.kernel.example import till


def rebuild(connection: socket.socket) -> None:
    """Rebuild the till, or die."""
    with connection.makefile("rb", buffering=0) as lines:
        order = json.loads(lines.readline())
    awaits.die_at_number(order["number"])
    failed = True
    try:
        asyncio.run(_rebuild(Settings(**order["settings"])))
        failed = False
    finally:
        connection.sendall(json.dumps({"failed": failed}).encode() + b"\n")


async def _rebuild(settings: Settings) -> None:
    service = till()
    engine = build(service, settings)
    database, generations = engine.database, engine.generations
    await Rebuild(
        service=service, settings=settings, database=database, generations=generations
    ).run(lambda done, of: None)
    await engine.stop()
