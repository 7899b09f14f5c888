"""Keep Kafka's loaded classes in a file beside the jars, so that later Kafkas start fast.

    python -m deploy.local.kafka_classes

Java writes such a file at the end of a run (an AOT cache, JEP 514). With it a start, with the
formatting of the data folder, takes half of the processor time. `Kafka` uses the file if it is
there. A run of the tests makes it beside the tests, because they start Kafka many times.
"""

import fcntl
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local import LocalError
from deploy.local.folder import Folder
from deploy.local.kafka import Kafka, classes_file
from deploy.local.ports import Ports
from deploy.local.settings import LocalSettings, load_local_settings
from deploy.local.termination import termination_raises


class _LearningKafka(Kafka):
    """A Kafka that writes the file when it ends, which takes some ten seconds."""

    stop_seconds_max = 120.0

    def __init__(self, folder: Folder, settings: LocalSettings, path: Path) -> None:
        super().__init__(folder, settings, Ports(folder.path / "ports.json"))
        self._path = path

    def command(self) -> Sequence[str]:
        java, *arguments = super().command()
        return (java, f"-XX:AOTCacheOutput={self._path}", *arguments)


def keep_classes(settings: LocalSettings) -> None:
    """Make the file unless it is there or another process makes it now.

    Raises `LocalError` if Kafka cannot run.
    """
    kept = classes_file(settings)
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Not the lock of the jars: a Kafka takes that itself.
    with kept.with_suffix(".lock").open("w") as lock, suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not kept.exists():
            _make(kept, settings.model_copy(update={"local_kafka_port": None}))


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


if __name__ == "__main__":
    try:
        with termination_raises():
            keep_classes(load_local_settings())
    except LocalError as error:
        sys.exit(str(error))
