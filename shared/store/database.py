"""A connection to one service's database, and transactions that are retried where that is right.

Every write waits for a majority. A transaction runs again only where the driver labels the error
transient (an election, a write conflict), with a growing, jittered pause. A commit whose answer was
lost is committed again: its result is never guessed. Every other error reaches the caller.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, TypeVar

# motor reads this when it is imported. A write that waits for a document holds a thread; with the
# default, five a core, a few such writes would leave no thread for the transaction they wait for.
if "motor" in sys.modules and "MOTOR_MAX_WORKERS" not in os.environ:
    raise ImportError("import shared.store before motor: it sets the number of motor's threads")
os.environ.setdefault("MOTOR_MAX_WORKERS", "64")

import pymongo
import structlog
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorGridFSBucket,
)
from pymongo import ReadPreference, ReplaceOne, WriteConcern
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from shared.kernel.errors import CannotStart
from shared.metrics import TRANSACTIONS
from shared.store.errors import StoreUnavailable, duplicate_in, unstorable

log = structlog.get_logger()
T = TypeVar("T")
Session = AsyncIOMotorClientSession
MAJORITY = WriteConcern(w="majority")
PAUSE_MAX_SECONDS = 1.0
LOGGED_SECONDS = 10.0
"""A transaction that is repeated for longer than this is logged."""
CONFLICT_PAUSES_MAX = 3
"""Conflicts on a hot document: a pause of more than about 40 ms does not improve the odds."""
COMMAND_WRITES_MAX = int(os.environ["MOTOR_MAX_WORKERS"]) // 2
"""Transactions and reads always have the other threads."""
NAMESPACE_EXISTS = 48
REFUSED_USER = (13, 18)
SELECTION_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_MS = 5_000
SOCKET_TIMEOUT_MS = 10_000
"""Callers get an error from a server that hangs after this time and one failed connection."""
WRITES_AT_ONCE = 500
WRITE_SECONDS = 10.0
PING_SECONDS = 2.0
VERSION_MIN = (6, 0)
COMMITTED, REPEATED, ABORTED = map(TRANSACTIONS.labels, ("committed", "repeated", "aborted"))
SHARDED = "isdbgrid"
"""The name by which a mongos identifies itself."""


class Database:
    """One service's database on a replica set; `name` carries the namespace.

    `command_writes` is held for each write that can wait for a transaction's documents. Raises
    `CannotStart` where no client can be made of the address.
    """

    def __init__(self, uri: str, name: str) -> None:
        self._client = _client(uri, name)
        self._database = self._client.get_database(
            name, write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
        )
        self.name = name
        self.command_writes = asyncio.Semaphore(COMMAND_WRITES_MAX)

    def collection(
        self, name: str, *, majority_reads: bool = False, latest_reads: bool = False
    ) -> Any:
        """Return a collection. With `majority_reads` it reads only what no election can undo.

        Just after an election that may be older than an acknowledged write. With `latest_reads` it
        reads all of these: one document by its id, and slower.
        """
        if latest_reads:
            return self._database.get_collection(name, read_concern=ReadConcern("linearizable"))
        if majority_reads:
            return self._database.get_collection(name, read_concern=ReadConcern("majority"))
        return self._database[name]

    def bucket(self, name: str) -> AsyncIOMotorGridFSBucket:
        """Return the GridFS bucket of this name."""
        return AsyncIOMotorGridFSBucket(self._database, bucket_name=name)

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in a transaction of its own until it is committed; see the module.

        Raises `DuplicateKey` where a document with the same `_id` exists, in bulk writes too, and
        `Unstorable` where something is too large for any database.
        """
        async with await self._client.start_session() as session:
            attempt, logged_at = 0, time.monotonic()
            while True:
                try:
                    with unstorable():
                        result = await _once(session, work)
                except PyMongoError as error:
                    if not error.has_error_label("TransientTransactionError"):
                        ABORTED.inc()
                        if duplicate := duplicate_in(error):
                            raise duplicate from error
                        raise
                    reason = error
                except Exception:
                    ABORTED.inc()
                    raise
                else:
                    COMMITTED.inc()
                    return result
                attempt += 1
                REPEATED.inc()
                if time.monotonic() > logged_at + LOGGED_SECONDS:
                    log.warning("transaction repeated", attempt=attempt, error=str(reason))
                    logged_at = time.monotonic()
                await pause(min(attempt, CONFLICT_PAUSES_MAX))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """Open a session that reads everything as it was at one moment."""
        async with await self._client.start_session(snapshot=True) as session:
            yield session

    async def check(self) -> None:
        """Check that this is a replica set of a version that keeps our promises.

        Raises `CannotStart`.
        """
        try:
            hello = await self._database.command("hello")
            # `hello` needs no right: one question and one write, which changes nothing, do.
            await self._database.list_collection_names()
            await self._database["checkpoints"].delete_one({"_id": ""})
        except OperationFailure as error:
            if error.code not in REFUSED_USER:
                raise
            raise CannotStart(
                "the MongoDB at KUKM_MONGO_URI refuses this user: correct its name, its password, "
                "its authSource or its rights"
            ) from None
        if "setName" not in hello and hello.get("msg") != SHARDED:
            raise CannotStart(
                "the MongoDB at KUKM_MONGO_URI is a standalone server, which has no transactions: "
                "run it as a replica set (of one member, if need be)"
            )
        version = (await self._database.command("buildInfo"))["versionArray"]
        if tuple(version[:2]) < VERSION_MIN:
            raise CannotStart(
                f"the MongoDB at KUKM_MONGO_URI is version {'.'.join(map(str, version[:3]))}: "
                f"use {'.'.join(map(str, VERSION_MIN))} or later"
            )

    async def ping(self) -> None:
        """Raise `StoreUnavailable` unless a primary answers within `PING_SECONDS`."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._database.command("ping")
        except TimeoutError as late:
            raise StoreUnavailable(f"no answer in {PING_SECONDS:g} seconds") from late

    async def create(self, *names: str) -> None:
        """Create those of these collections that are missing.

        For collections without an index of their own: two transactions that create a collection
        by their first write make each other fail.
        """
        for name in sorted(set(names) - set(await self.collection_names())):
            try:
                await self._database.create_collection(name, check_exists=False)
            except OperationFailure as error:
                if error.code != NAMESPACE_EXISTS:
                    raise

    async def note(self, name: str, ids: Iterable[str], session: Session) -> None:
        """Insert a document with nothing but its id for each of these that is not there."""
        puts = [ReplaceOne({"_id": id}, {"_id": id}, upsert=True) for id in dict.fromkeys(ids)]
        if puts:
            await self._database[name].bulk_write(puts, ordered=False, session=session)

    async def collection_names(self) -> list[str]:
        """Return the names of all collections."""
        return await self._database.list_collection_names()

    async def drop(self) -> None:
        """Drop the whole database (tests and demonstrations)."""
        await self._client.drop_database(self.name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _client(uri: str, name: str) -> AsyncIOMotorClient[dict[str, Any]]:
    try:
        return AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
            connectTimeoutMS=CONNECT_TIMEOUT_MS,
            socketTimeoutMS=SOCKET_TIMEOUT_MS,
            appname=name,
        )
    except (PyMongoError, ValueError, OSError) as error:
        # The driver's own text may quote the address, which may hold a password.
        raise CannotStart(
            f"KUKM_MONGO_URI cannot be used ({type(error).__name__}): correct its hosts, its "
            "options and the files that they name"
        ) from None


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


def bounded() -> AbstractContextManager[None]:
    """Return a block whose writes end within `WRITE_SECONDS`, with every retry, or not at all.

    The server gets the time that is left (maxTimeMS): it does not begin or go on after that.
    """
    return pymongo.timeout(WRITE_SECONDS)


@asynccontextmanager
async def _open(session: Session) -> AsyncIterator[None]:
    session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=MAJORITY)
    try:
        yield
    finally:
        if session.in_transaction:  # type: ignore[truthy-function]  # a property; motor's stubs differ
            await session.abort_transaction()


def in_parts(writes: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut the writes of a transaction, so that a busy server answers each part in time.

    The driver waits `SOCKET_TIMEOUT_MS` for an answer. A part that takes longer ends the
    transaction, and so does every repetition of it.
    """
    for start in range(0, len(writes), WRITES_AT_ONCE):
        yield writes[start : start + WRITES_AT_ONCE]


async def pause(attempt: int) -> None:
    """Wait before attempt number `attempt + 1`: some milliseconds, doubling up to a second."""
    await asyncio.sleep(min(PAUSE_MAX_SECONDS, 0.005 * 2**attempt) * random.uniform(0.5, 1))
