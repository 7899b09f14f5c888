"""A dossier pass admits its reader to its application for ten minutes, and no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from shared.http import dossier_pass
from shared.http.auth import LEEWAY_SECONDS
from shared.http.dossier_pass import DossierKeyMissing, check, issue, key_of
from shared.kernel.errors import Forbidden
from shared.settings import Settings

KEY = "a dossier key for tests, 32 characters"
READER, APPLICATION = "curator-ani", "mihas-2018.a"
NOW = datetime(2018, 2, 1, 3, 0, tzinfo=UTC)
PASS = issue(KEY, reader=READER, application=APPLICATION, now=NOW)


def refused(token: str, *, key: str = KEY, now: datetime = NOW, **named: str) -> str:
    """Check that this pass is refused, and return the code."""
    asked = {"reader": READER, "application": APPLICATION} | named
    with pytest.raises(Forbidden) as refusal:
        check(key, token, now=now, **asked)
    assert token == "" or token not in refusal.value.sentence
    return refusal.value.code


def signed(header: dict[str, Any] | None = None, **changes: Any) -> str:
    """Return a pass with these changes, signed with the key; a change to None removes a claim."""
    claims = {**jwt.decode(PASS, OctKey.import_key(KEY)).claims, **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "HS256", "typ": dossier_pass.TYPE} | (header or {})
    return jwt.encode(head, kept, OctKey.import_key(KEY), algorithms=["HS256", "HS512"])


def test_a_pass_admits_its_reader_and_has_an_id() -> None:
    other = issue(KEY, reader=READER, application=APPLICATION, now=NOW)
    ids = [
        check(KEY, token, reader=READER, application=APPLICATION, now=NOW)
        for token in (PASS, PASS, other)
    ]
    assert ids[0] == ids[1] != ids[2]


def test_a_pass_is_for_its_reader_application_and_key_only() -> None:
    assert refused(PASS, reader="curator-budi") == "pass-invalid"
    assert refused(PASS, application="mihas-2018.b") == "pass-invalid"
    assert refused(PASS, key="another key for tests, 32 characters") == "pass-invalid"


def test_a_pass_expires_after_ten_minutes() -> None:
    last = NOW + timedelta(seconds=dossier_pass.VALID_SECONDS + LEEWAY_SECONDS)
    just = last - timedelta(seconds=1)
    assert check(KEY, PASS, reader=READER, application=APPLICATION, now=just)
    assert refused(PASS, now=last) == "pass-expired"
    assert refused(PASS, now=NOW - timedelta(minutes=5)) == "pass-invalid"


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "a.b.c", "é.é.é", "." * 9_000),
        PASS[:-2],
        signed(aud="gelar"),
        signed(iss="gelar"),
        signed(header={"typ": "JWT"}),
        signed(header={"alg": "HS512"}),
        *(signed(**{name: None}) for name in ("sub", "aud", "iss", "exp", "iat", "jti")),
        signed(application=None),
        signed(exp="tomorrow"),
    ],
)
def test_any_other_token_is_no_pass(token: str) -> None:
    assert refused(token) == "pass-invalid"


def test_a_process_without_the_key_says_what_to_set() -> None:
    settings = Settings.model_construct(dossier_key=None)
    with pytest.raises(DossierKeyMissing, match="KUKM_DOSSIER_KEY") as missing:
        key_of(settings)
    assert (missing.value.status, missing.value.retry_after_seconds) == (503, None)
    assert key_of(Settings.model_construct(dossier_key=SecretStr(KEY))) == KEY
