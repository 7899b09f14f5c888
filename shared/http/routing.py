"""The routes of our APIs: the guard speaks first, and bodies and parameters mean one thing.

    router = routes("enterprise")

Before FastAPI reads anything of a request, its route's guard authenticates the caller, checks its
roles and headers, and refuses parameters that the route does not have. Only then is the body read,
so a request without a right token costs neither a body nor a read of the database.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any, get_origin

from fastapi import APIRouter, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.http.bodies import BODY, make_body_strict
from shared.http.guards import ADMITTED, AFTER_PARAMETER, CommandGuard, QueryGuard
from shared.http.refusals import Malformed
from shared.http.responses import is_unchanged

Handler = Callable[[Request], Awaitable[Response]]
CREATED = 201
ITEM = re.compile(r"/(?P<collection>[a-z-]+)/\{[a-z]+\}")
"""The path of a single thing in its collection."""


class GuardedRoute(APIRoute):
    """A route whose guard, if it has one, speaks before the body is read; bodies are strict.

    The answer of a route that creates something names its address, if it has one (`collection`).
    """

    collection = ""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        make_body_strict(endpoint)
        super().__init__(path, endpoint, **options)
        named = {field.name for field in self.dependant.body_params}
        if named - {BODY}:
            raise TypeError(f"{path}: the parameter of the body is named {BODY}, not {named}")

    def get_route_handler(self) -> Any:
        """Return the handler of FastAPI behind the guard and the check of the parameters."""
        handle: Handler = super().get_route_handler()
        guards = [
            dependency.call
            for dependency in self.dependant.dependencies
            if isinstance(dependency.call, QueryGuard | CommandGuard)
        ]
        several, single = _parameters(self)

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard.authenticate(request)
            if request.scope["query_string"]:
                _check_parameters(request, several, single)
            for guard in guards:
                request.scope.setdefault(ADMITTED, {})[guard] = await guard.admit(request)
            response = await handle(_StrictRequest(request.scope, request.receive))
            if is_unchanged(request, response):
                return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
            if self.collection and response.status_code == CREATED:
                response.headers["Location"] = self._location(request, response)
            return response

        return guarded

    def _location(self, request: Request, response: Response) -> str:
        # Relative to this address, so that it is valid behind any prefix of paths.
        id = json.loads(bytes(response.body))["id"]
        up = "../" * (request.url.path.count("/") - 1)
        return f"{up}{self.collection}/{id}"


def find_locations(routers: Iterable[APIRouter]) -> None:
    """Tell each route that creates something where it can be read, if there is such a route."""
    all_routes = [route for router in routers for route in router.routes]
    guarded = [route for route in all_routes if isinstance(route, GuardedRoute)]
    items = [ITEM.fullmatch(route.path) for route in guarded if "GET" in (route.methods or ())]
    collections = {item["collection"] for item in items if item}
    for route in guarded:
        collection = route.path.rpartition("/")[2]
        if route.status_code == CREATED and collection in collections:
            route.collection = collection


def routes(tag: str) -> APIRouter:
    """Return a router for the routes of a noun."""
    return APIRouter(
        tags=[tag],
        route_class=GuardedRoute,
        generate_unique_id_function=lambda route: route.name,
    )


def _parameters(route: APIRoute) -> tuple[frozenset[str], frozenset[str]]:
    """Return the query parameters that may be given several times, and the others."""
    several, single = set[str](), set[str]()
    for field in _query_fields(route.dependant):
        annotation = field.field_info.annotation
        named = several if get_origin(annotation) in (list, tuple, set, frozenset) else single
        named.add(field.alias)
    calls = [dependency.call for dependency in route.dependant.dependencies]
    if any(isinstance(call, QueryGuard) for call in calls):
        single.add(AFTER_PARAMETER)
    return frozenset(several), frozenset(single)


def _query_fields(dependant: Dependant) -> Iterator[ModelField]:
    yield from dependant.query_params
    for dependency in dependant.dependencies:
        yield from _query_fields(dependency)


def _check_parameters(request: Request, several: frozenset[str], single: frozenset[str]) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    known = ", ".join(sorted(several | single)) or "none"
    faults = [
        _fault(
            "parameter_unknown",
            name,
            f"There is no such parameter here: remove it (there are: {known}).",
        )
        for name in dict.fromkeys(names)
        if name not in several | single
    ]
    faults += [
        _fault(
            "parameter_repeated", name, "This parameter may be given only once: remove the others."
        )
        for name in single
        if names.count(name) > 1
    ]
    if faults:
        raise RequestValidationError(faults)


def _fault(type: str, name: str, message: str) -> dict[str, Any]:
    return {"type": type, "loc": ("query", name), "msg": message, "input": None}


class _StrictRequest(Request):
    """A request whose JSON has each field of an object once, and numbers that JSON knows."""

    async def json(self) -> Any:
        """Return the body. Raises `Malformed`, and `json.JSONDecodeError`."""
        if not hasattr(self, "_json"):
            self._json = json.loads(
                await self.body(), object_pairs_hook=_unique, parse_constant=_no_number
            )
        return self._json


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(
            "repeated-field",
            "The body has the same field twice in one object: send each field once.",
        )
    return found


def _no_number(constant: str) -> Any:
    raise Malformed("malformed-json", "The body is not JSON: NaN and Infinity are no numbers.")
