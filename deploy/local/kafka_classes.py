"""Keep Kafka's loaded classes in a file beside the jars, so that Kafka starts fast.

Java writes such a file when a run ends (an AOT cache, JEP 514). With it a start takes 1.5 seconds
of a core instead of 5. `Kafka` uses the file if it is there. `keep_classes` makes it, once, by a
run of a Kafka without data; tests call it, because they start Kafka many times.
"""

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.folder import Folder
from deploy.local.kafka import Kafka, classes_file
from deploy.local.ports import Ports
from deploy.local.settings import LocalSettings, load_local_settings


class _LearningKafka(Kafka):
    """A Kafka that writes the file when it ends, which takes some ten seconds."""

    stop_seconds_max = 120.0

    def __init__(self, folder: Folder, settings: LocalSettings, path: Path) -> None:
        super().__init__(folder, settings, Ports(folder.path / "ports.json"))
        self._path = path

    def command(self) -> Sequence[str]:
        java, *arguments = super().command()
        return (java, f"-XX:AOTCacheOutput={self._path}", *arguments)


def keep_classes() -> None:
    """Make the file unless it is there. Several processes that call this at once take turns."""
    settings = load_local_settings().model_copy(update={"local_kafka_port": None})
    kept = classes_file(settings)
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Not the lock of the jars: a Kafka takes that itself.
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _make(kept, settings)


def _make(kept: Path, settings: LocalSettings) -> None:
    with TemporaryDirectory(dir=kept.parent, prefix="learning-") as temporary:
        folder = Folder(Path(temporary))
        made = folder.path / kept.name
        with folder.held():
            learning = _LearningKafka(folder, settings, made)
            try:
                learning.start()
            finally:
                learning.stop()
        # Without the file Kafka only starts slower.
        with suppress(FileNotFoundError):
            os.replace(made, kept)
