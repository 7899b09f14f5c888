"""The database's errors as the rest of the house sees them; nothing outside this package imports
the driver's.

`StoreError` is every error of the database. `StoreUnavailable` means that no primary answers.
`DuplicateKey` means that a document with this `_id` exists: `Database.transaction` raises it for
bulk writes as well, so it is tested in one place.
"""

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

StoreError = PyMongoError
StoreUnavailable = ConnectionFailure
DuplicateKey = DuplicateKeyError
E11000 = 11000
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
