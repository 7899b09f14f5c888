"""The what-if of a selection: the same sheets ranked under other terms, or without a curator. Pure.

Everything is done by the rules that rank: sheets are added up by the rubric with the other weights,
gates are counted, scores calibrated, and the choice made under the other quotas and places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.selection.domain.calibration.severity import calibrated
from services.selection.domain.candidate.points import mean_of, not_passed, total_of
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.choosing.certificate import gap_of
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.choosing.problem import Problem, Solution
from services.selection.domain.ranking.explanation import sufficient_score
from services.selection.domain.ranking.order import Ranks, Standing, Terms
from services.selection.domain.ranking.state import cutoff_of
from services.selection.domain.rubric.decider import Rubric, require_weights
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.candidate import Sheet
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.rubric import Deciding, Guard
from shared.kernel.decider import Refused


@dataclass(frozen=True, kw_only=True)
class Change:
    """Other terms of a selection; what is None or empty stays as it is.

    `weights` are by criterion; `without` are curators whose sheets do not count.
    """

    weights: Mapping[str, int] | None = None
    threshold: int | None = None
    places: int | None = None
    quotas: tuple[Quota, ...] | None = None
    funds: Funds | None = None
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
        funds=change.funds or terms.funds,
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


def standings_of(
    candidates: Mapping[str, Candidate], rubric: Rubric, terms: Terms, without: frozenset[str]
) -> tuple[list[Standing], Guard]:
    """Return the candidates that have a sheet left, as these terms rank them, and the guard.

    The guard is that of the calibration (`Guard.NONE`: their scores can be calibrated).
    """
    sheets = {
        application: counted
        for application, found in sorted(candidates.items())
        if (counted := [each for each in found.sheets if each.curator not in without])
    }
    totals = {
        application: _totals(of_candidate, rubric, candidates[application])
        for application, of_candidate in sheets.items()
    }
    calibration = calibrated(totals, terms.guard)
    scores = calibration.scores if terms.deciding is Deciding.CALIBRATED else {}
    standings = [
        _standing(
            application,
            candidates[application],
            raw=mean_of(list(totals[application].values())),
            scores=scores,
            gates=not_passed(of_candidate),
            terms=terms,
        )
        for application, of_candidate in sheets.items()
    ]
    return standings, calibration.guard


def _totals(sheets: Sequence[Sheet], rubric: Rubric, candidate: Candidate) -> dict[str, int]:
    weights = rubric.weights(candidate.applicant.sector)
    return {
        sheet.curator: total_of(sheet.levels, weights, rubric.missing_answer) for sheet in sheets
    }


def _standing(
    application: str,
    found: Candidate,
    *,
    raw: int,
    scores: Mapping[str, int],
    gates: tuple[str, ...],
    terms: Terms,
) -> Standing:
    assert found.submitted_at is not None, "a scored candidate has entered"
    return Standing(
        application=application,
        score=scores.get(application, raw),
        raw=raw,
        first_timer=found.applicant.first_timer,
        province=found.applicant.province,
        submitted_at=found.submitted_at,
        counts_for=codes_of(terms.quotas, found.applicant),
        not_passed=gates,
    )


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A selection that was tried: its candidates, and the choice among them."""

    standings: Sequence[Standing]
    terms: Terms
    problem: Problem
    solution: Solution
    ranks: Ranks

    @property
    def selected(self) -> tuple[str, ...]:
        """Return the selected applications in order of rank."""
        return tuple(each.application for each in self.ranks.selected)

    @property
    def scores(self) -> Mapping[str, int]:
        """Return the scores that rank, by application."""
        return {each.application: each.score for each in self.standings}

    @property
    def gap(self) -> int:
        """Return by how many hundredths of a point another choice could be better at most."""
        return gap_of(self.solution, self.problem)

    def sufficient_score(self, application: str) -> int | None:
        """Return the least score with which this candidate would be selected; None if it is."""
        names = self._names
        number = names.index(application)
        own = (*self.ranks.passed, *self.ranks.below)[number]
        if number in self.solution.chosen or own.not_passed:
            return None
        cutoff = cutoff_of(self.solution.cutoffs[self.problem.group_of[number]])
        return sufficient_score(application, self.standings, self.terms, cutoff, names)

    def closest(self) -> tuple[str, int] | None:
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
        score = self.sufficient_score(application)
        return None if score is None else (application, score)

    @property
    def _names(self) -> list[str]:
        return [each.application for each in (*self.ranks.passed, *self.ranks.below)]
