"""Routes of the contracts (Komitmen) of an allocation, and the list of all contracts.

A number may have slashes, so it stands in the body. It is claimed before the command is decided,
and given up if the command is refused.
"""

from typing import Annotated, Any

from fastapi import Path, Request

from services.budget.api import READERS
from services.budget.api.facts import commitment_facts, is_over, listed_contract
from services.budget.domain.allocation import commitments
from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.commitments import (
    CloseContract,
    ContractCommitment,
    require_closer,
)
from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.numbers import Kind, claim_of
from services.budget.domain.allocation.payments import require_orderer
from services.budget.domain.allocation.reversals import RetractDelivery
from services.budget.views.documents import ContractNeed, ContractStatus, ListedContract, contracts
from services.budget.views.followed import Phase, rounds
from services.budget.views.own import AllocationUse, PlaceNeed, allocations
from shared.contracts.documents import comparable
from shared.contracts.ids import enterprise_of
from shared.contracts.labels import Label
from shared.contracts.words import Id, Scope, Year
from shared.http import (
    After,
    Caller,
    Limit,
    Related,
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
from shared.kernel.four_eyes import require_other_enterprises
from shared.service import Service, giving_up

router = routes("contract")

BudgetOfficer = Annotated[Context, command("budget-officer")]
Reader = Annotated[Caller, query(*READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


async def _contract(service: Service, listed: Found[ListedContract]) -> Contract:
    return await listed_contract(service, listed.state.exhibition, listed.state.number)


async def _reserved(service: Service, listed: Found[AllocationUse]) -> tuple[str, ...]:
    state = await service.load(allocation, listed.id)
    return tuple(state.reserved) if state else ()


def of_others(places: tuple[str, ...], caller: Caller) -> bool:
    """Return True if one of these places is not that of the caller's own enterprise."""
    return any(enterprise_of(place) != caller.enterprise for place in places)


def _recorder(contract: Contract, context: Context) -> None:
    require_other_enterprises(contract.reservations, context)


async def _left_over(service: Service, listed: Found[ListedContract]) -> Contract | None:
    """Return a contract whose exhibition is over: its rest may be left unused."""
    if not await is_over(service, listed.state.exhibition):
        return None
    return await _contract(service, listed)


def _may_close(contract: Contract | None, caller: Caller) -> bool:
    return contract is not None and permitted(require_closer)(contract, caller)


CONTRACT_TASKS = (
    Task(
        name="make-contract",
        label=Label(
            id="Catat kontrak, atau lepaskan dana yang dicadangkan",
            en="Record the contract, or release the reserved money",
        ),
        role=Role.BUDGET_OFFICER,
        source=allocations,
        equal={"waits_for": PlaceNeed.CONTRACT},
        any_of=(Related(source=rounds, equal={"exhibition": "{id}", "phase": Phase.DECREED}),),
        href="/allocations/{id}/contracts",
        loads=_reserved,
        visible_to=of_others,
    ),
    Task(
        name="record-delivery",
        label=Label(id="Catat serah terima (BAST)", en="Record the handover (BAST)"),
        role=Role.BUDGET_OFFICER,
        source=contracts,
        equal={"waits_for": ContractNeed.DELIVERY},
        method="GET",
        href="/contracts?waits_for=delivery",
        loads=_contract,
        visible_to=permitted(_recorder),
    ),
    Task(
        name="close-contract",
        label=Label(
            id="Tutup kontrak, sisa tidak dipakai", en="Close the contract; its rest is not spent"
        ),
        role=Role.BUDGET_OFFICER,
        source=contracts,
        equal={"waits_for": ContractNeed.ORDER},
        method="GET",
        href="/contracts?waits_for=order",
        loads=_left_over,
        visible_to=_may_close,
    ),
    Task(
        name="order-payment",
        label=Label(id="Terbitkan SPM", en="Issue a payment order (SPM)"),
        role=Role.PAYMENT_OFFICER,
        source=contracts,
        equal={"waits_for": ContractNeed.ORDER},
        method="GET",
        href="/contracts?waits_for=order",
        loads=_contract,
        visible_to=permitted(require_orderer),
    ),
)


@router.post("/allocations/{exhibition}/contracts")
async def contract_commitment(
    id: ExhibitionId, body: ContractCommitment, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Bind the reservations of places by a contract; each place must be on the decree's annex."""
    claims = {claim_of(Kind.CONTRACT, body.contract): comparable(body.contract)}
    async with service.claimed(allocation, id, claims):
        return await service.handle(
            allocation,
            id,
            body,
            context,
            rule=commitments.contract_commitment,
            facts=lambda: commitment_facts(service, id),
        )


@router.post("/allocations/{exhibition}/contract-amendments")
async def amend_contract(
    id: ExhibitionId, body: AmendContract, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Change the amount of a contract by an addendum; this opens a closed contract again."""
    claims = {claim_of(Kind.ADDENDUM, body.addendum): comparable(body.contract)}
    async with service.claimed(allocation, id, claims):
        return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/contract-closures")
async def close_contract(
    id: ExhibitionId, body: CloseContract, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Release what is not ordered of a contract, as another officer than its own."""
    return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/deliveries")
async def record_delivery(
    id: ExhibitionId, body: RecordDelivery, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Record a delivery of a contract (BAST): before the first of them nothing is disbursed."""
    claims = {claim_of(Kind.DELIVERY, body.document_number): comparable(body.contract)}
    async with service.claimed(allocation, id, claims):
        return await service.handle(allocation, id, body, context)


@router.post("/allocations/{exhibition}/delivery-retractions")
async def retract_delivery(
    id: ExhibitionId, body: RetractDelivery, context: BudgetOfficer, service: RunningService
) -> Answer:
    """Take back the record of a delivery, as another officer; its number is then free."""
    claims = {claim_of(Kind.DELIVERY, body.document_number): comparable(body.contract)}
    async with giving_up(service, allocation, id, claims):
        return await service.handle(allocation, id, body, context)


@router.get("/contracts")
async def list_contracts(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    exhibition: Id | None = None,
    programme: Year | None = None,
    scope: Scope | None = None,
    status: ContractStatus | None = None,
    waits_for: ContractNeed | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List contracts with their sums, in order of number."""
    found = await service.find(
        contracts,
        after=after,
        limit=limit,
        exhibition=exhibition,
        programme=programme,
        scope=scope,
        status=status,
        waits_for=waits_for,
    )
    return page(request, found, limit)
