"""The numbers of documents: contract, addendum, delivery (BAST), SPM, SP2D and return.

Each number is used once in the whole service. A route claims it before the command is decided, and
gives it up if the command is refused; the number of a void order or of a returned payment stays
used. That of a delivery that is retracted, or of an SP2D that was recorded by mistake, is free
again. Numbers are compared by `comparable`, so `spm-1` and `SPM-1` are the same number. An
allocation is a single document, so it has room for `DOCUMENTS_MAX` documents. Payment orders leave
`KEPT_FROM_ORDERS` of it: what is ordered can be paid only after its delivery.
"""

from collections.abc import Iterator
from enum import StrEnum

from services.budget.domain.allocation.contract import Contract, Payment
from services.budget.domain.allocation.state import Allocation
from shared.contracts.documents import comparable
from shared.kernel.decider import Refused

DOCUMENTS_MAX = 1_000
"""Contracts, addenda, deliveries and payment orders of an allocation together (ours)."""

KEPT_FROM_ORDERS = 100
"""So much of that room is only for contracts, addenda and deliveries (ours)."""


class Kind(StrEnum):
    """A kind of document; numbers of different kinds may be equal."""

    CONTRACT = "contract"
    ADDENDUM = "addendum"
    DELIVERY = "delivery"
    SPM = "spm"
    SP2D = "sp2d"
    RETURN = "return"


# Rules


def claim_of(kind: Kind, number: str) -> str:
    """Return the claim that makes a number unique."""
    return f"{kind}/{comparable(number)}"


def claims(state: Allocation | None) -> dict[str, str]:
    """Return the numbers that no other document may have: the entry of each by its claim.

    The entry of an addendum or a delivery is its contract, that of an SP2D or a return its SPM.
    """
    return {
        claim_of(kind, number): comparable(entry)
        for contract in (state.contracts.values() if state else ())
        for kind, number, entry in _numbers(contract)
    }


def require_new(kind: Kind, number: str, state: Allocation) -> None:
    """Refuse a number that a document of this allocation has (`KIND-exists`)."""
    if claim_of(kind, number) in claims(state):
        raise Refused(
            f"{kind}-exists",
            f"This exhibition has {kind} {number} already: check the number, or use another.",
        )


def require_room(state: Allocation, *, kept: int = 0) -> None:
    """Refuse a further document where only `kept` are left (`too-many-documents`)."""
    contracts = state.contracts.values()
    documents = sum(
        1 + len(item.addenda) + len(item.deliveries) + len(item.payments) for item in contracts
    )
    if documents >= DOCUMENTS_MAX - kept:
        raise Refused(
            "too-many-documents",
            f"This exhibition has {documents:,} contracts, addenda, deliveries and payment orders "
            f"(GET /contracts and /payment-orders?exhibition={state.exhibition}), "
            + (
                f"and the last {kept:,} can be no payment orders: order larger amounts."
                if kept
                else "and can have no more: order larger amounts."
            ),
        )


def _numbers(contract: Contract) -> Iterator[tuple[Kind, str, str]]:
    yield Kind.CONTRACT, contract.number, contract.number
    yield from ((Kind.ADDENDUM, number, contract.number) for number in contract.addenda)
    yield from (
        (Kind.DELIVERY, item.number, contract.number) for item in contract.deliveries.values()
    )
    for payment in contract.payments.values():
        yield from _numbers_of_payment(payment)


def _numbers_of_payment(payment: Payment) -> Iterator[tuple[Kind, str, str]]:
    yield Kind.SPM, payment.spm, payment.spm
    if payment.sp2d:
        yield Kind.SP2D, payment.sp2d, payment.spm
    yield from ((Kind.SP2D, number, payment.spm) for number in payment.returned)
    yield from ((Kind.RETURN, number, payment.spm) for number in payment.returns)
