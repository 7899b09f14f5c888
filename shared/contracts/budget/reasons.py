"""Reasons of corrections in allocations: the public code of each, beside private words."""

from enum import StrEnum


class ReleaseCode(StrEnum):
    """A reason (ours) why a participant that came costs no money."""

    NOT_NEEDED = "not-needed"
    PAID_BY_OTHERS = "paid-by-others"
    OTHER = "other"


class ClosureCode(StrEnum):
    """A reason (ours) to close a contract: its public code."""

    DELIVERED_FOR_LESS = "delivered-for-less"
    TERMINATED = "terminated"
    MISTAKEN = "mistaken"
    OTHER = "other"


class RetractionCode(StrEnum):
    """A reason (ours) to take back the record of a delivery: its public code."""

    WRONG_CONTRACT = "wrong-contract"
    WRONG_DAY = "wrong-day"
    NOT_DELIVERED = "not-delivered"
    OTHER = "other"


class VoidCode(StrEnum):
    """A reason (ours) to take a payment order back before it is paid: its public code."""

    WRONG_AMOUNT = "wrong-amount"
    WRONG_PAYEE = "wrong-payee"
    WRONG_CONTRACT = "wrong-contract"
    NOT_DUE = "not-due"
    OTHER = "other"


class PaymentReturnCode(StrEnum):
    """A reason (ours) why the bank sent a payment back to the treasury (retur).

    `recorded-by-mistake`: no money came back; the SP2D was recorded for the wrong order.
    """

    WRONG_ACCOUNT = "wrong-account"
    CLOSED_ACCOUNT = "closed-account"
    WRONG_NAME = "wrong-name"
    RECORDED_BY_MISTAKE = "recorded-by-mistake"
    OTHER = "other"
