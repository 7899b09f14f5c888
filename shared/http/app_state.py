"""What every route of a service can reach: the running service and its settings, the clock, the
tokens' verifier.

It hangs on the application, one per process; `shell_of(request)` is the only way to it.
"""

from dataclasses import dataclass
from typing import Any, Protocol, cast

from fastapi import Request

from shared.clock import Clock
from shared.http.auth import Verifier
from shared.settings import Settings


class Running(Protocol):
    """What the HTTP layer itself asks of a service."""

    @property
    def name(self) -> str:
        """The service's name."""
        ...

    async def ready(self) -> str | None:
        """None when requests can be served, else why not."""
        ...

    async def progress(self) -> dict[str, Any]:
        """How far the service is, as JSON (ARCHITECTURE, section 5)."""
        ...

    async def heard(self, kind: str, id: str, version: int) -> None:
        """Return once the mirror of this subject has heard this version; raises `Busy`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The parts that dependencies work with."""

    service: Running
    settings: Settings
    clock: Clock
    verifier: Verifier


def shell_of(request: Request) -> Shell:
    """The shell of the application that serves this request."""
    return cast(Shell, request.app.state.shell)
