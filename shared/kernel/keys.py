"""Keyed hashes that name their key, and a key that may be changed. Pure.

A hash is `KEY.HASH`. A key that is added hashes the hashes of the key before it. So the hashes that
are stored can be brought to a new key without what they were made of, and who knows only an older
key can tell nothing from them.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

SHORT = 16
"""The hexadecimal digits of a short hash."""


@dataclass(frozen=True)
class HashKeys:
    """The keys in the order in which they came into use; the last one makes today's hashes."""

    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each key: eight hexadecimal digits that do not give the key away."""
        return tuple(each[:8] for each in self._chain("the name of this key"))

    def hashes(self, text: str) -> tuple[str, ...]:
        """Return the hash of a text by every key; the last one is today's (HMAC-SHA256)."""
        return tuple(map(_named, self.names, self._chain(text)))

    def short_hashes(self, text: str) -> tuple[str, ...]:
        """Return a short hash of a text by every key, to look it up; the last one is today's.

        It has no name of its key, and is made again, not renewed, with another key.
        """
        return tuple(digest[:SHORT] for digest in self._chain(text))

    def renewed(self, old: str) -> str:
        """Return today's hash of what has this hash; raises `ValueError` for an unknown key."""
        name, _, digest = old.partition(".")
        if name not in self.names:
            raise ValueError(f"no key is named {name}")
        used = self.names.index(name) + 1
        *_, last = (digest, *HashKeys(self.keys[used:])._chain(digest))
        return _named(self.names[-1], last)

    def _chain(self, text: str) -> Sequence[str]:
        made: list[str] = []
        for key in self.keys:
            text = hmac.digest(key, text.encode(), "sha256").hex()
            made.append(text)
        return made


def _named(name: str, digest: str) -> str:
    return f"{name}.{digest}"
