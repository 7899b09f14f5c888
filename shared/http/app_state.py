"""What every route of a service can reach: the running service and its settings, the clock, the
tokens' verifier.

It hangs on the application, one per process; `app_state_of(request)` is the only way to it.
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

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None when they can."""
        ...

    async def progress(self) -> dict[str, Any]:
        """How far the service is, as JSON (ARCHITECTURE, section 5)."""
        ...

    async def wait_until_applied(self, kind: str, id: str, version: int) -> None:
        """Return once this version of a subject is applied to its mirror; raises `Busy`."""
        ...


@dataclass(frozen=True, kw_only=True)
class AppState:
    """The parts that dependencies work with."""

    service: Running
    settings: Settings
    clock: Clock
    verifier: Verifier


def app_state_of(request: Request) -> AppState:
    """The shell of the application that serves this request."""
    return cast(AppState, request.app.state.gelar)
