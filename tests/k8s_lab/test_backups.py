"""The drills: a database or a topic is lost, and comes back with the commands of the documentation.

In the first an officer blocks rupiahs of an envelope, one after the other, until the processes of
budget are killed and its database is dropped. It prints what was lost, and how long it took.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from demo.player.people import AUDITOR, TREASURER, Tokens
from deploy.k8s.lab.deployment import URI
from deploy.local.children import ROOT
from shared.messaging.topics import Topics
from tests.budget.office import reasoned
from tests.faults.test_restored import lose_topic
from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import Lab, eventually

DOCUMENT = ROOT / "docs" / "operations" / "backups.md"
BACKUP, RESTORE = "drill", "budget-restore"
PARTS = ("budget-worker", "budget-api")
DAY = "2018-12-20"
SOME = 200
LOST_SECONDS_MAX = 2.0


@dataclass(kw_only=True)
class Officer:
    """Blocks rupiahs of an envelope, and remembers when each was acknowledged."""

    lab: Lab
    envelope: str = ""
    acknowledged_at: list[float] = field(default_factory=list)

    def blocked_idr(self) -> int:
        """Return the amount that is blocked of the envelope."""
        return int(self._read(f"/{self.envelope}")["blocked_idr"])

    def choose(self) -> None:
        """Take the first envelope."""
        self.envelope = self._read("")["items"][0]["id"]

    def block(self, stop: threading.Event) -> None:
        """Block a rupiah after the other until `stop`, or until budget answers no more."""
        with self._client(TREASURER) as client:
            while not stop.is_set():
                headers = {"idempotency-key": str(uuid4())}
                body = {**reasoned(f"S-{uuid4().hex[:8]}"), "effective_on": DAY, "amount_idr": 1}
                try:
                    reply = client.post(
                        f"/envelopes/{self.envelope}/blocks", json=body, headers=headers
                    )
                except httpx.HTTPError:
                    return
                if reply.is_success:
                    self.acknowledged_at.append(time.monotonic())

    def _read(self, path: str) -> Any:
        with self._client(AUDITOR) as client:
            reply = client.get(f"/envelopes{path}")
            assert reply.is_success, reply.text
            return reply.json()

    def _client(self, person: Any) -> httpx.Client:
        headers = {"authorization": f"Bearer {Tokens(self.lab.keys).of(person)}"}
        address = self.lab.urls["budget"]
        return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=10)


@contextmanager
def _blocking(officer: Officer) -> Iterator[None]:
    stop = threading.Event()
    work = threading.Thread(target=officer.block, args=(stop,))
    work.start()
    try:
        yield
    finally:
        stop.set()
        work.join()


def _back_up(lab: Lab) -> str:
    """Make a backup as the CronJob does; return the name of its folder."""
    lab.kubectl("delete", "job", BACKUP, RESTORE, "--ignore-not-found")
    lab.kubectl("create", "job", BACKUP, "--from=cronjob/budget-backup")
    lab.kubectl("wait", f"job/{BACKUP}", "--for=condition=complete", "--timeout=300s")
    (pod,) = lab.get("pods", "-l", f"job-name={BACKUP}")
    return str(pod["metadata"]["name"])


def _destroy(lab: Lab) -> None:
    """Kill the processes, the worker first, and drop the database."""
    pods = [pod for part in PARTS for pod in lab.pods(part)]
    lab.kubectl("scale", *(f"deployment/{part}" for part in PARTS), "--replicas=0")
    for pod in pods:
        lab.kill(pod)
    with MongoClient[dict[str, Any]](URI) as client:
        client.drop_database("kukm-budget")


def _documented(after: str) -> str:
    """Return the commands of the documentation that follow these words, for a single replica."""
    part = DOCUMENT.read_text().partition(after)[2]
    return part.split("```")[1].strip().replace("--replicas=2", "--replicas=1")


def _run(commands: str) -> str:
    done = subprocess.run(["sh", "-e", "-c", commands], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def _restore(backup: str) -> tuple[int, str]:
    """Run the documentation's commands; return the exit status and output of the last."""
    commands = _documented("## On Kubernetes").replace("NAME", backup)
    before, _, last = commands.rpartition("\n")
    _run(before)
    listed = subprocess.run(["sh", "-c", last], capture_output=True, text=True)
    return listed.returncode, listed.stdout


def test_a_destroyed_database_comes_back_with_what_came_after_the_backup(
    played: Played, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, officer = played.lab, Officer(lab=played.lab)
    backup = _back_up(lab)
    officer.choose()
    blocked_before = officer.blocked_idr()
    with _blocking(officer):
        eventually(lambda: len(officer.acknowledged_at) >= SOME)
        _destroy(lab)
    begun_at = time.monotonic()
    status, incomplete = _restore(backup)
    blocked = officer.blocked_idr()
    answers_after = time.monotonic() - begun_at
    lab.await_rollouts(*PARTS)

    # What came after the backup is there, from the topic; its private words are not.
    assert (status, officer.envelope in incomplete) == (1, True)
    acknowledged_at = officer.acknowledged_at
    lost = max(0, len(acknowledged_at) - (blocked - blocked_before))
    lost_seconds = acknowledged_at[-1] - acknowledged_at[-lost - 1]
    assert lost_seconds < LOST_SECONDS_MAX
    settlement = ("--reason", "a drill", "--by", "the lab")
    lab.gelar("budget", "restored", "settle", "budget", "envelope", officer.envelope, *settlement)
    assert played.differences() == []
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(acknowledged_at)} events after the backup, {lost} lost ({lost_seconds:.3f} s)"
            f"; answers {answers_after:.0f} s after the database was dropped, "
            f"all caught up after {time.monotonic() - begun_at:.0f} s "
        )


def test_a_topic_that_was_lost_is_written_again(played: Played) -> None:
    lab, settings = played.lab, played.lab.settings
    events = sum(Topics(settings).ends(["budget"]).values())
    lab.kubectl("scale", *(f"deployment/{part}" for part in PARTS), "--replicas=0")
    eventually(lambda: not any(lab.pods(part) for part in PARTS))
    lose_topic(settings, "budget")
    assert sum(Topics(settings).ends(["budget"]).values()) == 0
    said = _run(_documented("A topic that lost events"))
    lab.await_rollouts(*PARTS)
    assert f"budget: {events:,} events published." in said
    assert sum(Topics(settings).ends(["budget"]).values()) == events
    assert played.differences() == []


def test_a_database_that_is_lost_without_a_backup_is_filled_from_its_topic(played: Played) -> None:
    lab = played.lab
    events = sum(Topics(lab.settings).ends(["budget"]).values())
    _destroy(lab)
    lab.kubectl("scale", *(f"deployment/{part}" for part in PARTS), "--replicas=1")
    lab.await_rollouts(*PARTS)
    listed = lab.tried(
        *("exec", "deploy/budget-api", "--"), *("gelar", "restored", "list", "budget")
    )
    assert listed.returncode == 1, listed.stderr
    for line in listed.stdout.splitlines():
        kind, id = line.partition(":")[0].split()
        settlement = ("--reason", "lost without a backup", "--by", "the lab")
        lab.gelar("budget", "restored", "settle", "budget", kind, id, *settlement)
    assert played.differences() == []
    with MongoClient[dict[str, Any]](URI) as client:
        assert client["kukm-budget"]["history"].count_documents({}) == events
