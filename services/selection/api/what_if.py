"""The route of what-if: who would be selected under other terms; nothing is written.

It is a query, so it needs no Idempotency-Key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from pydantic import Field

from services.selection import queries
from services.selection.api.facts import candidates_of, opened_round
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.ranking.explanation import trace_of
from services.selection.domain.ranking.order import Ranks, Standing, Terms, ranked
from services.selection.domain.ranking.what_if import (
    Change,
    changed_rubric,
    changed_terms,
    standings_of,
    sufficient_places,
)
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.proposal import terms_of
from services.selection.domain.selection_round.state import DECIDED, Round
from shared.contracts.registration.exhibition import Places
from shared.contracts.registration.quota import QUOTAS_MAX, Quota
from shared.contracts.selection.candidate import Curator
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Id, PairId, Points
from shared.http import Caller, Role, RunningService, query, routes
from shared.kernel.errors import Forbidden, Unknown
from shared.service import Service

router = routes("round")

Reader = Annotated[Caller, query("selection-officer", "approver", "auditor")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
DECIDERS = frozenset({Role.SELECTION_OFFICER, Role.APPROVER})
Weight = Annotated[int, Field(ge=1, le=100)]


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Other terms of the selection; what is left out stays as it is.

    `weights` are by criterion, and sum to 100. The sheets of the curators `without` do not count.
    `application` asks what would be enough for this one.
    """

    weights: Annotated[dict[Id, Weight], Field(min_length=1, max_length=50)] | None = None
    threshold: Points | None = None
    places: Places | None = None
    quotas: Annotated[tuple[Quota, ...], Field(max_length=QUOTAS_MAX)] | None = None
    deciding: Deciding | None = None
    without: Annotated[tuple[Curator, ...], Field(max_length=200)] = ()
    application: PairId | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A candidate that would enter or leave, with the scores that rank now and then."""

    application: str
    score: int
    then: int | None


@dataclass(frozen=True, kw_only=True)
class Enough:
    """The least score, and the least number of places, with which a candidate would be selected.

    All else is as in the question; null: it is selected, or nothing would be enough.
    """

    score: int | None
    places: int | None


@dataclass(frozen=True, kw_only=True)
class WhatIfResponse:
    """The selections now and then, in order of rank, and who would enter and leave.

    `unscored` have no sheet left.
    """

    now: tuple[str, ...]
    then: tuple[str, ...]
    enters: tuple[Moved, ...]
    leaves: tuple[Moved, ...]
    unscored: tuple[str, ...]
    enough: Enough | None


@router.post("/rounds/{exhibition}/what-if")
async def ask_what_if(
    id: ExhibitionId, body: WhatIf, reader: Reader, service: RunningService
) -> WhatIfResponse:
    """Return who would be selected under other terms, beside who is by the present ones."""
    state = await opened_round(service, id)
    if not reader.roles & DECIDERS and state.status not in DECIDED:
        raise Forbidden(
            "not-approved-yet", "An auditor compares selections only after they have been approved."
        )
    queries.require_no_interest(state, state.conflicts, reader)
    candidates = await _sealed(service, state)
    published = await service.load(rubric, state.rubric)
    if published is None:
        raise Unknown("rubric", state.rubric)
    terms = terms_of(state, published.deciding)
    change = Change(
        weights=body.weights,
        threshold=body.threshold,
        places=body.places,
        quotas=body.quotas,
        deciding=body.deciding,
        without=frozenset(body.without),
    )
    then_terms = changed_terms(terms, change)
    then_rubric = changed_rubric(published, change)
    now = standings_of(candidates, published, terms, frozenset())
    then = standings_of(candidates, then_rubric, then_terms, change.without)
    enough = _enough(body.application, then, then_terms) if body.application else None
    return _answer(now, then, ranked(now, terms), ranked(then, then_terms), enough)


async def _sealed(service: Service, state: Round) -> Mapping[str, Candidate]:
    """Return the remaining candidates of a closed scoring. Raises `Forbidden` before that."""
    remaining = frozenset(state.remaining)
    found = {id: each async for id, each in candidates_of(service, state.exhibition)}
    sealed = {id: each for id, each in found.items() if id in remaining and each.seal is not None}
    if not state.closing or len(sealed) < len(remaining):
        raise Forbidden(
            "sheets-not-open", "The scoring is not closed: ask again once all sheets are sealed."
        )
    return sealed


def _answer(
    now: list[Standing],
    then: list[Standing],
    ranks_now: Ranks,
    ranks_then: Ranks,
    enough: Enough | None,
) -> WhatIfResponse:
    scores, then_scores = ({each.application: each.score for each in all} for all in (now, then))
    selected, then_selected = (
        tuple(each.application for each in ranks.selected) for ranks in (ranks_now, ranks_then)
    )

    def moved(applications: tuple[str, ...], others: tuple[str, ...]) -> tuple[Moved, ...]:
        return tuple(
            Moved(application=id, score=scores[id], then=then_scores.get(id))
            for id in applications
            if id not in others
        )

    return WhatIfResponse(
        now=selected,
        then=then_selected,
        enters=moved(then_selected, selected),
        leaves=moved(selected, then_selected),
        unscored=tuple(sorted(set(scores) - set(then_scores))),
        enough=enough,
    )


def _enough(application: str, standings: list[Standing], terms: Terms) -> Enough:
    if all(each.application != application for each in standings):
        raise Unknown("candidate", application)
    trace = trace_of(application, standings, terms)
    is_selected = trace.rank is not None and trace.reserve_place is None
    places = None if is_selected else sufficient_places(application, standings, terms)
    return Enough(score=trace.sufficient_score, places=places)
