"""Install the system in the lab's cluster, in the steps that an installation takes.

DNS and the servers come first; then Secrets, the Jobs before a rollout, and the services.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.k8s.lab.cluster.control_plane import Site
from deploy.k8s.lab.programs import Tell
from deploy.local import LocalError
from deploy.local.children import ROOT
from deploy.local.mongo import REPLICA_SET
from gelar.issuer import ensure_local_key
from gelar.services import SERVICES

DNS = Path(__file__).with_name("dns.yaml")
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = K8S / "overlays"
MONGO = "mongo.servers.svc.cluster.local:27017"
KAFKA = "kafka.servers.svc.cluster.local:9093"
URI = f"mongodb://{MONGO}/?replicaSet={REPLICA_SET}"
WAIT = "--timeout=300s"
MONGO_SECONDS_MAX = 120.0
ALREADY_INITIATED = 23
BACKUPS = "backups"


def install(site: Site, keys: Path, replicas: int, tell: Tell) -> None:
    """Install everything, with so many brokers and members of the replica set.

    `keys` is the folder of the token issuer. Raises `LocalError`.
    """
    overlay = overlay_of(replicas)
    started = time.monotonic()

    def step(text: str, *work: Callable[[], object]) -> None:
        for part in work:
            part()
        tell(f"{text} ({time.monotonic() - started:.0f} s)")

    step("DNS answers", lambda: _apply(site, "-f", str(DNS)), lambda: _rolled_out(site, "coredns"))
    step("Kafka and MongoDB are ready", lambda: _start_servers(site, overlay, replicas))
    _apply(site, "-f", "-", given=json.dumps(volume(site.folder.path / BACKUPS)))
    _apply(site, "-f", str(K8S / "common" / "namespace.yaml"))
    _apply(
        site, "-f", "-", given=json.dumps({"kind": "List", "apiVersion": "v1", "items": made(keys)})
    )
    step("the Jobs before the rollout are done", lambda: _before_rollout(site, overlay))
    _apply(site, "-k", str(overlay))
    step("the services are applied")


def overlay_of(replicas: int) -> Path:
    """Return the folder of the lab with one or with three of each server."""
    return OVERLAYS / ("lab" if replicas == 1 else "lab-ha")


def volume(folder: Path) -> Mapping[str, Any]:
    """Return the volume for backups: a folder of the lab, which pods of both nodes can write."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": BACKUPS},
        "spec": {
            "capacity": {"storage": "100Gi"},
            "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": str(folder)},
        },
    }


def made(keys: Path) -> list[Mapping[str, Any]]:
    """Return new Secrets for all services: keys, the address of MongoDB, and the issuer's keys."""
    shared = {
        "mongo-uri": URI,
        "actor-key": secrets.token_hex(32),
        "jwks.json": ensure_local_key(keys).read_text(),
    }
    of_both = {"dossier-key": secrets.token_hex(32), "relation-key": secrets.token_hex(32)}
    own = {
        "registration": {"identifier-key": secrets.token_hex(32), **of_both},
        "selection": of_both,
    }
    services = [_secret(name, {**shared, **own.get(name, {})}) for name in SERVICES]
    return [*services, _secret("topics", {})]


def _secret(name: str, content: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": "gelar"},
        "stringData": content,
    }


def _start_servers(site: Site, overlay: Path, replicas: int) -> None:
    _apply(site, "-k", str(overlay / "servers"))
    for name in ("mongo", "kafka"):
        _kubectl(site, "-n", "servers", "rollout", "status", f"statefulset/{name}", WAIT)
    _initiate(replicas)


def _initiate(replicas: int) -> None:
    """Make the mongods a replica set, by the addresses that clients use."""
    hosts = [f"mongo-{number}.{MONGO}" for number in range(replicas)]
    members = [{"_id": number, "host": host} for number, host in enumerate(hosts)]
    deadline = time.monotonic() + MONGO_SECONDS_MAX
    client: MongoClient[dict[str, Any]] = MongoClient(
        hosts[0], directConnection=True, serverSelectionTimeoutMS=2_000
    )
    with client:
        while True:
            try:
                client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
                return
            except PyMongoError as error:
                if isinstance(error, OperationFailure) and error.code == ALREADY_INITIATED:
                    return
                if time.monotonic() > deadline:
                    raise LocalError(f"MongoDB cannot be initiated: {error}") from error


def _before_rollout(site: Site, overlay: Path) -> None:
    _apply(site, "-k", str(overlay / "before-rollout"))
    jobs = ("job", "-l", "app.kubernetes.io/component=before-rollout")
    _kubectl(site, "-n", "gelar", "wait", *jobs, "--for=condition=complete", WAIT)


def _rolled_out(site: Site, name: str) -> None:
    _kubectl(site, "-n", "kube-system", "rollout", "status", f"deployment/{name}", WAIT)


def _apply(site: Site, *what: str, given: str = "") -> None:
    _kubectl(site, "apply", "--server-side", *what, given=given)


def _kubectl(site: Site, *arguments: str, given: str = "") -> None:
    done = site.kubectl(*arguments, given=given)
    if done.returncode:
        pods = site.kubectl("get", "pods", "-A", "-o", "wide").stdout
        raise LocalError(f"kubectl {' '.join(arguments)} failed:\n{done.stderr}\n{pods}")
