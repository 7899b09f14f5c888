"""The programme clock: UTC, cut to milliseconds; a file's instant stands still until replaced."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared.clock import (
    ClockUnreadable,
    FileClock,
    SystemClock,
    clock_of,
    write_clock,
    write_real_time,
)
from shared.settings import Settings

START = datetime(2018, 1, 20, 2, 0, tzinfo=UTC)


def settings(**changes: object) -> Settings:
    """Local settings, with changes."""
    return Settings.model_validate(
        {
            "environment": "local",
            "kafka_bootstrap_servers": "localhost:9",
            "mongo_uri": "mongodb://localhost:9",
            "jwks_url": "http://localhost:9/jwks",
            **changes,
        }
    )


def test_the_systems_time_is_cut_to_milliseconds() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert timedelta(milliseconds=-1) <= now - before < timedelta(seconds=5)


def test_a_written_clock_is_read_and_stands_still(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = FileClock(path)
    write_clock(path, START + timedelta(microseconds=1999))
    assert clock.now() == clock.now() == START + timedelta(milliseconds=1)
    write_clock(path, START.astimezone(timezone(timedelta(hours=7))))
    assert clock.now() == START
    assert path.read_text() == "2018-01-20T02:00:00.000Z\n"
    assert [item.name for item in tmp_path.iterdir()] == ["clock"]


async def test_a_rest_ends_when_the_clock_is_moved(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    write_clock(path, START)
    resting = asyncio.create_task(FileClock(path).rest(3_600, since=START))
    await asyncio.sleep(0)
    write_clock(path, START + timedelta(days=1))
    await resting
    # Moved before the rest began, but after the instant that was asked about.
    await FileClock(path).rest(3_600, since=START)


@pytest.mark.parametrize("real", [False, True])
async def test_a_rest_without_a_move_lasts(tmp_path: Path, real: bool) -> None:
    path = tmp_path / "clock"
    write_clock(path, START)
    if real:
        write_real_time(path)
    begun = time.monotonic()
    clock = FileClock(path)
    await clock.rest(0.2, since=clock.now())
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize(
    "text", ["2018-01-20T09:00:00+07:00", "2018-01-20T02:00:00Z", " 2018-01-20T02:00:00.000Z\n\n"]
)
def test_a_clock_written_by_hand(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock"
    path.write_text(text)
    now = FileClock(path).now()
    assert now == START
    assert now.utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", [None, "", "yesterday", "2018-01-20T02:00:00", "\u0662\u0660"])
def test_an_unreadable_clock_names_the_file(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "clock"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ClockUnreadable, match=str(path)):
        FileClock(path).now()


def test_an_instant_without_offset_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="offset"):
        write_clock(tmp_path / "clock", datetime(2018, 1, 20))


def test_the_settings_name_the_clock(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    write_clock(path, START)
    assert clock_of(settings(clock_file=path)).now() == START
    assert isinstance(clock_of(settings()), SystemClock)
