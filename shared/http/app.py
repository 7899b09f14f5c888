"""Make the HTTP application of a service from its routers, with guards, problems and `/docs`."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline

from shared.clock import clock_of
from shared.http.app_state import AppState, Running
from shared.http.auth import Verifier
from shared.http.body_limit import BodyLimit
from shared.http.correlation import Correlation
from shared.http.keys import keys_of
from shared.http.methods import Head
from shared.http.openapi import describe
from shared.http.operations import progress_router as progress
from shared.http.operations import router as operations
from shared.http.problems import answer_problems
from shared.http.routing import find_locations
from shared.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
DOCUMENTATION = {"validatorUrl": None, "persistAuthorization": True}
"""Settings of Swagger UI: it loads nothing from outside, and keeps a token over a reload."""


def create_app(
    service: Running, routers: Sequence[APIRouter], settings: Settings, *, lifespan: Lifespan
) -> FastAPI:
    """Return the application that serves `routers` of `service`, with probes, metrics and `/docs`.

    With `operations_port` those are left to `create_operations_app`. The documentation's scripts
    come from this process, never from outside.
    """
    apart = settings.operations_port is not None
    app = _bare_app(service, settings, documented=not apart, lifespan=lifespan)
    find_locations(routers)
    for router in (*routers, progress) if apart else (*routers, progress, operations):
        _add_routes(app, router)
    app.openapi = _described_once(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def create_operations_app(service: Running, settings: Settings, described: FastAPI) -> FastAPI:
    """Return the application of probes, metrics and the documentation of the `described` one."""
    app = _bare_app(service, settings, documented=True, lifespan=None)
    _add_routes(app, operations)
    app.openapi = described.openapi  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _add_routes(app: FastAPI, router: APIRouter) -> None:
    # `include_router` would make every route again for this application; ours need nothing of it.
    app.router.routes.extend(router.routes)


def _bare_app(
    service: Running, settings: Settings, *, documented: bool, lifespan: Lifespan | None
) -> FastAPI:
    make = FastAPIOffline if documented else partial(FastAPI, openapi_url=None, docs_url=None)
    app = make(
        title=f"Gelar: {service.name}",
        description="Every error is a problem document (RFC 9457) with a stable `code`.",
        version="1",
        redoc_url=None,
        redirect_slashes=False,
        swagger_ui_parameters=DOCUMENTATION,
        telemetry={"logs": False},
        lifespan=lifespan,
    )
    app.state.gelar = AppState(
        service=service,
        settings=settings,
        clock=clock_of(settings),
        verifier=Verifier(keys_of(settings), settings),
    )
    answer_problems(app)
    # The middleware that is added last is the outermost.
    app.add_middleware(BodyLimit, bytes_max=settings.body_bytes_max)
    app.add_middleware(Head)
    app.add_middleware(Correlation)
    return app


def _described_once(app: FastAPI) -> Callable[[], dict[str, Any]]:
    @cache
    def openapi() -> dict[str, Any]:
        return describe(app)

    return openapi
