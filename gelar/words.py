"""Words of others on an operator's terminal: as they are, and never as commands to it.

Ids, reasons and data of parked messages can be anything. `plain` shows what cannot be printed (a
new line, an escape) by its code, and a `terminal` takes no markup from what it prints.
"""

from rich.console import Console


def terminal(*, width: int | None = None) -> Console:
    """A console that prints words as they are and cuts no line."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def plain(words: object) -> str:
    """These words in one line, with the code of whatever cannot be printed."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(words)
    )
