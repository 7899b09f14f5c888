"""Exchange rate (Kurs): the rate of a currency on a day, from a named source.

A rate counts once it is fixed. A rate that nothing can be compared with, or that is far from the
last, and every correction is proposed first and counts once a second person has confirmed it.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Currency
from shared.contracts.event import Event, Private
from shared.contracts.words import PLAIN, Id, Instant, Text

Rate = Annotated[Decimal, Field(gt=0, le=10**9, max_digits=18, decimal_places=6), PLAIN]
"""Rupiah for one unit of the foreign currency."""


class CorrectionCode(StrEnum):
    """A reason to correct a rate (ours): the public code beside the officer's words."""

    TYPING_ERROR = "typing-error"
    ANOTHER_DAY = "another-day"
    ANOTHER_SOURCE = "another-source"
    REPUBLISHED = "republished"
    OTHER = "other"


class _Rate(Event):
    service: ClassVar[str] = "reporting"
    kind: ClassVar[str] = "rate"

    currency: Currency
    fixed_on: date
    rate: Rate
    source: Text


class RateProposed(_Rate):
    """This rate waits for a second person; `corrects` says why it replaces the rate of its day.

    Without `corrects` the day has no rate yet.
    """

    corrects: CorrectionCode | None = None
    proposed_at: Instant
    proposed_by: Private[str] = ""
    reason: Private[str] = ""


class RateFixed(_Rate):
    """The rupiah for one unit of `currency` on `fixed_on` are fixed; id `CURRENCY-YYYY-MM-DD`."""

    fixed_by: Private[str] = ""


class RateCorrected(_Rate):
    """A second person has confirmed this rate in the place of `before`.

    `outcomes` are all that count at the rate of this day: each of them is restated.
    """

    before: Rate
    code: CorrectionCode
    outcomes: tuple[Id, ...]
    fixed_by: Private[str] = ""


class RateRejected(_Rate):
    """This proposed rate does not count."""

    reason: Private[str] = ""


RateEvent = RateProposed | RateFixed | RateCorrected | RateRejected
