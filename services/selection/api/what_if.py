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
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.order import (
    Standing,
    Terms,
    ordered,
    problem_of,
    ranks_of,
)
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.ranking.what_if import (
    Change,
    Trial,
    changed_rubric,
    changed_terms,
    standings_of,
)
from services.selection.domain.rubric.decider import Rubric, rubric
from services.selection.domain.selection_round.proposal import terms_of
from services.selection.domain.selection_round.state import DECIDED, Round
from services.selection.responses.what_if import Enough, WhatIfResponse, what_if_response
from services.selection.solving.process import choose_apart, places_apart
from shared.contracts.registration.exhibition import Places
from shared.contracts.registration.quota import QUOTAS_MAX, Quota
from shared.contracts.selection.candidate import Curator
from shared.contracts.selection.choice import Funds
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

    `weights` are by criterion, and sum to 100. `funds` are the money and the cost of a place. The
    sheets of the curators `without` do not count. `application` asks what would be enough for it.
    """

    weights: Annotated[dict[Id, Weight], Field(min_length=1, max_length=50)] | None = None
    threshold: Points | None = None
    places: Places | None = None
    quotas: Annotated[tuple[Quota, ...], Field(max_length=QUOTAS_MAX)] | None = None
    funds: Funds | None = None
    deciding: Deciding | None = None
    without: Annotated[tuple[Curator, ...], Field(max_length=200)] = ()
    application: PairId | None = None


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
    made = await service.load(ranking, state.proposal.ranking) if state.proposal else None
    candidates = await _sealed(service, state, made)
    published = await service.load(rubric, state.rubric)
    if published is None:
        raise Unknown("rubric", state.rubric)
    terms = made.terms if made else terms_of(state, published.deciding)
    change = _change(body)
    then_terms, then_rubric = changed_terms(terms, change), changed_rubric(published, change)
    standings, guard = standings_of(candidates, then_rubric, then_terms, change.without)
    then = await _trial(service, standings, then_terms)
    now = made or await _ranked_now(service, candidates, published, terms)
    enough = await _enough(service, body.application, then) if body.application else None
    return what_if_response(now, then, guard, enough)


def _change(body: WhatIf) -> Change:
    return Change(
        weights=body.weights,
        threshold=body.threshold,
        places=body.places,
        quotas=body.quotas,
        funds=body.funds,
        deciding=body.deciding,
        without=frozenset(body.without),
    )


async def _sealed(service: Service, state: Round, made: Ranking | None) -> Mapping[str, Candidate]:
    """Return the candidates of a ranking, or those that remain of a closed scoring.

    Raises `Forbidden` before the scoring is closed.
    """
    wanted = frozenset(made.applications if made else state.remaining)
    found = {id: each async for id, each in candidates_of(service, state.exhibition)}
    sealed = {id: each for id, each in found.items() if id in wanted and each.seal is not None}
    if not state.closing or len(sealed) < len(wanted):
        raise Forbidden(
            "sheets-not-open", "The scoring is not closed: ask again once all sheets are sealed."
        )
    return sealed


async def _ranked_now(
    service: Service, candidates: Mapping[str, Candidate], published: Rubric, terms: Terms
) -> Trial:
    standings, _ = standings_of(candidates, published, terms, frozenset())
    return await _trial(service, standings, terms)


async def _trial(service: Service, standings: list[Standing], terms: Terms) -> Trial:
    order = ordered(standings, terms)
    problem = problem_of(order, terms)
    solution = await choose_apart(service.uploads.apart, problem)
    return Trial(
        standings=standings,
        terms=terms,
        problem=problem,
        solution=solution,
        ranks=ranks_of(order, problem, solution, terms),
    )


async def _enough(service: Service, application: str, trial: Trial) -> Enough:
    if application not in trial.scores:
        raise Unknown("candidate", application)
    passed = [each.application for each in trial.ranks.passed]
    if application in trial.selected or application not in passed:
        return Enough(score=trial.sufficient_score(application), places=None)
    position = passed.index(application)
    places = await places_apart(service.uploads.apart, trial.problem, position)
    return Enough(score=trial.sufficient_score(application), places=places)
