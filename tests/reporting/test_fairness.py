"""The fairness of a selection: each application has a fate, and small groups are folded."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.responses.fairness import OTHER, SHOWN_MIN, fairness_of
from services.reporting.responses.part import Part
from services.reporting.views.applications import Application, Stage
from services.reporting.views.fairness import STOPPED_BY, Fate, fairness, fate_of
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.quota import Bound
from tests.reporting.examples import APPLICANT

WHOLE = Part(programme="2018")


def application(*stages: Stage, **fields: Any) -> Application:
    return Application(
        applicant=APPLICANT, enterprise=APPLICANT.enterprise, stages=stages, **fields
    )


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        (application(Stage.SUBMITTED), Fate.UNDECIDED),
        (application(Stage.SUBMITTED, Stage.ELIGIBLE), Fate.UNDECIDED),
        (application(Stage.SUBMITTED, Stage.REJECTED), Fate.ELIGIBILITY),
        (application(Stage.ELIGIBLE, result=ClosingResult.BELOW_THRESHOLD), Fate.SCORE),
        (application(Stage.ELIGIBLE, result=ClosingResult.GATE), Fate.SCORE),
        (application(Stage.ELIGIBLE, result=ClosingResult.RESERVE), Fate.PLACES),
        *(
            (application(Stage.ELIGIBLE, result=ClosingResult.RESERVE, stopped_by=bound), fate)
            for bound, fate in STOPPED_BY.items()
        ),
        (application(Stage.ELIGIBLE, result=ClosingResult.CANCELLED), Fate.CANCELLED),
        (application(Stage.ELIGIBLE, Stage.LAPSED, lapsed_for="no-funds"), Fate.MONEY),
        (application(Stage.ELIGIBLE, Stage.LAPSED, lapsed_for="cancelled"), Fate.CANCELLED),
        (application(Stage.ELIGIBLE, Stage.WITHDRAWN), Fate.WITHDREW),
        (application(Stage.ELIGIBLE, Stage.OFFERED, Stage.WITHDRAWN), Fate.FUNDED),
        (application(Stage.ELIGIBLE, Stage.OFFERED, Stage.LAPSED), Fate.FUNDED),
    ],
)
def test_each_application_has_one_fate(state: Application, fate: Fate) -> None:
    assert fate_of(state) is fate
    cells = fairness.contribution(state)
    assert len(cells) == 15, "five attributes in three parts"
    assert all(numbers == {fate.value: 1} for numbers in cells.values())


def test_each_bound_that_stops_a_reserve_has_a_stage() -> None:
    assert set(STOPPED_BY) == set(Bound)
    assert STOPPED_BY[Bound.MONEY] is Fate.MONEY


def figures(**groups: dict[str, int]) -> dict[tuple[str, ...], dict[str, int]]:
    return {("2018", "province", value): fates for value, fates in groups.items()}


def test_the_stages_of_a_group_follow_from_its_fates() -> None:
    fates = {"eligibility": 2, "score": 3, "quota": 1, "places": 2, "money": 1, "funded": 6}
    more = {"owner": 1, "override": 1, "withdrew": 4, "undecided": 5}
    found = fairness_of(WHOLE, figures(jabar={**fates, **more}))
    ((group,),) = [grouping.groups for grouping in found.groupings]
    assert (group.decided, group.eligible, group.scored) == (17, 15, 12)
    assert (group.chosen, group.funded) == (7, 6)
    assert sum(group.lost_at.values()) + group.funded == group.decided
    assert str(group.rate) == "35.29"
    assert (group.undecided, group.withdrew) == (5, 4)


def test_a_group_is_compared_with_the_best() -> None:
    found = fairness_of(
        WHOLE,
        figures(bali={"funded": 8, "score": 2}, papua={"funded": 6, "score": 4}),
    )
    rows = {row.value: row for row in found.groupings[0].groups}
    assert {value: str(row.to_best) for value, row in rows.items()} == {
        "bali": "100.00",
        "papua": "75.00",
    }


def test_small_groups_are_one_row_and_none_follows_by_subtraction() -> None:
    found = fairness_of(
        WHOLE,
        figures(
            aceh={"funded": 4}, bali={"funded": 8, "score": 1}, papua={"funded": 9, "score": 9}
        ),
    )
    (grouping,) = found.groupings
    assert [row.value for row in grouping.groups] == ["papua", OTHER]
    assert grouping.folded == 2, "the smallest of the others joins the only small one"
    other = grouping.groups[-1]
    assert (other.decided, other.funded) == (13, 12)


sizes = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 12), max_size=8)


@given(sizes)
def test_no_small_group_is_shown_or_found(sizes: dict[str, int]) -> None:
    found = fairness_of(WHOLE, figures(**{value: {"funded": n} for value, n in sizes.items()}))
    for grouping in found.groupings:
        shown = {row.value: row.decided for row in grouping.groups}
        assert sum(shown.values()) == sum(sizes.values())
        for value, count in shown.items():
            if value != OTHER:
                assert count == sizes[value] >= SHOWN_MIN
        hidden = Counter({value: sizes[value] for value in sizes if value not in shown})
        if hidden and len(sizes) > 1:
            assert len(hidden) > 1, "a single one would follow by subtraction"
