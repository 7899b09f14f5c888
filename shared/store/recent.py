"""Aggregates as this process has just written them, so that the next command need not load them.

A decision on such an aggregate counts only if its guarded write succeeds: that write fails if
another process has written in between. An answer that writes nothing never comes from here.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.store.documents import RECEIPTS_KEPT, Loaded

S = TypeVar("S")
KEPT_MAX = 1_000
KEPT_SECONDS = 10.0


@dataclass(kw_only=True)
class Recent(Generic[S]):
    """The aggregates written last, oldest first, for some seconds."""

    _kept: dict[str, tuple[float, Loaded[S]]] = field(default_factory=dict)

    def take(self, id: str) -> Loaded[S] | None:
        """Remove and return the aggregate as it was written, or None."""
        at, loaded = self._kept.pop(id, (0.0, None))
        return loaded if time.monotonic() - at < KEPT_SECONDS else None

    def forget(self, id: str) -> None:
        """Forget an aggregate: another part of this process has written it since."""
        self._kept.pop(id, None)

    def keep(self, loaded: Loaded[S]) -> None:
        """Remember an aggregate that was just written."""
        now = time.monotonic()
        receipts = dict(list(loaded.receipts.items())[-RECEIPTS_KEPT:])
        written = Loaded(
            id=loaded.id,
            state=loaded.state,
            version=loaded.version,
            stored_version=loaded.version,
            receipts=receipts,
            digest=loaded.digest,
            forgotten=loaded.forgotten or len(receipts) < len(loaded.receipts),
        )
        self._kept[loaded.id] = (now, written)
        while self._kept:
            oldest: Any = next(iter(self._kept))
            if len(self._kept) <= KEPT_MAX and now - self._kept[oldest][0] < KEPT_SECONDS:
                return
            del self._kept[oldest]
