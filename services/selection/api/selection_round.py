"""Routes of the round: panel, scoring, proposal, approval, decree, and seats taken by an officer.

It is opened, listed, cancelled, and its seats offered, confirmed or lost, by what happens elsewhere
(`services.selection.reactions`); who sees what of it is in `services.selection.responses`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.selection.api import READERS
from services.selection.api.facts import entered_facts, sealed_facts
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
)
from services.selection.domain.selection_round.scoring_phase import AppointPanel, CloseScoring
from services.selection.domain.selection_round.seats import DecreeParticipants, LosePlace
from services.selection.domain.selection_round.state import Round, Status
from services.selection.responses import (
    may_see_proposal,
    proposal_shown,
    round_shown,
    round_summary,
)
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound

router = APIRouter(tags=["round"])

Officer = Annotated[Context, command("selection-officer")]
Approver = Annotated[Context, command("approver")]
Either = Annotated[Context, command("selection-officer", "approver")]
Reader = Annotated[Caller, query(*READERS)]
Deciding = Annotated[Caller, query("selection-officer", "approver", "auditor")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/rounds/{exhibition}/panel")
async def appoint_panel(
    id: ExhibitionId, body: AppointPanel, context: Officer, service: RunningService
) -> Answer:
    """Appoint the curators, or add some: name them all."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/scoring-closure")
async def close_scoring(
    id: ExhibitionId, body: CloseScoring, context: Officer, service: RunningService
) -> Answer:
    """Close the scoring: the sheets that are in are sealed."""
    return await service.handle(
        selection_round, id, body, context, facts=lambda: entered_facts(service, id)
    )


@router.post("/rounds/{exhibition}/proposal")
async def propose_selection(
    id: ExhibitionId, body: ProposeSelection, context: Officer, service: RunningService
) -> Answer:
    """Propose the ranking of the sealed scores."""
    return await service.handle(
        selection_round, id, body, context, facts=lambda: sealed_facts(service, id)
    )


@router.post("/rounds/{exhibition}/return")
async def return_selection(
    id: ExhibitionId, body: ReturnSelection, context: Either, service: RunningService
) -> Answer:
    """Send it back to scoring; once it is proposed, only an approver does."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/approval")
async def approve_selection(
    id: ExhibitionId, body: ApproveSelection, context: Approver, service: RunningService
) -> Answer:
    """Approve the proposal with this digest, which you neither scored nor proposed."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/decree")
async def decree_participants(
    id: ExhibitionId, body: DecreeParticipants, context: Officer, service: RunningService
) -> Answer:
    """Record the signed decree: the confirmed are its annex, and nobody is promoted any more."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/losses")
async def lose_place(
    id: ExhibitionId, body: LosePlace, context: Officer, service: RunningService
) -> Answer:
    """Take a live seat, by a sanction or for another reason; until the decree the next follows."""
    return await service.handle(selection_round, id, body, context)


@router.get("/rounds")
async def list_rounds(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    status: Status | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Rounds in figures, in order of exhibition."""
    found = await service.find(
        selection_round, after=after, limit=limit, programme=programme, scope=scope, status=status
    )
    summaries = [
        Found(id=one.id, version=one.version, state=round_summary(_state(one))) for one in found
    ]
    return page(request, summaries, limit)


@router.get("/rounds/{exhibition}")
async def get_round(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """A round: terms, candidates, and once approved seats, reserve and decree."""
    found = await service.get(selection_round, id)
    state = round_shown(_state(found), reader)
    return entity(response, Found(id=found.id, version=found.version, state=state))


@router.get("/rounds/{exhibition}/proposal")
async def get_proposal(
    id: ExhibitionId, response: Response, reader: Deciding, service: RunningService
) -> dict[str, Any]:
    """The proposal with its digest and scores; to an auditor once it is approved."""
    found = await service.get(selection_round, id)
    state = _state(found)
    if not may_see_proposal(state, reader):
        raise Forbidden("not-approved-yet", "A proposal is open to auditors once it is approved.")
    if state.proposal is None:
        raise NotFound("proposal of round", id)
    proposal = proposal_shown(state.proposal, state)
    return entity(response, Found(id=found.id, version=found.version, state=proposal))


def _state(found: Found[Round | None]) -> Round:
    if found.state is None:
        raise NotFound("round", found.id)
    return found.state
