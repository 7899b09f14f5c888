"""Find the keys that check tokens: a JWKS from a file or from the issuer's address.

A file is read again when it has changed. An address is read at the first token, then every ten
minutes, and at once when a token names an unknown key; but never more often than every ten seconds,
so that invented key ids cannot overload the issuer. While the issuer does not answer, the known
keys are used, and a token of a known key never waits for it. Symmetric keys in a set are ignored:
only asymmetric signatures count. A key that cannot be read is logged and left out.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

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
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> Key | None:
        """See `Keys`."""
        key = _pick(self._keys, kid)
        if key is None:
            await self._refresh()
            key = _pick(self._keys, kid)
        elif time.monotonic() - self._fetched_at > FRESH_SECONDS and self._refreshing is None:
            # Its end is not awaited: the key is known.
            self._refreshing = asyncio.create_task(self._refresh())
            self._refreshing.add_done_callback(self._refreshed)
        if not self._keys:
            raise _unavailable()
        return key

    def _refreshed(self, task: "asyncio.Task[None]") -> None:
        self._refreshing = None

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
    keys = [key for key in map(_imported, content["keys"]) if key is not None]
    if not keys:
        raise ValueError("no usable key")
    return keys


def _imported(entry: Any) -> Key | None:
    """Return the key of an entry, or None if it is of no use here."""
    try:
        key = JWKRegistry.import_key(entry)
        key.public_key  # noqa: B018 - an unknown curve is found only when the key itself is made
    except Exception as error:  # noqa: BLE001 - of a stranger's entry the library raises anything
        kid = entry.get("kid") if isinstance(entry, dict) else None
        log.warning("token key skipped", kid=str(kid)[:64], reason=type(error).__name__)
        return None
    usable = isinstance(key, RSAKey | ECKey | OKPKey) and key.get("use") in (None, "sig")
    return key if usable else None


def _pick(keys: list[Key], kid: str | None) -> Key | None:
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == kid), None)


def _unavailable() -> Busy:
    return Busy(
        "keys-unavailable", "The keys that check tokens cannot be read: try again in a moment."
    )
