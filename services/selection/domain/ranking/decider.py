"""The ranking (id = `EXHIBITION.CLOSING-CANDIDATES`): made once from sealed sheets, never changed.

A closing seals the sheets, and within a closing candidates only leave. So the id names its inputs,
and a ranking that is made again is the same. `state` holds all that a proposal is judged by.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from services.selection.domain.calibration.severity import Calibration
from services.selection.domain.choosing.certificate import faults_of, gap_of
from services.selection.domain.choosing.places_only import first_for_places
from services.selection.domain.choosing.problem import Problem, Solution
from services.selection.domain.ranking.order import (
    Ranks,
    Standing,
    Terms,
    digest_of,
    problem_of,
    ranks_of,
)
from services.selection.domain.ranking.sealed import RankingFacts, order_of, require_admissible
from services.selection.domain.ranking.state import Ranking, cutoff_of, evolve
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds, GroupCutoff, Marginal, Prices
from shared.contracts.selection.ranking import NotPassed, RankingEvent, RankingMade
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.rubric import Deciding
from shared.kernel.decider import Context, Decider
from shared.kernel.errors import NotYet

# Commands


@dataclass(frozen=True, kw_only=True)
class MakeRanking:
    """Rank the candidates that remain of a closed scoring by their sealed scores."""


class ChoiceFields(TypedDict):
    """The choice of a ranking as its event has it."""

    chosen: tuple[int, ...]
    groups: tuple[tuple[str, ...], ...]
    group_of: tuple[int, ...]
    prices: Prices
    fewest: Prices | None
    gap: int
    marginals: tuple[Marginal, ...]
    cutoffs: tuple[GroupCutoff, ...]
    solver: str


# Rules


def ranking_id(exhibition: str, closing: int, candidates: int, inputs: int = 0) -> str:
    """Return the id of the ranking of so many candidates that remain of a closing.

    `inputs` counts the changes of its other inputs, if there were any.
    """
    changes = f"-{inputs}" if inputs else ""
    return f"{exhibition}.{closing}-{candidates}{changes}"


def make_ranking(
    command: MakeRanking, facts: RankingFacts, state: Ranking | None, context: Context
) -> Sequence[RankingEvent]:
    """Rank the candidates once each of them is sealed, with a score; a second time do nothing.

    The choice is checked, and never solved here.
    """
    if state is not None:
        return []
    id = ranking_id(facts.exhibition, facts.closing, len(facts.remaining), facts.inputs)
    if context.subject != id:
        raise NotYet("ranking-outdated", "A candidate has left the round: propose again.")
    order, calibration = order_of(facts)
    problem = problem_of(order, facts.terms)
    require_admissible(problem)
    solution = facts.solution or first_for_places(problem)
    if solution is None or faults_of(solution, problem):
        raise NotYet("ranking-outdated", "The candidates have changed: propose again.")
    ranks = ranks_of(order, problem, solution, facts.terms)
    return [_made(ranks, _choice_fields(problem, solution), calibration, facts, context)]


def decide(command: MakeRanking, state: Ranking | None, context: Context) -> Sequence[RankingEvent]:
    """Raise `TypeError`: a ranking needs facts, so its route names the rule."""
    raise TypeError(f"{type(command).__name__} needs facts: name its rule")


def _made(
    ranks: Ranks,
    choice: ChoiceFields,
    calibration: Calibration,
    facts: RankingFacts,
    context: Context,
) -> RankingMade:
    standings, terms = (*ranks.passed, *ranks.below), facts.terms
    sealed = [facts.candidates[application] for application in facts.remaining]
    return RankingMade(
        ranking=context.subject,
        exhibition=facts.exhibition,
        programme=facts.programme,
        scope=facts.scope,
        closing=facts.closing,
        candidates=len(standings),
        guard=calibration.guard,
        raw=tuple(standing.raw for standing in standings),
        calibrated=tuple(
            calibration.scores[standing.application] for standing in standings if calibration.scores
        ),
        leniency=dict(calibration.leniency),
        digest=digest_of(ranks, terms, facts.closing),
        order=tuple(enterprise_of(standing.application) for standing in standings),
        scores=tuple(standing.score for standing in standings),
        passed=len(ranks.passed),
        not_passed=_not_passed(standings),
        passed_over=ranks.passed_over,
        shortfalls=ranks.shortfalls,
        scored_by=tuple(sorted({name for each in sealed for name in each.scorers})),
        conflicts=tuple(
            DeclaredConflict(application=each.application, curator=name)
            for each in sealed
            for name in each.conflicted
        ),
        **choice,
        **_terms_fields(terms),
    )


def _choice_fields(problem: Problem, solution: Solution) -> ChoiceFields:
    return ChoiceFields(
        chosen=tuple(position + 1 for position in solution.chosen),
        groups=tuple(group.codes for group in problem.groups),
        group_of=problem.group_of if problem.limits else (),
        prices=solution.prices,
        fewest=solution.fewest,
        gap=gap_of(solution, problem),
        marginals=solution.marginals,
        cutoffs=tuple(cutoff_of(each) for each in solution.cutoffs),
        solver=solution.solver,
    )


class TermsFields(TypedDict):
    """The terms of a ranking as its event has them."""

    method: str
    rubric: str
    threshold: int
    places: int
    quotas: tuple[Quota, ...]
    deciding: Deciding
    funds: Funds | None
    overrides: tuple[Override, ...]


def _terms_fields(terms: Terms) -> TermsFields:
    return TermsFields(
        method=terms.method,
        rubric=terms.rubric,
        threshold=terms.threshold,
        places=terms.places,
        quotas=terms.quotas,
        deciding=terms.deciding,
        funds=terms.funds,
        overrides=terms.overrides,
    )


def _not_passed(standings: Sequence[Standing]) -> tuple[NotPassed, ...]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for rank, standing in enumerate(standings, 1):
        for gate in standing.not_passed:
            numbers[gate].append(rank)
    return tuple(NotPassed(gate=gate, numbers=tuple(found)) for gate, found in numbers.items())


ranking = Decider(
    kind="ranking",
    commands=MakeRanking,
    state=Ranking | None,
    events=RankingEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    revision=5,
)
