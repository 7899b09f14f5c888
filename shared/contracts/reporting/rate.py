"""Exchange rate (Kurs): the fixing of a currency on a date, from a named source."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Currency
from shared.contracts.event import Event
from shared.contracts.words import PLAIN, Text

Rate = Annotated[Decimal, Field(gt=0, le=10**9, max_digits=18, decimal_places=6), PLAIN]
"""Rupiah for one unit of the foreign currency."""


class RateFixed(Event):
    """The rupiah for one unit of `currency` on `fixed_on` are fixed; id `CURRENCY-YYYY-MM-DD`."""

    service: ClassVar[str] = "reporting"
    kind: ClassVar[str] = "rate"

    currency: Currency
    fixed_on: date
    rate: Rate
    source: Text


RateEvent = RateFixed
