"""The HTTP side of a service: requests in, commands and queries out.

A service's routes import from here and from nowhere else in this room. Read `guards` for the
dependencies of routes, `responses` for answers, `problems` for errors, `app` for the composition.
"""

from shared.contracts.roles import Role
from shared.http.app import create_app
from shared.http.auth import Caller
from shared.http.guards import (
    RunningService,
    caught_up,
    command,
    configured,
    only_own,
    query,
    running,
)
from shared.http.responses import After, Limit, entity, page

__all__ = [
    "After",
    "Caller",
    "Limit",
    "Role",
    "RunningService",
    "caught_up",
    "command",
    "configured",
    "create_app",
    "entity",
    "only_own",
    "page",
    "query",
    "running",
]
