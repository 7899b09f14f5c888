"""The lines of `docs/checking-the-log.md`, as an auditor runs them, on a real topic."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from shared.kernel.recorded import Recorded
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from tests.kernel.test_digests import chained

PAGE = Path(__file__).parents[2] / "docs" / "checking-the-log.md"
LINES_MAX = 32
"""A foreign auditor reads it in a minute."""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(code.splitlines()) <= LINES_MAX
    assert not re.search(r"\b(shared|gelar|services)\b", code), "none of our code"
    file = tmp_path_factory.mktemp("auditor") / "check.py"
    file.write_text(code)
    return file


async def checked(
    script: Path, settings: Settings, events: Sequence[Recorded]
) -> subprocess.CompletedProcess[str]:
    """Publish these events of `shop`, and run the auditor's lines on its topic."""
    Topics(settings).apply(["shop"])
    producer = EventProducer(settings, "shop")
    for event in events:
        await producer.publish([event])
    producer.close()
    topic = topic_name(settings.namespace, "shop")
    return await asyncio.to_thread(run, script, settings.kafka_bootstrap_servers, topic)


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


async def test_what_was_published_is_found_to_be_as_it_was(
    script: Path, settings: Settings
) -> None:
    events = chained(3)
    found = await checked(script, settings, [*events, events[1]])
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == "1 subjects, 3 events, 0 wrong\n"


async def test_a_changed_event_is_named(script: Path, settings: Settings) -> None:
    first, second, third = chained(3)
    forged = replace(second, data=second.data.replace("kopi", "kopl"))
    found = await checked(script, settings, [first, forged, third])
    assert found.returncode == 1
    assert second.id in found.stdout
    assert "1 wrong" in found.stdout


async def test_an_event_that_was_taken_out_is_named(script: Path, settings: Settings) -> None:
    first, _, third = chained(3)
    found = await checked(script, settings, [first, third])
    assert (found.returncode, third.id in found.stdout) == (1, True)
