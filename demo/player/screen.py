"""The screen of the demonstration: a line for each stage, and a bar for the year."""

from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

WIB = timezone(timedelta(hours=7), "WIB")


class Screen:
    """A console with a progress bar at its foot; `console` prints above it."""

    def __init__(self, console: Console, *, stages: int) -> None:
        self.console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.completed}/{task.total} stages"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("2018", total=stages)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def playing(self, at: datetime, title: str) -> None:
        """Show that a stage begins."""
        self._progress.update(self._task, description=f"{_day(at)}  {title}")

    def played(
        self, at: datetime, title: str, figures: str, *, seconds: float, requests: int
    ) -> None:
        """Print the line of a stage that is over."""
        line = Text(f"{_day(at)}  ", style="cyan")
        line.append(title, style="bold")
        line.append(f"  {figures}" if figures else "")
        line.append(f"  ({requests:,} requests, {seconds:.1f} s)", style="dim")
        self._progress.console.print(line, highlight=False, soft_wrap=True)
        self._progress.update(self._task, advance=1)


def counted(number: int, noun: str) -> str:
    """Return `1 conflict` or `2 conflicts`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _day(at: datetime) -> str:
    return at.astimezone(WIB).strftime("%d %b %Y")
