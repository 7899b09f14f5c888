"""Free ports on the loopback address, chosen once per folder and remembered there.

A port that is set wins; a remembered one is used again while it is free. New ones lie below the
range from which the kernel takes ports for outgoing connections: otherwise a client that retries
while its server is stopped can be given the server's own port and connect to itself for ever.
"""

import json
import random
import socket
from pathlib import Path

from deploy.local import LocalError

LOOPBACK = "127.0.0.1"
CHOICE = range(18_000, 32_000)


class Ports:
    """The ports of one folder, by the name of what listens there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def take(self, name: str, wanted: int | None = None) -> int:
        """A port for `name`, remembered; raises `LocalError` where the wanted one is taken."""
        if wanted is not None and not _is_free(wanted):
            raise LocalError(
                f"port {wanted}, set for {name}, is taken: set another (or none: one is chosen)"
            )
        port = wanted or self._remembered(name) or self._new()
        if self._known.get(name) != port:
            self._known[name] = port
            self._path.write_text(json.dumps(self._known, indent=2) + "\n")
        return port

    def _remembered(self, name: str) -> int | None:
        port = self._known.get(name)
        return port if port is not None and _is_free(port) else None

    def _new(self) -> int:
        taken = self._known.values()
        for port in random.sample(CHOICE, len(CHOICE)):
            if port not in taken and _is_free(port):
                return port
        raise LocalError(f"no port is free between {CHOICE.start} and {CHOICE.stop}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do, so that connections that wait for their end do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Return True if a process accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
