"""The sealed candidates of a closed scoring, and their order of rank: the facts of a ranking.

Sheets that a closing has sealed do not change until a return of that closing, so what a route loads
is still true when the ranking is decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.selection.domain.calibration.severity import Calibration, calibrated
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.choosing.problem import Codes, Problem, Solution
from services.selection.domain.ranking.order import (
    Order,
    Standing,
    Terms,
    ordered,
)
from services.selection.domain.selection_round.scoring_phase import NAMES_MAX, RELATED_SHEETS
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.approval import OverrideEffect
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Province, Scope
from shared.kernel.decider import Refused
from shared.kernel.relations import frozen_owners_of


@dataclass(frozen=True, kw_only=True)
class SealedCandidate:
    """A candidate sealed by `closing`; `score` is None if there were too few sheets.

    `scorers` have scored it, also those whose sheet was set aside; `counts_for` are the quotas of
    the call that count it. `totals` has the total of each sheet that counts, by curator. `owners`
    are short keyed hashes of its owners: equal for equal persons.
    """

    application: str
    closing: int
    score: int | None
    scorers: tuple[str, ...]
    conflicted: tuple[str, ...]
    first_timer: bool
    province: Province
    submitted_at: datetime
    counts_for: Codes = ()
    not_passed: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RankingFacts:
    """The closed scoring of a round, and the exhibition's sealed candidates by application.

    `solution` is the answer of a solver to their choice; None: there was nothing to solve.
    """

    exhibition: str
    programme: str
    scope: Scope
    closing: int
    sheets_min: int
    terms: Terms
    remaining: tuple[str, ...]
    candidates: dict[str, SealedCandidate]
    inputs: int = 0
    solution: Solution | None = None


# Rules


def sealed_candidate(
    application: str,
    state: Candidate,
    quotas: Sequence[Quota] = (),
    *,
    owners: tuple[str, ...] | None = None,
) -> SealedCandidate | None:
    """Return the facts of a candidate that a ranking uses; None if its sheets are not sealed.

    Without `owners` they are the hashes as they were frozen, which needs no key.
    """
    if state.seal is None or state.submitted_at is None:
        return None
    return SealedCandidate(
        application=application,
        closing=state.seal.closing,
        score=state.seal.score,
        scorers=state.scorers,
        conflicted=tuple(conflict.curator for conflict in state.conflicts),
        first_timer=state.applicant.first_timer,
        province=state.applicant.province,
        submitted_at=state.submitted_at,
        counts_for=codes_of(quotas, state.applicant),
        not_passed=state.seal.not_passed,
        owners=frozen_owners_of(state.relations) if owners is None else owners,
        totals={sheet.curator: sheet.total for sheet in state.sheets},
    )


def order_of(facts: RankingFacts) -> tuple[Order, Calibration]:
    """Return the candidates in order of rank, and how their scores were calibrated.

    Raises `Refused` while one of them is not sealed, or has too few sheets.
    """
    sealed = _sealed_by_this_closing(facts)
    _require_no_related_sheet(sealed)
    _require_gates(sealed, facts.terms)
    calibration = calibrated({each.application: each.totals for each in sealed}, facts.terms.guard)
    return ordered(_standings(sealed, facts, calibration), facts.terms), calibration


def require_admissible(problem: Problem) -> None:
    """Refuse overrides that a maximum, the places or the money do not permit together."""
    counts = problem.counts(problem.admitted)
    over = [
        limit.code
        for limit in problem.limits
        if limit.maximum is not None and counts[limit.code] > limit.maximum
    ]
    if over or len(problem.admitted) > problem.seats:
        raise Refused(
            "overrides-exceed-bound",
            "The admitted candidates exceed the places, the money, or a maximum "
            f"({', '.join(over) or 'places'}): withdraw an override.",
        )


def _require_gates(sealed: Sequence[SealedCandidate], terms: Terms) -> None:
    for each in sealed:
        if each.not_passed and terms.effects.get(each.application) is OverrideEffect.ADMITTED:
            raise Refused(
                "gate-not-passed",
                f"{each.application} is admitted and does not pass {', '.join(each.not_passed)}: "
                "no override passes a gate; withdraw it.",
            )


def _sealed_by_this_closing(facts: RankingFacts) -> list[SealedCandidate]:
    sealed = [
        candidate
        for application in facts.remaining
        if (candidate := facts.candidates.get(application)) is not None
        and candidate.closing == facts.closing
    ]
    waiting = len(facts.remaining) - len(sealed)
    if waiting:
        raise Refused(
            "sealing-under-way",
            f"Candidates that are not sealed yet: {waiting}. Try again in a moment.",
        )
    return sealed


def _require_no_related_sheet(sealed: Sequence[SealedCandidate]) -> None:
    related = [each.application for each in sealed if set(each.totals) & set(each.conflicted)]
    if related:
        raise Refused(
            RELATED_SHEETS,
            f"Candidates with a sealed sheet of a curator that is related to them: {len(related)} "
            f"({', '.join(related[:NAMES_MAX])}). Have an approver return the selection, and close "
            "the scoring again: these sheets are then set aside.",
        )


def _standings(
    sealed: Sequence[SealedCandidate], facts: RankingFacts, calibration: Calibration
) -> list[Standing]:
    ranks_calibrated = facts.terms.deciding is Deciding.CALIBRATED
    scores = calibration.scores if ranks_calibrated else {}
    standings = [
        Standing(
            application=candidate.application,
            score=scores.get(candidate.application, candidate.score),
            raw=candidate.score,
            first_timer=candidate.first_timer,
            province=candidate.province,
            submitted_at=candidate.submitted_at,
            counts_for=candidate.counts_for,
            not_passed=candidate.not_passed,
            owners=candidate.owners,
        )
        for candidate in sealed
        if candidate.score is not None
    ]
    missing = len(sealed) - len(standings)
    if missing:
        raise Refused(
            "sheets-missing",
            f"Candidates with fewer than {facts.sheets_min} sealed score sheets: {missing} "
            f"(GET /rounds/{facts.exhibition}/missing-sheets). "
            "Have an approver return the selection, and have them scored.",
        )
    return standings
