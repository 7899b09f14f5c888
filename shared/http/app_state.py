"""The state of an application: the running service, its settings, the clock, the token verifier.

A process has one such state; routes and guards get it by `app_state_of(request)` only.
"""

from dataclasses import dataclass
from typing import Any, Protocol, cast

from fastapi import Request

from shared.clock import Clock
from shared.http.auth import Verifier
from shared.kernel.explanations import Explanations
from shared.settings import Settings


class Running(Protocol):
    """The methods of a service that the HTTP layer itself calls."""

    @property
    def name(self) -> str:
        """Return the service's name."""
        ...

    @property
    def explanations(self) -> Explanations:
        """Return the sentences of the service's refusals."""
        ...

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None when they can."""
        ...

    def stuck_reason(self) -> str | None:
        """Return why this process cannot go on by itself, or None when it can."""
        ...

    async def renew_gauges(self) -> None:
        """Set the gauges of `/metrics`; no server that is away makes this slow or fail."""
        ...

    async def progress(self) -> dict[str, Any]:
        """Return the progress of the service, as JSON."""
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
    """Return the state of the application that serves this request."""
    return cast(AppState, request.app.state.gelar)
