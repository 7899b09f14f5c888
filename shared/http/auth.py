"""Authentication: a bearer token (JWT) becomes a `Caller`, or a 401.

A token needs an asymmetric signature (never `none`, never a shared secret), the issuer and the
audience of the settings, and a time of validity that includes now, with some seconds of leeway. Now
is the wall clock: the programme clock does not change the validity of tokens. The caller of a
verified token is remembered by the token's hash, because checking a signature costs more than all
other work of the HTTP layer. It is remembered until the token expires, and five minutes at most, so
tokens of a removed key are accepted no longer than that.
"""

import hashlib
import json
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from shared.contracts.roles import KNOWN_ROLES
from shared.contracts.tokens import ACTOR
from shared.http.keys import Keys
from shared.http.refusals import TOKEN_MISSING, Unauthenticated
from shared.settings import Settings

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
TYPES = ("jwt", "at+jwt", "application/at+jwt")
"""Of access tokens (RFC 9068, 2.1); a logout token, say, has another."""
LEEWAY_SECONDS = 30
TRUST_SECONDS_MAX = 300.0
REMEMBERED_MAX = 4_096
TOKEN_LENGTH_MAX = 8_192
ENTERPRISE = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The caller of a request: an opaque actor, its roles, and the enterprise it speaks for.

    In a route, `roles` are those that the route names; `other_roles` are the token's other roles,
    which give no right there, but may take one away.
    """

    actor: str
    roles: frozenset[str]
    enterprise: str | None = None
    other_roles: frozenset[str] = frozenset()


class Verifier:
    """Check tokens, and remember the callers of valid tokens."""

    def __init__(self, keys: Keys, settings: Settings) -> None:
        self._keys = keys
        self._registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        self._claims = JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.token_issuer or ""},
            aud={"essential": True, "value": settings.token_audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._remembered: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """Return the caller that an `Authorization` header names.

        Raises `Unauthenticated` (`token-missing`, `token-invalid`, `token-expired`), and `Busy`
        while there are no keys to check with.
        """
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and time.time() < remembered[1]:
            return remembered[0]
        claims = await self._verified(token)
        caller = _caller(claims)
        until = min(claims["exp"] + LEEWAY_SECONDS, time.time() + TRUST_SECONDS_MAX)
        self._remember(digest, caller, until)
        return caller

    def _remember(self, digest: bytes, caller: Caller, until: float) -> None:
        self._remembered[digest] = (caller, until)
        self._remembered.move_to_end(digest)
        if len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            signed = jws.extract_compact(token.encode(), registry=self._registry)
            if str(signed.headers().get("typ", "JWT")).lower() not in TYPES:
                raise _invalid("its `typ` is not that of an access token")
            key = await self._keys.find(_key_id(signed.headers()))
            if key is None or not jws.validate_compact(signed, key, registry=self._registry):
                raise _invalid("it is not signed by a key that this service trusts")
            claims = json.loads(signed.payload)
            if not isinstance(claims, dict):
                raise _invalid("its payload must be a JSON object of claims")
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise Unauthenticated(
                "token-expired", "The token has expired: get a new one."
            ) from None
        except (JoseError, ValueError, RecursionError) as error:
            raise _invalid(_reason(error)) from error
        return claims


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            TOKEN_MISSING, "This request needs a token: send it as `Authorization: Bearer TOKEN`."
        )
    if len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        raise _invalid(f"it must be ASCII, with at most {TOKEN_LENGTH_MAX} characters")
    return token.strip()


def _key_id(header: dict[str, Any]) -> str | None:
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def _caller(claims: dict[str, Any]) -> Caller:
    roles, enterprise = claims.get("roles", []), claims.get("enterprise")
    if not ACTOR.fullmatch(claims["sub"]):
        raise _invalid("its claim `sub` must be 1-128 of the characters A-Z a-z 0-9 : . _ -")
    if not isinstance(roles, list):
        raise _invalid("its claim `roles` must be a list")
    if enterprise is not None and not _is_enterprise(enterprise):
        raise _invalid("its claim `enterprise` must be an enterprise's id")
    return Caller(
        actor=claims["sub"],
        roles=frozenset(role for role in roles if isinstance(role, str)) & KNOWN_ROLES,
        enterprise=enterprise,
    )


def _is_enterprise(value: object) -> bool:
    return isinstance(value, str) and ENTERPRISE.fullmatch(value) is not None


def _reason(error: Exception) -> str:
    claim = getattr(error, "claim", None)
    return f"its claim `{claim}` is missing or wrong" if claim else "it cannot be read as a JWT"


def _invalid(reason: str) -> Unauthenticated:
    return Unauthenticated("token-invalid", f"The token is not valid: {reason}. Get a new one.")
