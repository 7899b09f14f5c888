"""Choose free ports on the loopback address once per folder, and store them there.

A port from the settings comes first; a stored port is used again while it is free. New ports lie
below the range from which the kernel takes ports for outgoing connections: otherwise a client that
retries while its server is stopped could get the server's own port, and connect to itself for ever.
"""

import json
import random
import socket
from pathlib import Path

from deploy.local import LocalError

LOOPBACK = "127.0.0.1"
CHOICE = range(18_000, 32_000)


class Ports:
    """The ports of one folder, by the name of the server or service that listens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def take(self, name: str, wanted: int | None = None) -> int:
        """Return a port for `name` and store it. Raises `LocalError` if `wanted` is taken."""
        if wanted is not None and not _is_free(wanted):
            raise LocalError(
                f"port {wanted}, which is set for {name}, is taken: set another port, or none "
                "to have a free port chosen"
            )
        port = wanted or self._stored_port(name) or self._new()
        if self._stored.get(name) != port:
            self._stored[name] = port
            self._path.write_text(json.dumps(self._stored, indent=2) + "\n")
        return port

    def _stored_port(self, name: str) -> int | None:
        port = self._stored.get(name)
        return port if port is not None and _is_free(port) else None

    def _new(self) -> int:
        taken = self._stored.values()
        for port in random.sample(CHOICE, len(CHOICE)):
            if port not in taken and _is_free(port):
                return port
        raise LocalError(
            f"no port is free between {CHOICE.start} and {CHOICE.stop}: end programs that use them"
        )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do, so that a port with only closing connections counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Return True if a server accepts connections at this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
