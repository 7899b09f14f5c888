"""Print text on an operator's terminal; text from elsewhere is shown as it is.

Ids, reasons and data of parked messages can hold anything. `plain` replaces a character that cannot
be printed (a new line, an escape) by its code, and a `terminal` reads no markup in its text.
"""

from rich.console import Console


def terminal(*, width: int | None = None) -> Console:
    """Return a console that prints text as it is and cuts no line."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def plain(text: object) -> str:
    """Return the text in one line, with the code of each character that cannot be printed."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(text)
    )
