"""Describe the API: the document of FastAPI, with the headers and answers of the guards.

Each operation gets the bearer scheme, the admitted roles, the headers of its guard and its possible
problems. They are read from the guard itself, so the description always agrees with the check.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from shared.http.guards import AFTER_PARAMETER, CommandGuard, QueryGuard
from shared.http.problems import MEDIA_TYPE

SCHEME = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
READING = ("400", "401", "403", "404", "422", "503")
COMMANDING = (*READING, "409", "413", "415")
MEANING = {
    "400": "A header, cursor or body cannot be read",
    "401": "The token is missing, invalid or expired",
    "403": "The token does not permit this",
    "404": "The resource does not exist",
    "409": "A rule refuses the command",
    "412": "The resource has changed since it was read",
    "413": "The body is too large",
    "415": "The body is not JSON, or compressed",
    "422": "The request is malformed or contradicts itself, or its key came with another body",
    "428": "If-Match is missing",
    "503": "The service cannot answer now: try again after Retry-After seconds, if given",
}
KEY = (
    "1 to 128 visible ASCII characters: a new value for each command, the same for its retry. It "
    "counts for you, this command and the thing that it changes."
)
IF_MATCH = "The ETag that you got when you read it; several with commas between them, or `*`."
AFTER = (
    "`KIND/ID@version`: answer once this service has applied that version of a thing of another "
    "service, as a command there has returned it (`round/ifex-2018@12`). It waits for two seconds, "
    "then answers 503 with Retry-After."
)
TEXT = {"type": "string"}
IN_BOTH_LANGUAGES = {
    "type": "object",
    "required": ["id", "en"],
    "properties": {
        "id": {**TEXT, "description": "In Indonesian."},
        "en": {**TEXT, "description": "In English."},
    },
}
PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "text", "advice", "correlation_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {**TEXT, "description": "In English, with the values of this request."},
        "code": {**TEXT, "description": "Stable, kebab-case."},
        "text": {**IN_BOTH_LANGUAGES, "description": "A sentence that says what is wrong."},
        "advice": {**IN_BOTH_LANGUAGES, "description": "A sentence that says what to do."},
        "correlation_id": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "advice"],
                "properties": {"pointer": TEXT, "detail": TEXT, "advice": IN_BOTH_LANGUAGES},
            },
        },
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    components.setdefault("securitySchemes", {})["bearer"] = SCHEME
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operation, route in _operations(app, document):
        if "422" in operation["responses"]:
            operation["responses"]["422"] = _problem("422")
        for dependency in route.dependant.dependencies:
            _guarded(operation, dependency.call)
    return document


def _operations(
    app: FastAPI, document: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], APIRoute]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield document["paths"][context.path_format][method.lower()], route


def _guarded(operation: dict[str, Any], guard: object) -> None:
    match guard:
        case CommandGuard():
            versioned = ("412", "428") if guard.if_match else ("412",)
            _described(operation, roles=guard.roles, problems=(*COMMANDING, *versioned))
            _takes(operation, "header", "Idempotency-Key", required=True, description=KEY)
            _takes(operation, "header", "If-Match", required=guard.if_match, description=IF_MATCH)
        case QueryGuard():
            _described(operation, roles=guard.roles, problems=READING)
            _takes(operation, "query", AFTER_PARAMETER, required=False, description=AFTER)
        case _:
            pass


def _described(
    operation: dict[str, Any], *, roles: frozenset[str], problems: tuple[str, ...]
) -> None:
    operation["security"] = [{"bearer": []}]
    roles_line = f"Roles: {', '.join(sorted(roles))}."
    operation["description"] = "\n\n".join(filter(None, [operation.get("description"), roles_line]))
    for status in problems:
        operation["responses"][status] = _problem(status)


def _takes(
    operation: dict[str, Any], place: str, name: str, *, required: bool, description: str
) -> None:
    parameter = {"name": name, "in": place, "required": required, "schema": TEXT}
    operation.setdefault("parameters", []).append({**parameter, "description": description})


def _problem(status: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": MEANING[status], "content": content}
