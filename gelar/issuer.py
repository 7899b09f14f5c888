"""Tokens for one's own machine: a key made once in a directory, and tokens signed with it.

Stands in for the identity provider in demonstrations, tests and development. Services trust it only
where `KUKM_JWKS_FILE` names its public half; the private half never leaves the directory.
"""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.settings import AUDIENCE, LOCAL_ISSUER

ALGORITHM = "ES256"
LIFETIME_SECONDS = 3_600
PRIVATE_NAME = "private.jwk.json"
PUBLIC_NAME = "jwks.json"


class KeysMissing(Exception):
    """There is no signing key in this directory (yet)."""


def ensure_local_key(directory: Path) -> Path:
    """The JWKS file of a directory's key, both made where they are missing.

    Safe to call from several processes at once: the first key stays.
    """
    directory.mkdir(parents=True, exist_ok=True)
    private = directory / PRIVATE_NAME
    if not private.exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        _keep_first(private, json.dumps(key.as_dict(private=True)))
    public = directory / PUBLIC_NAME
    if not public.exists():
        document = KeySet([_private_key(directory)]).as_dict(private=False)
        os.replace(_written(public, json.dumps(document)), public)
    return public


def issue_token(
    directory: Path,
    *,
    actor: str,
    roles: Iterable[str],
    enterprise: str | None = None,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    """A token signed with the directory's key, good from now on; raises `KeysMissing`."""
    key = _private_key(directory)
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": actor,
        "roles": sorted(roles),
        "iat": now,
        "exp": now + lifetime_seconds,
        "jti": str(uuid4()),
    }
    if enterprise is not None:
        claims["enterprise"] = enterprise
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def _private_key(directory: Path) -> ECKey:
    try:
        return ECKey.import_key(json.loads((directory / PRIVATE_NAME).read_bytes()))
    except FileNotFoundError:
        raise KeysMissing(f"there is no signing key in {directory}") from None


def _keep_first(path: Path, text: str) -> None:
    written = _written(path, text)
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()


def _written(beside: Path, text: str) -> Path:
    # A temporary file is readable by its owner only, from its first byte on.
    with NamedTemporaryFile("w", dir=beside.parent, prefix=".", delete=False) as file:
        file.write(text)
    return Path(file.name)
