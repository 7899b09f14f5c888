"""What a measured process says to its parent, and hears from it: JSON lines on one connection.

Where it runs until it is told to stop, it awaits `told_to_finish`: its parent says nothing more.
"""

import asyncio
import json
import socket
from typing import Any

_parent: list[socket.socket] = []


def listen(connection: socket.socket) -> dict[str, Any]:
    """Be this connection's voice, and hear its first line: what is to be done."""
    _parent.append(connection)
    with connection.makefile("rb", buffering=0) as lines:
        order: dict[str, Any] = json.loads(lines.readline())
    return order


def say(**facts: Any) -> None:
    """One line for whoever started this process."""
    _parent[0].sendall(json.dumps(facts).encode() + b"\n")


async def told_to_finish() -> None:
    """Return once the parent has closed its end."""
    await asyncio.to_thread(_parent[0].recv, 1)
