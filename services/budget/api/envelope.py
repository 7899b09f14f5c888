"""Routes of the envelope (Pagu): opened, revised, blocked and allotted by a budget officer.

Its figures on read join the envelope itself with the tally of what its allocations use, which may
be a moment behind.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.budget.api import READERS
from services.budget.domain.envelope import (
    AllotmentFacts,
    BlockEnvelope,
    MakeAllotment,
    OpenEnvelope,
    ReviseEnvelope,
    UnblockEnvelope,
    envelope,
)
from services.budget.domain.envelope_books import Envelope
from services.budget.responses import EnvelopeFigures, envelope_figures
from services.budget.views import exhibitions, use
from shared.contracts.ids import envelope_id
from shared.contracts.words import PairId, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Unknown
from shared.kernel.view import Cell

router = APIRouter(tags=["envelope"])

Officer = Annotated[Context, command("budget-officer")]
Reader = Annotated[Caller, query(*READERS)]
EnvelopeId = Annotated[PairId, Path(alias="envelope")]


@router.post("/envelopes", status_code=201)
async def open_envelope(body: OpenEnvelope, context: Officer, service: RunningService) -> Answer:
    """Open the envelope of a programme's scope; its id is `PROGRAMME.SCOPE`."""
    return await service.handle(envelope, envelope_id(body.programme, body.scope), body, context)


@router.post("/envelopes/{envelope}/revisions")
async def revise_envelope(
    id: EnvelopeId, body: ReviseEnvelope, context: Officer, service: RunningService
) -> Answer:
    """Change the pagu, up or down, never below what is blocked and allotted."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/blocks")
async def block_envelope(
    id: EnvelopeId, body: BlockEnvelope, context: Officer, service: RunningService
) -> Answer:
    """Block an amount that is still free."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/unblocks")
async def unblock_envelope(
    id: EnvelopeId, body: UnblockEnvelope, context: Officer, service: RunningService
) -> Answer:
    """Free a blocked amount."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/allotments")
async def make_allotment(
    id: EnvelopeId, body: MakeAllotment, context: Officer, service: RunningService
) -> Answer:
    """Allot an amount to an exhibition of this programme and scope."""

    async def facts() -> AllotmentFacts:
        heard = await service.load(exhibitions, body.exhibition)
        if heard is None:
            raise Unknown("exhibition", body.exhibition)
        return AllotmentFacts(
            programme=heard.programme, scope=heard.scope, cancelled=heard.cancelled
        )

    return await service.handle(envelope, id, body, context, facts=facts)


@router.get("/envelopes")
async def list_envelopes(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Envelopes with their figures, in order of id."""
    equal = {"programme": programme} if programme else {}
    found = await service.find(envelope, after=after, limit=limit, **equal)
    cells = await service.tally(use, **equal)
    return page(request, [_figured(found_envelope, cells) for found_envelope in found], limit)


@router.get("/envelopes/{envelope}")
async def get_envelope(
    id: EnvelopeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """An envelope with its figures and what is allotted to each exhibition."""
    found = await service.get(envelope, id)
    programme, _, scope = id.partition(".")
    cells = await service.tally(use, programme=programme, scope=scope)
    return entity(response, _figured(found, cells))


def _figured(
    found: Found[Envelope | None], cells: Mapping[Cell, Mapping[str, int]]
) -> Found[EnvelopeFigures]:
    if found.state is None:
        raise NotFound("envelope", found.id)
    cell = cells.get((found.state.programme, found.state.scope.value), {})
    return Found(id=found.id, version=found.version, state=envelope_figures(found.state, cell))
