"""Convert an amount into whole rupiah: once, when it is reported; the result is frozen.

The day on which the transaction occurred decides the rate, never the reporter: it is the rate of
that day, or of the Friday before a Saturday or Sunday. The exact product of amount and rate is
rounded half up (ours: no source fixes it). An amount has no more decimals than its currency; rupiah
are whole. Devisa follows from the transaction: a foreign buyer or a foreign currency.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Protocol, TypedDict

from services.reporting.domain.rate.state import Fixing
from shared.contracts.codes import RUPIAH, decimals_of
from shared.contracts.words import IDR_MAX
from shared.kernel.errors import Refused

INDONESIA = "ID"
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Amount and rate have 18 digits each at most, so their product is exact in 60."""


class Transaction(Protocol):
    """The transaction that a command reports."""

    @property
    def occurred_on(self) -> date: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def buyer_country(self) -> str: ...


class Valuation(TypedDict):
    """A transaction and its value in rupiah: the fields that its events and its state share."""

    occurred_on: date
    amount: Decimal
    currency: str
    buyer_country: str
    rate: Decimal
    rate_source: str
    rate_on: date
    amount_idr: int
    devisa: bool


def fixing_of_rupiah(on: date) -> Fixing:
    """Return the rate of rupiah, which is 1 on every day."""
    return Fixing(currency=RUPIAH, fixed_on=on, rate=Decimal(1), source=RUPIAH)


def convert(transaction: Transaction, fixing: Fixing | None) -> Valuation:
    """Return the transaction with its value at this rate (None: the amount is in rupiah).

    Raises `Refused` for an amount with too many decimals, and for a value below one rupiah or above
    `IDR_MAX`.
    """
    fixing = fixing or fixing_of_rupiah(transaction.occurred_on)
    require_decimals(transaction.amount, transaction.currency)
    amount_idr = rupiah_of(transaction.amount, fixing.rate)
    require_range(amount_idr)
    return Valuation(
        occurred_on=transaction.occurred_on,
        amount=transaction.amount,
        currency=transaction.currency,
        buyer_country=transaction.buyer_country,
        rate=fixing.rate,
        rate_source=fixing.source,
        rate_on=fixing.fixed_on,
        amount_idr=amount_idr,
        devisa=is_devisa(transaction.currency, transaction.buyer_country),
    )


def is_devisa(currency: str, buyer_country: str) -> bool:
    """Return True if this transaction earns foreign exchange."""
    return currency != RUPIAH or buyer_country != INDONESIA


def require_decimals(amount: Decimal, currency: str) -> None:
    """Refuse an amount with more decimals than its currency has (`too-many-decimals`)."""
    decimals = decimals_of(currency)
    if amount != EXACT.quantize(amount, Decimal(1).scaleb(-decimals)):
        raise Refused(
            "too-many-decimals",
            f"An amount in {currency} has {decimals or 'no'} decimals"
            f"{' at most' if decimals else ''}: correct the amount.",
        )


def require_range(amount_idr: int) -> None:
    """Refuse an amount that is no outcome (`amount-out-of-range`)."""
    if not 0 < amount_idr <= IDR_MAX:
        raise Refused(
            "amount-out-of-range",
            f"This amount is Rp {amount_idr:,}, but an outcome is Rp 1 to Rp {IDR_MAX:,}: "
            "correct the amount or the rate.",
        )


def rupiah_of(amount: Decimal, rate: Decimal) -> int:
    """Return `amount` x `rate` in whole rupiah, rounded half up."""
    return int(EXACT.to_integral_value(EXACT.multiply(amount, rate)))
