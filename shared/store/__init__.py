"""MongoDB behind one door: nothing outside this package imports a driver.

An aggregate is one document with its outbox; published events move to `history`; mirrors, views,
tallies, checkpoint and pending reactions of a batch are written in one transaction.
"""

from shared.store.database import Database, Session
from shared.store.errors import DuplicateKey, StoreError, StoreUnavailable, is_retryable

__all__ = [
    "Database",
    "DuplicateKey",
    "Session",
    "StoreError",
    "StoreUnavailable",
    "is_retryable",
]
