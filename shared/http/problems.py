"""Answer every error with an RFC 9457 problem document, in one shape.

`type` is `urn:kukm:problem:CODE`, `title` the code in words, `detail` an English sentence that says
what to do, with the values of this request; `code` is stable, `correlation_id` finds the log lines.
`text` says what is wrong and `advice` what to do, each in Indonesian and in English (`{id, en}`),
for every request alike. A 422 lists `errors`, as `shared.http.malformed` explains them. No input is
echoed: it may be personal. An unexpected error is logged with its traceback and answers 500 without
one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from shared.http.malformed import malformed_fields
from shared.http.refusals import Absent, Malformed, MethodNotAllowed, Unauthenticated
from shared.kernel.errors import Problem, database_unavailable
from shared.kernel.explanations import HOUSE, Explanations
from shared.service import StoreUnavailable

CORRELATION_KEY = "kukm.correlation_id"
TRACEPARENT_KEY = "kukm.traceparent"
MEDIA_TYPE = "application/problem+json"
METHOD_NOT_ALLOWED = 405

log = structlog.get_logger(__name__)


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.exception_handler(Problem)(_problem)
    app.exception_handler(StoreUnavailable)(_unavailable)
    app.exception_handler(RequestValidationError)(_malformed_request)
    app.exception_handler(HTTPException)(_http)


def problem_response(
    scope: Scope, error: Problem, *, errors: Sequence[Mapping[str, Any]] = ()
) -> JSONResponse:
    """Return the document of `error`, with the headers that belong to it."""
    explanations = scope["app"].state.gelar.service.explanations
    document = problem_document(error, scope.get(CORRELATION_KEY, ""), explanations)
    if errors:
        document["errors"] = list(errors)
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = error.challenge
    return JSONResponse(document, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def problem_document(
    error: Problem, correlation_id: str, explanations: Explanations = HOUSE
) -> dict[str, Any]:
    """Return the fields of an error's document, with the sentences of its code."""
    explanation = explanations.explanation_of(error.code)
    return {
        "type": f"urn:kukm:problem:{error.code}",
        "title": error.code.replace("-", " ").capitalize(),
        "status": error.status,
        "detail": error.sentence,
        "code": error.code,
        "text": explanation.text,
        "advice": explanation.advice,
        "correlation_id": correlation_id,
    }


async def _problem(request: Request, error: Problem) -> JSONResponse:
    return _refusal(request, error)


async def _unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
    log.warning("database unavailable", error=type(error).__name__)
    return _refusal(request, database_unavailable())


async def _malformed_request(request: Request, error: RequestValidationError) -> JSONResponse:
    errors = error.errors()
    if errors[0]["type"] == "json_invalid":
        position = errors[0]["loc"][-1]
        return _refusal(
            request,
            Malformed(
                "malformed-json", f"The body is not JSON (at character {position}): correct it."
            ),
        )
    refusal = _Unprocessable(
        "malformed-request", "The request is malformed: correct each field in `errors`."
    )
    return _refusal(request, refusal, errors=malformed_fields(errors))


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    # FastAPI turns every error during the reading of a body into a 400; its cause may be the limit.
    cause = error.__cause__
    if isinstance(cause, Problem):
        return _refusal(request, cause)
    response = _refusal(request, _named(request, error))
    response.headers.update(error.headers or {})
    if error.status_code == METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return response


def _methods_of(request: Request) -> set[str]:
    """Return the methods of all routes of this path: each route alone knows only its own."""
    path = request.scope["path"]
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        route = context.original_route
        pattern = compile_path(context.path_format or "")[0]
        if isinstance(route, APIRoute) and pattern.match(path):
            methods |= set(route.methods or ())
    return methods | ({"HEAD"} if "GET" in methods else set())


class _Unprocessable(Problem):
    status = 422


def _refusal(
    request: Request, error: Problem, *, errors: Sequence[Mapping[str, Any]] = ()
) -> JSONResponse:
    facts = {"code": error.code, "status": error.status, "method": request.method}
    route = route_of(request.scope)
    if error.status < 500:
        log.info("request refused", route=route, **facts)
    else:
        log.warning("request refused", route=route, **facts)
    return problem_response(request.scope, error, errors=errors)


def route_of(scope: Scope) -> str:
    """Return the route's template (never the path, which has ids in it), or `unmatched`."""
    return getattr(scope.get("route"), "path", "unmatched")


def _named(request: Request, error: HTTPException) -> Problem:
    match error.status_code:
        case 400:
            return Malformed(
                "malformed-json", "The body cannot be read as JSON: send JSON in UTF-8."
            )
        case 404:
            return Absent(
                "no-such-route", "There is no such path: see /docs for the paths of this service."
            )
        case 405:
            return MethodNotAllowed(
                "method-not-allowed",
                f"This path does not take {request.method}: see /docs for its methods.",
            )
        case status:
            problem = Problem(f"http-{status}", str(error.detail))
            problem.status = status
            return problem
