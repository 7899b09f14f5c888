"""Issue tokens on your own machine: a key made once in a directory, and tokens signed with it.

It replaces the identity provider in demonstrations, tests and development. Services trust it only
if `KUKM_JWKS_FILE` names its public key; the private key never leaves the directory.

Tokens are signed with `cryptography` alone, because `gelar token` must answer at once: joserfc
takes longer to import than the rest of the command. joserfc makes the key, and checks the tokens
in the services.
"""

import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from shared.contracts.tokens import AUDIENCE, LOCAL_ISSUER

ALGORITHM = "ES256"
COORDINATE_BYTES = 32
LIFETIME_SECONDS = 3_600
PRIVATE_NAME = "private.jwk.json"
PUBLIC_NAME = "jwks.json"


class KeysMissing(Exception):
    """The directory has no signing key (yet)."""


def ensure_local_key(directory: Path) -> Path:
    """Return the JWKS file of a directory's key; make the key and the file if they are missing.

    Several processes may call it at once: the first key stays.
    """
    from joserfc.jwk import ECKey, KeySet

    directory.mkdir(parents=True, exist_ok=True)
    private = directory / PRIVATE_NAME
    if not private.exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        _create_unless_exists(private, json.dumps(key.as_dict(private=True)))
    public = directory / PUBLIC_NAME
    if not public.exists():
        key = ECKey.import_key({**_private_key(directory)})
        document = KeySet([key]).as_dict(private=False)
        os.replace(_temporary_file(public, json.dumps(document)), public)
    return public


def issue_token(
    directory: Path,
    *,
    actor: str,
    roles: Iterable[str],
    enterprise: str | None = None,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    """Return a token signed with the directory's key and valid from now; raises `KeysMissing`."""
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
    header = {"typ": "JWT", "alg": ALGORITHM, "kid": key["kid"]}
    content = f"{_encoded(_json(header))}.{_encoded(_json(claims))}"
    return f"{content}.{_encoded(_signature(key, content.encode()))}"


def _private_key(directory: Path) -> dict[str, str]:
    try:
        key: dict[str, str] = json.loads((directory / PRIVATE_NAME).read_bytes())
    except FileNotFoundError:
        raise KeysMissing(f"there is no signing key in {directory}") from None
    return key


def _signature(key: dict[str, str], content: bytes) -> bytes:
    """Sign by ES256 (RFC 7518, 3.4): the two numbers of the signature, 32 bytes each."""
    secret = int.from_bytes(urlsafe_b64decode(key["d"] + "=" * (-len(key["d"]) % 4)))
    private = ec.derive_private_key(secret, ec.SECP256R1())
    numbers = decode_dss_signature(private.sign(content, ec.ECDSA(SHA256())))
    return b"".join(number.to_bytes(COORDINATE_BYTES) for number in numbers)


def _json(content: dict[str, object] | dict[str, str]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _create_unless_exists(path: Path, text: str) -> None:
    temporary = _temporary_file(path, text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _temporary_file(beside: Path, text: str) -> Path:
    from tempfile import NamedTemporaryFile

    # A temporary file is readable by its owner only, from its first byte on.
    with NamedTemporaryFile("w", dir=beside.parent, prefix=".", delete=False) as file:
        file.write(text)
    return Path(file.name)
