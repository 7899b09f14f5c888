"""A small service with routes, to test the HTTP layer; it has no rules of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, Request, Response
from pydantic import ValidationError

from shared.contracts.words import Id, Instant, Rupiah, Target, Text
from shared.http import (
    After,
    Caller,
    Limit,
    command,
    create_app,
    entity,
    only_own,
    page,
    query,
    routes,
    running,
)
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Busy, KeyReused, NotFound, NotYet, Refused, Stale, Unknown
from shared.kernel.explanations import NO_EXPLANATIONS, Explanations
from shared.settings import Settings
from shared.store import StoreUnavailable

router = routes("booth")
ERRORS = {
    "refused": Refused("call-closed", "The call is closed."),
    "not-yet": NotYet("not-attended", "The enterprise did not attend (yet)."),
    "unknown": Unknown("exhibition", "ifex-2018"),
    "stale": Stale(7),
    "reused": KeyReused(),
    "busy": Busy("too-many", "Too many at once."),
    "away": StoreUnavailable("no primary"),
}


@dataclass(frozen=True, kw_only=True)
class ReserveBooth:
    """A command with fields of several kinds."""

    enterprise: Id
    width_cm: Rupiah
    targets: tuple[Target, ...] = ()
    opens_on: date | None = None
    closes_at: Instant | None = None
    price: Decimal | None = None
    title: Text = "A booth"


@dataclass(frozen=True, kw_only=True)
class Booth:
    """A state with types that JSON does not have."""

    opens_on: date
    reserved_at: datetime
    rate: Decimal
    targets: tuple[Target, ...] = ()


@dataclass
class ExampleService:
    """A service with the methods that the HTTP layer and the example routes call."""

    name: str = "example"
    explanations: Explanations = NO_EXPLANATIONS
    reason: str | None = None
    stuck: str | None = None
    booths: list[Found[Booth]] = field(default_factory=list)
    applied_versions: list[tuple[str, str, int]] = field(default_factory=list)
    contexts: list[Context] = field(default_factory=list)

    async def not_ready_reason(self) -> str | None:
        return self.reason

    def stuck_reason(self) -> str | None:
        return self.stuck

    async def renew_gauges(self) -> None:
        pass

    async def progress(self) -> dict[str, Any]:
        return {"partitions": []}

    async def wait_until_applied(self, kind: str, id: str, version: int) -> None:
        if version > 9:
            raise Busy("not-heard-yet", "This version is not applied yet.")
        self.applied_versions.append((kind, id, version))


Service = Annotated[ExampleService, running()]


@router.post("/booths", status_code=201)
async def reserve_booth(
    body: ReserveBooth,
    context: Annotated[Context, command("enterprise", "programme-officer")],
    service: Service,
) -> Answer:
    """Reserve a booth."""
    only_own(context, body.enterprise)
    service.contexts.append(context)
    return Answer(id=body.enterprise, version=1)


@router.put("/booths/{booth}")
async def move_booth(
    booth: Id,
    body: ReserveBooth,
    context: Annotated[Context, command("programme-officer", if_match=True)],
    service: Service,
) -> Answer:
    service.contexts.append(context)
    return Answer(id=booth, version=max(context.expects or {0}) + 1)


@router.get("/booths")
async def list_booths(
    request: Request,
    caller: Annotated[Caller, query("auditor")],
    service: Service,
    *,
    scope: str | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    found = [booth for booth in service.booths if booth.id > after][:limit]
    return page(request, found, limit)


@router.get("/booths/{booth}")
async def get_booth(
    booth: Id,
    response: Response,
    caller: Annotated[Caller, query("auditor", "enterprise")],
    service: Service,
) -> dict[str, Any]:
    only_own(caller, booth)
    for item in service.booths:
        if item.id == booth:
            return entity(response, item, rate=None, waiting=3)
    raise NotFound("booth", booth)


@router.get("/errors/{name}")
async def raise_error(name: str) -> None:
    if name in ERRORS:
        raise ERRORS[name]
    try:
        Target.model_validate({"scope": "3201234567890001"})
    except ValidationError as error:
        raise RuntimeError("unexpected") from error


def _closed() -> None:
    raise Refused("closed", "Closed.")


@router.get("/closed", dependencies=[Depends(_closed)])
async def get_closed() -> None:
    """Never run: a dependency, which runs in a thread, refuses the request."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield


def example_app(service: ExampleService, settings: Settings) -> FastAPI:
    """Return the application of the example service."""
    return create_app(service, (router,), settings, lifespan=lifespan)


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client of an application in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
