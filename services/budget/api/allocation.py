"""Routes of the allocation (Alokasi): officers lower it, and release what a place does not need.

Reactions raise and close it, and fund and release its places (`services.budget.reactions`). The
routes of its contracts and payments are in `contract` and `payment`.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.budget.api import READERS, READERS_OF_PEOPLE, READERS_OF_WORDS
from services.budget.api.facts import attendance_facts
from services.budget.domain.allocation import reservations
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.allocation.reservations import ReleaseReservation, RestoreReservation
from services.budget.responses import allocation_figures, contracts_response, use_of
from services.budget.views.own import PlaceNeed, allocations
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound

router = routes("allocation")

BudgetOfficer = Annotated[Context, command("budget-officer")]
Reader = Annotated[Caller, query(*READERS)]
HistoryReader = Annotated[Caller, query(*READERS_OF_WORDS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/allocations/{exhibition}/lowerings")
async def lower_allocation(
    id: ExhibitionId, body: LowerAllocation, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Return free money of the allocation to the envelope."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/reservation-releases")
async def release_reservation(
    id: ExhibitionId, body: ReleaseReservation, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Release the money of a participant that came, or end its waiting: it costs nothing."""
    return await service.handle(
        allocation,
        id,
        body,
        context,
        rule=reservations.release_reservation,
        facts=lambda: attendance_facts(service, body.application),
    )


@router.post("/allocations/{exhibition}/reservation-restorations")
async def restore_reservation(
    id: ExhibitionId, body: RestoreReservation, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Ask again for the money of a place, as another officer than the one who released it."""
    return await service.handle(
        allocation,
        id,
        body,
        context,
        rule=reservations.restore_reservation,
        facts=lambda: attendance_facts(service, body.application),
    )


@router.get("/allocations")
async def list_allocations(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    waits_for: PlaceNeed | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List allocations with their balances, in order of exhibition.

    `waits_for` selects those whose places wait for money, or for a contract. The figures are those
    of the events that this service has applied: a moment old at most.
    """
    found = await service.find(
        allocations, after=after, limit=limit, programme=programme, scope=scope, waits_for=waits_for
    )
    listed = [
        Found(id=each.id, version=each.version, state=allocation_figures(each.id, each.state))
        for each in found
    ]
    return page(request, listed, limit)


@router.get("/allocations/{exhibition}")
async def get_allocation(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an allocation: balances, places (those that wait in rank order) and contracts."""
    found = await service.get(allocation, id, yet=True)
    state = found.state
    if state is None:
        raise NotFound("allocation", id, yet=True)
    sees_people = bool(reader.roles & READERS_OF_PEOPLE)
    return entity(
        response,
        Found(id=id, version=found.version, state=allocation_figures(id, use_of(state))),
        waiting=state.waiting,
        reserved=state.reserved,
        contracted=state.contracted,
        sunk=state.sunk,
        released=state.released if sees_people else dict.fromkeys(state.released, ""),
        contracts=contracts_response(state.contracts, sees_people=sees_people),
    )


@router.get("/allocations/{exhibition}/history")
async def get_allocation_history(
    request: Request,
    id: ExhibitionId,
    reader: HistoryReader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return the published events of an allocation: what happened when, who did it, and why."""
    await service.get(allocation, id)
    return page(request, await service.history(allocation, id, after=after, limit=limit), limit)
