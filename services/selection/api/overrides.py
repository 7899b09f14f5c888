"""Routes of overrides: an officer records what an authority has ordered, or withdraws it."""

from typing import Annotated, Any

from fastapi import Path, Response

from services.selection import queries
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.selection_round import overrides
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.overrides import (
    OverrideFacts,
    RecordOverride,
    WithdrawOverride,
)
from shared.contracts.words import Id
from shared.http import Caller, RunningService, command, entity, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.service import Service

router = routes("round")

Officer = Annotated[Context, command("selection-officer")]
Deciding = Annotated[Caller, query("selection-officer", "approver", "auditor")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/rounds/{exhibition}/overrides")
async def record_override(
    id: ExhibitionId, body: RecordOverride, context: Officer, service: RunningService
) -> Answer:
    """Record an override by an authority and its signed document; it voids a proposal."""
    return await service.handle(
        selection_round,
        id,
        body,
        context,
        rule=overrides.record_override,
        facts=lambda: _facts(service, body.application),
    )


@router.post("/rounds/{exhibition}/overrides/withdrawal")
async def withdraw_override(
    id: ExhibitionId, body: WithdrawOverride, context: Officer, service: RunningService
) -> Answer:
    """Withdraw an override before the approval; it voids a proposal."""
    return await service.handle(selection_round, id, body, context)


@router.get("/rounds/{exhibition}/approvals")
async def get_approvals(
    id: ExhibitionId, response: Response, reader: Deciding, service: RunningService
) -> dict[str, Any]:
    """Return the approvals of each proposal, the void ones too, and the overrides, with people."""
    return entity(response, await queries.get_approvals(service, id, reader))


async def _facts(service: Service, application: str) -> OverrideFacts:
    """Return the gates that the candidate does not pass; sealed sheets do not change."""
    found = await service.load(candidate, application)
    sealed = found.seal if found else None
    return OverrideFacts(not_passed=sealed.not_passed if sealed else ())
