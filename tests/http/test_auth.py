"""Tokens: a token that the issuer signed for this audience and time passes; others get 401."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from gelar.issuer import PRIVATE_NAME, ensure_local_key, issue_token
from shared.contracts.tokens import AUDIENCE, LOCAL_ISSUER
from shared.http import auth
from shared.http.auth import Verifier
from shared.http.keys import keys_of
from shared.http.refusals import Unauthenticated
from shared.settings import Settings
from tests.http.conftest import Sign
from tests.http.test_problems import problem_of


def claims(**changes: Any) -> dict[str, Any]:
    """Return valid claims with changes; a change to None removes a claim."""
    good = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": "someone",
        "roles": ["auditor"],
        "exp": int(time.time()) + 600,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def local_key(keys: Path) -> ECKey:
    """Return the signing key."""
    return ECKey.import_key(json.loads((keys / PRIVATE_NAME).read_text()))


def signed(keys: Path, **changes: Any) -> str:
    """Return a correctly signed token with these changes of its claims."""
    key = local_key(keys)
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims(**changes), key)


def encoded(value: object) -> str:
    """Return JSON in base64url, the form of the parts of a token."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


async def refused(client: httpx.AsyncClient, token: str, code: str = "token-invalid") -> str:
    """Check that a token is refused with this code, and return the detail."""
    response = await client.get("/booths", headers={"Authorization": f"Bearer {token}"})
    detail = problem_of(response, 401, code)["detail"]
    assert response.headers["www-authenticate"] == 'Bearer realm="gelar", error="invalid_token"'
    assert token not in response.text
    return str(detail)


async def test_a_valid_token_passes(client: httpx.AsyncClient, keys: Path) -> None:
    for token in (signed(keys), signed(keys, aud=["other", AUDIENCE])):
        response = await client.get("/booths", headers={"Authorization": f"bearer {token}"})
        assert response.status_code == 200


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES384", "Ed25519"])
async def test_the_algorithms_of_other_issuers_are_accepted(
    tmp_path: Path, settings: Settings, algorithm: str
) -> None:
    generated: dict[str, Key] = {
        "RS256": RSAKey.generate_key(2048, auto_kid=True),
        "PS256": RSAKey.generate_key(2048, auto_kid=True),
        "ES384": ECKey.generate_key("P-384", auto_kid=True),
        "Ed25519": OKPKey.generate_key("Ed25519", auto_kid=True),
    }
    key = generated[algorithm]
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    token = jwt.encode({"alg": algorithm, "kid": key.kid}, claims(), key, algorithms=[algorithm])
    settings = settings.model_copy(update={"jwks_file": jwks})
    caller = await Verifier(keys_of(settings), settings).caller(f"Bearer {token}")
    assert caller.roles == {"auditor"}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token x"])
async def test_a_request_without_a_token_is_refused(
    client: httpx.AsyncClient, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = await client.get("/booths", headers=headers)
    problem_of(response, 401, "token-missing")
    assert response.headers["www-authenticate"] == 'Bearer realm="gelar"'


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"nbf": 2**40}, "nbf"),
        ({"sub": None}, "sub"),
        ({"sub": "Ibu Sri"}, "sub"),
        ({"sub": ""}, "sub"),
        ({"roles": "auditor"}, "roles"),
        ({"enterprise": "e1 or e2"}, "enterprise"),
        ({"enterprise": ["e1"]}, "enterprise"),
    ],
)
async def test_a_wrong_claim_is_refused_by_name(
    client: httpx.AsyncClient, keys: Path, change: dict[str, Any], claim: str
) -> None:
    assert f"`{claim}`" in await refused(client, signed(keys, **change))


async def test_an_expired_token_is_refused(client: httpx.AsyncClient, keys: Path) -> None:
    await refused(client, signed(keys, exp=int(time.time()) - 31), "token-expired")


