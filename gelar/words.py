"""Print text and times on an operator's terminal; text from elsewhere is shown as it is.

Ids, reasons and data of parked messages can hold anything. `plain` replaces a character that cannot
be printed (a new line, an escape) by its code, and a `terminal` reads no markup in its text.
"""

from datetime import datetime

from rich.console import Console

from shared.contracts.calendar import WIB


def terminal(*, width: int | None = None) -> Console:
    """Return a console that prints text as it is and cuts no line."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def plain(text: object) -> str:
    """Return the text in one line, with the code of each character that cannot be printed."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(text)
    )


def moment(at: datetime) -> str:
    """Return a time in UTC and in WIB: `2018-03-01 02:00:00Z = 09:00:00 WIB`.

    The day is repeated where it is another day in WIB.
    """
    return f"{at:%Y-%m-%d %H:%M:%S}Z = {in_wib(at)}"


def in_wib(at: datetime) -> str:
    """Return the time of day in WIB, with the day where it differs from that of `at`."""
    local = at.astimezone(WIB)
    day = "" if local.date() == at.date() else f"{local:%Y-%m-%d} "
    return f"{day}{local:%H:%M:%S} WIB"
