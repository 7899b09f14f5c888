"""The fairness of a selection: each application has a fate, and small groups are folded."""

from typing import Any

import pytest

from services.reporting.responses.fairness import fairness_of
from services.reporting.responses.part import Part
from services.reporting.responses.small_figures import OTHER
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
    assert len(cells) == 5, "an attribute each"
    assert all(numbers == {fate.value: 1} for numbers in cells.values())


def test_each_bound_that_stops_a_reserve_has_a_stage() -> None:
    assert set(STOPPED_BY) == set(Bound)
    assert STOPPED_BY[Bound.MONEY] is Fate.MONEY


def figures(by: str = "form", **groups: dict[str, int]) -> dict[tuple[str, ...], dict[str, int]]:
    return {("2018", by, value): fates for value, fates in groups.items()}


FATES = {"eligibility": 12, "score": 13, "quota": 5, "places": 8, "money": 6, "funded": 16}
MORE = {"owner": 5, "override": 5, "withdrew": 4, "undecided": 1}


def test_the_stages_of_a_group_follow_from_its_fates() -> None:
    found = fairness_of(WHOLE, figures(cooperative={**FATES, **MORE}))
    ((group,),) = [grouping.groups for grouping in found.groupings]
    assert (group.decided, group.eligible, group.scored) == (70, 58, 45)
    assert (group.chosen, group.funded) == (22, 16)
    assert sum(number or 0 for number in group.lost_at.values()) + 16 == group.decided
    assert str(group.rate) == "22.86"
    assert (found.undecided, found.withdrew, found.cancelled) == (1, 4, 0)
    assert found.all is not None
    assert (found.all.decided, found.all.funded, found.all.rate) == (70, 16, group.rate)


def test_each_stage_has_its_name_in_both_languages() -> None:
    found = fairness_of(WHOLE, figures(cooperative=FATES))
    names = {each.stage.value: (each.label.en, each.label.id) for each in found.stages}
    assert names["money"] == ("Money", "Anggaran")
    assert names["owner"] == ("Another place of the owner", "Tempat lain pemilik yang sama")
    assert names["override"] == ("Override of an authority", "Keputusan khusus pejabat")
    (grouping,) = found.groupings
    assert list(names) == list(grouping.groups[0].lost_at)
    assert grouping.label.id == "Koperasi atau UKM"


def test_a_group_is_compared_with_the_best() -> None:
    found = fairness_of(
        WHOLE,
        figures(cooperative={"funded": 32, "score": 8}, ukm={"funded": 24, "score": 16}),
    )
    rows = {row.value: row for row in found.groupings[0].groups}
    assert {value: str(row.to_best) for value, row in rows.items()} == {
        "cooperative": "100.00",
        "ukm": "75.00",
    }


def test_small_groups_are_one_row_and_none_follows_by_subtraction() -> None:
    found = fairness_of(
        WHOLE,
        figures(
            aceh={"funded": 4}, bali={"funded": 8, "score": 6}, papua={"funded": 9, "score": 9}
        ),
    )
    (grouping,) = found.groupings
    assert [row.value for row in grouping.groups] == ["papua", OTHER]
    assert grouping.folded == 2, "the smallest of the others joins the only small one"
    other = grouping.groups[-1]
    assert (other.decided, other.funded) == (18, 12)


def test_a_small_figure_of_a_large_group_hides_those_by_which_it_would_follow() -> None:
    found = fairness_of(
        WHOLE,
        figures(
            cooperative={"funded": 20, "score": 1, "eligibility": 9},
            ukm={"funded": 30, "score": 10, "eligibility": 12},
        ),
    )
    cooperative, ukm = found.groupings[0].groups
    assert (cooperative.decided, cooperative.funded, cooperative.hidden) == (30, 20, 10)
    assert cooperative.lost_at["score"] is cooperative.lost_at["eligibility"] is None
    assert (cooperative.eligible, cooperative.scored) == (None, 20)
    assert ukm.lost_at["score"] is None, "the sum of the two is known: 11"
    assert (ukm.funded, ukm.hidden) == (30, 22)


def test_a_stage_with_few_is_hidden_together_with_another_everywhere() -> None:
    found = fairness_of(
        WHOLE,
        figures(
            cooperative={"funded": 20, "money": 6},
            ukm={"funded": 30, "override": 1, "money": 20},
        ),
    )
    assert found.all is not None
    for row in (found.all, *found.groupings[0].groups):
        assert row.lost_at["override"] is row.lost_at["money"] is None
        assert row.funded
        assert row.lost_at["owner"] == 0
    assert found.all.chosen is None


def test_a_programme_with_few_decisions_shows_none() -> None:
    found = fairness_of(WHOLE, figures(cooperative={"funded": 4, "undecided": 30}))
    assert (found.all, found.groupings, found.undecided) == (None, [], 30)
    assert fairness_of(WHOLE, {}).all is None
