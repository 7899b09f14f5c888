"""The connection of a measured process to its parent: each message is one line of JSON.

The parent sends one line, the order. Work that runs until the parent ends it awaits
`finish_requested`: the parent then closes its end of the connection for writing.
"""

import asyncio
import json
import socket
from typing import Any

_parent: list[socket.socket] = []


def receive_order(connection: socket.socket) -> dict[str, Any]:
    """Keep this connection for `send`, and return the order in its first line."""
    _parent.append(connection)
    with connection.makefile("rb", buffering=0) as lines:
        order: dict[str, Any] = json.loads(lines.readline())
    return order


def send(**facts: Any) -> None:
    """Send the parent one line with these facts."""
    _parent[0].sendall(json.dumps(facts).encode() + b"\n")


async def finish_requested() -> None:
    """Return once the parent has closed its end."""
    await asyncio.to_thread(_parent[0].recv, 1)
