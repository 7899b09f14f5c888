"""The rules of the rubric: complete when it is published, and never changed."""

import pytest
from pydantic import ValidationError

from services.selection.domain.candidate.points import mean_of, total_of
from services.selection.domain.rubric.decider import PublishRubric, rubric
from shared.contracts.selection.rubric import Criterion, RubricPublished
from shared.contracts.words import Scope
from shared.kernel.decider import Refused
from tests.given import given
from tests.selection.rubrics import RUBRIC_OF_2018


def criterion(code: str, weight: int) -> Criterion:
    return Criterion(code=code, name=code, weight=weight, levels=("1", "2", "3", "4", "5"))


BOTH = {Scope.DOMESTIC: 6_000, Scope.OVERSEAS: 7_000}
CRITERIA = (criterion("quality", 60), criterion("price", 40))
PUBLISHED = RubricPublished(rubric="r-1", title="First", criteria=CRITERIA, thresholds=BOTH)


def publish(
    criteria: tuple[Criterion, ...] = CRITERIA, thresholds: dict[Scope, int] = BOTH
) -> PublishRubric:
    return PublishRubric(rubric="r-1", title="First", criteria=criteria, thresholds=thresholds)


def test_a_rubric_is_published() -> None:
    given(rubric).when(publish()).then(PUBLISHED)


def test_a_rubric_never_changes() -> None:
    given(rubric, PUBLISHED).when(publish()).refused("already-published")


@pytest.mark.parametrize("weight", [39, 41])
def test_weights_sum_to_100(weight: int) -> None:
    criteria = (criterion("quality", 60), criterion("price", weight))
    given(rubric).when(publish(criteria)).refused("weights-not-100")


def test_codes_are_unique() -> None:
    criteria = (criterion("quality", 60), criterion("quality", 40))
    given(rubric).when(publish(criteria)).refused("criterion-repeated")


def test_every_scope_has_a_threshold() -> None:
    given(rubric).when(publish(thresholds={Scope.DOMESTIC: 6_000})).refused("threshold-missing")


def test_a_criterion_has_five_anchored_levels() -> None:
    with pytest.raises(ValidationError):
        Criterion.model_validate(
            {"code": "quality", "name": "Quality", "weight": 60, "levels": ["1", "2", "3", "4"]}
        )


@pytest.mark.parametrize("code", ["3201154107900001", "nik-3201-1541-0790-0001"])
def test_the_code_of_a_criterion_has_no_number_of_a_person(code: str) -> None:
    with pytest.raises(ValidationError, match="this text is public"):
        criterion(code, 60)


def test_the_rubric_of_the_data_files_can_be_published() -> None:
    (event,) = given(rubric).when(RUBRIC_OF_2018).events()
    published = given(rubric, event).state
    assert list(published.weights.values()) == [25, 20, 15, 15, 10, 10, 5]
    assert published.thresholds == BOTH


def test_the_best_sheet_has_100_points_and_the_worst_20() -> None:
    weights = {criterion.code: criterion.weight for criterion in RUBRIC_OF_2018.criteria}
    assert total_of(dict.fromkeys(weights, 5), weights) == 10_000
    assert total_of(dict.fromkeys(weights, 1), weights) == 2_000


def test_a_total_weighs_each_level() -> None:
    assert total_of({"quality": 4, "price": 3}, {"quality": 60, "price": 40}) == 7_200


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ({"quality": 4}, "criterion-unanswered"),
        ({"quality": 4, "price": 3, "smell": 1}, "criterion-unknown"),
    ],
)
def test_a_sheet_answers_exactly_the_criteria_of_the_rubric(
    levels: dict[str, int], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        total_of(levels, {"quality": 60, "price": 40})
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("totals", "mean"), [([7], 7), ([7, 8], 8), ([7, 7, 8], 7), ([7, 8, 8], 8), ([0, 0, 1], 0)]
)
def test_a_score_is_the_integer_mean_half_up(totals: list[int], mean: int) -> None:
    assert mean_of(totals) == mean
