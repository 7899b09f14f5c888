"""How people and programmes reach a service: HTTP in, commands and queries out.

A service's routes need what is exported here and nothing else. Read `guards` for what a route may
ask of its caller, `showing` for answers, `problems` for how errors look, `app` for how it is put
together.
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
