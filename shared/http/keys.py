"""Find the keys that check tokens: a JWKS from a file or from the issuer's address.

A file is read again when it has changed. An address is read at the first token, then every ten
minutes, and at once when a token names an unknown key; but never more often than every ten seconds,
so that invented key ids cannot overload the issuer. While the issuer does not answer, the known
keys are used. Symmetric keys in a set are ignored: only asymmetric signatures count.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from shared.kernel.errors import Busy
from shared.settings import Settings

FRESH_SECONDS = 600.0
FETCH_INTERVAL_SECONDS_MIN = 10.0
FETCH_TIMEOUT_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Keys(Protocol):
    """The source of the token issuer's keys."""

    async def find(self, kid: str | None) -> Key | None:
        """Return the key with this id (None: the only key), or None; raises `Busy`."""
        ...


def keys_of(settings: Settings) -> Keys:
    """Return the keys that the settings name; a process without an API has none."""
    if settings.jwks_file is not None:
        return FileKeys(settings.jwks_file)
    if settings.jwks_url is not None:
        return UrlKeys(str(settings.jwks_url))
    return NoKeys()


class NoKeys:
    """The keys of a process that takes no token."""

    async def find(self, kid: str | None) -> Key | None:
        """Return None."""
        return None


class FileKeys:
    """Keys from a JWKS file, mounted or written by `make up`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed_at_ns = 0
        self._keys: list[Key] = []

    async def find(self, kid: str | None) -> Key | None:
        """See `Keys`."""
        try:
            await asyncio.to_thread(self._read)
        except (OSError, ValueError, JoseError) as error:
            log.error("token keys unreadable", path=str(self._path), reason=type(error).__name__)
            raise _unavailable() from error
        return _pick(self._keys, kid)

    def _read(self) -> None:
        changed_at_ns = self._path.stat().st_mtime_ns
        if changed_at_ns != self._changed_at_ns:
            self._keys = _usable(self._path.read_bytes())
            self._changed_at_ns = changed_at_ns


class UrlKeys:
    """Keys from the issuer's JWKS address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: list[Key] = []
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str | None) -> Key | None:
        """See `Keys`."""
        key = _pick(self._keys, kid)
        if key is None or time.monotonic() - self._fetched_at > FRESH_SECONDS:
            await self._refresh()
            key = _pick(self._keys, kid)
        if not self._keys:
            raise _unavailable()
        return key

    async def _refresh(self) -> None:
        async with self._fetching:
            if time.monotonic() - self._tried_at < FETCH_INTERVAL_SECONDS_MIN:
                return
            self._tried_at = time.monotonic()
            try:
                self._keys = _usable(await self._fetch())
                self._fetched_at = time.monotonic()
            except (httpx.HTTPError, ValueError, JoseError) as error:
                log.warning("token keys not fetched", url=self._url, reason=type(error).__name__)

    async def _fetch(self) -> bytes:
        async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_SECONDS) as client:
            response = await client.get(self._url)
            return response.raise_for_status().content


def _usable(document: bytes) -> list[Key]:
    content: Any = json.loads(document)
    if not isinstance(content, dict) or not isinstance(content.get("keys"), list):
        raise ValueError("no JWKS document")
    return list(_asymmetric(KeySet.import_key_set({"keys": content["keys"]})))


def _asymmetric(keys: Iterable[Key]) -> Iterable[Key]:
    for key in keys:
        if isinstance(key, RSAKey | ECKey | OKPKey) and key.get("use") in (None, "sig"):
            yield key


def _pick(keys: list[Key], kid: str | None) -> Key | None:
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == kid), None)


def _unavailable() -> Busy:
    return Busy(
        "keys-unavailable", "The keys that check tokens cannot be read: try again in a moment."
    )
