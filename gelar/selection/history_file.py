"""The history of a run in a file: one event a line, each line chained to the one before it.

A run is a ranking (`EXHIBITION.CLOSING-CANDIDATES`). Its file has the events of the rubric, the
round, the ranking and each ranked candidate, private parts included: it is as confidential as the
database. Each line has the SHA-256 of the line before and of its own content, so that a changed
byte is found, and the event that it changes is named; the last digest stands for the whole file.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from shared.kernel.recorded import Recorded

EVENT_ID = re.compile(r'"id":"([^"]+)"')


class Broken(Exception):
    """A line of the file is not as it was written."""


class Line(NamedTuple):
    """An event of the file, as it was recorded."""

    id: str
    type: str
    time: str
    data: str
    private: str | None


@dataclass(frozen=True, kw_only=True)
class HistoryFile:
    """The events of a run, each subject's in order, and the digest of the whole file."""

    run: str
    lines: tuple[Line, ...]
    digest: str

    @cached_property
    def _by_aggregate(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.id.rpartition("@")[0], []).append(line)
        return found

    def of(self, kind: str, subject: str) -> list[Line]:
        """Return the events of an aggregate, in order."""
        return self._by_aggregate.get(f"{kind}/{subject}", [])


def written(run: str, events: Iterable[Recorded | Line]) -> Iterator[str]:
    """Yield the lines of the file of a run."""
    digest = sha256(run.encode()).hexdigest()
    yield _text({"run": run, "digest": digest})
    for event in events:
        line = Line(event.id, event.type, event.time, event.data, event.private)
        digest = _chained(digest, line)
        yield _text({**line._asdict(), "digest": digest})


def write(file: Path, lines: Iterable[str]) -> None:
    """Write a new file that its owner alone may read, because sheets and curators are in it."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.writelines(f"{line}\n" for line in lines)


def read(text: str) -> HistoryFile:
    """Return the history in a file. Raises `Broken` with the line that is not as it was written."""
    first, *rest = text.splitlines() or [""]
    head = _object(first, 1)
    run, digest = head.get("run"), head.get("digest")
    if not isinstance(run, str) or digest != sha256(run.encode()).hexdigest():
        raise Broken("line 1: it does not name the run that it was written for")
    lines: list[Line] = []
    for number, written_line in enumerate(rest, 2):
        found = _object(written_line, number)
        claimed = found.pop("digest", None)
        if found.keys() != set(Line._fields):
            raise Broken(f"{_place(number, written_line)}: it is no event")
        line = Line(**found)
        digest = _chained(digest, line)
        if digest != claimed or _text({**line._asdict(), "digest": claimed}) != written_line:
            raise Broken(f"line {number}: {line.id} is not as it was written")
        lines.append(line)
    return HistoryFile(run=run, lines=tuple(lines), digest=digest)


def _chained(before: str, line: Line) -> str:
    return sha256(f"{before}\n{_text(line._asdict())}".encode()).hexdigest()


def _object(text: str, number: int) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Broken(f"{_place(number, text)}: it is not JSON") from None
    if not isinstance(found, dict):
        raise Broken(f"{_place(number, text)}: it is no event")
    return found


def _place(number: int, text: str) -> str:
    """Return the number of a line, and the event that it names, if it can be read."""
    named = EVENT_ID.search(text)
    return f"line {number} ({named[1]})" if named else f"line {number}"


def _text(content: dict[str, str | None]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
