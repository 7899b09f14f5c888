"""The choice of the solver for tests of rules: the same one as a round's, in the same process."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.selection.domain.choosing.places_only import first_for_places
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.ranking.order import (
    Ranks,
    Standing,
    Terms,
    ordered,
    problem_of,
    ranks_of,
)
from services.selection.domain.ranking.sealed import RankingFacts, SealedCandidate, order_of
from services.selection.domain.ranking.state import Ranking
from services.selection.solving.choice import solve
from shared.contracts.ids import exhibition_of
from shared.contracts.words import Scope
from tests.given import given


def ranked(standings: Iterable[Standing], terms: Terms) -> Ranks:
    """Return the candidates in order of rank with the best choice of them."""
    order = ordered(standings, terms)
    problem = problem_of(order, terms)
    return ranks_of(order, problem, first_for_places(problem) or solve(problem), terms)


def solved(facts: RankingFacts) -> RankingFacts:
    """Return the facts with the best choice of their candidates."""
    order, _ = order_of(facts)
    problem = problem_of(order, facts.terms)
    return replace(facts, solution=first_for_places(problem) or solve(problem))


def ranking_of(standings: Sequence[Standing], terms: Terms) -> Ranking:
    """Return the ranking that a round makes of these candidates."""
    exhibition = exhibition_of(standings[0].application)
    facts = RankingFacts(
        exhibition=exhibition,
        programme="2018",
        scope=Scope.DOMESTIC,
        closing=1,
        sheets_min=3,
        terms=terms,
        remaining=tuple(sorted(each.application for each in standings)),
        candidates={each.application: _sealed(each) for each in standings},
    )
    made = given(ranking).when(
        MakeRanking(),
        rule=make_ranking,
        facts=solved(facts),
        subject=f"{exhibition}.1-{len(standings)}",
    )
    state: Ranking = given(ranking, *made.events()).state
    return state


def _sealed(standing: Standing) -> SealedCandidate:
    return SealedCandidate(
        application=standing.application,
        closing=1,
        score=standing.score,
        scorers=(),
        conflicted=(),
        first_timer=standing.first_timer,
        province=standing.province,
        submitted_at=standing.submitted_at,
        counts_for=standing.counts_for,
        not_passed=standing.not_passed,
        owners=standing.owners,
        totals={},
    )
