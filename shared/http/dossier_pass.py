"""The dossier pass: selection signs which reader may read the dossier of which application.

Registration has the dossiers and does not know the assignments of curators, which no topic may
carry. So selection issues a pass to a reader that may see the candidate, the reader brings it to
registration, and registration checks it: a compact JWT (HS256) with the reader (`sub`), the
application, the audience `registration`, an expiry ten minutes later, an id (`jti`), by which a
reading can be recorded, and `names`: false for a curator from whom the rubric hides names. Both
services have the same key (`KUKM_DOSSIER_KEY`). A pass to the names of all candidates, for the
panel of a round, has the exhibition in the place of the application.

A pass opens nothing by itself: the reader also needs its own token. It is no access token either,
because its type and its algorithm are not those of access tokens (`shared.http.auth`). `now` is the
wall clock, as for tokens.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from shared.http.auth import LEEWAY_SECONDS, TOKEN_LENGTH_MAX
from shared.kernel.errors import Busy, Forbidden
from shared.settings import Settings

ALGORITHM = "HS256"
TYPE = "dossier-pass+jwt"
ISSUER = "selection"
AUDIENCE = "registration"
VALID_SECONDS = 600


class DossierKeyMissing(Busy):
    """This process has no key of the dossier passes: only an operator can help (503)."""

    retry_after_seconds = None

    def __init__(self) -> None:
        super().__init__(
            "dossier-key-missing",
            "This service has no key for dossier passes: ask an operator to set KUKM_DOSSIER_KEY, "
            "the same in selection and registration.",
        )


def key_of(settings: Settings) -> str:
    """Return the key of the passes; raises `DossierKeyMissing`."""
    if settings.dossier_key is None:
        raise DossierKeyMissing
    return settings.dossier_key.get_secret_value()


def wall_clock() -> datetime:
    """Return the time by which passes and tokens are valid; the programme clock may stand still."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A pass that was checked: its id, and if its reader may see names."""

    id: str
    names: bool


def issue(key: str, *, reader: str, application: str, now: datetime, names: bool = True) -> str:
    """Return a pass of this reader to this application or exhibition, valid for ten minutes."""
    issued_at = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": reader,
        "application": application,
        "names": names,
        "iat": issued_at,
        "exp": issued_at + VALID_SECONDS,
        "jti": str(uuid4()),
    }
    header = {"alg": ALGORITHM, "typ": TYPE}
    return jwt.encode(header, claims, OctKey.import_key(key), algorithms=[ALGORITHM])


def check(key: str, token: str, *, reader: str, application: str, now: datetime) -> Pass:
    """Return the pass if it admits this reader to this application or exhibition.

    Raises `Forbidden` (`pass-expired`, `pass-invalid`).
    """
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True, "value": reader},
        application={"essential": True, "value": application},
        names={"essential": True, "values": [True, False]},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = _claims(key, token)
        registry.validate(claims)
    except ExpiredTokenError:
        raise Forbidden(
            "pass-expired", "Your dossier pass has expired: get a new pass from selection."
        ) from None
    except (JoseError, ValueError, RecursionError):
        raise _invalid() from None
    return Pass(id=str(claims["jti"]), names=bool(claims["names"]))


def _claims(key: str, token: str) -> dict[str, Any]:
    if len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        raise _invalid()
    signed = jwt.decode(token, OctKey.import_key(key), algorithms=[ALGORITHM])
    if signed.header.get("typ") != TYPE:
        raise _invalid()
    return signed.claims


def _invalid() -> Forbidden:
    return Forbidden(
        "pass-invalid",
        "This is no dossier pass of yours to what you want to read: get a pass from selection, and "
        "send it with your own token.",
    )
