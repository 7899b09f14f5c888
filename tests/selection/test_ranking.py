"""The ranking: deterministic, with the tie-break in its order, and nobody below the threshold."""

import json
from collections.abc import Set
from datetime import timedelta
from hashlib import sha256

from hypothesis import given, strategies

from services.selection.domain.selection_round.ranking import (
    Ranking,
    Standing,
    Terms,
    canonical,
    digest_of,
    ranked,
)
from tests.selection.examples import EXHIBITION, SUBMITTED_AT, TERMS, province


def standing(
    enterprise: str, score: int = 8_000, *, first: bool = True, code: str = "31", hour: int = 0
) -> Standing:
    return Standing(
        application=f"{EXHIBITION}.{enterprise}",
        score=score,
        first_timer=first,
        province=province(code),
        submitted_at=SUBMITTED_AT + timedelta(hours=hour),
    )


def order(*standings: Standing, places: int = 9) -> str:
    """The enterprises (one letter each) above the threshold, in order."""
    ranking = ranked(standings, Terms(rubric="r", threshold=7_000, places=places))
    return "".join(one.application[-1] for one in (*ranking.selected, *ranking.reserve))


def test_the_higher_score_comes_first_whatever_else() -> None:
    late = standing("z", 8_001, first=False, hour=99)
    assert order(standing("a"), late) == "za"


def test_equals_are_told_apart_by_first_timers_first() -> None:
    assert order(standing("a", first=False), standing("b", hour=9)) == "ba"


def test_then_by_a_province_that_nobody_above_comes_from() -> None:
    top = standing("t", 9_000, code="31")
    assert order(top, standing("a", code="31"), standing("b", code="32", hour=9)) == "tba"


def test_a_province_counts_once_among_equals() -> None:
    equals = (
        standing("a", code="31", hour=1),
        standing("b", code="31", hour=2),
        standing("c", code="32", hour=3),
        standing("d", code="32", hour=4),
    )
    assert order(*equals) == "acbd"


def test_a_first_timer_of_a_known_province_still_precedes_others() -> None:
    top = standing("t", 9_000, code="31")
    assert order(top, standing("a", first=False, code="32"), standing("b", code="31")) == "tba"


def test_then_by_the_earlier_first_submission_then_by_the_id() -> None:
    assert order(standing("a", hour=2), standing("b", hour=1), standing("c", hour=2)) == "bac"


def test_the_same_code_of_another_system_is_another_province() -> None:
    other = Standing(
        application=f"{EXHIBITION}.b",
        score=8_000,
        first_timer=True,
        province=province().model_copy(update={"system": "KEMENDAGRI"}),
        submitted_at=SUBMITTED_AT + timedelta(hours=9),
    )
    top = standing("t", 9_000)
    assert order(top, standing("a"), other) == "tba"


def test_the_threshold_itself_is_enough_and_below_it_there_is_no_list() -> None:
    ranking = ranked((standing("a", 6_999), standing("b", 7_000), standing("c", 10)), TERMS)
    assert [one.application[-1] for one in ranking.selected] == ["b"]
    assert ranking.reserve == ()
    assert [one.application[-1] for one in ranking.below] == ["a", "c"]


def test_the_places_part_the_selected_from_the_reserve() -> None:
    three = (standing("a", 9_000), standing("b", 8_500), standing("c", 8_000))
    ranking = ranked(three, TERMS)
    assert (len(ranking.selected), len(ranking.reserve)) == (2, 1)
    assert ranking.reserve[0].application[-1] == "c"


def test_the_digest_is_of_one_text_that_anybody_can_write() -> None:
    ranking = Ranking(selected=(standing("a", 9_000),), reserve=(), below=(standing("b", 6_000),))
    text = (
        '{"below":[["mihas-2018.b",6000]],"closing":3,"places":2,"reserve":[],'
        '"rubric":"kukm-2018-1","selected":[["mihas-2018.a",9000]],"threshold":7000}'
    )
    assert canonical(ranking, TERMS, 3) == text.encode()
    assert digest_of(ranking, TERMS, 3) == sha256(text.encode()).hexdigest()


standings = strategies.builds(
    standing,
    strategies.text("abcdefgh", min_size=3, max_size=3),
    strategies.sampled_from([6_999, 7_000, 8_000, 9_000]),
    first=strategies.booleans(),
    code=strategies.sampled_from(["31", "32", "33"]),
    hour=strategies.integers(0, 2),
)
fields = strategies.lists(standings, max_size=12, unique_by=lambda one: one.application)


@given(
    fields.flatmap(
        lambda some: strategies.tuples(strategies.just(some), strategies.permutations(some))
    )
)
def test_the_order_of_the_input_is_never_seen(
    inputs: tuple[list[Standing], list[Standing]],
) -> None:
    first, second = (ranked(one, TERMS) for one in inputs)
    assert canonical(first, TERMS, 1) == canonical(second, TERMS, 1)


@given(fields)
def test_everybody_is_in_one_list_and_each_is_the_best_of_those_that_follow(
    field: list[Standing],
) -> None:
    ranking = ranked(field, TERMS)
    above = [*ranking.selected, *ranking.reserve]
    assert {*above, *ranking.below} == set(field)
    assert len(above) + len(ranking.below) == len(field)
    assert len(ranking.selected) == min(TERMS.places, len(above))
    for place, one in enumerate(above):
        represented = {other.province for other in above[:place]}
        assert one == min(above[place:], key=lambda other: merit(other, represented))


def merit(one: Standing, represented: Set[object]) -> tuple[object, ...]:
    """The tie-break as the rubric words it, for whoever is next."""
    return (
        -one.score,
        not one.first_timer,
        one.province in represented,
        one.submitted_at,
        one.application,
    )


def test_the_canonical_text_is_json() -> None:
    ranking = ranked([standing("a"), standing("b", 6_000)], TERMS)
    assert json.loads(canonical(ranking, TERMS, 1))["threshold"] == TERMS.threshold
