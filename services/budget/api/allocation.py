"""Routes of the allocation (Alokasi): lowered, contracted, ordered and paid by officers.

It is raised, funded, released and closed by what happens elsewhere (`services.budget.reactions`).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.budget.api import READERS
from services.budget.domain.allocation import allocation
from services.budget.domain.allocation_books import Allocation
from services.budget.domain.funding import LowerAllocation
from services.budget.domain.payments import (
    CommitmentFacts,
    ContractCommitment,
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
    is_paid,
    may_be_paid,
)
from services.budget.responses import AllocationFigures, allocation_figures
from services.budget.views import rounds
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.service import Service

router = APIRouter(tags=["allocation"])

BudgetOfficer = Annotated[Context, command("budget-officer")]
PaymentOfficer = Annotated[Context, command("payment-officer")]
Reader = Annotated[Caller, query(*READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/allocations/{exhibition}/lowerings")
async def lower_allocation(
    id: ExhibitionId, body: LowerAllocation, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Give free money back to the envelope."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/contracts")
async def contract_commitment(
    id: ExhibitionId, body: ContractCommitment, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Contract the reservations of places that are on the decree's annex."""

    async def facts() -> CommitmentFacts:
        heard = await service.load(rounds, id)
        return CommitmentFacts(annex=heard.annex if heard else None)

    return await service.handle(allocation, id, body, context, facts=facts)


@router.post("/allocations/{exhibition}/payment-orders")
async def order_payment(
    id: ExhibitionId, body: OrderPayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Order a payment (SPM) on a contract that another person has made."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/disbursements")
async def disburse_payment(
    id: ExhibitionId, body: DisbursePayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Record that the treasury has paid an order, by an SP2D number that is used nowhere else."""
    claimed = await _claim(service, id, body, context.actor)

    async def facts() -> DisbursementFacts:
        return DisbursementFacts(claimed=claimed)

    return await service.handle(allocation, id, body, context, facts=facts)


@router.get("/allocations")
async def list_allocations(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Allocations with their balances, in order of exhibition."""
    found = await service.find(
        allocation, after=after, limit=limit, programme=programme, scope=scope
    )
    return page(request, [_figured(allocation) for allocation in found], limit)


@router.get("/allocations/{exhibition}")
async def get_allocation(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """An allocation: balances, places that wait (in rank order) or have money, contracts."""
    found = await service.get(allocation, id)
    state = found.state
    if state is None:
        raise NotFound("allocation", id)
    return entity(
        response,
        _figured(found),
        waiting=state.waiting,
        reserved=state.reserved,
        contracted=state.contracted,
        sunk=state.sunk,
        contracts=state.contracts,
    )


async def _claim(service: Service, exhibition: str, body: DisbursePayment, actor: str) -> bool:
    # Only for an order that waits and a payer who may: neither a mistyped SPM nor the contractor
    # must keep the number from the payment that it belongs to.
    if not may_be_paid(await service.load(allocation, exhibition), body, actor):
        return False
    await service.claim(
        f"sp2d/{body.sp2d}",
        decider=allocation,
        id=exhibition,
        entry=body.spm,
        shows=lambda state, spm: is_paid(state, spm, body.sp2d),
    )
    return True


def _figured(found: Found[Allocation | None]) -> Found[AllocationFigures]:
    if found.state is None:
        raise NotFound("allocation", found.id)
    return Found(id=found.id, version=found.version, state=allocation_figures(found.state))
