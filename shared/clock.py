"""The programme clock: the instant by which deadlines, events and decisions go.

In production it is the system's time. On one's own machine `KUKM_CLOCK_FILE` names a file with the
programme's instant, which every process reads afresh and which stands still in between, so that a
demonstration plays a year in minutes. Tokens, time-outs and logs never use this clock.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from shared.settings import Settings


class ClockUnreadable(Exception):
    """The clock's file is missing or does not hold one RFC 3339 instant."""


class Clock(Protocol):
    """A source of the programme's time."""

    def now(self) -> datetime:
        """Return the instant in UTC, cut to milliseconds, as MongoDB stores a date."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the system's time."""
        return _cut(datetime.now(UTC))


class FileClock:
    """The instant that a file holds at the moment of asking."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Return the file's instant; raises `ClockUnreadable`."""
        try:
            text = self._path.read_text(encoding="ascii").strip()
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
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(text.replace("+00:00", "Z") + "\n")
    os.replace(file.name, path)


def _cut(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
