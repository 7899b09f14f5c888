"""Child processes that end with their parent: they are recorded, and stopped in order.

A child ends with its parent even when the parent is killed (`die_with_parent`). A child that still
runs then (on another system than Linux, or because it ignores SIGTERM) is ended by the next start
in the same folder, which finds it by the record of its id and time of creation. Children have a
session of their own: Ctrl-C reaches only the parent, which then stops them in order.
"""

import os
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local import LocalError
from deploy.local.folder import Folder
from deploy.local.identity import Identity

DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")
ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.02
LOG_BYTES_MAX = 10_000_000
TAIL_BYTES = 16_384
CRASH_SECONDS = 5.0
SAY_SECONDS = 10.0

# The kernel ends a child when the *thread* that started it ends, and not only the process: so a
# single thread, which ends with the process, starts all children.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="child-starter")


def die_with_parent(*command: str) -> list[str]:
    """Return a command that becomes this command and ends when this process ends."""
    return [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid()), *command]


class Child(ABC):
    """A child process that can be stopped, killed and started again at the same address."""

    ready_seconds_max = 180.0
    stop_seconds_max = 20.0

    def __init__(self, name: str, folder: Folder) -> None:
        self.name = name
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command that this process runs."""

    @abstractmethod
    def ready(self) -> bool:
        """Return True if it can be used now; answer within a few seconds."""

    def missing(self) -> str:
        """Return the reason why it cannot be used yet, if it is known."""
        return ""

    def environment(self) -> Mapping[str, str]:
        """Return the variables that are added to the environment."""
        return {}

    def prepare(self) -> None:  # noqa: B027 - most children need no preparation
        """Prepare its files before it is run."""

    def start(self) -> None:
        """Start it and return when it can be used. Raises `LocalError` if it never can."""
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        """Start it and return at once."""
        if self.alive:
            raise LocalError(f"{self.name} runs already: stop it before you start it again")
        self.prepare()
        self._process = _starter.submit(self._spawn).result()
        identity = Identity.of(self._process.pid)
        self.folder.record(self.name).write_text(identity.json())

    def await_ready(self) -> None:
        """Wait until it can be used. Raises `LocalError` with the end of its log if not."""
        await_all_ready([self], seconds=self.ready_seconds_max)

    def stop(self) -> None:
        """Ask it to end and wait for its end; do nothing if it does not run."""
        stop_all([self])

    def kill(self) -> None:
        """End it at once, as a crash of the machine would."""
        if self._process is not None:
            self._process.kill()
            self.forget()

    @property
    def alive(self) -> bool:
        """True while it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def crashed(self) -> bool:
        """True if it ended without a stop or a kill."""
        return self._process is not None and self._process.poll() is not None

    @property
    def pid(self) -> int:
        """The id of the process while it runs. Raises `LocalError` otherwise."""
        if self._process is None:
            raise LocalError(f"{self.name} does not run: start it first")
        return self._process.pid

    def terminate(self) -> None:
        """Ask it to end, without waiting."""
        if self._process is not None:
            self._process.terminate()

    def forget(self, within: float | None = None) -> None:
        """Wait for its end, kill it after these seconds, and remove its record."""
        if self._process is None:
            return
        try:
            self._process.wait(self.stop_seconds_max if within is None else within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self.folder.record(self.name).unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return a sentence with its exit status, and the end of its log."""
        status = self._process.poll() if self._process is not None else None
        return f"{self.name} ended by itself (exit status {status}).\n{self.tail()}"

    def tail(self, lines: int = 20) -> str:
        """Return the end of its log, from its last start on."""
        path = self.folder.log(self.name)
        with path.open("rb") as log:
            log.seek(max(self._log_begins, path.stat().st_size - TAIL_BYTES))
            last = log.read().decode(errors="replace").splitlines()[-lines:]
        return "\n".join([f"The end of {path}:", *(f"  {line}" for line in last)])

    def _spawn(self) -> subprocess.Popen[bytes]:
        path = self.folder.log(self.name)
        if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.1"))
        # For its owner only: a server may log whole documents.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            self._log_begins = path.stat().st_size
            return subprocess.Popen(
                die_with_parent(*self.command()),
                cwd=ROOT,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def await_all_ready(
    children: Sequence[Child], *, seconds: float, say: Callable[[str], None] = lambda words: None
) -> None:
    """Wait until all can be used; tell `say` now and then which cannot yet.

    Raises `LocalError` as soon as one has ended, or after these seconds, with the end of its log.
    """
    begun = said_at = time.monotonic()
    waiting = list(children)
    while waiting := [child for child in waiting if not child.ready()]:
        for child in children:
            if not child.alive:
                raise LocalError(child.last_words())
        now = time.monotonic()
        if now > begun + seconds:
            raise LocalError(
                f"{_names(waiting)}: not ready within {seconds:.0f} seconds. On a slow machine set "
                f"KUKM_LOCAL_READY_SECONDS to more.\n{waiting[0].tail()}"
            )
        if now > said_at + SAY_SECONDS:
            said_at = now
            say(f"Waiting for {_names(waiting)} since {now - begun:.0f} seconds.")
        time.sleep(POLL_SECONDS)


def _names(children: Sequence[Child]) -> str:
    reasons = ((child.name, child.missing()) for child in children)
    return ", ".join(f"{name} ({reason})" if reason else name for name, reason in reasons)


def stop_all(children: Sequence[Child], *, within: float | None = None) -> None:
    """Ask all of them to end, then wait for all, together at most `within` seconds."""
    for child in children:
        child.terminate()
    deadline = None if within is None else time.monotonic() + within
    for child in children:
        child.forget(None if deadline is None else max(0.0, deadline - time.monotonic()))


@contextmanager
def stopped_at_the_end(children: Sequence[Child]) -> Iterator[None]:
    """Stop all of these at the end of the block: in order, or soon if another has crashed.

    Without its server a process cannot end in order: what it waits for does not come.
    """
    try:
        yield
    except LocalError:
        stop_all(children, within=CRASH_SECONDS)
        raise
    finally:
        stop_all(children)


def end_leftovers(folder: Folder) -> None:
    """End the processes that an earlier run in this folder left; the caller holds its lock."""
    records = folder.records()
    recorded = [identity.process() for identity in map(Identity.read, records) if identity]
    leftovers = [process for process in recorded if process is not None]
    for process in leftovers:
        process.terminate()
    _, alive = psutil.wait_procs(leftovers, timeout=Child.stop_seconds_max)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=Child.stop_seconds_max)
    for record in records:
        record.unlink()
