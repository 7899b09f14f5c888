"""Routes of the allocation (Alokasi): officers lower it, contract, order and disburse payments.

Reactions raise and close it, and fund and release its places (`services.budget.reactions`).
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.budget.api import READERS
from services.budget.api.facts import claim_sp2d, commitment_facts
from services.budget.domain.allocation import commitments, payments
from services.budget.domain.allocation.commitments import ContractCommitment
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.allocation.payments import (
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
)
from services.budget.domain.allocation.state import Allocation, Funding
from services.budget.responses import AllocationFigures, allocation_figures
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound

router = routes("allocation")

BudgetOfficer = Annotated[Context, command("budget-officer")]
PaymentOfficer = Annotated[Context, command("payment-officer")]
Reader = Annotated[Caller, query(*READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/allocations/{exhibition}/lowerings")
async def lower_allocation(
    id: ExhibitionId, body: LowerAllocation, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Return free money of the allocation to the envelope."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/contracts")
async def contract_commitment(
    id: ExhibitionId, body: ContractCommitment, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Bind the reservations of places by a contract; each place must be on the decree's annex."""
    return await service.handle(
        allocation,
        id,
        body,
        context,
        rule=commitments.contract_commitment,
        facts=lambda: commitment_facts(service, id),
    )


@router.post("/allocations/{exhibition}/payment-orders")
async def order_payment(
    id: ExhibitionId, body: OrderPayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Order a payment (SPM) on a contract that another person made."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/disbursements")
async def disburse_payment(
    id: ExhibitionId, body: DisbursePayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Record that the treasury has paid an order; no other payment may have its SP2D number."""
    # The number is claimed once, before the command is decided as often as needed.
    claim = await claim_sp2d(service, id, body, context.actor)

    async def facts() -> DisbursementFacts:
        return claim

    return await service.handle(
        allocation, id, body, context, rule=payments.disburse_payment, facts=facts
    )


@router.get("/allocations")
async def list_allocations(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    funding: Funding | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List allocations with their balances, in order of exhibition; WAITING: places need money."""
    allocations = await service.find(
        allocation, after=after, limit=limit, programme=programme, scope=scope, funding=funding
    )
    return page(request, [_figures(found) for found in allocations], limit)


@router.get("/allocations/{exhibition}")
async def get_allocation(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an allocation: balances, places (those that wait in rank order) and contracts."""
    found = await service.get(allocation, id, yet=True)
    state = found.state
    if state is None:
        raise NotFound("allocation", id, yet=True)
    return entity(
        response,
        _figures(found),
        waiting=state.waiting,
        reserved=state.reserved,
        contracted=state.contracted,
        sunk=state.sunk,
        contracts=state.contracts,
    )


def _figures(found: Found[Allocation | None]) -> Found[AllocationFigures]:
    if found.state is None:
        raise NotFound("allocation", found.id, yet=True)
    return Found(id=found.id, version=found.version, state=allocation_figures(found.state))
