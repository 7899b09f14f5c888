"""Outcome: what a participation brought, by rung; self-reported and verified apart.

`amount_idr` is frozen at posting with the rate that made it. Devisa follows from the transaction
(a foreign buyer or currency), never from the place.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Country, Currency
from shared.contracts.event import Event, Private
from shared.contracts.reporting.rate import Rate
from shared.contracts.words import IDR_MAX, PLAIN, Applicant, Id, Rupiah, Text

Amount = Annotated[Decimal, Field(gt=0, le=IDR_MAX, max_digits=18, decimal_places=4), PLAIN]
"""An amount in its own currency, with no more decimals than that has."""


class Rung(StrEnum):
    """Kinds of outcome; they are never added silently."""

    RETAIL_SALE = "RETAIL_SALE"
    ORDER_ON_SITE = "ORDER_ON_SITE"
    TRADE_CONTRACT = "TRADE_CONTRACT"
    POTENTIAL = "POTENTIAL"
    FOLLOW_UP_REALISED = "FOLLOW_UP_REALISED"


class EvidenceKind(StrEnum):
    """The kind of evidence of an outcome (ours): public, while its text is private."""

    INVOICE = "invoice"
    CONTRACT = "contract"
    CUSTOMS = "customs-document"
    RECEIPT = "receipt"
    OTHER = "other"


class JudgementCode(StrEnum):
    """A reason to dispute or to void (ours): the public code beside the officer's words."""

    AMOUNT = "wrong-amount"
    NO_EVIDENCE = "no-evidence"
    TWICE = "reported-twice"
    NOT_MADE = "not-made"
    OTHER = "other"


class _Outcome(Event):
    service: ClassVar[str] = "reporting"
    kind: ClassVar[str] = "outcome"

    outcome: Id
    applicant: Applicant
    rung: Rung
    amount_idr: Rupiah
    devisa: bool


class _Reported(_Outcome):
    amount: Amount
    currency: Currency
    rate: Rate
    rate_source: Text
    rate_on: date
    buyer_country: Country


class OutcomeReported(_Reported):
    """The participant reports a result."""


class FollowUpReported(_Reported):
    """A result after the show that follows from this outcome (Tindak Lanjut).

    It is the earlier outcome's event, so that all follow-ups together never exceed it, in its own
    currency and in rupiah; currency and rate are the outcome's, rung and amounts the follow-up's
    own, `follow_up` is its id.
    """

    follow_up: Id


class _Judged(_Outcome):
    follow_up: Id | None = None


class OutcomeVerified(_Judged):
    """The outcome, or the follow-up that `follow_up` names, is verified by evidence of a kind."""

    kind_of_evidence: EvidenceKind
    evidence: Private[str] = ""


class OutcomeDisputed(_Judged):
    """The figure is in doubt."""

    code: JudgementCode
    reason: Private[str] = ""


class OutcomeVoided(_Judged):
    """The outcome does not count any more."""

    code: JudgementCode
    reason: Private[str] = ""


OutcomeEvent = (
    OutcomeReported | FollowUpReported | OutcomeVerified | OutcomeDisputed | OutcomeVoided
)
