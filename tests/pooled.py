"""Databases that a test leaves to the next one, empty.

To make and drop the collections and indexes of a service costs its server more than most tests do.
The tests of a service's API share its database: each begins with the collections that are there,
and without a document. Their topics are their own.
"""

import re
from typing import Any
from uuid import uuid4

from pymongo import MongoClient

from shared.settings import Settings

POOL = f"pooled-{uuid4().hex[:8]}"
"""The databases of this process: processes that run beside it share none with it."""
OF_A_LATER_COPY = re.compile(r"v(?!1\.)[0-9]+\.")


class PooledSettings(Settings):
    """Settings of a test whose databases are those of the test before it."""

    def database_name(self, service: str) -> str:
        """Return the name of a service's database, the same in all tests of this server."""
        return f"{POOL}-kukm-{service}"


def empty(client: "MongoClient[dict[str, Any]]") -> None:
    """Delete all documents of the pooled databases, and the collections of rebuilt copies."""
    for name in client.list_database_names():
        if name.startswith(f"{POOL}-"):
            database = client[name]
            for collection in database.list_collection_names():
                if collection.startswith("system."):
                    continue
                if OF_A_LATER_COPY.match(collection):
                    database.drop_collection(collection)
                else:
                    database[collection].delete_many({})


def drop(client: "MongoClient[dict[str, Any]]") -> None:
    """Drop the pooled databases."""
    for name in client.list_database_names():
        if name.startswith(f"{POOL}-"):
            client.drop_database(name)
