"""Answer every error with an RFC 9457 problem document, in one shape.

`type` is `urn:kukm:problem:CODE`, `title` the code in words, `detail` an English sentence that says
what to do, with the values of this request; `code` is stable, `correlation_id` finds the log lines.
`text` says what is wrong and `advice` what to do, each in Indonesian and in English (`{id, en}`),
for every request alike. A 422 lists `errors`, each with a pointer into the body
(`#/targets/0/value`) or to a parameter (`query/limit`). No input is echoed: it may be personal. An
unexpected error is logged with its traceback and answers 500 without one.
"""

import re
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

from shared.contracts.words import ID_PATTERN, LINE_PATTERN, PAIR_ID_PATTERN, YEAR_PATTERN
from shared.http.refusals import Absent, Malformed, MethodNotAllowed, Unauthenticated
from shared.kernel.errors import Problem, database_unavailable
from shared.kernel.explanations import HOUSE, Explanations
from shared.service import StoreUnavailable

CORRELATION_KEY = "kukm.correlation_id"
TRACEPARENT_KEY = "kukm.traceparent"
MEDIA_TYPE = "application/problem+json"
METHOD_NOT_ALLOWED = 405
ECHO_LENGTH_MIN = 4
PLAIN = {
    "unexpected_keyword_argument": "There is no such field: remove it.",
    "extra_forbidden": "There is no such field: remove it.",
    "missing": "This field is required: add it.",
    "dataclass_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "dict_type": "This must be an object.",
    "tuple_type": "This must be a list.",
    "list_type": "This must be a list.",
    "int_type": "Send a whole number, without quotes or a fraction.",
    "bool_type": "Send true or false.",
    "timezone_aware": "Write the time with its zone, like 2018-02-01T10:00:00+07:00.",
    "datetime_from_date_parsing": "Write date and time with the zone: 2018-02-01T10:00:00+07:00.",
    "date_from_datetime_parsing": "Write the date alone, like 2018-02-01.",
    "decimal_whole_digits": "This number has too many digits before the decimal point: check it.",
    "decimal_max_digits": "This number has too many digits: check it.",
    "decimal_max_places": "This number has too many decimals: check it.",
}
"""Messages in terms of JSON, for errors that the validator explains in terms of Python."""

PATTERNS = {
    ID_PATTERN: "An id has 1 to 64 letters (A to Z), digits and hyphens.",
    PAIR_ID_PATTERN: "This id is two ids with a dot between them, like ifex-2018.e1.",
    YEAR_PATTERN: "A year has four digits.",
    LINE_PATTERN: "Write it on one line, without control characters.",
}
DIGITS_PATTERN = re.compile(r"\^\[0-9\]\{([0-9]+)\}\$")
OTHER_PATTERN = "This value does not have the form that is taken here: see /docs for its pattern."

log = structlog.get_logger(__name__)


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.exception_handler(Problem)(_problem)
    app.exception_handler(StoreUnavailable)(_unavailable)
    app.exception_handler(RequestValidationError)(_malformed_request)
    app.exception_handler(HTTPException)(_http)


def problem_response(
    scope: Scope, error: Problem, *, errors: Sequence[Mapping[str, str]] = ()
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
    return _refusal(request, refusal, errors=[_explained(error) for error in _innermost(errors)])


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
    request: Request, error: Problem, *, errors: Sequence[Mapping[str, str]] = ()
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


def _innermost(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Drop errors that only repeat an error further inside (a list, when an item is wrong)."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if not any(
            len(place) > len(error["loc"]) and place[: len(error["loc"])] == error["loc"]
            for place in places
        )
    ]


def _explained(error: Mapping[str, Any]) -> dict[str, str]:
    where, *path = [str(step) for step in error["loc"]]
    steps = "/".join(step.replace("~", "~0").replace("/", "~1") for step in path)
    pointer = (f"#/{steps}" if steps else "#") if where == "body" else f"{where}/{steps}"
    return {"pointer": pointer, "detail": _without_input(error)}


def _without_input(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing" and tuple(error["loc"]) == ("body",):
        return "The body is empty: send a JSON object."
    if error["type"] == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"]
        digits = DIGITS_PATTERN.fullmatch(pattern)
        return f"Write {digits[1]} digits." if digits else PATTERNS.get(pattern, OTHER_PATTERN)
    if error["type"] in PLAIN:
        return PLAIN[error["type"]]
    message = str(error["msg"]).removeprefix("Value error, ")
    value = str(error.get("input", ""))
    # Two kinds of message quote the input: a wrong tag of a union, and a validator's own text.
    quoted = len(value) >= ECHO_LENGTH_MIN and value in message
    if quoted or error["type"] == "union_tag_invalid":
        return "This value is not accepted here: see /docs for the accepted values."
    return message
