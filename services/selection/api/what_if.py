"""The route of what-if: who would be selected under other terms; nothing is written.

It is a query, so it needs no Idempotency-Key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, NamedTuple

from fastapi import Path
from pydantic import Field

from services.selection import queries
from services.selection.api.facts import candidates_of, opened_round
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.order import Terms
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.ranking.what_if import (
    Change,
    Counted,
    TrialQuestion,
    changed_rubric,
    changed_terms,
    counted,
)
from services.selection.domain.rubric.decider import Rubric, rubric
from services.selection.domain.selection_round.proposal import terms_of
from services.selection.domain.selection_round.state import DECIDED, Round
from services.selection.responses.what_if import WhatIfResponse, what_if_response
from services.selection.solving.process import trial_apart
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
UNLIMITED = "UNLIMITED"
Weight = Annotated[int, Field(ge=1, le=100)]


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Other terms of the selection; what is left out stays as it is.

    `weights` are by criterion, and sum to 100. `funds` are the money and the cost of a place; with
    UNLIMITED no money binds. The sheets of the curators `without` do not count. `application` asks
    what would be enough for it.
    """

    weights: Annotated[dict[Id, Weight], Field(min_length=1, max_length=50)] | None = None
    threshold: Points | None = None
    places: Places | None = None
    quotas: Annotated[tuple[Quota, ...], Field(max_length=QUOTAS_MAX)] | None = None
    funds: Funds | Literal["UNLIMITED"] | None = None
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
    published = await service.load(rubric, state.rubric)
    if published is None:
        raise Unknown("rubric", state.rubric)
    terms = made.terms if made else terms_of(state, published.deciding)
    change = _change(body)
    strangers = sorted(change.without - set(state.panel))
    if strangers:
        raise Unknown("curator", ", ".join(strangers))
    other = _Terms(changed_rubric(published, change), changed_terms(terms, change), change.without)
    questions = (other,) if made else (other, _Terms(published, terms))
    asked = await _counted(service, state, made, questions)
    if body.application is not None:
        asked = [_with_application(asked[0], body.application), *asked[1:]]
    apart = service.uploads.apart
    then = await trial_apart(apart, asked[0])
    return what_if_response(made or await trial_apart(apart, asked[1]), then)


def _with_application(asked: TrialQuestion, application: str) -> TrialQuestion:
    if application not in {each.standing.application for each in asked.candidates}:
        raise Unknown("candidate", application)
    return replace(asked, application=application)


class _Terms(NamedTuple):
    """The terms on which the sheets are counted."""

    rubric: Rubric
    terms: Terms
    without: frozenset[str] = frozenset()


def _change(body: WhatIf) -> Change:
    return Change(
        weights=body.weights,
        threshold=body.threshold,
        places=body.places,
        quotas=body.quotas,
        funds=body.funds if isinstance(body.funds, Funds) else None,
        any_money=body.funds == UNLIMITED,
        deciding=body.deciding,
        without=frozenset(body.without),
    )


async def _counted(
    service: Service, state: Round, made: Ranking | None, questions: Sequence[_Terms]
) -> list[TrialQuestion]:
    """Return the candidates of a ranking, or those that remain of a closed scoring, by question.

    Each is counted when it is read, so that others have their turn between two of them. Raises
    `Forbidden` before the scoring is closed.
    """
    wanted, sealed = frozenset(made.applications if made else state.remaining), 0
    counts: list[list[Counted]] = [[] for _ in questions]
    async for id, found in candidates_of(service, state.exhibition):
        if id not in wanted or found.seal is None:
            continue
        sealed += 1
        for question, of_question in zip(questions, counts, strict=True):
            if (of_candidate := counted(found, *question)) is not None:
                of_question.append(of_candidate)
    if not state.closing or sealed < len(wanted):
        raise Forbidden(
            "sheets-not-open", "The scoring is not closed: ask again once all sheets are sealed."
        )
    return [
        TrialQuestion(candidates=tuple(of_question), terms=question.terms)
        for question, of_question in zip(questions, counts, strict=True)
    ]
