"""Routes of the envelope (Pagu): a budget officer opens, blocks, unblocks and allots it.

A revision of the pagu, or a cost of a place that is corrected, is proposed by a budget officer, and
approved by another or by an approver.

The figures that a reader gets join the envelope with the tally `use` of its allocations, which may
be a moment behind.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.budget.api import READERS, READERS_OF_WORDS
from services.budget.api.facts import correction_facts, cost_facts, exhibition_facts
from services.budget.domain.envelope import allotments, costs
from services.budget.domain.envelope.allotments import MakeAllotment
from services.budget.domain.envelope.costs import CorrectCost, ProposeCost, WithdrawCost
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.pagu import (
    BlockEnvelope,
    OpenEnvelope,
    UnblockEnvelope,
)
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
)
from services.budget.domain.envelope.state import Envelope, Proposal
from services.budget.responses import EnvelopeFigures, envelope_figures
from services.budget.views.own import use
from shared.contracts.ids import envelope_id
from shared.contracts.words import PairId, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.kernel.view import Cell

router = routes("envelope")

Officer = Annotated[Context, command("budget-officer")]
OfficerOrApprover = Annotated[Context, command("budget-officer", "approver")]
Reader = Annotated[Caller, query(*READERS)]
HistoryReader = Annotated[Caller, query(*READERS_OF_WORDS)]
EnvelopeId = Annotated[PairId, Path(alias="envelope")]


@router.post("/envelopes", status_code=201)
async def open_envelope(body: OpenEnvelope, context: Officer, service: RunningService) -> Answer:
    """Open the envelope of a programme's scope; its id is `PROGRAMME.SCOPE`."""
    id = envelope_id(body.programme, body.scope)
    await service.check_key(envelope, id, body, context)
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/revision-proposals")
async def propose_revision(
    id: EnvelopeId, body: ProposeRevision, context: Officer, service: RunningService
) -> Answer:
    """Propose to change the pagu, up or down; another person approves it."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/revisions")
async def revise_envelope(
    id: EnvelopeId, body: ReviseEnvelope, context: OfficerOrApprover, service: RunningService
) -> Answer:
    """Approve the proposed revision: the pagu changes, never below blocked and allotted money."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/revision-withdrawals")
async def withdraw_revision(
    id: EnvelopeId, body: WithdrawRevision, context: OfficerOrApprover, service: RunningService
) -> Answer:
    """Withdraw the proposed revision."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/blocks")
async def block_envelope(
    id: EnvelopeId, body: BlockEnvelope, context: Officer, service: RunningService
) -> Answer:
    """Block an amount that is free."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/unblocks")
async def unblock_envelope(
    id: EnvelopeId, body: UnblockEnvelope, context: Officer, service: RunningService
) -> Answer:
    """Unblock a blocked amount."""
    return await service.handle(envelope, id, body, context)


@router.post("/envelopes/{envelope}/allotments")
async def make_allotment(
    id: EnvelopeId, body: MakeAllotment, context: Officer, service: RunningService
) -> Answer:
    """Allot free money to an exhibition of this programme and scope."""
    return await service.handle(
        envelope,
        id,
        body,
        context,
        rule=allotments.make_allotment,
        facts=lambda: exhibition_facts(service, body.exhibition),
    )


@router.post("/envelopes/{envelope}/cost-proposals")
async def propose_cost(
    id: EnvelopeId, body: ProposeCost, context: Officer, service: RunningService
) -> Answer:
    """Propose the cost of a place at an exhibition; another person confirms it."""
    return await service.handle(
        envelope,
        id,
        body,
        context,
        rule=costs.propose_cost,
        facts=lambda: cost_facts(service, body.exhibition),
    )


@router.post("/envelopes/{envelope}/cost-corrections")
async def correct_cost(
    id: EnvelopeId, body: CorrectCost, context: OfficerOrApprover, service: RunningService
) -> Answer:
    """Confirm the proposed cost: all places that are not contracted are priced by it."""
    return await service.handle(
        envelope,
        id,
        body,
        context,
        rule=costs.correct_cost,
        facts=lambda: correction_facts(service, id),
    )


@router.post("/envelopes/{envelope}/cost-withdrawals")
async def withdraw_cost(
    id: EnvelopeId, body: WithdrawCost, context: OfficerOrApprover, service: RunningService
) -> Answer:
    """Withdraw the proposed cost."""
    return await service.handle(envelope, id, body, context)


@router.get("/envelopes")
async def list_envelopes(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    revision: Proposal | None = None,
    cost: Proposal | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List envelopes with their figures, in order of id."""
    part = {"programme": programme, "scope": scope}
    equal = {name: value for name, value in part.items() if value is not None}
    waits = {"revision_status": revision, "cost_status": cost}
    envelopes = await service.find(envelope, after=after, limit=limit, **waits, **equal)
    cells = await service.tally(use, **equal)
    return page(request, [_figures(found, cells, reader) for found in envelopes], limit)


@router.get("/envelopes/{envelope}")
async def get_envelope(
    id: EnvelopeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an envelope with its figures and the allotment of each exhibition."""
    found = await service.get(envelope, id)
    programme, _, scope = id.partition(".")
    cells = await service.tally(use, programme=programme, scope=scope)
    return entity(response, _figures(found, cells, reader))


@router.get("/envelopes/{envelope}/history")
async def get_envelope_history(
    request: Request,
    id: EnvelopeId,
    reader: HistoryReader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return the published events of an envelope: what happened when, who did it, and why."""
    await service.get(envelope, id)
    return page(request, await service.history(envelope, id, after=after, limit=limit), limit)


def _figures(
    found: Found[Envelope | None], cells: Mapping[Cell, Mapping[str, int]], reader: Caller
) -> Found[EnvelopeFigures]:
    if found.state is None:
        raise NotFound("envelope", found.id)
    cell = cells.get((found.state.programme, found.state.scope.value), {})
    words = not reader.roles.isdisjoint(READERS_OF_WORDS)
    figures = envelope_figures(found.state, cell, words=words)
    return Found(id=found.id, version=found.version, state=figures)
