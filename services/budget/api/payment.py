"""Routes of payments: payment orders (SPM), disbursements (SP2D) and their reversals.

A number may have slashes, so it stands in the body. It is claimed before the command is decided,
and given up if the command is refused; no other payment may have it then.
"""

from typing import Annotated, Any

from fastapi import Path, Request

from services.budget.api import READERS
from services.budget.api.facts import listed_contract
from services.budget.domain.allocation.contract import Contract, Payment
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.numbers import Kind, claim_of
from services.budget.domain.allocation.payments import (
    DisbursePayment,
    OrderPayment,
    require_disburser,
)
from services.budget.domain.allocation.reversals import ReturnPayment, VoidPaymentOrder
from services.budget.views.documents import ListedOrder, OrderStatus, payment_orders
from shared.contracts.documents import comparable
from shared.contracts.labels import Label
from shared.contracts.words import Id, Scope, Year
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
    RunningService,
    Task,
    command,
    page,
    permitted,
    query,
    routes,
)
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.service import Service, giving_up

router = routes("payment")

PaymentOfficer = Annotated[Context, command("payment-officer")]
Reader = Annotated[Caller, query(*READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


async def _order(service: Service, listed: Found[ListedOrder]) -> tuple[Contract, Payment]:
    contract = await listed_contract(service, listed.state.exhibition, listed.state.contract)
    return contract, contract.payments[listed.id]


def _disburser(order: tuple[Contract, Payment], context: Context) -> None:
    require_disburser(*order, context)


def _may_disburse(order: tuple[Contract, Payment], caller: Caller) -> bool:
    contract, _ = order
    return contract.delivered_on is not None and permitted(_disburser)(order, caller)


PAYMENT_TASKS = (
    Task(
        name="disburse-payment",
        label=Label(id="Catat SP2D", en="Record the SP2D"),
        role=Role.PAYMENT_OFFICER,
        source=payment_orders,
        equal={"status": OrderStatus.ORDERED},
        method="GET",
        href="/payment-orders?status=ORDERED",
        loads=_order,
        visible_to=_may_disburse,
    ),
    Task(
        name="pay-again-or-void",
        label=Label(
            id="Bayar ulang atau batalkan SPM yang diretur",
            en="Pay a returned SPM again, or cancel it",
        ),
        role=Role.PAYMENT_OFFICER,
        source=payment_orders,
        equal={"status": OrderStatus.RETURNED},
        method="GET",
        href="/payment-orders?status=RETURNED",
        loads=_order,
        visible_to=permitted(_disburser),
    ),
)


@router.post("/allocations/{exhibition}/payment-orders")
async def order_payment(
    id: ExhibitionId, body: OrderPayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Order a payment (SPM) on a contract that another person made."""
    claims = {claim_of(Kind.SPM, body.spm): comparable(body.spm)}
    async with service.claimed(allocation, id, claims):
        return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/payment-order-voids")
async def void_payment_order(
    id: ExhibitionId, body: VoidPaymentOrder, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Take back an order that is not paid, as another officer than the one who ordered it."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/disbursements")
async def disburse_payment(
    id: ExhibitionId, body: DisbursePayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Record that the treasury has paid an order, as another officer than the one who ordered."""
    claims = {claim_of(Kind.SP2D, body.sp2d): comparable(body.spm)}
    async with service.claimed(allocation, id, claims):
        return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/payment-returns")
async def return_payment(
    id: ExhibitionId, body: ReturnPayment, context: PaymentOfficer, service: RunningService
) -> Answer:
    """Record that the money of an SP2D came back, or that it was recorded for the wrong order."""
    spm, number = comparable(body.spm), body.return_number
    claims = {claim_of(Kind.RETURN, number): spm} if number else {}
    sp2d = {claim_of(Kind.SP2D, body.sp2d): spm}
    async with service.claimed(allocation, id, claims), giving_up(service, allocation, id, sp2d):
        return await service.handle(allocation, id, body, context)


@router.get("/payment-orders")
async def list_payment_orders(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    exhibition: Id | None = None,
    programme: Year | None = None,
    scope: Scope | None = None,
    status: OrderStatus | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List payment orders (SPM), in order of number."""
    found = await service.find(
        payment_orders,
        after=after,
        limit=limit,
        exhibition=exhibition,
        programme=programme,
        scope=scope,
        status=status,
    )
    return page(request, found, limit)
