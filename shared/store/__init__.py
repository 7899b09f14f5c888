"""MongoDB behind one door: nothing outside this package imports a driver.

An aggregate is one document with its outbox; what is published moves to `history`; mirrors, views,
tallies, checkpoint and pending reactions of a batch are written in one transaction.
"""

from shared.store.database import Database, DuplicateKey, Session, StoreUnavailable

__all__ = ["Database", "DuplicateKey", "Session", "StoreUnavailable"]
