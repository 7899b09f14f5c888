"""The response about a what-if: who would enter and leave, and how little would be enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.selection.domain.ranking.state import Ranking
from services.selection.domain.ranking.what_if import Trial
from services.selection.responses.choice import Price, prices
from shared.contracts.selection.rubric import Guard


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A candidate that would enter or leave, with the scores that rank now and then."""

    application: str
    score: int | None
    then: int | None


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
class WhatIfResponse:
    """The selections now and then, in order of rank, and who would enter and leave.

    `now` is the selection that is proposed or approved, if there is one. `unscored` have no sheet
    left. `guard` says why the scores could not be calibrated (`none`: they could). `gap` says by
    how many hundredths of a point another choice could be better (0: this is the best).
    """

    now: tuple[str, ...]
    then: tuple[str, ...]
    enters: tuple[Moved, ...]
    leaves: tuple[Moved, ...]
    unscored: tuple[str, ...]
    method: str
    guard: Guard
    gap: int
    prices: tuple[Price, ...]
    closest: Closest | None
    enough: Enough | None


def what_if_response(
    now: Ranking | Trial, then: Trial, guard: Guard, enough: Enough | None
) -> WhatIfResponse:
    """Return the answer to a what-if."""
    scores = now.scores if isinstance(now, Trial) else now.score_of()
    return WhatIfResponse(
        now=now.selected,
        then=then.selected,
        enters=_moved(then.selected, now.selected, scores, then.scores),
        leaves=_moved(now.selected, then.selected, scores, then.scores),
        unscored=tuple(sorted(set(scores) - set(then.scores))),
        method=then.terms.method,
        guard=guard,
        gap=then.gap,
        prices=prices(then.solution.marginals, [each.application for each in then.ranks.passed]),
        closest=_closest(then),
        enough=enough,
    )


def _moved(
    applications: tuple[str, ...],
    others: tuple[str, ...],
    scores: Mapping[str, int],
    then: Mapping[str, int],
) -> tuple[Moved, ...]:
    return tuple(
        Moved(application=id, score=scores.get(id), then=then.get(id))
        for id in applications
        if id not in others
    )


def _closest(then: Trial) -> Closest | None:
    found = then.closest()
    if found is None:
        return None
    application, score = found
    missing = score - then.scores[application]
    return Closest(application=application, score=score, missing=missing)
