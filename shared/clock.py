"""The programme clock: the instant by which deadlines, events and decisions go.

In production it is the system's time. On one's own machine `KUKM_CLOCK_FILE` names a file with the
programme's instant, which every process reads at each step and which stands still in between, so
that a demonstration plays a year in minutes; or with the word `real`, for the system's time.
Tokens, time-outs and logs never use this clock.
"""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from shared.settings import Settings

REAL = "real"
LOOK_SECONDS = 0.05


class ClockUnreadable(Exception):
    """The clock's file is missing, or holds neither an RFC 3339 instant nor `real`."""


class Clock(Protocol):
    """A source of the programme's time."""

    def now(self) -> datetime:
        """Return the instant in UTC, cut to milliseconds, as MongoDB stores a date."""
        ...

    async def rest(self, seconds: float, *, since: datetime) -> None:
        """Wait `seconds`; return earlier if the clock is moved forward from `since`."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the system's time."""
        return _cut(datetime.now(UTC))

    async def rest(self, seconds: float, *, since: datetime) -> None:
        """Wait `seconds`: the system's time is never moved."""
        await asyncio.sleep(seconds)


class FileClock:
    """The instant that a file holds at the moment of asking."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Return the file's instant; raises `ClockUnreadable`."""
        try:
            text = self._path.read_text(encoding="ascii").strip()
            if text == REAL:
                return SystemClock().now()
            instant = datetime.fromisoformat(text)
        except (OSError, ValueError) as error:
            raise ClockUnreadable(
                f"the clock file {self._path} cannot be read as an instant ({error}): write one "
                "like 2018-01-20T09:00:00Z into it"
            ) from error
        if instant.tzinfo is None:
            raise ClockUnreadable(
                f"the clock file {self._path} holds {text} without an offset: add Z or +07:00"
            )
        return _cut(instant.astimezone(UTC))

    async def rest(self, seconds: float, *, since: datetime) -> None:
        """Wait `seconds`, or until the file's instant is more than twice that after `since`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.now() - since <= timedelta(seconds=2 * seconds):  # noqa: ASYNC110 - a file
            await asyncio.sleep(min(LOOK_SECONDS, seconds))

    def is_real(self) -> bool:
        """Return True if the file asks for the system's time."""
        return self._path.read_text(encoding="ascii").strip() == REAL


def clock_of(settings: Settings) -> Clock:
    """Return the clock that the settings name."""
    return SystemClock() if settings.clock_file is None else FileClock(settings.clock_file)


def write_clock(path: Path, instant: datetime) -> None:
    """Set a clock file. It is replaced by rename, so that no reader ever sees half an instant.

    Raises `ValueError` for an instant without an offset.
    """
    if instant.tzinfo is None:
        raise ValueError("a clock needs an instant with its offset")
    text = _cut(instant.astimezone(UTC)).isoformat(timespec="milliseconds")
    _replace(path, text.replace("+00:00", "Z"))


def write_real_time(path: Path) -> None:
    """Let a clock file be the system's time."""
    _replace(path, REAL)


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(text + "\n")
    # Processes of other users may read it: the time is no secret.
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def _cut(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
