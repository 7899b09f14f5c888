"""The file of Kafka's loaded classes is made once, and Java can use it."""

import subprocess
from pathlib import Path

import pytest

from deploy.local.folder import Folder
from deploy.local.jars import kafka_jars
from deploy.local.kafka import Kafka, classes_file
from deploy.local.kafka_classes import keep_classes
from deploy.local.ports import Ports
from deploy.local.settings import LocalSettings, load_local_settings
from tests.long_tests import long_test


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    """Return settings with an empty cache that has the jars only."""
    settings = load_local_settings()
    kafka_jars(settings)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "jars").symlink_to(settings.local_cache / "jars")
    return settings.model_copy(update={"local_cache": cache})


@long_test
def test_java_starts_with_the_file_and_it_is_made_once(
    settings: LocalSettings, tmp_path: Path
) -> None:
    keep_classes(settings)
    made = classes_file(settings).stat()
    kafka = Kafka(Folder(tmp_path / "kafka"), settings, Ports(tmp_path / "ports.json"))
    assert _strictly(kafka).returncode == 0
    keep_classes(settings)
    assert classes_file(settings).stat().st_mtime_ns == made.st_mtime_ns
    left = {path.name for path in settings.local_cache.iterdir()}
    assert left == {"jars", classes_file(settings).name, f"{classes_file(settings).stem}.lock"}
    classes_file(settings).write_bytes(b"damaged")
    assert _strictly(kafka).returncode != 0


def _strictly(kafka: Kafka) -> subprocess.CompletedProcess[bytes]:
    """Run a tool of Kafka's in the mode in which Java ends where it cannot use the file."""
    java, *arguments = kafka.command()
    tool = ("kafka.tools.StorageTool", "random-uuid")
    return subprocess.run([java, "-XX:AOTMode=on", *arguments[:-2], *tool], check=False)
