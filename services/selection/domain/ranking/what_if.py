"""The what-if of a selection: the same sheets ranked under other terms, or without a curator. Pure.

Everything is done by the rules that rank: sheets are added up by the rubric with the other weights,
gates are counted, scores calibrated, and the choice made under the other quotas and places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.selection.domain.calibration.severity import calibrated
from services.selection.domain.candidate.points import mean_of, not_passed, total_of
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.choosing.certificate import gap_of
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.choosing.problem import Problem, Solution
from services.selection.domain.ranking.explanation import sufficient_score
from services.selection.domain.ranking.order import (
    Ranks,
    Standing,
    Terms,
    ordered,
    problem_of,
    ranks_of,
)
from services.selection.domain.ranking.state import cutoff_of
from services.selection.domain.rubric.decider import Rubric, require_weights
from shared.contracts.registration.quota import Quota, Shortfall
from shared.contracts.selection.choice import Funds, Marginal
from shared.contracts.selection.rubric import Deciding, Guard
from shared.kernel.decider import Refused


@dataclass(frozen=True, kw_only=True)
class Change:
    """Other terms of a selection; what is None or empty stays as it is.

    `weights` are by criterion; `without` are curators whose sheets do not count; `any_money` lets
    no money bind.
    """

    weights: Mapping[str, int] | None = None
    threshold: int | None = None
    places: int | None = None
    quotas: tuple[Quota, ...] | None = None
    funds: Funds | None = None
    any_money: bool = False
    deciding: Deciding | None = None
    without: frozenset[str] = frozenset()


def changed_terms(terms: Terms, change: Change) -> Terms:
    """Return the terms with the change. Raises `Refused` for quotas that no call can have."""
    _require_quotas(change.quotas or ())
    return replace(
        terms,
        threshold=terms.threshold if change.threshold is None else change.threshold,
        places=terms.places if change.places is None else change.places,
        quotas=terms.quotas if change.quotas is None else change.quotas,
        deciding=change.deciding or terms.deciding,
        funds=None if change.any_money else change.funds or terms.funds,
    )


def _require_quotas(quotas: Sequence[Quota]) -> None:
    if len({quota.code for quota in quotas}) < len(quotas):
        raise Refused("quota-repeated", "Two quotas have one code: give each a code of its own.")
    for quota in quotas:
        if quota.maximum is not None and quota.minimum > quota.maximum:
            raise Refused(
                "quota-bounds-crossed",
                f"Quota {quota.code} has a minimum of {quota.minimum} over its maximum of "
                f"{quota.maximum}: lower the minimum or raise the maximum.",
            )


def changed_rubric(rubric: Rubric, change: Change) -> Rubric:
    """Return the rubric with the other weights. Raises `Refused` if they do not sum to 100."""
    if change.weights is None:
        return rubric
    strangers = sorted(set(change.weights) - {each.code for each in rubric.criteria})
    if strangers:
        raise Refused(
            "criterion-unknown", f"The rubric has no criterion {', '.join(strangers)}: remove it."
        )
    criteria = tuple(
        each.model_copy(update={"weight": change.weights.get(each.code, each.weight)})
        for each in rubric.criteria
    )
    require_weights(criteria)
    return replace(rubric, criteria=criteria)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A candidate with the totals of the sheets that count; `standing` has the mean of them."""

    standing: Standing
    totals: Mapping[str, int]


def counted(
    found: Candidate, rubric: Rubric, terms: Terms, without: frozenset[str] = frozenset()
) -> Counted | None:
    """Return a sealed candidate as these terms count it; None if it has no sheet left."""
    sheets = [each for each in found.sheets if each.curator not in without]
    if not sheets:
        return None
    assert found.submitted_at is not None, "a sealed candidate has entered"
    weights = rubric.weights(found.applicant.sector)
    totals = {
        sheet.curator: total_of(sheet.levels, weights, rubric.missing_answer) for sheet in sheets
    }
    raw = mean_of(list(totals.values()))
    standing = Standing(
        application=found.applicant.application,
        score=raw,
        raw=raw,
        first_timer=found.applicant.first_timer,
        province=found.applicant.province,
        submitted_at=found.submitted_at,
        counts_for=codes_of(terms.quotas, found.applicant),
        not_passed=not_passed(sheets),
    )
    return Counted(standing=standing, totals=totals)


@dataclass(frozen=True, kw_only=True)
class TrialQuestion:
    """The candidates as some terms count them, whose selection is asked.

    `application`, if it is given, is one of them: what would be enough for it?
    """

    candidates: tuple[Counted, ...]
    terms: Terms
    application: str | None = None


