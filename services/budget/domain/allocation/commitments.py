"""The rules of commitments: a contract binds the reservations of places, and ends.

Costs are contracted only for places on the annex of the participants' decree that have a
reservation. The signed amount is at most the sum of the reservations; what is left is free at once,
and funds the places that wait. `addenda` has the rules of changes and deliveries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.dates import require_day, require_not_before
from services.budget.domain.allocation.funding import use_free_money
from services.budget.domain.allocation.numbers import Kind, require_new, require_room
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.allocation.sunk_costs import change_costs
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import (
    AllocationEvent,
    CommitmentContracted,
    ContractClosed,
)
from shared.contracts.budget.reasons import ClosureCode
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.words import PairId, Positive, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import (
    CONTRACT_AND_CLOSE,
    require_another_person,
    require_other_enterprises,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class ContractCommitment:
    """Bind the reservations of these places by a contract (Komitmen) of this amount."""

    contract: DocumentNumber
    signed_on: date
    applications: Annotated[tuple[PairId, ...], Field(min_length=1, max_length=2_000)]
    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class CloseContract:
    """Order nothing more on a contract, and release what is not ordered; `reason` stays private.

    If nothing is ordered, its places have their reservations again: so a mistaken contract ends.
    """

    contract: DocumentNumber
    code: ClosureCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """The decree's annex with its amendments, and its day; None until a decree is received."""

    annex: tuple[str, ...] | None
    decreed_on: date | None


# Rules


def contract_commitment(
    command: ContractCommitment, facts: CommitmentFacts, state: Allocation | None, context: Context
) -> Sequence[AllocationEvent]:
    """Bind the reservations of places on the annex."""
    if state is None:
        return absent(context, "allocation", yet=True)
    if state.closed:
        raise Refused(
            "allocation-closed", "The exhibition is cancelled, so you cannot make a contract."
        )
    require_other_enterprises(command.applications, context)
    require_new(Kind.CONTRACT, command.contract, state)
    require_room(state)
    _check_places(command.applications, facts.annex, state)
    require_day("signed_on", command.signed_on, state, context)
    require_not_before("signed-before-decree", command.signed_on, facts.decreed_on, "the decree")
    reserved_idr = sum(state.reserved[application] for application in command.applications)
    if command.amount_idr > reserved_idr:
        raise Refused(
            "amount-exceeds-reservations",
            f"You contracted {rupiah(command.amount_idr)}, but only {rupiah(reserved_idr)} are "
            "reserved for these places: contract at most that amount. If less is reserved because "
            "of a contract that was closed, raise the amount by an addendum afterwards.",
        )
    contracted = CommitmentContracted(
        contract=command.contract,
        signed_on=command.signed_on,
        applications=command.applications,
        amount_idr=command.amount_idr,
        contracted_by=context.actor,
        **state.balances(reserved=-reserved_idr, contracted=command.amount_idr),
    )
    return use_free_money(state, contracted)


def close_contract(
    command: CloseContract, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Release what no order covers, as another officer than that of the contract's last amount."""
    contract = require_contract(command.contract, state)
    require_closer(contract, context)
    require_open(contract)
    left = () if contract.ordered_idr else tuple(contract.costs)
    places = [place for place in left if place not in state.sunk]
    released_idr = contract.amount_idr - contract.ordered_idr
    reserved_idr = sum(contract.costs[place] for place in places)
    closed = ContractClosed(
        contract=contract.number,
        released_idr=released_idr,
        applications=tuple(places),
        unreserved=tuple(place for place in left if place in state.sunk),
        code=command.code,
        reason=command.reason,
        **state.balances(reserved=reserved_idr, contracted=-released_idr),
    )
    return change_costs(state, closed)


def require_contract(number: str, state: Allocation) -> Contract:
    """Return the contract with this number, or refuse (`no-contract`)."""
    contract = state.contracts.get(comparable(number))
    if contract is None:
        raise Refused("no-contract", f"This exhibition has no contract {number}: check the number.")
    return contract


def require_closer(contract: Contract, context: Context) -> None:
    """Refuse the officer of the contract's last amount, or an enterprise of its places."""
    require_other_enterprises(contract.reservations, context)
    require_another_person(CONTRACT_AND_CLOSE, contract.officers[-1:], context)


def require_open(contract: Contract) -> None:
    """Refuse a contract that is closed (`contract-closed`)."""
    if contract.closed:
        raise Refused(
            "contract-closed",
            f"Contract {contract.number} is closed: amend it first, if it still has places.",
        )


def _check_places(
    applications: tuple[str, ...], annex: tuple[str, ...] | None, state: Allocation
) -> None:
    if not applications:
        raise Refused("nothing-contracted", "A contract needs at least one place: name its places.")
    if len(set(applications)) < len(applications):
        raise Refused("place-repeated", "A place is named twice: name each place once.")
    if annex is None:
        raise Refused(
            "not-decreed",
            "No participants' decree of this exhibition has arrived: "
            "record it first, or try again in a moment.",
        )
    absent = [application for application in applications if application not in annex]
    if absent:
        raise Refused(
            "not-on-annex",
            f"These places are not on the decree's annex: {', '.join(absent)}. Leave them out.",
        )
    unreserved = [application for application in applications if application not in state.reserved]
    if unreserved:
        raise Refused(
            "not-reserved",
            f"No money is reserved for these places: {', '.join(unreserved)}. Leave them out.",
        )
