"""Commitments and payments: contract, payment order (SPM), disbursement (SP2D).

Costs are contracted only for places on the decree's annex. Four eyes, compared by actor whatever
roles a token holds: who made a contract neither orders nor disburses its payments. What is ordered
never exceeds the contract, and a disbursement pays exactly one order, whole, by an SP2D number that
no other payment has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from services.budget.domain.allocation_books import Allocation, Contract
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import (
    AllocationEvent,
    CommitmentContracted,
    PaymentDisbursed,
    PaymentOrdered,
)
from shared.contracts.words import Id, PairId, Positive
from shared.kernel.decider import Context, Refused

# Commands

Sp2d = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,64}$")]
"""A treasury's number; no small letters, so that one number has one spelling to be unique in."""


@dataclass(frozen=True, kw_only=True)
class ContractCommitment:
    """A contract (Komitmen) for the reservations of these places."""

    contract: Id
    applications: Annotated[tuple[PairId, ...], Field(min_length=1, max_length=2_000)]


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """The decree's annex with its amendments; None while no decree is known here."""

    annex: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class OrderPayment:
    """A payment order (SPM) on a contract."""

    contract: Id
    spm: Id
    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class DisbursePayment:
    """The treasury has paid this order, by this SP2D."""

    contract: Id
    spm: Id
    sp2d: Sp2d


@dataclass(frozen=True, kw_only=True)
class DisbursementFacts:
    """True if the SP2D number is claimed for this payment, before all others."""

    claimed: bool


# Rules


def contract_commitment(
    command: ContractCommitment, facts: CommitmentFacts, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Bind the reservations of places on the annex."""
    if state.closed:
        raise Refused("allocation-closed", "The exhibition is cancelled: nothing is contracted.")
    if command.contract in state.contracts:
        raise Refused("contract-exists", f"There is a contract {command.contract} here already.")
    _contractable(command.applications, facts.annex, state)
    amount_idr = sum(state.reserved[place] for place in command.applications)
    return [
        CommitmentContracted(
            contract=command.contract,
            applications=command.applications,
            amount_idr=amount_idr,
            contracted_by=context.actor,
            **state.balances(reserved=-amount_idr, contracted=amount_idr),
        )
    ]


def order_payment(
    command: OrderPayment, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Order a part of a contract, or all of it, that no order covers yet."""
    contract = _four_eyes(command.contract, state, context)
    if any(command.spm in other.payments for other in state.contracts.values()):
        raise Refused("spm-exists", f"There is a payment order {command.spm} here already.")
    if command.amount_idr > contract.amount_idr - contract.ordered_idr:
        raise Refused(
            "contract-exceeded",
            f"{rupiah(command.amount_idr)} exceed what no order covers yet: "
            f"contract {rupiah(contract.amount_idr)}, ordered {rupiah(contract.ordered_idr)}, "
            f"of which paid {rupiah(contract.paid_idr)}.",
        )
    return [
        PaymentOrdered(
            contract=command.contract,
            spm=command.spm,
            amount_idr=command.amount_idr,
            **state.balances(),
        )
    ]


def disburse_payment(
    command: DisbursePayment, facts: DisbursementFacts, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Pay an order, whole."""
    contract = _four_eyes(command.contract, state, context)
    payment = contract.payments.get(command.spm)
    if payment is not None and payment.sp2d is not None:
        raise Refused("already-paid", f"{command.spm} has been paid by SP2D {payment.sp2d}.")
    if payment is None or not facts.claimed:
        raise Refused("not-ordered", f"No payment order {command.spm} waits on this contract.")
    return [
        PaymentDisbursed(
            contract=command.contract,
            spm=command.spm,
            sp2d=command.sp2d,
            amount_idr=payment.amount_idr,
            **state.balances(realised=payment.amount_idr),
        )
    ]


def may_be_paid(state: Allocation | None, command: DisbursePayment, actor: str) -> bool:
    """Return True if the order is unpaid and not the actor's own, so that it may claim a number."""
    contract = state.contracts.get(command.contract) if state else None
    if contract is None or contract.contracted_by == actor:
        return False
    payment = contract.payments.get(command.spm)
    return payment is not None and payment.sp2d is None


def is_paid(state: Allocation | None, spm: str, sp2d: str) -> bool:
    """Return True if this order is paid by this SP2D, so that the number stays claimed."""
    contracts = state.contracts.values() if state else ()
    payments = [contract.payments[spm] for contract in contracts if spm in contract.payments]
    return any(payment.sp2d == sp2d for payment in payments)


def _contractable(
    applications: tuple[str, ...], annex: tuple[str, ...] | None, state: Allocation
) -> None:
    if not applications:
        raise Refused("nothing-contracted", "A contract is for one place at least: name them.")
    if len(set(applications)) < len(applications):
        raise Refused("place-repeated", "A place is contracted once: name each only once.")
    if annex is None:
        raise Refused("not-decreed", "No participants' decree has been heard of here (yet).")
    strangers = [place for place in applications if place not in annex]
    if strangers:
        raise Refused("not-on-annex", f"Not on the decree's annex: {', '.join(strangers)}.")
    unfunded = [place for place in applications if place not in state.reserved]
    if unfunded:
        raise Refused("not-reserved", f"No reservation to contract: {', '.join(unfunded)}.")


def _four_eyes(identifier: str, state: Allocation, context: Context) -> Contract:
    contract = state.contracts.get(identifier)
    if contract is None:
        raise Refused("no-contract", f"There is no contract {identifier} here.")
    if contract.contracted_by == context.actor:
        raise Refused("same-person", "Who made a contract neither orders nor pays on it.")
    return contract