@dataclass(frozen=True, kw_only=True)
class Enough:
    """The least score, and the least number of places, with which a candidate would be selected.

    All else is as in the question; null: it is selected, or nothing would be enough.
    """

    score: int | None
    places: int | None


@dataclass(frozen=True, kw_only=True)
class Closest:
    """The candidate that needs the fewest points more to be selected: the least change of all.

    `missing` are hundredths of a point.
    """

    application: str
    score: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The answer of a trial: the selected in order of rank, and the scores that rank.

    `passed` are the names of those that passed, in order of rank; `marginals` count them.
    """

    selected: tuple[str, ...]
    scores: Mapping[str, int]
    passed: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    method: str
    guard: Guard
    gap: int
    marginals: tuple[Marginal, ...]
    closest: Closest | None
    enough: Enough | None


class Solver(Protocol):
    """A solver, as a trial asks it."""

    def choose(self, problem: Problem) -> Solution:
        """Return the best choice."""

    def sufficient_places(self, problem: Problem, position: int) -> int | None:
        """Return the least number of places that give this candidate one, by position."""


def tried(question: TrialQuestion, solver: Solver) -> Tried:
    """Return the selection that these terms would make."""
    trial = _trial_of(question, solver)
    application = question.application
    return Tried(
        selected=trial.selected,
        scores=trial.scores,
        passed=tuple(each.application for each in trial.ranks.passed),
        shortfalls=trial.ranks.shortfalls,
        method=trial.terms.method,
        guard=trial.guard,
        gap=gap_of(trial.solution, trial.problem),
        marginals=trial.solution.marginals,
        closest=trial.closest(),
        enough=trial.enough(application, solver) if application else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Trial:
    standings: tuple[Standing, ...]
    guard: Guard
    terms: Terms
    problem: Problem
    solution: Solution
    ranks: Ranks

    @property
    def selected(self) -> tuple[str, ...]:
        return tuple(each.application for each in self.ranks.selected)

    @property
    def scores(self) -> Mapping[str, int]:
        return {each.application: each.score for each in self.standings}

    def closest(self) -> Closest | None:
        """Return the candidate that needs the fewest points more, and the score that it needs."""
        least: tuple[int, int] | None = None
        for number, own in enumerate((*self.ranks.passed, *self.ranks.below)):
            points = self.solution.cutoffs[self.problem.group_of[number]].points
            if number in self.solution.chosen or own.not_passed or points is None:
                continue
            missing = max(points, self.terms.threshold) - own.score
            least = min(least or (missing, number), (missing, number))
        if least is None:
            return None
        application = self._names[least[1]]
        score = self._sufficient_score(application)
        if score is None:
            return None
        missing = score - self.scores[application]
        return Closest(application=application, score=score, missing=missing)

    def enough(self, application: str, solver: Solver) -> Enough:
        """Return what would be enough for this candidate."""
        score = self._sufficient_score(application)
        passed = [each.application for each in self.ranks.passed]
        if application in self.selected or application not in passed:
            return Enough(score=score, places=None)
        places = solver.sufficient_places(self.problem, passed.index(application))
        return Enough(score=score, places=places)

    def _sufficient_score(self, application: str) -> int | None:
        """Return the least score with which this candidate would be selected; None if it is."""
        names = self._names
        number = names.index(application)
        own = (*self.ranks.passed, *self.ranks.below)[number]
        if number in self.solution.chosen or own.not_passed:
            return None
        cutoff = cutoff_of(self.solution.cutoffs[self.problem.group_of[number]])
        return sufficient_score(application, self.standings, self.terms, cutoff, names)

    @property
    def _names(self) -> list[str]:
        return [each.application for each in (*self.ranks.passed, *self.ranks.below)]


def _trial_of(question: TrialQuestion, solver: Solver) -> _Trial:
    terms, counts = question.terms, question.candidates
    calibration = calibrated({of.standing.application: of.totals for of in counts}, terms.guard)
    scores = calibration.scores if terms.deciding is Deciding.CALIBRATED else {}
    standings = tuple(
        replace(of.standing, score=scores.get(of.standing.application, of.standing.raw))
        for of in counts
    )
    order = ordered(standings, terms)
    problem = problem_of(order, terms)
    solution = solver.choose(problem)
    return _Trial(
        standings=standings,
        guard=calibration.guard,
        terms=terms,
        problem=problem,
        solution=solution,
        ranks=ranks_of(order, problem, solution, terms),
    )
