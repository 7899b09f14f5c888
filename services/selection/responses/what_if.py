"""The response about a what-if: who would enter and leave, and how little would be enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.selection.domain.ranking.state import Ranking
from services.selection.domain.ranking.what_if import Closest, Enough, Tried
from services.selection.responses.choice import Price, prices
from shared.contracts.registration.quota import Shortfall
from shared.contracts.selection.rubric import Guard


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A candidate that would enter or leave, with the scores that rank now and then."""

    application: str
    score: int | None
    then: int | None


@dataclass(frozen=True, kw_only=True)
class WhatIfResponse:
    """The selections now and then, in order of rank, and who would enter and leave.

    `now` is the selection that is proposed or approved, if there is one. `unscored` have no sheet
    left. `shortfalls` are minima that would be missed. `guard` says why the scores could not be
    calibrated (`none`: they could). `gap` says by how many hundredths of a point another choice
    could be better (0: this is the best).
    """

    now: tuple[str, ...]
    then: tuple[str, ...]
    enters: tuple[Moved, ...]
    leaves: tuple[Moved, ...]
    unscored: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    method: str
    guard: Guard
    gap: int
    prices: tuple[Price, ...]
    closest: Closest | None
    enough: Enough | None


def what_if_response(now: Ranking | Tried, then: Tried) -> WhatIfResponse:
    """Return the answer to a what-if."""
    scores = now.scores if isinstance(now, Tried) else now.score_of()
    return WhatIfResponse(
        now=now.selected,
        then=then.selected,
        enters=_moved(then.selected, now.selected, scores, then.scores),
        leaves=_moved(now.selected, then.selected, scores, then.scores),
        unscored=tuple(sorted(set(scores) - set(then.scores))),
        shortfalls=then.shortfalls,
        method=then.method,
        guard=then.guard,
        gap=then.gap,
        prices=prices(then.marginals, then.passed),
        closest=then.closest,
        enough=then.enough,
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
