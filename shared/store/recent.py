"""Aggregates as this process has just written them, so that the next command need not load them.

A decision on one of these counts only where its guarded write succeeds: whoever has written
meanwhile is noticed there. An answer that writes nothing is never given from here.
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
    """The last ones written, oldest first, for some seconds."""

    _kept: dict[str, tuple[float, Loaded[S]]] = field(default_factory=dict)

    def take(self, id: str) -> Loaded[S] | None:
        """The aggregate as it was written, once: whoever takes it keeps it again or loads it."""
        at, loaded = self._kept.pop(id, (0.0, None))
        return loaded if time.monotonic() - at < KEPT_SECONDS else None

    def keep(self, loaded: Loaded[S]) -> None:
        """Remember what was just written."""
        now = time.monotonic()
        receipts = dict(list(loaded.receipts.items())[-RECEIPTS_KEPT:])
        written = Loaded(
            id=loaded.id,
            state=loaded.state,
            version=loaded.version,
            stored_version=loaded.version,
            receipts=receipts,
            forgotten=loaded.forgotten or len(receipts) < len(loaded.receipts),
        )
        self._kept[loaded.id] = (now, written)
        while self._kept:
            oldest: Any = next(iter(self._kept))
            if len(self._kept) <= KEPT_MAX and now - self._kept[oldest][0] < KEPT_SECONDS:
                return
            del self._kept[oldest]
