"""The steps of contracts and payments that `test_money_in_flight` takes at random.

Each step sends a command that may be refused. Numbers are few, so they meet again.
"""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.commitments import (
    CloseContract,
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from services.budget.domain.allocation.reservations import (
    AttendanceFacts,
    ReleaseReservation,
    RestoreReservation,
    release_reservation,
    restore_reservation,
)
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
)
from shared.contracts.budget.reasons import (
    ClosureCode,
    PaymentReturnCode,
    ReleaseCode,
    RetractionCode,
    VoidCode,
)
from tests.budget.treasury import Treasury

RECORDED_BY_MISTAKE = PaymentReturnCode.RECORDED_BY_MISTAKE
DAY = date(2018, 1, 31)


def contract(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Contract some reserved places, for their reservations or for less."""
    if (state := treasury.allocation(exhibition)) and state.reserved:
        applications = tuple(state.reserved)[: luck.randint(1, 3)]
        reserved_idr = sum(state.reserved[place] for place in applications)
        command = ContractCommitment(
            contract=f"k-{luck.randint(1, 9)}",
            signed_on=DAY,
            applications=applications,
            amount_idr=luck.choice((reserved_idr, luck.randint(1, reserved_idr + 1))),
        )
        facts = CommitmentFacts(annex=applications, decreed_on=None)
        treasury.do(allocation, exhibition, command, facts=facts, rule=contract_commitment)


def amend(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Change the amount of a contract a little, up or down."""
    for found in _contracts(treasury, exhibition, luck):
        amount_idr = max(1, found.amount_idr + luck.randint(-15, 15))
        addendum = f"a-{luck.randint(1, 30)}"
        command = AmendContract(
            contract=found.number, addendum=addendum, signed_on=DAY, amount_idr=amount_idr
        )
        treasury.do(allocation, exhibition, command)


def close(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Close a contract, ordered or not."""
    for found in _contracts(treasury, exhibition, luck):
        command = CloseContract(contract=found.number, code=ClosureCode.OTHER, reason="closed")
        treasury.do(allocation, exhibition, command, actor="other")


def pay(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Order a payment, record a delivery, and disburse a payment of a contract."""
    for found in _contracts(treasury, exhibition, luck):
        number, spm, sp2d = found.number, f"spm-{luck.randint(1, 9)}", f"{luck.randint(1, 30)}"
        amount_idr = luck.choice((luck.randint(1, 20), max(1, found.amount_idr)))
        order = OrderPayment(contract=number, spm=spm, ordered_on=DAY, amount_idr=amount_idr)
        deliver = RecordDelivery(contract=number, document_number=sp2d, delivered_on=DAY)
        disburse = DisbursePayment(
            contract=number, spm=f"spm-{luck.randint(1, 9)}", sp2d=sp2d, paid_on=DAY
        )
        treasury.do(allocation, exhibition, order, actor="cashier")
        treasury.do(allocation, exhibition, deliver)
        treasury.do(allocation, exhibition, disburse, actor="payer")


def reverse(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Void an order, or let a payment come back."""
    for found in _contracts(treasury, exhibition, luck):
        for payment in luck.sample(list(found.payments.values()), min(1, len(found.payments))):
            void = VoidPaymentOrder(
                contract=found.number, spm=payment.spm, code=VoidCode.OTHER, reason="void"
            )
            mistake = luck.random() < 0.3
            come_back = ReturnPayment(
                contract=found.number,
                spm=payment.spm,
                sp2d=payment.sp2d or "none",
                return_number=None if mistake else f"r-{luck.randint(1, 30)}",
                returned_on=None if mistake else DAY,
                code=RECORDED_BY_MISTAKE if mistake else PaymentReturnCode.OTHER,
                reason="sent back",
            )
            command, actor = (come_back, "cashier-2") if payment.sp2d else (void, "cashier-3")
            treasury.do(allocation, exhibition, command, actor=actor)


def retract(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Retract a delivery of a contract."""
    for found in _contracts(treasury, exhibition, luck):
        for delivery in _some(list(found.deliveries.values()), luck):
            command = RetractDelivery(
                contract=found.number,
                document_number=delivery.number,
                code=RetractionCode.OTHER,
                reason="not of this contract",
            )
            treasury.do(allocation, exhibition, command, actor="other")


def release(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Release the place of a participant, reserved or waiting, or restore it."""
    if state := treasury.allocation(exhibition):
        facts = AttendanceFacts(attended=True)
        for place in _some([*state.reserved, *state.waiting], luck):
            command = ReleaseReservation(application=place, code=ReleaseCode.OTHER, reason="less")
            treasury.do(
                allocation, exhibition, command, facts=facts, rule=release_reservation, actor="one"
            )
        for place in _some(list(state.released), luck):
            restore = RestoreReservation(application=place)
            treasury.do(allocation, exhibition, restore, facts=facts, rule=restore_reservation)


def _contracts(treasury: Treasury, exhibition: str, luck: Random) -> list[Contract]:
    state = treasury.allocation(exhibition)
    return _some(list(state.contracts.values()), luck) if state else []


def _some(things: Sequence[Any], luck: Random) -> list[Any]:
    """Return one of these things, or none if there is none."""
    return [luck.choice(things)] if things else []
