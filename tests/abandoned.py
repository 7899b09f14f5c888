"""End the transactions of processes that were killed or stand still, as a server does in the end.

MongoDB keeps a transaction open for its lifetime (`transactionLifetimeLimitSeconds`), also
when its process is dead. A shorter lifetime would shorten every test that kills a process, and on a
busy machine it would also end the transactions of the living, again and again. So a thread beside
the tests looks for the abandoned ones, and ends exactly these.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from pymongo import MongoClient
from pymongo.errors import PyMongoError

LOOK_SECONDS = 0.5
ABANDONED_MICROSECONDS = 1_000_000
"""A transaction is looked at when it has done nothing for so long."""
SLEEPING: list[dict[str, Any]] = [
    {"$currentOp": {"allUsers": True, "idleSessions": True, "idleConnections": False}},
    {"$match": {"transaction.timeInactiveMicros": {"$gt": ABANDONED_MICROSECONDS}}},
    {"$project": {"client": 1, "lsid": 1}},
]
CONNECTED: list[dict[str, Any]] = [
    {"$currentOp": {"allUsers": True, "idleConnections": True}},
    {"$match": {"type": {"$ne": "idleSession"}, "client": {"$exists": True}}},
    {"$project": {"client": 1}},
]


@contextmanager
def abandoned_transactions_end(mongo_uri: str) -> Iterator[None]:
    """End abandoned transactions of this server until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(mongo_uri, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(mongo_uri: str, ended: threading.Event) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri)
    with client:
        while not ended.wait(LOOK_SECONDS):
            try:
                _end_abandoned(client)
            except PyMongoError:
                # A test has stopped the server, or keeps it from answering.
                continue


def _end_abandoned(client: MongoClient[dict[str, Any]]) -> None:
    sleeping = [each for each in client.admin.aggregate(SLEEPING) if "client" in each]
    if not sleeping:
        return
    connected = {each["client"] for each in client.admin.aggregate(CONNECTED)}
    alive = connected - _clients_that_stand_still()
    gone = [{"id": each["lsid"]["id"]} for each in sleeping if each["client"] not in alive]
    if gone:
        client.admin.command({"killSessions": gone})


def _clients_that_stand_still() -> set[str]:
    """Return the addresses of the connections of processes that were stopped with SIGSTOP."""
    found = set()
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_STOPPED:
                ends = (each.laddr for each in process.net_connections("tcp4"))
                found |= {f"{end.ip}:{end.port}" for end in ends}
        except psutil.Error:
            continue
    return found
