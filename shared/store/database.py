"""A connection to one service's database, and transactions that are run again where that is right.

Every write waits for a majority. A transaction is run again only where the driver labels the error
transient (an election, a write conflict), with a growing, jittered pause; a commit whose answer was
lost is committed again, never guessed at. Whatever else goes wrong reaches the caller.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

# motor reads this when it is imported. A write that waits for a document holds a thread; with the
# default, five a core, a few of them would leave the transaction that they wait for without one.
os.environ.setdefault("MOTOR_MAX_WORKERS", "64")

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession
from pymongo import ReadPreference, WriteConcern
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

T = TypeVar("T")
Session = AsyncIOMotorClientSession
DuplicateKey = DuplicateKeyError
StoreUnavailable = ConnectionFailure
MAJORITY = WriteConcern(w="majority")
PAUSE_MAX_SECONDS = 1.0
CONFLICT_PAUSES_MAX = 3
"""Conflicts on a hot document: waiting longer than some 40 ms does not better the odds."""
COMMAND_WRITES_MAX = int(os.environ["MOTOR_MAX_WORKERS"]) // 2
"""Transactions and reads always have the other threads."""
NAMESPACE_EXISTS = 48
SELECTION_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_MS = 5_000
SOCKET_TIMEOUT_MS = 10_000
"""A server that hangs is told to callers after this and a connection that is tried in vain."""
PING_SECONDS = 2.0


class Database:
    """One service's database on a replica set; `name` carries the namespace.

    `command_writes` is held for each write that can wait for a transaction's documents.
    """

    def __init__(self, uri: str, name: str) -> None:
        self._client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
            connectTimeoutMS=CONNECT_TIMEOUT_MS,
            socketTimeoutMS=SOCKET_TIMEOUT_MS,
            appname=name,
        )
        self._database = self._client.get_database(
            name, write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
        )
        self.name = name
        self.command_writes = asyncio.Semaphore(COMMAND_WRITES_MAX)

    def collection(self, name: str, *, majority_reads: bool = False) -> Any:
        """A collection; `majority_reads` for the relay, which may publish only what will stay."""
        if not majority_reads:
            return self._database[name]
        return self._database.get_collection(name, read_concern=ReadConcern("majority"))

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in a transaction of its own until it is committed; see the module."""
        async with await self._client.start_session() as session:
            attempt = 0
            while True:
                try:
                    return await _once(session, work)
                except PyMongoError as error:
                    if not error.has_error_label("TransientTransactionError"):
                        raise
                attempt += 1
                await pause(min(attempt, CONFLICT_PAUSES_MAX))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """A session that reads everything as it was at one moment."""
        async with await self._client.start_session(snapshot=True) as session:
            yield session

    async def ping(self) -> None:
        """Raise `StoreUnavailable` unless a primary answers, soon."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._database.command("ping")
        except TimeoutError as late:
            raise StoreUnavailable(f"no answer in {PING_SECONDS:g} seconds") from late

    async def create(self, *names: str) -> None:
        """Create those of these collections that are missing.

        For those without an index of their own: created by the first transactions that write there,
        they would make each other fail.
        """
        for name in sorted(set(names) - set(await self.collection_names())):
            try:
                await self._database.create_collection(name, check_exists=False)
            except OperationFailure as error:
                if error.code != NAMESPACE_EXISTS:
                    raise

    async def collection_names(self) -> list[str]:
        """The names of all collections."""
        return await self._database.list_collection_names()

    async def drop(self) -> None:
        """Drop the whole database (tests and demonstrations)."""
        await self._client.drop_database(self.name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def is_passing(error: PyMongoError) -> bool:
    """Whether a later try can succeed: elections, broken connections, time-outs, conflicts.

    What the driver calls invalid, or the server too large, will be so again.
    """
    labels = ("TransientTransactionError", "RetryableWriteError", "UnknownTransactionCommitResult")
    late = (ConnectionFailure, ExecutionTimeout, WTimeoutError, WaitQueueTimeoutError)
    return isinstance(error, late) or any(map(error.has_error_label, labels))


async def _once(session: Session, work: Callable[[Session], Awaitable[T]]) -> T:
    async with _open(session):
        result = await work(session)
        while True:
            try:
                await session.commit_transaction()
                return result
            except PyMongoError as error:
                if not error.has_error_label("UnknownTransactionCommitResult"):
                    raise
                await pause(1)


@asynccontextmanager
async def _open(session: Session) -> AsyncIterator[None]:
    session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=MAJORITY)
    try:
        yield
    finally:
        if session.in_transaction:  # type: ignore[truthy-function]  # a property; motor's stubs differ
            await session.abort_transaction()


async def pause(attempt: int) -> None:
    """Wait before attempt number `attempt + 1`: some milliseconds, doubling up to a second."""
    await asyncio.sleep(min(PAUSE_MAX_SECONDS, 0.005 * 2**attempt) * random.uniform(0.5, 1))
