"""The guards of routes: roles, the headers of a command, the version that a query awaits.

    context: Annotated[Context, command("enterprise")]
    caller: Annotated[Caller, query("auditor", "verification-officer")]
    reading: Annotated[Context, recorded_query("curator")]
    service: RunningService
    settings: Annotated[Settings, configured()]

Only the roles that the route names count: `context.roles` and `caller.roles` hold no other role of
the token. `shared.http.routing` calls a route's guard before it reads the request; the dependency
then only gives what the guard has admitted. The guards read the headers themselves and
`shared.http.openapi` documents them, which costs a request less than FastAPI's own header
parameters.

Every query takes `after=KIND/ID@version`: it waits until the service has applied that version.
"""

import re
from dataclasses import replace
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from shared.contracts.roles import Role, known
from shared.http.app_state import app_state_of
from shared.http.auth import Caller
from shared.http.body_limit import JSON, media_of
from shared.http.problems import CORRELATION_KEY, TRACEPARENT_KEY
from shared.http.refusals import (
    Malformed,
    PreconditionMissing,
    UnsupportedMedia,
    enterprise_missing,
    role_missing,
)
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Forbidden
from shared.kernel.pseudonyms import pseudonym
from shared.service import Service

ADMITTED = "kukm.admitted"
AUTHENTICATED = "kukm.authenticated"
AFTER_PARAMETER = "after"
KEY = re.compile(r"[\x21-\x7e]{1,128}")
ETAG = re.compile(
    r'(?P<weak>W/)?"(?:(?P<version>[1-9][0-9]{0,11})(?:-[0-9a-f]+)?|[\x21\x23-\x7e]*)"'
)
AFTER = re.compile(r"([a-z-]{1,40})/([A-Za-z0-9.-]{1,140})@([1-9][0-9]{0,11})")


def command(*roles: str, if_match: bool = False) -> Any:
    """Return a dependency that gives the `Context` of a person's command, for these roles.

    The command needs an `Idempotency-Key` and, with `if_match`, an `If-Match`. An `If-Match`
    that is not needed is checked, too. The guard answers 400, 401, 403, 415 or 428 before the body
    is read.
    """
    return Depends(CommandGuard(roles=known(*roles), if_match=if_match))


def upload(*roles: str) -> Any:
    """Return a dependency like that of `command`, for a request whose body is a file."""
    return Depends(UploadGuard(roles=known(*roles), if_match=False))


def query(*roles: str) -> Any:
    """Return a dependency that gives the `Caller` of a query; it answers 401 or 403 to others."""
    return Depends(QueryGuard(roles=known(*roles)))


def recorded_query(*roles: str) -> Any:
    """Return a dependency that gives the `Context` of a query that the route records."""
    return Depends(RecordedQueryGuard(roles=known(*roles)))


def running() -> Any:
    """Return a dependency that gives the running service (in services: `RunningService`)."""
    return Depends(_service)


def configured() -> Any:
    """Return a dependency that gives the settings of this process."""
    return Depends(_settings)


def only_own(who: Context | Caller, enterprise: str | None) -> None:
    """Raise `Forbidden` if `who` acts only as an enterprise, and not as this enterprise."""
    if who.roles != {Role.ENTERPRISE}:
        return
    if who.enterprise is None:
        raise enterprise_missing()
    if enterprise is None or who.enterprise != enterprise:
        raise Forbidden(
            "another-enterprise",
            "This token is of another enterprise: use the ids of your own enterprise only.",
        )


class QueryGuard:
    """Admit queries of callers with at least one of `roles`."""

    def __init__(self, *, roles: frozenset[str]) -> None:
        self.roles = roles

    async def __call__(self, request: Request) -> Caller:
        """Return the caller that was admitted."""
        return cast(Caller, request.scope[ADMITTED][self])

    async def authenticate(self, request: Request) -> Caller:
        """Return the caller with those of its roles that the route names."""
        authorization = request.headers.get("authorization")
        caller = await app_state_of(request).verifier.caller(authorization)
        roles = caller.roles & self.roles
        if not roles:
            raise role_missing(self.roles)
        if others := caller.roles - roles:
            caller = replace(caller, roles=roles, other_roles=others)
        request.scope[AUTHENTICATED] = caller
        return caller

    async def admit(self, request: Request) -> Caller:
        """Return the authenticated caller once the version that it asks for is applied.

        Raises `Malformed` (`after-malformed`), and what `Service.wait_until_applied` raises.
        """
        given = request.query_params.get(AFTER_PARAMETER)
        if given is not None:
            kind, id, version = _applied(given)
            await app_state_of(request).service.wait_until_applied(kind, id, version)
        return cast(Caller, request.scope[AUTHENTICATED])


