"""The ranking is deterministic, breaks ties in its order, and selects none below the threshold."""

import json
from collections.abc import Set
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given, strategies

from services.selection.domain.ranking.order import (
    Ranks,
    Standing,
    Terms,
    canonical,
    digest_of,
)
from shared.contracts.registration.quota import FirstTimerGroup, Quota
from shared.contracts.words import Province
from tests.selection.choices import ranked
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
    """Return the enterprises (a letter each) above the threshold, in order."""
    ranking = ranked(standings, Terms(rubric="r", threshold=7_000, places=places))
    return "".join(standing.application[-1] for standing in (*ranking.selected, *ranking.reserve))


def test_the_higher_score_comes_first_whatever_else() -> None:
    late = standing("z", 8_001, first=False, hour=99)
    assert order(standing("a"), late) == "za"


def test_who_does_not_pass_a_gate_is_in_no_list_whatever_its_score_is() -> None:
    best = replace(standing("z", 9_900), not_passed=("own-product",))
    terms = Terms(rubric="r", threshold=7_000, places=9)
    ranks = ranked((best, standing("a"), standing("b", 6_999)), terms)
    assert [each.application[-1] for each in ranks.selected] == ["a"]
    assert [each.application[-1] for each in ranks.below] == ["z", "b"]
    content = json.loads(canonical(ranks, terms, 1))
    assert content["not_passed"] == [[best.application, ["own-product"]]]


def test_among_equals_first_timers_come_first() -> None:
    assert order(standing("a", first=False), standing("b", hour=9)) == "ba"


def test_then_a_province_comes_first_that_is_not_ranked_above() -> None:
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


def test_then_the_earlier_first_submission_then_the_id_comes_first() -> None:
    assert order(standing("a", hour=2), standing("b", hour=1), standing("c", hour=2)) == "bac"


@pytest.mark.parametrize(
    ("system", "code", "ranks"),
    [("KEMENDAGRI", "91", "tab"), ("KEMENDAGRI", "92", "tba"), ("BPS", "94", "tab")],
)
def test_a_province_is_the_same_in_every_system(system: str, code: str, ranks: str) -> None:
    other = Standing(
        application=f"{EXHIBITION}.b",
        score=8_000,
        first_timer=True,
        province=Province(system=system, edition="2018", code=code),
        submitted_at=SUBMITTED_AT + timedelta(hours=9),
    )
    # Papua is 94 for BPS and 91 for Kemendagri.
    top = standing("t", 9_000, code="94")
    assert order(top, standing("a", code="94"), other) == ranks


def test_a_score_at_the_threshold_passes_and_a_lower_score_is_in_neither_list() -> None:
    ranking = ranked((standing("a", 6_999), standing("b", 7_000), standing("c", 10)), TERMS)
    assert [standing.application[-1] for standing in ranking.selected] == ["b"]
    assert ranking.reserve == ()
    assert [standing.application[-1] for standing in ranking.below] == ["a", "c"]


def test_the_places_part_the_selected_from_the_reserve() -> None:
    three = (standing("a", 9_000), standing("b", 8_500), standing("c", 8_000))
    ranking = ranked(three, TERMS)
    assert (len(ranking.selected), len(ranking.reserve)) == (2, 1)
    assert ranking.reserve[0].application[-1] == "c"


def test_the_digest_is_of_a_text_that_any_reader_can_write() -> None:
    ranking = Ranks(
        passed=(standing("a", 9_000),),
        selected=(standing("a", 9_000),),
        reserve=(),
        below=(standing("b", 6_000),),
    )
    text = (
        '{"below":[["mihas-2018.b",6000]],"closing":3,"funds":null,"method":"2018-3",'
        '"not_passed":[],"overrides":[],"passed_over":[],"places":2,"quotas":[],'
        '"raw":[["mihas-2018.a",0],["mihas-2018.b",0]],"reserve":[],'
        '"rubric":"kukm-2018-1","selected":[["mihas-2018.a",9000]],"shortfalls":[],'
        '"threshold":7000}'
    )
    assert canonical(ranking, TERMS, 3) == text.encode()
    assert digest_of(ranking, TERMS, 3) == sha256(text.encode()).hexdigest()


def test_the_digest_under_quotas_is_of_the_quotas_and_the_stops_too() -> None:
    quota = Quota(code="jabar", group=FirstTimerGroup(form="first-timers"), minimum=2, maximum=2)
    terms = replace(TERMS, quotas=(quota,))
    field = [standing("a", 9_000), standing("b", 8_000), counted("c", 7_500)]
    ranking = ranked(field, terms)
    text = (
        '{"below":[],"closing":1,"funds":null,"method":"2018-3","not_passed":[],"overrides":[],"passed_over":'
        '[{"bound":"MINIMUM","numbers":[2],"quota":"jabar"}],"places":2,"quotas":'
        '[{"code":"jabar","group":{"form":"first-timers"},"maximum":2,"minimum":2}],'
        '"raw":[["mihas-2018.a",0],["mihas-2018.b",0],["mihas-2018.c",0]],'
        '"reserve":[["mihas-2018.b",8000]],"rubric":"kukm-2018-1",'
        '"selected":[["mihas-2018.a",9000],["mihas-2018.c",7500]],'
        '"shortfalls":[{"places":1,"quota":"jabar"}],"threshold":7000}'
    )
    assert canonical(ranking, terms, 1) == text.encode()


def counted(enterprise: str, score: int) -> Standing:
    return replace(standing(enterprise, score), counts_for=("jabar",))


standings = strategies.builds(
    standing,
    strategies.text("abcdefgh", min_size=3, max_size=3),
    strategies.sampled_from([6_999, 7_000, 8_000, 9_000]),
    first=strategies.booleans(),
    code=strategies.sampled_from(["31", "32", "33"]),
    hour=strategies.integers(0, 2),
)
fields = strategies.lists(standings, max_size=12, unique_by=lambda standing: standing.application)


@given(
    fields.flatmap(
        lambda field: strategies.tuples(strategies.just(field), strategies.permutations(field))
    )
)
def test_the_order_of_the_input_makes_no_difference(
    inputs: tuple[list[Standing], list[Standing]],
) -> None:
    first, second = (ranked(standings, TERMS) for standings in inputs)
    assert canonical(first, TERMS, 1) == canonical(second, TERMS, 1)


@given(fields)
def test_each_candidate_is_in_exactly_one_list_and_is_the_best_of_those_that_follow(
    field: list[Standing],
) -> None:
    ranking = ranked(field, TERMS)
    above = [*ranking.selected, *ranking.reserve]
    assert {*above, *ranking.below} == set(field)
    assert len(above) + len(ranking.below) == len(field)
    assert len(ranking.selected) == min(TERMS.places, len(above))
    for rank, standing in enumerate(above):
        represented = {higher.province for higher in above[:rank]}
        assert standing == min(above[rank:], key=lambda lower: merit(lower, represented))


def merit(standing: Standing, represented: Set[object]) -> tuple[object, ...]:
    """Return the key of the tie-break, given the provinces that are ranked above."""
    return (
        -standing.score,
        not standing.first_timer,
        standing.province in represented,
        standing.submitted_at,
        standing.application,
    )


def test_the_canonical_text_is_json() -> None:
    ranking = ranked([standing("a"), standing("b", 6_000)], TERMS)
    assert json.loads(canonical(ranking, TERMS, 1))["threshold"] == TERMS.threshold
