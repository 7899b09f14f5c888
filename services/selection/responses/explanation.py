"""The explanation of a decision for its applicant: its own scores, rank, and what was in the way.

No level tells which curator gave it. The sufficient score is the cut-off, so it is near the score
of a rival: that of the last who was selected.
"""

from dataclasses import dataclass

from services.selection.domain.candidate.points import LOWEST_LEVEL
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.ranking.explanation import Trace, Verdict
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.rubric.decider import Rubric, is_for
from services.selection.domain.selection_round.state import Round, SeatStatus
from services.selection.responses.explanation_sentences import (
    Basis,
    because,
    by_authority,
    since,
    sufficient,
)
from shared.contracts.registration.quota import QuotaStop
from shared.contracts.selection.approval import Override
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Sentence


@dataclass(frozen=True, kw_only=True)
class CriterionResult:
    """A criterion of the rubric, and the levels that counted, in order."""

    code: str
    name: Sentence
    weight: int
    levels: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """A gate of the rubric, and if the candidate passed it."""

    code: str
    text: Sentence
    passed: bool


@dataclass(frozen=True, kw_only=True)
class ExplanationResponse:
    """The decision on a candidate; scores in hundredths of a point.

    `score` ranked: the raw one, the mean of the totals of its sheets, or the calibrated one. `seat`
    is null for one that got none. `because`, `since` (what has changed after the approval) and
    `sufficient` are sentences in both languages.
    """

    verdict: Verdict
    score: int
    raw: int
    calibrated: int | None
    threshold: int
    rank: int | None
    passed: int
    candidates: int
    places: int
    reserve_place: int | None
    quota: QuotaStop | None
    override: Override | None
    seat: SeatStatus | None
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionResult, ...]
    sufficient_score: int | None
    because: Sentence
    since: Sentence | None
    sufficient: Sentence | None


def explanation_response(
    trace: Trace, candidate: Candidate, rubric: Rubric, ranking: Ranking, state: Round
) -> ExplanationResponse:
    """Return the explanation of a candidate; the caller checks that it is decided."""
    application, sector = candidate.applicant.application, candidate.applicant.sector
    gates = _gates(application, sector, rubric, ranking)
    basis = _basis(application, gates, ranking)
    override = _override(application, ranking)
    return ExplanationResponse(
        verdict=trace.verdict,
        score=trace.score,
        raw=ranking.raw_of()[application],
        calibrated=ranking.calibrated_of().get(application),
        threshold=ranking.terms.threshold,
        rank=trace.rank,
        passed=trace.passed,
        candidates=trace.candidates,
        places=ranking.terms.places,
        reserve_place=trace.reserve_place,
        quota=trace.stop,
        override=override,
        seat=state.seats.get(application),
        gates=gates,
        criteria=tuple(
            CriterionResult(
                code=criterion.code,
                name=criterion.name,
                weight=criterion.weight,
                levels=_levels(criterion.code, candidate),
            )
            for criterion in rubric.criteria
            if is_for(criterion, sector)
        ),
        sufficient_score=trace.sufficient_score,
        because=by_authority(override) if override else because(trace, basis),
        since=since(trace, application, state),
        sufficient=sufficient(trace),
    )


def _gates(
    application: str, sector: str, rubric: Rubric, ranking: Ranking
) -> tuple[GateResult, ...]:
    stopped = ranking.gates_not_passed.get(application, ())
    return tuple(
        GateResult(code=gate.code, text=gate.text, passed=gate.code not in stopped)
        for gate in rubric.gates
        if is_for(gate, sector)
    )


def _basis(application: str, gates: tuple[GateResult, ...], ranking: Ranking) -> Basis:
    is_calibrated = ranking.terms.deciding is Deciding.CALIBRATED
    return Basis(
        threshold=ranking.terms.threshold,
        places=ranking.terms.places,
        is_calibrated=is_calibrated and application in ranking.calibrated_of(),
        gates=tuple(gate.text for gate in gates if not gate.passed),
    )


def _override(application: str, ranking: Ranking) -> Override | None:
    found = (each for each in ranking.terms.overrides if each.application == application)
    return next(found, None)


def _levels(code: str, candidate: Candidate) -> tuple[int, ...]:
    # A criterion that a sheet leaves out counts as the lowest level, if the rubric lets it.
    return tuple(sorted(sheet.levels.get(code, LOWEST_LEVEL) for sheet in candidate.sheets))
