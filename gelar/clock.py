"""`gelar clock`: read and set the programme's clock of a local system: a year takes minutes.

The services of `make up` read the clock's file at every step. Only a local system has one.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gelar.connection import connected
from gelar.lazy import plain_group
from shared.clock import ClockUnreadable, FileClock, write_clock, write_real_time
from shared.contracts.calendar import WIB, moment

app = plain_group("Read and set the programme's clock of a local system.")
SPAN = re.compile(r"(?P<number>[0-9]{1,5})(?P<unit>[smhdw])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@app.command()
def show() -> None:
    """Print the programme's time, in UTC and WIB."""
    _print(FileClock(_file()))


@app.command(name="set")
def set_to(
    instant: Annotated[
        str, typer.Argument(help="Like 2018-03-01T09:00, in WIB, or with an offset or Z.")
    ],
) -> None:
    """Set the clock; it then stands still until you move it on.

    Deadlines that have come by then fire within a second. A clock that goes back undoes nothing,
    and the answer says that it goes back.
    """
    path = _file()
    before = _readable_time(path)
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        raise typer.BadParameter(
            f"{instant!r} is no instant: use one like 2018-03-01T09:00"
        ) from None
    write_clock(path, at if at.tzinfo else at.replace(tzinfo=WIB))
    _print(FileClock(path), before)


@app.command()
def advance(
    span: Annotated[str, typer.Argument(help="Like 90s, 30m, 12h, 3d or 2w.")],
) -> None:
    """Move the clock on by this much; it then stands still there."""
    path = _file()
    if (match := SPAN.fullmatch(span)) is None:
        raise typer.BadParameter(
            f"{span!r} is no span of time: use one like 90s, 30m, 12h, 3d or 2w"
        )
    further = timedelta(**{UNITS[match["unit"]]: int(match["number"])})
    try:
        write_clock(path, FileClock(path).now() + further)
    except ClockUnreadable as error:
        _end(str(error))
    except OverflowError:
        raise typer.BadParameter("the calendar ends before that") from None
    _print(FileClock(path))


@app.command()
def real() -> None:
    """Let the clock be the real time again."""
    path = _file()
    before = _readable_time(path)
    write_real_time(path)
    _print(FileClock(path), before)


def _file() -> Path:
    settings = connected(mongo=False)
    if settings.environment != "local" or settings.clock_file is None:
        _end(
            "This system has no clock to set: only a local system has one (`make up` makes it, in "
            "this checkout)."
        )
    return settings.clock_file


def _readable_time(path: Path) -> datetime | None:
    try:
        return FileClock(path).now()
    except ClockUnreadable:
        return None


def _print(clock: FileClock, before: datetime | None = None) -> None:
    try:
        now = clock.now()
    except ClockUnreadable as error:
        _end(str(error))
    kind = "the real time" if clock.is_real() else "it stands still"
    back = f"goes back from {moment(before)} to " if before is not None and now < before else ""
    typer.echo(f"{back}{moment(now)}, {kind}")


def _end(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
