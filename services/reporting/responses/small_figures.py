"""Hide small figures in tables of groups by stage, so that none follows by subtraction.

All tables count the same applications, by another attribute each; the columns are the stages. The
answer shows the sum of each row, and of what it hides in it; a reader may know the sum of each
column. A figure from 1 to `SHOWN_MIN - 1` is small, and so is such a sum of what is hidden.

1. Groups with small sums are a single row, `other`, with the next smallest until it is not small.
2. Columns with small sums are hidden together everywhere, with the next smallest likewise.
3. In each table the rows and the columns that have small figures make a block, which is hidden. It
   gets more columns until no sum of a row is small, and more rows until no sum of a column is.

So a reader knows of a block what it knows of a table by its margins, and each margin is 0 or at
least `SHOWN_MIN`. Such a table leaves each small figure in it `SHOWN_MIN + 1` values or more (the
bounds of Frechet: a cell of margins r and c in a table of n is any number from max(0, r + c - n) to
min(r, c)).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

SHOWN_MIN = 5
OTHER = "other"

Rows = Mapping[str, Counter[str]]
"""A table: the figures of each group by column."""

Unit = frozenset[str]
"""A column, or the columns that are hidden together everywhere."""
Table = Mapping[str, Mapping[Unit, int]]
T = TypeVar("T")


def is_small(figure: int) -> bool:
    """Return True of a figure that is not shown."""
    return 0 < figure < SHOWN_MIN


def folded(rows: Rows) -> tuple[dict[str, Counter[str]], int]:
    """Return the table with its small groups in the row `other`, and how many are in it."""
    by_size = sorted(rows, key=lambda name: (rows[name].total(), name))
    small = [name for name in by_size if rows[name].total() < SHOWN_MIN]
    while small and len(small) < len(by_size):
        if len(small) > 1 and sum(rows[name].total() for name in small) >= SHOWN_MIN:
            break
        small.append(by_size[len(small)])
    shown = {name: rows[name] for name in sorted(rows) if name not in small}
    if small:
        shown[OTHER] = together(rows[name] for name in small)
    return shown, len(small)


def together(rows: Iterable[Counter[str]]) -> Counter[str]:
    """Return the sum of these rows."""
    sums = Counter[str]()
    for row in rows:
        sums.update(row)
    return sums


def hidden_everywhere(sums: Counter[str]) -> frozenset[str]:
    """Return the columns that each table hides, because one of them has a small sum."""
    by_size = sorted((name for name in sums if sums[name]), key=lambda name: (sums[name], name))
    hidden = [name for name in by_size if is_small(sums[name])]
    while hidden and is_small(sum(sums[name] for name in hidden)):
        hidden.append(by_size[len(hidden)])
    return frozenset(hidden)


def hidden_in(rows: Rows, everywhere: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the columns that each row hides, of a table without small rows.

    A row hides nothing where all that it would hide is zero.
    """
    others = sorted({name for row in rows.values() for name in row} - everywhere)
    units = (everywhere, *(frozenset({name}) for name in others))
    table = {
        name: {unit: sum(row[each] for each in unit) for unit in units}
        for name, row in rows.items()
    }
    in_rows, in_units = _block(table, units)
    hidden = {}
    for name, row in table.items():
        block = in_units if name in in_rows and any(row[unit] for unit in in_units) else set()
        units_of_row = block | ({everywhere} if row[everywhere] else set())
        hidden[name] = frozenset(each for unit in units_of_row for each in unit)
    return hidden


def _block(table: Table, units: tuple[Unit, ...]) -> tuple[set[str], set[Unit]]:
    """Return the rows and the columns of the smallest block that this way leads to."""
    rows = {name for name, row in table.items() if any(map(is_small, row.values()))}
    columns = {unit for unit in units if any(is_small(row[unit]) for row in table.values())}
    size = {unit: sum(row[unit] for row in table.values()) for unit in units}
    while True:
        name = _first(sorted(rows), lambda name: sum(table[name][unit] for unit in columns))
        if name is not None:
            more = [unit for unit in units if unit not in columns and table[name][unit]]
            columns.add(min(more, key=size.__getitem__))
            continue
        in_order = [unit for unit in units if unit in columns]
        column = _first(in_order, lambda unit: sum(table[name][unit] for name in rows))
        if column is None:
            return rows, columns
        others = [name for name in sorted(table) if name not in rows and table[name][column]]
        rows.add(min(others, key=lambda name: sum(table[name].values())))


def _first(items: Iterable[T], sum_of: Callable[[T], int]) -> T | None:
    return next((item for item in items if is_small(sum_of(item))), None)
