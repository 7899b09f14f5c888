"""Count what a change of a document changes in its tallies. Pure.

Called by `shared.kernel.folding` (mirrors) and `shared.store.projection` (views).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.kernel.errors import Unstorable
from shared.kernel.view import Cell, Tally
from shared.kernel.wire import Partition

Figures = dict[tuple[str, Partition, Cell], Counter[str]]
"""Changes of figures by tally, partition and cell, and then by measure."""


def count(
    figures: Figures, tally: Tally[Any], partition: Partition, change: tuple[Any, Any]
) -> None:
    """Add to the figures what a change of state, (before, after), changes in a tally."""
    for state, sign in zip(change, (-1, 1), strict=True):
        if state is None:
            continue
        for cell, numbers in tally.contribution(state).items():
            figure = figures[tally.name, partition, cell]
            for measure, number in numbers.items():
                figure[measure] += sign * number


@contextmanager
def pure() -> Iterator[None]:
    """Raise `Unstorable` for whatever a pure part of the service raises: its message is parked."""
    try:
        yield
    except Exception as error:
        raise Unstorable(f"{type(error).__name__}: {error}") from error