async def test_some_seconds_of_clock_difference_are_accepted(
    client: httpx.AsyncClient, keys: Path
) -> None:
    token = signed(keys, exp=int(time.time()) - 5, nbf=int(time.time()) + 5)
    response = await client.get("/booths", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200


async def test_a_token_without_a_signature_is_refused(
    client: httpx.AsyncClient, keys: Path
) -> None:
    for header in ({"alg": "none"}, {"alg": "none", "kid": local_key(keys).kid}, {"alg": "NONE"}):
        await refused(client, f"{encoded(header)}.{encoded(claims())}.")


@pytest.mark.parametrize("secret", ["pem", "jwks"])
async def test_a_signature_by_the_public_key_as_a_shared_secret_is_refused(
    client: httpx.AsyncClient, keys: Path, secret: str
) -> None:
    key = local_key(keys)
    text = key.as_pem(private=False) if secret == "pem" else (keys / "jwks.json").read_bytes()
    head = f"{encoded({'alg': 'HS256', 'kid': key.kid})}.{encoded(claims())}"
    signature = hmac.new(text, head.encode(), hashlib.sha256).digest()
    await refused(client, f"{head}.{encoded(signature)}")


async def test_another_key_with_the_same_id_is_refused(
    client: httpx.AsyncClient, keys: Path
) -> None:
    forged = ECKey.generate_key("P-256", {"kid": local_key(keys).kid or ""})
    await refused(client, jwt.encode({"alg": "ES256", "kid": forged.kid}, claims(), forged))
    rsa = RSAKey.generate_key(2048, {"kid": local_key(keys).kid or ""})
    await refused(client, jwt.encode({"alg": "RS256", "kid": rsa.kid}, claims(), rsa))


async def test_an_unknown_key_is_refused(client: httpx.AsyncClient) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    await refused(client, jwt.encode({"alg": "ES256", "kid": key.kid}, claims(), key))


async def test_a_key_in_the_header_of_the_token_is_not_used(client: httpx.AsyncClient) -> None:
    key = ECKey.generate_key("P-256")
    header: dict[str, Any] = {"alg": "ES256", "jwk": key.as_dict(private=False)}
    await refused(client, jwt.encode(header, claims(), key))


async def test_claims_that_were_changed_after_signing_are_refused(
    client: httpx.AsyncClient, keys: Path
) -> None:
    header, _, signature = signed(keys).split(".")
    await refused(client, f"{header}.{encoded(claims(roles=['operator']))}.{signature}")


@pytest.mark.parametrize("token", ["xxx", "a.b", "a.b.c", "a.b.c.d.e", "...", "x" * 8_193])
async def test_text_that_is_no_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    await refused(client, token)


async def test_a_payload_without_claims_is_refused(client: httpx.AsyncClient, keys: Path) -> None:
    key = local_key(keys)
    for payload in (b"[1]", b"nothing", b"\xff"):
        await refused(client, jws.serialize_compact({"alg": "ES256", "kid": key.kid}, payload, key))


async def test_a_token_of_another_type_is_refused(client: httpx.AsyncClient, keys: Path) -> None:
    key = local_key(keys)

    def of_type(name: str) -> str:
        header = {"alg": "ES256", "kid": key.kid, "typ": name}
        return jwt.encode(header, claims(), key)

    for name in ("JWT", "at+jwt", "AT+JWT", "application/at+jwt"):
        headers = {"Authorization": f"Bearer {of_type(name)}"}
        assert (await client.get("/booths", headers=headers)).status_code == 200
    for name in ("logout+jwt", "secevent+jwt", "dpop+jwt"):
        assert "`typ`" in await refused(client, of_type(name))


async def test_a_signed_token_in_thousands_of_levels_is_no_error_of_ours(
    client: httpx.AsyncClient, keys: Path
) -> None:
    key = local_key(keys)
    levels = b"[" * 2_500 + b"]" * 2_500
    payload = json.dumps(claims()).encode()[:-1] + b', "more": ' + levels + b"}"
    token = jws.serialize_compact({"alg": "ES256", "kid": key.kid}, payload, key)
    try:
        json.loads(payload)
    except RecursionError:
        await refused(client, token)
    else:  # a later Python reads it
        answer = await client.get("/booths", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200


async def test_a_missing_role_is_refused_with_the_roles_that_are_needed(
    client: httpx.AsyncClient, reads: Sign
) -> None:
    for roles in (("curator", "operator"), ("root",), ()):
        response = await client.get("/booths", headers=reads(*roles))
        assert "auditor" in problem_of(response, 403, "role-missing")["detail"]


async def test_a_remembered_token_is_checked_once_and_expires(
    keys: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = Verifier(keys_of(settings), settings)
    header = f"Bearer {issue_token(keys, actor='a', roles=['auditor'], lifetime_seconds=60)}"
    first = await verifier.caller(header)
    assert await verifier.caller(header) is first
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100)
    with pytest.raises(Unauthenticated, match="token-expired"):
        await verifier.caller(header)


async def test_tokens_of_a_removed_key_are_accepted_five_minutes_at_most(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    jwks = ensure_local_key(tmp_path)
    settings = settings.model_copy(update={"jwks_file": jwks})
    verifier = Verifier(keys_of(settings), settings)
    header = f"Bearer {issue_token(tmp_path, actor='a', roles=['auditor'])}"
    await verifier.caller(header)
    other = ensure_local_key(tmp_path / "other")
    other.replace(jwks)
    await verifier.caller(header)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + auth.TRUST_SECONDS_MAX + 1)
    with pytest.raises(Unauthenticated, match="token-invalid"):
        await verifier.caller(header)


async def test_the_number_of_remembered_tokens_is_limited(
    keys: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REMEMBERED_MAX", 2)
    verifier = Verifier(keys_of(settings), settings)
    for _ in range(4):
        await verifier.caller(f"Bearer {issue_token(keys, actor='a', roles=['auditor'])}")
    assert len(verifier._remembered) == 2
