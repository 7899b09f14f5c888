"""The rules of the rubric: complete when it is published, and never changed."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from services.selection.domain.candidate.points import mean_of, total_of
from services.selection.domain.rubric.decider import PublishRubric, rubric
from shared.contracts.selection.rubric import Criterion, Gate, MissingAnswer, RubricPublished
from shared.contracts.words import Scope
from shared.kernel.decider import Refused
from tests.given import given
from tests.rubrics import RUBRIC_OF_2018, SPOKEN, criterion

BOTH = {Scope.DOMESTIC: 6_000, Scope.OVERSEAS: 7_000}
CRITERIA = (criterion("quality", 60), criterion("price", 40))
PUBLISHED = RubricPublished(rubric="r-1", title=SPOKEN, criteria=CRITERIA, thresholds=BOTH)


def publish(
    criteria: tuple[Criterion, ...] = CRITERIA, thresholds: dict[Scope, int] = BOTH
) -> PublishRubric:
    return PublishRubric(rubric="r-1", title=SPOKEN, criteria=criteria, thresholds=thresholds)


def test_a_rubric_is_published() -> None:
    given(rubric).when(publish()).then(PUBLISHED)


def test_a_rubric_never_changes() -> None:
    given(rubric, PUBLISHED).when(publish()).refused("already-published")


@pytest.mark.parametrize("weight", [39, 41])
def test_weights_sum_to_100(weight: int) -> None:
    criteria = (criterion("quality", 60), criterion("price", weight))
    given(rubric).when(publish(criteria)).refused("weights-not-100")


QUALITY = criterion("quality", 70)
HALAL = criterion("halal", 30, sectors=("10",))
DESIGN = criterion("design", 30, not_for=("10",))


@pytest.mark.parametrize(
    ("criteria", "sector"),
    [
        ((QUALITY, HALAL), "other sectors"),
        ((QUALITY, DESIGN), "sector 10"),
        ((QUALITY, HALAL, criterion("design", 30)), "sector 10"),
    ],
)
def test_weights_sum_to_100_in_each_sector(criteria: tuple[Criterion, ...], sector: str) -> None:
    given(rubric).when(publish(criteria)).refused("weights-not-100", sector)


def test_a_criterion_of_some_sectors_judges_their_candidates_only() -> None:
    (event,) = given(rubric).when(publish((QUALITY, HALAL, DESIGN))).events()
    published = given(rubric, event).state
    assert published.weights("10") == {"quality": 70, "halal": 30}
    assert published.weights("13") == {"quality": 70, "design": 30}


def test_codes_are_unique() -> None:
    criteria = (criterion("quality", 60), criterion("quality", 40))
    given(rubric).when(publish(criteria)).refused("criterion-repeated")


def test_gates_have_codes_of_their_own() -> None:
    gate = Gate(code="quality", text=SPOKEN)
    given(rubric).when(replace(publish(), gates=(gate,))).refused("criterion-repeated")


def test_a_gate_may_be_for_some_sectors() -> None:
    gates = (Gate(code="own", text=SPOKEN), Gate(code="wood", text=SPOKEN, sectors=("16",)))
    (event,) = given(rubric).when(replace(publish(), gates=gates)).events()
    published = given(rubric, event).state
    assert (published.gates_of("16"), published.gates_of("14")) == (("own", "wood"), ("own",))


def test_every_scope_has_a_threshold() -> None:
    given(rubric).when(publish(thresholds={Scope.DOMESTIC: 6_000})).refused("threshold-missing")


def test_a_criterion_has_five_anchored_levels() -> None:
    with pytest.raises(ValidationError):
        Criterion.model_validate(
            {"code": "quality", "name": SPOKEN, "weight": 60, "levels": [SPOKEN] * 4}
        )


@pytest.mark.parametrize("code", ["3201154107900001", "nik-3201-1541-0790-0001"])
def test_the_code_of_a_criterion_has_no_number_of_a_person(code: str) -> None:
    with pytest.raises(ValidationError, match="this text is public"):
        criterion(code, 60)


def test_the_rubric_of_the_data_files_can_be_published() -> None:
    (event,) = given(rubric).when(RUBRIC_OF_2018).events()
    published = given(rubric, event).state
    assert list(published.weights("14").values()) == [25, 20, 15, 15, 10, 10, 5]
    assert published.thresholds == BOTH


def test_the_best_sheet_has_100_points_and_the_worst_20() -> None:
    weights = {criterion.code: criterion.weight for criterion in RUBRIC_OF_2018.criteria}
    assert total_of(dict.fromkeys(weights, 5), weights) == 10_000
    assert total_of(dict.fromkeys(weights, 1), weights) == 2_000


def test_a_total_weighs_each_level() -> None:
    assert total_of({"quality": 4, "price": 3}, {"quality": 60, "price": 40}) == 7_200


def test_a_missing_answer_may_count_as_the_lowest_level() -> None:
    weights = {"quality": 60, "price": 40}
    assert total_of({"quality": 4}, weights, MissingAnswer.LOWEST) == 60 * 4 * 20 + 40 * 20
    with pytest.raises(Refused, match="smell"):
        total_of({"smell": 4}, weights, MissingAnswer.LOWEST)


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
