"""The ranking (id = `EXHIBITION.CLOSING-CANDIDATES`): made once from sealed sheets, never changed.

A closing seals the sheets, and within a closing candidates only leave. So the id names its inputs,
and a ranking that is made again is the same. `state` holds all that a proposal is judged by.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from services.selection.domain.calibration.severity import Calibration, calibrated
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.quotas.choice import Codes, codes_of, grouped
from services.selection.domain.ranking.order import (
    Ranks,
    Standing,
    Terms,
    digest_of,
    ranked,
)
from services.selection.domain.ranking.state import Ranking, evolve
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.ranking import NotPassed, RankingEvent, RankingMade
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Province, Scope
from shared.kernel.decider import Context, Decider, Refused
from shared.kernel.errors import NotYet

# Commands


@dataclass(frozen=True, kw_only=True)
class MakeRanking:
    """Rank the candidates that remain of a closed scoring by their sealed scores."""


@dataclass(frozen=True, kw_only=True)
class SealedCandidate:
    """A candidate sealed by `closing`; `score` is None if there were too few sheets.

    `scorers` have scored it, also those whose sheet was set aside; `counts_for` are the quotas of
    the call that count it. `totals` has the total of each sheet that counts, by curator.
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
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RankingFacts:
    """The closed scoring of a round, and the exhibition's sealed candidates by application."""

    exhibition: str
    programme: str
    scope: Scope
    closing: int
    sheets_min: int
    terms: Terms
    remaining: tuple[str, ...]
    candidates: dict[str, SealedCandidate]


# Rules


def ranking_id(exhibition: str, closing: int, candidates: int) -> str:
    """Return the id of the ranking of so many candidates that remain of a closing."""
    return f"{exhibition}.{closing}-{candidates}"


def sealed_candidate(
    application: str, state: Candidate, quotas: Sequence[Quota] = ()
) -> SealedCandidate | None:
    """Return the facts of a candidate that a ranking uses; None if its sheets are not sealed."""
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
        totals={sheet.curator: sheet.total for sheet in state.sheets},
    )


def make_ranking(
    command: MakeRanking, facts: RankingFacts, state: Ranking | None, context: Context
) -> Sequence[RankingEvent]:
    """Rank the candidates once each of them is sealed, with a score; a second time do nothing."""
    if state is not None:
        return []
    if context.subject != ranking_id(facts.exhibition, facts.closing, len(facts.remaining)):
        raise NotYet("ranking-outdated", "A candidate has left the round: propose again.")
    sealed = _sealed_by_this_closing(facts)
    calibration = calibrated({each.application: each.totals for each in sealed})
    ranks = ranked(_standings(sealed, facts, calibration), facts.terms)
    return [_made(sealed, ranks, calibration, facts, context)]


def decide(command: MakeRanking, state: Ranking | None, context: Context) -> Sequence[RankingEvent]:
    """Raise `TypeError`: a ranking needs facts, so its route names the rule."""
    raise TypeError(f"{type(command).__name__} needs facts: name its rule")


def _made(
    sealed: Sequence[SealedCandidate],
    ranks: Ranks,
    calibration: Calibration,
    facts: RankingFacts,
    context: Context,
) -> RankingMade:
    standings, terms = (*ranks.passed, *ranks.below), facts.terms
    candidates = [standing.counts_for for standing in ranks.passed] if terms.quotas else []
    groups, group_of = grouped(candidates)
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
        groups=groups,
        group_of=group_of,
        passed_over=ranks.passed_over,
        shortfalls=ranks.shortfalls,
        scored_by=tuple(sorted({name for each in sealed for name in each.scorers})),
        conflicts=tuple(
            DeclaredConflict(application=each.application, curator=name)
            for each in sealed
            for name in each.conflicted
        ),
        **_terms_fields(terms),
    )


class TermsFields(TypedDict):
    """The terms of a ranking as its event has them."""

    method: str
    rubric: str
    threshold: int
    places: int
    quotas: tuple[Quota, ...]
    deciding: Deciding


def _terms_fields(terms: Terms) -> TermsFields:
    return TermsFields(
        method=terms.method,
        rubric=terms.rubric,
        threshold=terms.threshold,
        places=terms.places,
        quotas=terms.quotas,
        deciding=terms.deciding,
    )


def _not_passed(standings: Sequence[Standing]) -> tuple[NotPassed, ...]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for rank, standing in enumerate(standings, 1):
        for gate in standing.not_passed:
            numbers[gate].append(rank)
    return tuple(NotPassed(gate=gate, numbers=tuple(found)) for gate, found in numbers.items())


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


ranking = Decider(
    kind="ranking",
    commands=MakeRanking,
    state=Ranking | None,
    events=RankingEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    revision=3,
)