class RecordedQueryGuard(QueryGuard):
    """Admit queries as `QueryGuard` does; the context has no key, so each reading is recorded."""

    async def __call__(self, request: Request) -> Context:  # type: ignore[override]  # another dependency
        """Return the context that was admitted."""
        return cast(Context, request.scope[ADMITTED][self])

    async def admit(self, request: Request) -> Context:  # type: ignore[override]  # another dependency
        """Return the context of the reading, once the version that it asks for is applied."""
        return _context(request, await super().admit(request))


class CommandGuard:
    """Admit commands of callers with at least one of `roles`, and check their headers."""

    def __init__(self, *, roles: frozenset[str], if_match: bool) -> None:
        self.roles = roles
        self.if_match = if_match
        self._callers = QueryGuard(roles=roles)

    async def __call__(self, request: Request) -> Context:
        """Return the context that was admitted."""
        return cast(Context, request.scope[ADMITTED][self])

    async def authenticate(self, request: Request) -> Caller:
        """Return the caller with those of its roles that the route names."""
        return await self._callers.authenticate(request)

    async def admit(self, request: Request) -> Context:
        """Return the context of this command. Raises `Malformed` and the other refusals."""
        _check_encoding(request)
        self._check_media(request)
        context = _context(request, request.scope[AUTHENTICATED])
        return replace(context, key=_key(request), expects=self._expected(request))

    def _check_media(self, request: Request) -> None:
        if _media(request) != JSON:
            raise UnsupportedMedia(
                "unsupported-media-type",
                "This command takes JSON only: send a body with Content-Type: application/json.",
            )

    def _expected(self, request: Request) -> frozenset[int] | None:
        given = request.headers.get("if-match")
        if given is None and self.if_match:
            raise PreconditionMissing(
                "if-match-missing",
                "This change needs an If-Match header: read the resource and send its ETag, so "
                "that you do not overwrite the change of another person.",
            )
        # RFC 9110: `*` is any version that exists, and a weak tag matches none.
        if given is None or given.strip() == "*":
            return None
        tags = [ETAG.fullmatch(tag.strip()) for tag in given.split(",")]
        if None in tags:
            raise Malformed(
                "if-match-malformed",
                'If-Match must be an ETag like "7-1a2b", several with commas between them, or *: '
                "send the ETag that you got when you read it.",
            )
        strong = (tag for tag in tags if tag and not tag["weak"])
        return frozenset(int(tag["version"]) for tag in strong if tag["version"])


class UploadGuard(CommandGuard):
    """Admit a request whose body is a file: of any type that is named, but never JSON."""

    def _check_media(self, request: Request) -> None:
        if _media(request) in ("", JSON):
            raise UnsupportedMedia(
                "unsupported-media-type",
                "This request takes a file: send the file itself as the body, with its own "
                "Content-Type.",
            )


def _context(request: Request, caller: Caller) -> Context:
    app_state = app_state_of(request)
    return Context(
        now=app_state.clock.now(),
        origin=Origin.PERSON,
        actor=caller.actor,
        alias=pseudonym(app_state.settings.actor_secret, caller.actor),
        roles=caller.roles,
        enterprise=caller.enterprise,
        correlation_id=request.scope[CORRELATION_KEY],
        traceparent=request.scope.get(TRACEPARENT_KEY),
    )


def _applied(given: str) -> tuple[str, str, int]:
    if (match := AFTER.fullmatch(given)) is None:
        raise Malformed(
            "after-malformed",
            "The parameter `after` is malformed: use KIND/ID@version, like round/ifex-2018@12.",
        )
    return match[1], match[2], int(match[3])


async def _service(request: Request) -> Any:
    return app_state_of(request).service


RunningService = Annotated[Service, Depends(_service)]
"""A parameter that gives a route the running service."""


async def _settings(request: Request) -> Any:
    return app_state_of(request).settings


def _check_encoding(request: Request) -> None:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMedia(
            "unsupported-content-encoding",
            "This service does not read compressed bodies: send it without Content-Encoding.",
        )


def _media(request: Request) -> str:
    return media_of(request.headers)


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if not key:
        raise Malformed(
            "idempotency-key-missing",
            "A command needs an Idempotency-Key header: use a new value for each command, and the "
            "same value when you retry it.",
        )
    if not KEY.fullmatch(key):
        raise Malformed(
            "idempotency-key-malformed",
            "The Idempotency-Key is malformed: use 1 to 128 visible ASCII characters, no spaces.",
        )
    return key
