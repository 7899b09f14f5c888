"""Make the HTTP application of a service from its routers, with guards, problems and `/docs`."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline

from shared.clock import clock_of
from shared.http.app_state import AppState, Running
from shared.http.auth import Verifier
from shared.http.bodies import refuse_unknown_fields
from shared.http.body_limit import BodyLimit
from shared.http.correlation import Correlation
from shared.http.keys import keys_of
from shared.http.openapi import describe
from shared.http.operations import router as operations
from shared.http.problems import answer_problems
from shared.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
DOCUMENTATION = {"validatorUrl": None, "persistAuthorization": True}
"""Settings of Swagger UI: it loads nothing from outside, and keeps a token over a reload."""


def create_app(
    service: Running, routers: Sequence[APIRouter], settings: Settings, *, lifespan: Lifespan
) -> FastAPI:
    """Return the application that serves `routers` of `service`, with probes, metrics and `/docs`.

    The documentation's scripts come from this process, never from outside.
    """
    app = FastAPIOffline(
        title=f"Gelar: {service.name}",
        description="Every error is a problem document (RFC 9457) with a stable `code`.",
        version="1",
        redoc_url=None,
        redirect_slashes=False,
        swagger_ui_parameters=DOCUMENTATION,
        generate_unique_id_function=lambda route: route.name,
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
    app.add_middleware(Correlation)
    for router in (*routers, operations):
        refuse_unknown_fields(router)
        app.include_router(router)
    app.openapi = _described_once(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _described_once(app: FastAPI) -> Callable[[], dict[str, Any]]:
    @cache
    def openapi() -> dict[str, Any]:
        return describe(app)

    return openapi
