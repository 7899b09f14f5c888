"""The what-if of a selection: the same sheets ranked under other terms, or without a curator. Pure.

Everything is done by the rules that rank: sheets are added up by the rubric with the other weights,
gates are counted, scores calibrated, and the choice made under the other quotas and places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.selection.domain.calibration.severity import calibrated
from services.selection.domain.candidate.points import mean_of, not_passed, total_of
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.quotas.choice import codes_of
from services.selection.domain.ranking.order import Standing, Terms, ranked
from services.selection.domain.rubric.decider import Rubric, require_weights
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.candidate import Sheet
from shared.contracts.selection.rubric import Deciding
from shared.kernel.decider import Refused

PLACES_TRIED = 50
"""Under quotas so many further places are tried, one by one."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Other terms of a selection; what is None or empty stays as it is.

    `weights` are by criterion; `without` are curators whose sheets do not count.
    """

    weights: Mapping[str, int] | None = None
    threshold: int | None = None
    places: int | None = None
    quotas: tuple[Quota, ...] | None = None
    deciding: Deciding | None = None
    without: frozenset[str] = frozenset()


def changed_terms(terms: Terms, change: Change) -> Terms:
    """Return the terms with the change."""
    return replace(
        terms,
        threshold=terms.threshold if change.threshold is None else change.threshold,
        places=terms.places if change.places is None else change.places,
        quotas=terms.quotas if change.quotas is None else change.quotas,
        deciding=change.deciding or terms.deciding,
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
) -> list[Standing]:
    """Return the candidates that have a sheet left, as these terms rank them."""
    sheets = {
        application: counted
        for application, found in sorted(candidates.items())
        if (counted := [each for each in found.sheets if each.curator not in without])
    }
    totals = {
        application: _totals(of_candidate, rubric, candidates[application])
        for application, of_candidate in sheets.items()
    }
    scores: Mapping[str, int] = {}
    if terms.deciding is Deciding.CALIBRATED:
        scores = calibrated(totals).scores
    return [
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


def sufficient_places(application: str, standings: Sequence[Standing], terms: Terms) -> int | None:
    """Return the least number of places, above the present one, with which it would be selected.

    None for who has not passed, whom no place helps, and under quotas beyond `PLACES_TRIED` more.
    """
    names = [each.application for each in ranked(standings, terms).passed]
    if application not in names:
        return None
    if not terms.quotas:
        return names.index(application) + 1
    tried = min(len(names), terms.places + PLACES_TRIED)
    for places in range(terms.places + 1, tried + 1):
        selected = ranked(standings, replace(terms, places=places)).selected
        if any(each.application == application for each in selected):
            return places
    return None
