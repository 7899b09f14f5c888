"""No small figure is shown, nor found by a reader that solves for it with all that is shown.

A solver looks for the least and the greatest number that a hidden figure may be, beside all figures
of the answer and the sums of all columns that each table has in common.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import highspy
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.responses.fairness import (
    DECIDED,
    LOST_AT,
    Fairness,
    Group,
    fairness_of,
)
from services.reporting.responses.part import Part
from services.reporting.responses.small_figures import OTHER, SHOWN_MIN, folded, is_small
from services.reporting.views.fairness import Fate
from shared.kernel.view import Cell

Counts = dict[str, Counter[str]]
COLUMNS = [fate.value for fate in (*LOST_AT[:3], Fate.MONEY, Fate.FUNDED)]


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Counts]:
    """Two tables of the same applications: many figures of the first are small or zero."""
    figure = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 20])
    rows = draw(st.lists(st.tuples(*[figure] * len(COLUMNS)), min_size=2, max_size=4))
    first = [Counter(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    sums = {name: sum(row[name] for row in first) for name in COLUMNS}
    part = {name: draw(st.integers(0, sums[name])) for name in COLUMNS}
    second = [Counter(part), Counter({name: sums[name] - part[name] for name in COLUMNS})]
    return {
        "form": {f"g{number}": row for number, row in enumerate(second)},
        "sector": {f"g{number}": row for number, row in enumerate(first)},
    }


def answer(given: dict[str, Counts]) -> Fairness:
    cells: dict[Cell, dict[str, int]] = {
        ("2018", by, v): dict(n) for by, table in given.items() for v, n in table.items()
    }
    return fairness_of(Part(programme="2018"), cells)


def figures(group: Group) -> Iterator[tuple[frozenset[Fate], int | None]]:
    """Yield each figure of a group with the fates that it adds up."""
    after = [frozenset(DECIDED[n:]) for n in range(len(DECIDED))]
    yield after[0], group.decided
    yield after[1], group.eligible
    yield after[2], group.scored
    yield after[DECIDED.index(Fate.MONEY)], group.chosen
    yield frozenset({Fate.FUNDED}), group.funded
    yield from ((frozenset({fate}), group.lost_at[fate.value]) for fate in LOST_AT)


class Reader:
    """A person with the answer and a solver; `unknown` are the figures of each table."""

    def __init__(self, found: Fairness) -> None:
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # it has no annotations
        self.solver.setOptionValue("output_flag", False)
        self.unknown: dict[tuple[str, str, Fate], Any] = {}
        for grouping in found.groupings:
            for group in grouping.groups:
                self._believe(grouping.by, group)
        for fate in DECIDED:
            sums = [
                sum(self.unknown[grouping.by, group.value, fate] for group in grouping.groups)
                for grouping in found.groupings
            ]
            for other in sums[1:]:
                self.solver.addConstr(sums[0] == other)
        whole = found.all
        if whole is not None:
            for fates, figure in figures(whole):
                if figure is not None:
                    by = found.groupings[0]
                    self.solver.addConstr(
                        sum(self.unknown[by.by, g.value, fate] for g in by.groups for fate in fates)
                        == figure
                    )

    def _believe(self, by: str, group: Group) -> None:
        for fate in DECIDED:
            self.unknown[by, group.value, fate] = self.solver.addIntegral(lb=0, ub=group.decided)
        for fates, figure in figures(group):
            if figure is not None:
                of = sum(self.unknown[by, group.value, fate] for fate in fates)
                self.solver.addConstr(of == figure)

    def range_of(self, by: str, value: str, fate: Fate) -> tuple[int, int]:
        unknown = self.unknown[by, value, fate]
        ends = []
        for solve in (self.solver.minimize, self.solver.maximize):
            solve(unknown)
            assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(round(self.solver.variableValue(unknown)))
        return ends[0], ends[1]


@settings(max_examples=25)
@given(tables())
def test_no_small_figure_is_shown_or_found(given: dict[str, Counts]) -> None:
    shown = answer(given)
    rows = [group for grouping in shown.groupings for group in grouping.groups]
    for group in (*rows, *([shown.all] if shown.all else ())):
        assert not any(is_small(figure) for _, figure in figures(group) if figure is not None)
        assert not is_small(group.hidden)
    reader = Reader(shown)
    for grouping in shown.groupings:
        counts, _ = folded({name: row for name, row in given[grouping.by].items() if row.total()})
        for value, name in ((group.value, name) for group in grouping.groups for name in COLUMNS):
            if is_small(counts[value][name]):
                least, most = reader.range_of(grouping.by, value, Fate(name))
                assert most - least >= SHOWN_MIN, (grouping.by, value, name)


sizes = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 12), max_size=8)


@given(sizes)
def test_no_small_group_is_shown_or_found(sizes: dict[str, int]) -> None:
    rows, number = folded({value: Counter({"funded": n}) for value, n in sizes.items()})
    assert sum(row.total() for row in rows.values()) == sum(sizes.values())
    for value, row in rows.items():
        if value != OTHER:
            assert row.total() == sizes[value] >= SHOWN_MIN
    hidden = [value for value in sizes if value not in rows]
    assert len(hidden) == number
    if hidden and len(sizes) > 1:
        assert number > 1, "a single one would follow by subtraction"
        assert not is_small(rows[OTHER].total()) or number == len(sizes)


def test_where_nothing_is_small_everything_is_shown() -> None:
    table = {
        "a": Counter({fate.value: SHOWN_MIN for fate in DECIDED}),
        "b": Counter({Fate.FUNDED.value: SHOWN_MIN}),
    }
    (grouping,) = answer({"form": table}).groupings
    assert all(figure is not None for group in grouping.groups for _, figure in figures(group))
    assert [group.hidden for group in grouping.groups] == [0, 0]
