"""From an amount in its own currency to whole rupiah: once, when it is posted, and then frozen.

Rupiah are rounded half up (ours: no source fixes it), on the exact product of amount and rate.
Devisa follows from the transaction: a foreign buyer or a foreign currency. Days are Jakarta's.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Protocol, TypedDict

from services.reporting.domain.rate import RUPIAH, Fixing
from shared.contracts.calendar import jakarta_date
from shared.contracts.words import IDR_MAX
from shared.kernel.errors import Refused

INDONESIA = "ID"
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Amount and rate have 18 digits each at most, so their product is exact in 60."""


class Transaction(Protocol):
    """The transaction as a command states it; `rate_on` is the day whose rate it wants."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def buyer_country(self) -> str: ...
    @property
    def rate_on(self) -> date | None: ...


class Worth(TypedDict):
    """The value of a transaction: the fields that its events and its state share."""

    amount: Decimal
    currency: str
    buyer_country: str
    rate: Decimal
    rate_source: str
    rate_on: date
    amount_idr: int
    devisa: bool


def rate_day(transaction: Transaction, now: datetime) -> date:
    """Return the day whose rate counts: the requested day, or today."""
    return transaction.rate_on or jakarta_date(now)


def fixing_of_rupiah(on: date) -> Fixing:
    """Rupiah are worth themselves on every day."""
    return Fixing(currency=RUPIAH, fixed_on=on, rate=Decimal(1), source=RUPIAH)


def worth(transaction: Transaction, fixing: Fixing | None, now: datetime) -> Worth:
    """Return the value of the transaction at this fixing; rupiah need none.

    Raises `Refused` for a day to come, and where less than a rupiah or too much is left.
    """
    if rate_day(transaction, now) > jakarta_date(now):
        raise Refused(
            "rate-in-the-future", "`rate_on` is in the future: name today or an earlier day."
        )
    fixing = fixing or fixing_of_rupiah(rate_day(transaction, now))
    amount_idr = rupiah_of(transaction.amount, fixing.rate)
    if not 0 < amount_idr <= IDR_MAX:
        raise Refused("amount-out-of-range", f"Report an outcome of Rp 1 to Rp {IDR_MAX:,}.")
    return Worth(
        amount=transaction.amount,
        currency=transaction.currency,
        buyer_country=transaction.buyer_country,
        rate=fixing.rate,
        rate_source=fixing.source,
        rate_on=fixing.fixed_on,
        amount_idr=amount_idr,
        devisa=transaction.currency != RUPIAH or transaction.buyer_country != INDONESIA,
    )


def rupiah_of(amount: Decimal, rate: Decimal) -> int:
    """Return `amount` x `rate` in whole rupiah, rounded half up."""
    return int(EXACT.to_integral_value(EXACT.multiply(amount, rate)))
