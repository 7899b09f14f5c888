"""The computing of a selection, without a database: curators assigned, candidates ranked.

The figures are processor time of this process, of made-up candidates of a seed.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from benchmarks.harness.bench import Bench
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from services.selection.domain.assigning.problem import Entrant, Member, Problem
from services.selection.domain.candidate.points import mean_of
from services.selection.domain.ranking.decider import MakeRanking, make_ranking
from services.selection.domain.ranking.order import Terms, problem_of
from services.selection.domain.ranking.sealed import RankingFacts, SealedCandidate, order_of
from services.selection.solving.assignment import assign
from services.selection.solving.choice import solve
from shared.contracts.registration.quota import FirstTimerGroup, Quota
from shared.contracts.words import Province, Scope
from shared.kernel.decider import Context, Origin

SEED = 2018
MANY, FEW, HUNDRED = 10_000, 1_000, 100
PLACES = 700
CURATORS, SHEETS, PANEL = 100, 5, 3
REPEATED = 3
SECTORS = [str(number) for number in range(10, 34)]
BEGUN_AT = datetime(2018, 1, 22, tzinfo=UTC)
ASSIGNED = Row(
    path="assignment of 10,000 candidates, three of 100 curators each",
    against="the limit of 30 s",
    goal=at_most(1),
    unit="s",
)
CHOSEN = Row(
    path="ranking and choice under ten quotas of 10,000 candidates, five sheets each, calibrated",
    against="the limit of 5 s",
    goal=at_most(1),
    unit="s",
)
ALONE = Row(
    path="the same",
    against="the solver alone",
    goal=at_most(2),
    unit="s",
)
GROWTH = Row(
    path="ranking and choice of 10,000 candidates, time a candidate",
    against="with 1,000 candidates",
    goal=at_most(2),
    unit="µs",
)
FROM_HUNDRED = Row(
    path="ranking and choice of 1,000 candidates, time a candidate",
    against="with 100 candidates",
    goal=at_most(2),
    unit="µs",
)


def assignment_problem(candidates: int, seed: int = SEED) -> Problem:
    """Return candidates of all sectors, some with a conflict, and curators who know six each."""
    rng = Random(seed)
    names = [f"curator-{number:03}" for number in range(CURATORS)]
    return Problem(
        members=tuple(
            Member(curator=name, sectors=frozenset(rng.sample(SECTORS, 6))) for name in names
        ),
        entrants=tuple(
            Entrant(
                application=f"show.{number:05}",
                sector=rng.choice(SECTORS),
                curators=(),
                barred=frozenset({rng.choice(names)} if rng.random() < 0.03 else ()),
                needed=PANEL,
            )
            for number in range(candidates)
        ),
    )


def ranking_facts(candidates: int, seed: int = SEED) -> RankingFacts:
    """Return candidates with five sheets each, of curators of whom some are severe."""
    rng = Random(seed)
    # A hundred sheets of each curator at least, so that the scores of few are calibrated, too.
    curators = max(SHEETS, min(CURATORS, candidates * SHEETS // 100))
    leniency = {f"curator-{number:03}": rng.gauss(0, 600) for number in range(curators)}
    sealed = dict(_sealed(number, leniency, rng) for number in range(candidates))
    return RankingFacts(
        exhibition="show",
        programme="2018",
        scope=Scope.DOMESTIC,
        closing=1,
        sheets_min=SHEETS,
        terms=Terms(
            rubric="r",
            threshold=6_000,
            places=PLACES * candidates // MANY,
            quotas=quotas(candidates),
        ),
        remaining=tuple(sealed),
        candidates=sealed,
    )


def _sealed(number: int, leniency: Mapping[str, float], rng: Random) -> tuple[str, SealedCandidate]:
    merit = rng.gauss(6_500, 1_000)
    curators = rng.sample(sorted(leniency), SHEETS)
    totals = {each: round(merit + leniency[each] + rng.gauss(0, 600)) for each in curators}
    id = f"show.{number:05}"
    return id, SealedCandidate(
        application=id,
        closing=1,
        score=mean_of(list(totals.values())),
        scorers=tuple(curators),
        conflicted=(),
        first_timer=rng.random() < 0.5,
        province=Province(system="BPS", edition="2018", code=rng.choice(["31", "32", "36"])),
        submitted_at=BEGUN_AT + timedelta(minutes=number),
        totals=totals,
        counts_for=tuple(
            sorted({rng.choice("abcde--"), rng.choice("fgh--"), rng.choice("i-"), "j"} - {"-"})
        ),
    )


def quotas(candidates: int) -> tuple[Quota, ...]:
    """Return ten quotas that overlap, as a large call might have them, for so many candidates."""
    share = max(1, PLACES * candidates // MANY // 10)
    group = FirstTimerGroup(form="first-timers")
    return tuple(
        Quota(
            code=code,
            group=group,
            minimum=share if number % 2 else 1,
            maximum=3 * share if number < 8 else None,
        )
        for number, code in enumerate("abcdefghij")
    )


def rank_and_choose(facts: RankingFacts) -> tuple[float, float]:
    """Rank, choose and make the ranking, with its checks; return the seconds, and the solver's."""
    context = Context(
        now=BEGUN_AT,
        origin=Origin.PERSON,
        actor="officer",
        subject=f"show.1-{len(facts.remaining)}",
    )
    spent, solving = [], []
    for _ in range(REPEATED):
        begun = time.process_time()
        order, _ = order_of(facts)
        problem = problem_of(order, facts.terms)
        before = time.process_time()
        solution = solve(problem)
        solving.append(time.process_time() - before)
        make_ranking(MakeRanking(), replace(facts, solution=solution), None, context)
        spent.append(time.process_time() - begun)
    return median(spent), median(solving)


async def measure(_: Bench) -> Pairs:
    """Assign and rank once each."""
    problem = assignment_problem(MANY)
    begun = time.process_time()
    assign(problem)
    assigned = time.process_time() - begun
    many, alone = rank_and_choose(ranking_facts(MANY))
    few, _solver = rank_and_choose(ranking_facts(FEW))
    hundred, _solver = rank_and_choose(ranking_facts(HUNDRED))
    return {
        ASSIGNED: Pair(assigned, 30),
        CHOSEN: Pair(many, 5),
        ALONE: Pair(many, alone),
        GROWTH: Pair(1e6 * many / MANY, 1e6 * few / FEW),
        FROM_HUNDRED: Pair(1e6 * few / FEW, 1e6 * hundred / HUNDRED),
    }


ROWS = (ASSIGNED, CHOSEN, ALONE, GROWTH, FROM_HUNDRED)
PATHS = (MeasuredPath(name="selection", rows=ROWS, measure=measure),)
