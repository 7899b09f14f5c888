"""The rules of payments on a contract: payment order (SPM) and disbursement (SP2D).

Four eyes, compared by actor whatever roles a token holds: an officer that made a contract neither
orders nor disburses its payments. The orders never exceed the contract. A disbursement pays exactly
one order in full, by an SP2D number that no other payment has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from services.budget.domain.allocation.state import (
    Allocation,
    Contract,
)
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import AllocationEvent, PaymentDisbursed, PaymentOrdered
from shared.contracts.words import Id, Positive
from shared.kernel.decider import Context, Refused, absent

# Commands

Sp2d = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,64}$")]
"""A number of the treasury; it has no small letters, so each number has a single spelling."""


@dataclass(frozen=True, kw_only=True)
class OrderPayment:
    """Order a payment (SPM) on a contract."""

    contract: Id
    spm: Id
    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class DisbursePayment:
    """Record that the treasury has paid this order, by this SP2D."""

    contract: Id
    spm: Id
    sp2d: Sp2d


@dataclass(frozen=True, kw_only=True)
class DisbursementFacts:
    """`claimed` is True if the SP2D number is claimed for this payment and for no other."""

    claimed: bool


# Rules


def order_payment(
    command: OrderPayment, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Order a payment of a part of the contract, or all of it, that no order covers yet."""
    contract = _contract_of_another_officer(command.contract, state, context)
    if any(command.spm in other.payments for other in state.contracts.values()):
        raise Refused(
            "spm-exists",
            f"This exhibition has a payment order {command.spm} already: use another SPM.",
        )
    unordered_idr = contract.amount_idr - contract.ordered_idr
    if command.amount_idr > unordered_idr:
        raise Refused(
            "contract-exceeded",
            f"You ordered {rupiah(command.amount_idr)}, but only {rupiah(unordered_idr)} of the "
            f"contract can still be ordered (contract {rupiah(contract.amount_idr)}, "
            f"ordered {rupiah(contract.ordered_idr)}, of which paid {rupiah(contract.paid_idr)}): "
            "order at most that amount.",
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
    command: DisbursePayment, facts: DisbursementFacts, state: Allocation | None, context: Context
) -> Sequence[AllocationEvent]:
    """Record the payment of an order in full."""
    if state is None:
        return absent(context, "allocation", yet=True)
    contract = _contract_of_another_officer(command.contract, state, context)
    payment = contract.payments.get(command.spm)
    if payment is not None and payment.sp2d is not None:
        raise Refused(
            "already-paid",
            f"Payment order {command.spm} was paid by SP2D {payment.sp2d}: check the SPM.",
        )
    if payment is None or not facts.claimed:
        raise Refused(
            "not-ordered",
            f"No payment order {command.spm} waits on this contract: check the SPM, "
            "or order the payment first.",
        )
    return [
        PaymentDisbursed(
            contract=command.contract,
            spm=command.spm,
            sp2d=command.sp2d,
            amount_idr=payment.amount_idr,
            **state.balances(realised=payment.amount_idr),
        )
    ]


def may_disburse(state: Allocation | None, command: DisbursePayment, actor: str) -> bool:
    """Return True if the order is unpaid and another actor made its contract.

    Only then may the payment claim its SP2D number.
    """
    contract = state.contracts.get(command.contract) if state else None
    if contract is None or contract.contracted_by == actor:
        return False
    payment = contract.payments.get(command.spm)
    return payment is not None and payment.sp2d is None


def claims(state: Allocation | None) -> dict[str, str]:
    """Return the SP2D numbers that no other payment may have: the SPM of each by its claim."""
    return {
        sp2d_claim(payment.sp2d): spm
        for contract in (state.contracts.values() if state else ())
        for spm, payment in contract.payments.items()
        if payment.sp2d is not None
    }


def sp2d_claim(sp2d: str) -> str:
    """Return the claim that makes an SP2D number unique."""
    return f"sp2d/{sp2d}"


def _contract_of_another_officer(id: str, state: Allocation, context: Context) -> Contract:
    contract = state.contracts.get(id)
    if contract is None:
        raise Refused(
            "no-contract", f"This exhibition has no contract {id}: check the contract's id."
        )
    if contract.contracted_by == context.actor:
        raise Refused(
            "same-person",
            "You made this contract, so you can neither order nor disburse its payments.",
        )
    return contract
