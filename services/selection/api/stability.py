"""The route of the stability of a proposed or approved selection; nothing is written."""

from typing import Annotated, Any

from fastapi import Path, Response

from services.selection import queries
from services.selection.api.facts import candidates_of, opened_round
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.stability import asked_of, question_of
from services.selection.responses.stability import stability_response
from services.selection.solving.process import stability_apart
from shared.contracts.words import Id
from shared.http import Caller, RunningService, entity, query, routes
from shared.kernel.answers import Found
from shared.kernel.errors import Busy, NotFound

router = routes("round")

Reader = Annotated[Caller, query("selection-officer", "approver", "auditor")]


@router.get("/rounds/{exhibition}/stability")
async def get_stability(
    id: Annotated[Id, Path(alias="exhibition")],
    response: Response,
    reader: Reader,
    service: RunningService,
) -> dict[str, Any]:
    """Return how stable the proposed or approved selection is; to those who may read the proposal.

    The sheets of each candidate are drawn again with repetition, 500 times.
    """
    found = await queries.get_proposal(service, id, reader)
    made = await service.load(ranking, found.state.ranking)
    if made is None:
        raise NotFound("proposal of round", id)
    state = await opened_round(service, id)
    candidates = {id: each async for id, each in candidates_of(service, state.exhibition)}
    asked = asked_of(made)
    if any(id not in candidates or not candidates[id].sheets for id in asked):
        raise Busy("candidates-changing", "Candidates are changing just now: try again.")
    question = question_of(made, candidates)
    answer = await stability_apart(service.uploads.apart, question)
    return entity(
        response, Found(id=id, version=found.version, state=stability_response(made, asked, answer))
    )
