"""The database's errors as the rest of the house sees them; nothing outside this package imports
the driver's.

`StoreError` is every error of the database. `StoreUnavailable` means that no primary answers.
`DuplicateKey` means that a document with this `_id` exists: `Database.transaction` raises it for
bulk writes as well, so it is tested in one place. Numbers and documents that are too large are
`Unstorable`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import InvalidDocument
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from shared.kernel.errors import Unstorable

StoreError = PyMongoError
StoreUnavailable = ConnectionFailure
DuplicateKey = DuplicateKeyError
E11000 = 11000
TOO_LARGE = frozenset({15, 10_334, 17_419, 17_420})
"""Codes of the server: nested too deep, a document beyond 16 MB."""
BAD_VALUE, SUM_TOO_LARGE = 2, "Failed to apply $inc"
"""A sum beyond 64 bits has the code of many other errors."""
RETRYABLE_LABELS = (
    "TransientTransactionError",
    "RetryableWriteError",
    "UnknownTransactionCommitResult",
)
NO_ANSWER_IN_TIME = (ConnectionFailure, ExecutionTimeout, WTimeoutError, WaitQueueTimeoutError)


def is_retryable(error: StoreError) -> bool:
    """Return True if a later try can succeed: election, broken connection, time-out, conflict.

    An operation that the driver calls invalid, or the server too large, fails again.
    """
    return isinstance(error, NO_ANSWER_IN_TIME) or any(map(error.has_error_label, RETRYABLE_LABELS))


def duplicate_in(error: StoreError) -> DuplicateKey | None:
    """Return the `DuplicateKey` of a bulk write that failed at an existing `_id`, or None."""
    if not isinstance(error, BulkWriteError):
        return None
    if any(write["code"] == E11000 for write in error.details["writeErrors"]):
        return DuplicateKey(str(error), E11000, error.details)
    return None


@contextmanager
def unstorable() -> Iterator[None]:
    """Raise `Unstorable` where the driver or the server finds a number or a document too large."""
    try:
        yield
    except (OverflowError, InvalidDocument) as error:
        raise Unstorable(f"{type(error).__name__}: {error}") from error
    except OperationFailure as error:
        if not any(_is_too_large(code, text) for code, text in _faults(error)):
            raise
        raise Unstorable(f"{type(error).__name__}: {error}") from error


def _is_too_large(code: int | None, text: str) -> bool:
    return code in TOO_LARGE or (code == BAD_VALUE and text.startswith(SUM_TOO_LARGE))


def _faults(error: OperationFailure) -> list[tuple[int | None, str]]:
    if isinstance(error, BulkWriteError):
        return [(write["code"], write["errmsg"]) for write in error.details["writeErrors"]]
    return [(error.code, str(error))]
