"""The routes by which anybody checks a printed paper, without a token: a page, or JSON.

    router = paper_checks("document-check")

A browser gets pages only: also for a digest that is mistyped or unknown, for an address with a
parameter that a messenger has added, and while the database is away. Programs get JSON and the
problems of every other route. `shared.printing.check_page` has the words of the pages.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse

from shared.http.routing import GuardedRoute
from shared.kernel.adapters import adapter_of
from shared.kernel.errors import NotFound
from shared.printing.check_page import HEADERS, away_page, unknown_page
from shared.service import StoreUnavailable


class PaperCheckRoute(GuardedRoute):
    """A route that answers a browser with a page, whatever happens."""

    def get_route_handler(self) -> Any:
        """Return the handler; for a browser its refusals become pages."""
        handle: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if not wants_page(request):
                return await handle(request)
            # A messenger may add parameters to an address that people pass on.
            request.scope["query_string"] = b""
            try:
                return await handle(request)
            except (NotFound, RequestValidationError):
                typed = request.path_params.get("digest", "")
                return HTMLResponse(unknown_page(typed), 404, HEADERS)
            except StoreUnavailable:
                return HTMLResponse(away_page(), 503, {**HEADERS, "Retry-After": "60"})

        return checked


def paper_checks(tag: str) -> APIRouter:
    """Return a router for checks of papers."""
    return APIRouter(
        tags=[tag],
        route_class=PaperCheckRoute,
        generate_unique_id_function=lambda route: route.name,
    )


def wants_page(request: Request) -> bool:
    """Return True for a browser, which asks for HTML."""
    return "text/html" in request.headers.get("accept", "")


def checked_paper(request: Request, answer: object, page: Callable[[], str]) -> Response:
    """Return what a paper is: as a page for a browser, else as JSON; neither may be stored."""
    if wants_page(request):
        return HTMLResponse(page(), 200, HEADERS)
    content = adapter_of(type(answer)).dump_json(answer)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})
