"""The routes of every service: probes and metrics for the platform, progress for operators.

The probes and `/metrics` need no token and are not part of the documented API.
"""

from typing import Annotated, Any

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.http.app_state import Running, app_state_of
from shared.http.auth import Caller
from shared.http.guards import query, running
from shared.http.routing import routes
from shared.kernel.errors import STARTING, Busy

router, progress_router = routes("operations"), routes("operations")


@router.get("/livez", include_in_schema=False)
async def live(request: Request) -> dict[str, str]:
    """Answer 200 if the process can go on, else 503 `stuck`: then it must be started again.

    An answer says that the event loop turns. An outage of a server is no reason to start again.
    """
    reason = app_state_of(request).service.stuck_reason()
    if reason is not None:
        raise Busy("stuck", reason)
    return {"status": "live"}


@router.get("/readyz", include_in_schema=False)
async def ready(request: Request) -> dict[str, str]:
    """Answer 200 if the service can take requests, else 503 `not-ready` with the reason."""
    reason = await app_state_of(request).service.not_ready_reason()
    if reason is not None:
        raise Busy("not-ready", reason)
    return {"status": "ready"}


@router.get("/startupz", include_in_schema=False)
async def started(request: Request) -> dict[str, str]:
    """Answer 200 once the start is over; before that 503, or nothing on a port that is not open."""
    if await app_state_of(request).service.not_ready_reason() == STARTING:
        raise Busy("not-ready", STARTING)
    return {"status": "started"}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the metrics of this process for Prometheus."""
    await app_state_of(request).service.renew_gauges()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@progress_router.get("/progress")
async def progress(
    _caller: Annotated[Caller, query("operator")], service: Annotated[Running, running()]
) -> dict[str, Any]:
    """Return the progress: checkpoints, ends, outboxes, reactions, deadlines, parked subjects."""
    return await service.progress()
