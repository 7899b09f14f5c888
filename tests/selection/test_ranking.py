"""The rules of a ranking: made once from sealed sheets, and never changed."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import fmean
from typing import Any

import pytest

from gelar.checking.invariants.recount.calibration import calibrated_scores
from services.selection.domain.choosing.problem import Codes
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.ranking.order import METHOD
from services.selection.domain.ranking.sealed import RankingFacts
from services.selection.domain.ranking.state import Ranking
from shared.contracts.registration.quota import (
    Bound,
    CooperativeGroup,
    FirstTimerGroup,
    PassedOver,
    Quota,
    Shortfall,
)
from shared.contracts.selection.rubric import Deciding
from shared.kernel.recorded import EVENT_BYTES_MAX
from tests.given import When, given
from tests.selection.examples import (
    ANI,
    CONFLICT_OF_DEWI,
    DEWI,
    DIGEST,
    EXHIBITION,
    PANEL,
    RANKED,
    SCORES,
    SEALED,
    TERMS,
    A,
    B,
    C,
    D,
    E,
    Scored,
    made,
    sealed,
)
from tests.selection.test_severity import SEVERE, panel

MAKE = MakeRanking()
MANY = 10_000


QUOTAS = (
    Quota(code="kota", group=CooperativeGroup(form="cooperatives"), maximum=1),
    Quota(code="baru", group=FirstTimerGroup(form="first-timers"), minimum=2),
)


def under_quotas(
    facts: RankingFacts, quotas: tuple[Quota, ...], codes: Mapping[str, Codes]
) -> RankingFacts:
    """Return the facts under these quotas, which count these candidates."""
    counted = {
        id: replace(candidate, counts_for=codes.get(id, ()))
        for id, candidate in facts.candidates.items()
    }
    return replace(facts, terms=replace(facts.terms, quotas=quotas), candidates=counted)


def making(facts: RankingFacts, *past: Any, subject: str = f"{EXHIBITION}.1-5") -> When:
    """Return the command on these facts."""
    return given(ranking, *past).when(MAKE, rule=make_ranking, facts=facts, subject=subject)


def test_a_ranking_is_made_of_the_sealed_scores() -> None:
    making(SEALED).then(RANKED)
    state: Ranking = given(ranking, RANKED).state
    assert (state.selected, state.reserve, state.below) == ((B, C), (A, D), (E,))
    assert state.score_of() == SCORES
    assert (state.method, state.digest, state.scored_by) == (METHOD, DIGEST, PANEL)


def test_a_gate_keeps_a_candidate_out_of_both_lists() -> None:
    best = replace(SEALED.candidates[B], not_passed=("own-product", "wood"))
    state: Ranking = given(
        ranking, made(replace(SEALED, candidates={**SEALED.candidates, B: best}))
    ).state
    assert B in state.below
    assert B not in (*state.selected, *state.reserve)
    assert state.gates_not_passed == {B: ("own-product", "wood")}


def scored_by_panels(severity: int) -> RankingFacts:
    """Return the facts of a round with so many candidates that its scores are calibrated."""
    _, totals = panel(7, severity)
    candidates = {
        f"{EXHIBITION}.{name}": replace(
            SEALED.candidates[A],
            application=f"{EXHIBITION}.{name}",
            score=round(fmean(sheets.values())),
            totals=sheets,
        )
        for name, sheets in totals.items()
    }
    return replace(SEALED, candidates=candidates, remaining=tuple(candidates))


@pytest.mark.parametrize("deciding", Deciding)
def test_the_calibrated_score_stands_beside_the_raw_one_and_ranks_if_the_rubric_says_so(
    deciding: Deciding,
) -> None:
    facts = scored_by_panels(SEVERE)
    facts = replace(facts, terms=replace(facts.terms, deciding=deciding))
    (event,) = making(facts, subject=f"{EXHIBITION}.1-120").events()
    state: Ranking = given(ranking, event).state
    raw, calibrated = state.raw_of(), state.calibrated_of()
    assert state.guard == "none"
    assert raw == {id: each.score for id, each in facts.candidates.items()}
    assert state.score_of() == (calibrated if deciding is Deciding.CALIBRATED else raw)
    assert raw != calibrated
    assert list(state.scores) == sorted(state.scores, reverse=True)
    assert ("calibrated" in state.method) is (deciding is Deciding.CALIBRATED)
    by_turns = calibrated_scores({id: each.totals for id, each in facts.candidates.items()})
    assert all(abs(by_turns[id] - score) <= 1 for id, score in calibrated.items())


def test_the_raw_score_ranks_where_a_guard_stops_the_calibration() -> None:
    asked = replace(SEALED, terms=replace(SEALED.terms, deciding=Deciding.CALIBRATED))
    state: Ranking = given(ranking, made(asked)).state
    assert (state.guard, state.calibrated_of()) == ("one-curator", {})
    assert state.score_of() == SCORES
    assert state.digest != DIGEST, "the digest says which score was to rank"


def test_a_ranking_is_made_once_and_never_changes() -> None:
    others = sealed(*(Scored(application=id, score=10_000) for id in SCORES))
    making(others, RANKED).then()


def test_a_ranking_waits_until_every_candidate_is_sealed_by_this_closing() -> None:
    some = replace(SEALED, candidates={id: SEALED.candidates[id] for id in (A, B, C, D)})
    making(some).refused("sealing-under-way", "not sealed yet: 1")
    second = replace(SEALED, closing=2)
    making(second, subject=f"{EXHIBITION}.2-5").refused("sealing-under-way", "not sealed yet: 5")


def test_a_ranking_needs_enough_sheets_of_every_candidate() -> None:
    short = sealed(
        *(
            Scored(application=application, score=None if application in (D, E) else score)
            for application, score in SCORES.items()
        )
    )
    making(short).refused("sheets-missing", "GET /rounds/mihas-2018/missing-sheets")


def test_a_ranking_of_other_candidates_has_another_id() -> None:
    fewer = replace(SEALED, remaining=(A, B, C, D))
    making(fewer).refused("ranking-outdated")
    making(fewer, subject=f"{EXHIBITION}.1-4").events()


def test_a_ranking_records_the_conflicts_with_its_candidates() -> None:
    facts = sealed(
        *(
            Scored(application=id, score=score, conflicted=(DEWI,) if id == A else ())
            for id, score in SCORES.items()
        )
    )
    assert made(facts).conflicts == (CONFLICT_OF_DEWI,)
    assert made(replace(facts, remaining=(B, C, D, E))).conflicts == ()


def test_no_candidate_makes_an_empty_ranking() -> None:
    state: Ranking = given(ranking, made(sealed())).state
    assert (state.selected, state.reserve, state.below) == ((), (), ())


def test_the_topic_carries_the_method_and_terms_and_no_list_score_digest_or_person() -> None:
    public = RANKED.public_json()
    assert not any(word in public for word in (A, E, "8000", DIGEST, ANI))
    assert (RANKED.method, RANKED.threshold, RANKED.places) == (METHOD, 7_000, 2)
    assert RANKED.private_actor


@pytest.mark.parametrize("selected", [2, 2_000])
def test_ten_thousand_candidates_make_a_ranking_that_fits_into_an_event(selected: int) -> None:
    ids = [f"{EXHIBITION}.{number:08}-0000-4000-8000-000000000000" for number in range(MANY)]
    scores = (Scored(application=id, score=number) for number, id in enumerate(ids))
    facts = replace(sealed(*scores), terms=replace(TERMS, places=selected))
    event = made(facts)
    private = event.private_json()
    assert private is not None
    assert len(event.public_json()) + len(private) < EVENT_BYTES_MAX
    state: Ranking = given(ranking, event).state
    assert len(state.selected) == selected
    assert state.selected[0] == ids[-1]
    assert len(state.selected) + len(state.reserve) + len(state.below) == MANY


def test_a_ranking_under_quotas_has_groups_stops_and_missed_minima() -> None:
    event = made(under_quotas(SEALED, QUOTAS, {A: ("baru",), B: ("kota",), C: ("kota",)}))
    assert (event.method, event.quotas) == (METHOD, QUOTAS)
    assert event.order == ("b", "c", "a", "d", "e")
    assert event.groups == (("kota",), ("baru",), ())
    assert event.group_of == (0, 0, 1, 2, 2)
    assert (event.chosen, event.gap, event.solver[:5]) == ((1, 3), 0, "HiGHS")
    over = PassedOver(quota="kota", bound=Bound.MAXIMUM, numbers=(2,))
    assert event.passed_over == (over,)
    assert event.shortfalls == (Shortfall(quota="baru", places=1),)
    state: Ranking = given(ranking, event).state
    assert (state.selected, state.reserve, state.below) == ((B, A), (C, D), (E,))
    assert state.seat_codes == (("kota",), ("baru",), ("kota",), ())
    assert state.reserves_passed_over == (over.model_copy(update={"numbers": (1,)}),)


def test_ten_thousand_candidates_under_quotas_fit_into_the_events_of_a_selection() -> None:
    ids = [f"{EXHIBITION}.{number:08}-0000-4000-8000-000000000000" for number in range(MANY)]
    scores = (Scored(application=id, score=10_000 - n % 3_000) for n, id in enumerate(ids))
    codes = [("kota",), ("kota", "baru"), ("baru",), ()]
    facts = under_quotas(sealed(*scores), QUOTAS, {id: codes[n % 4] for n, id in enumerate(ids)})
    event = made(facts)
    private = event.private_json()
    assert private is not None
    assert len(event.public_json()) + len(private) < EVENT_BYTES_MAX
