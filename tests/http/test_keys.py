"""The sources of keys: a file, which may change, and an address, which may not answer."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from joserfc.jwk import ECKey

from gelar.issuer import PRIVATE_NAME, KeysMissing, ensure_local_key, issue_token
from shared.http import keys as keys_module
from shared.http.keys import FETCH_TIMEOUT_SECONDS, FileKeys, UrlKeys, keys_of
from shared.kernel.errors import Busy
from shared.settings import Settings
from tests.conftest import eventually


class Issuer(BaseHTTPRequestHandler):
    """The JWKS address of an identity provider."""

    document: ClassVar[Any] = {"keys": []}
    requests: ClassVar[int] = 0

    def do_GET(self) -> None:
        Issuer.requests += 1
        content = json.dumps(Issuer.document).encode()
        self.send_response(200 if Issuer.document is not None else 500)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


@pytest.fixture
def address() -> Iterator[str]:
    """Run an issuer and return its address."""
    Issuer.requests = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def published(*keys: ECKey) -> dict[str, Any]:
    """Return the JWKS document of these keys."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def new_key(use: str = "sig") -> ECKey:
    """Return a new key with an id."""
    return ECKey.generate_key("P-256", {"use": use}, auto_kid=True)


async def asked(keys: UrlKeys, times: int) -> None:
    """Wait until the issuer has been asked so often, and the last answer has been read."""

    async def so_often() -> bool:
        return Issuer.requests == times and keys._refreshing is None

    await eventually(so_often)


async def test_an_address_is_read_once(address: str) -> None:
    key = new_key()
    Issuer.document = published(key)
    keys = UrlKeys(address)
    for _ in range(5):
        found = await keys.find(key.kid)
        assert found is not None
        assert found.kid == key.kid
    assert Issuer.requests == 1


async def test_invented_key_ids_do_not_cause_requests_to_the_issuer(address: str) -> None:
    Issuer.document = published(new_key())
    keys = UrlKeys(address)
    for number in range(20):
        assert await keys.find(f"invented-{number}") is None
    assert Issuer.requests == 1


async def test_a_new_key_is_found(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_key(), new_key()
    Issuer.document = published(old)
    keys = UrlKeys(address)
    assert await keys.find(old.kid) is not None
    Issuer.document = published(old, new)
    monkeypatch.setattr(keys_module, "FETCH_INTERVAL_SECONDS_MIN", 0.0)
    assert await keys.find(new.kid) is not None


async def test_known_keys_are_used_while_the_issuer_does_not_answer(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    Issuer.document = published(key)
    keys = UrlKeys(address)
    await keys.find(key.kid)
    monkeypatch.setattr(keys_module, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(keys_module, "FETCH_INTERVAL_SECONDS_MIN", 0.0)
    for number, broken in enumerate((None, ["no", "jwks"], {"keys": [{"kty": "EC"}]}), 2):
        Issuer.document = broken
        assert await keys.find(key.kid) is not None
        await asked(keys, number)
    assert await keys.find(key.kid) is not None


async def test_a_token_of_a_known_key_never_waits_for_the_issuer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = new_key()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keys = UrlKeys(f"http://127.0.0.1:{silent.getsockname()[1]}/jwks")
        keys._keys = [key]
        # The refresh hangs in the background until its time-out.
        async with asyncio.timeout(FETCH_TIMEOUT_SECONDS / 2):
            for _ in range(3):
                assert await keys.find(key.kid) is key
    assert keys._refreshing is not None
    await keys._refreshing


BROKEN_KEYS = [
    {"kty": "EC", "crv": "brainpoolP256r1", "kid": "x", "x": "AAAA", "y": "AAAA"},
    {"kty": "OKP", "crv": "X448", "kid": "y", "x": "AAAA"},
    {"kty": "RSA", "kid": "z", "n": "AQAB", "e": "####"},
    {"kid": "no kty"},
    {},
    "no object",
    None,
]


@pytest.mark.parametrize("broken", BROKEN_KEYS, ids=str)
async def test_a_key_that_cannot_be_read_is_left_out(tmp_path: Path, broken: Any) -> None:
    good = new_key()
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [broken, *published(good)["keys"]]}))
    assert await FileKeys(path).find(good.kid) is not None


async def test_without_keys_a_caller_can_try_again(address: str) -> None:
    Issuer.document = None
    with pytest.raises(Busy, match="keys-unavailable"):
        await UrlKeys(address).find("k")
    with pytest.raises(Busy, match="keys-unavailable"):
        await UrlKeys("http://127.0.0.1:9/jwks").find("k")


async def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    old, new = new_key(), new_key()
    path.write_text(json.dumps(published(old)))
    keys = FileKeys(path)
    assert await keys.find(old.kid) is not None
    other = tmp_path / "other"
    other.write_text(json.dumps(published(new)))
    other.replace(path)
    assert await keys.find(old.kid) is None
    assert await keys.find(new.kid) is not None


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"keys": 1}', '{"keys": [{}]}'])
async def test_an_unreadable_file_is_refused_until_a_later_try(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "jwks.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Busy, match="keys-unavailable"):
        await FileKeys(path).find("k")


async def test_a_token_without_a_key_id_means_the_only_key(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(published(new_key())))
    assert await FileKeys(path).find(None) is not None
    path.write_text(json.dumps(published(new_key(), new_key())))
    assert await FileKeys(path).find(None) is None


async def test_only_asymmetric_signing_keys_count(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    shared_secret = {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "shared"}
    encrypting = new_key("enc")
    document = {"keys": [shared_secret, *published(encrypting, new_key())["keys"]]}
    path.write_text(json.dumps(document))
    keys = FileKeys(path)
    assert await keys.find("shared") is None
    assert await keys.find(encrypting.kid) is None


async def test_a_process_without_an_api_has_no_keys(settings: Settings) -> None:
    without_keys = settings.model_copy(update={"jwks_file": None})
    assert await keys_of(without_keys).find("k") is None


def test_a_local_key_is_made_once_and_stays_private(tmp_path: Path) -> None:
    first = ensure_local_key(tmp_path).read_text()
    assert ensure_local_key(tmp_path).read_text() == first
    assert (tmp_path / PRIVATE_NAME).stat().st_mode & 0o777 == 0o600
    assert "d" not in json.loads(first)["keys"][0]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["jwks.json", PRIVATE_NAME]


def test_without_a_key_no_token_is_issued(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        issue_token(tmp_path, actor="a", roles=["auditor"])
