"""The rules of a contract that was made: an addendum changes its amount, a delivery is recorded.

An addendum raises a contract by at most what is free in the ceiling, and lowers it to at most what
is ordered. It opens a closed contract again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.budget.domain.allocation.commitments import require_contract
from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.dates import require_day, require_not_before
from services.budget.domain.allocation.numbers import Kind, require_new, require_room
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.allocation.sunk_costs import change_costs
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import AllocationEvent, ContractAmended, DeliveryRecorded
from shared.contracts.documents import DocumentNumber
from shared.contracts.words import Positive
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    PAY_AND_AMEND,
    require_another_person,
    require_other_enterprises,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class AmendContract:
    """Change the amount of a contract to `amount_idr`, by an addendum that was signed."""

    contract: DocumentNumber
    addendum: DocumentNumber
    signed_on: date
    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class RecordDelivery:
    """Record that goods or services of a contract were handed over, by this document (BAST)."""

    contract: DocumentNumber
    document_number: DocumentNumber
    delivered_on: date


# Rules


def amend_contract(
    command: AmendContract, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Change the amount of a contract, within the ceiling and not below what is ordered."""
    contract = require_contract(command.contract, state)
    require_other_enterprises(contract.reservations, context)
    require_another_person(PAY_AND_AMEND, contract.payers, context)
    require_new(Kind.ADDENDUM, command.addendum, state)
    require_room(state)
    require_day("signed_on", command.signed_on, state, context)
    require_not_before(
        "signed-before-contract", command.signed_on, contract.signed_on, "the contract"
    )
    delta_idr = command.amount_idr - contract.amount_idr
    _check_amount(command, delta_idr, contract, state)
    amended = ContractAmended(
        contract=contract.number,
        addendum=command.addendum,
        signed_on=command.signed_on,
        delta_idr=delta_idr,
        amount_idr=command.amount_idr,
        amended_by=context.actor,
        **state.balances(contracted=delta_idr),
    )
    return change_costs(state, amended)


def record_delivery(
    command: RecordDelivery, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Record a delivery of a contract; before the first of them nothing is disbursed."""
    contract = require_contract(command.contract, state)
    require_other_enterprises(contract.reservations, context)
    require_new(Kind.DELIVERY, command.document_number, state)
    require_room(state)
    require_day("delivered_on", command.delivered_on, state, context)
    require_not_before(
        "delivered-before-signed", command.delivered_on, contract.signed_on, "the contract"
    )
    return [
        DeliveryRecorded(
            contract=contract.number,
            document_number=command.document_number,
            delivered_on=command.delivered_on,
            recorded_by=context.actor,
            **state.balances(),
        )
    ]


def _check_amount(
    command: AmendContract, delta_idr: int, contract: Contract, state: Allocation
) -> None:
    if not contract.reservations:
        raise Refused(
            "contract-dissolved",
            f"Contract {contract.number} binds no place any more: make another contract.",
        )
    if delta_idr == 0:
        raise Refused(
            "nothing-amended",
            f"The contract is over {rupiah(contract.amount_idr)} already: give another amount.",
        )
    if command.amount_idr < contract.ordered_idr:
        raise Refused(
            "amount-below-ordered",
            f"{rupiah(contract.ordered_idr)} are ordered already: give at least that amount, "
            "or void an order first.",
        )
    if delta_idr > state.free_idr:
        raise Refused(
            "ceiling-exceeded",
            f"You raised the contract by {rupiah(delta_idr)}, but only {rupiah(state.free_idr)} "
            "are free: raise it by at most that amount, or allot more money first.",
        )
