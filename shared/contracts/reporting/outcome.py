"""Outcome: what a participation brought, by rung; self-reported and verified apart.

`amount_idr` is frozen at posting with the rate that made it. Where that rate is corrected, a
restatement reverses the posting and names both figures. Devisa follows from the transaction (a
foreign buyer or currency), never from the place.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Country, Currency
from shared.contracts.event import Event, Private
from shared.contracts.reporting.rate import Rate
from shared.contracts.words import IDR_MAX, PLAIN, Applicant, Id, Rupiah, Text, Word

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
    occurred_on: date
    amount: Amount
    currency: Currency
    rate: Rate
    rate_source: Text
    rate_on: date
    buyer_country: Country
    not_a_double: bool = False
    reported_by: Private[str] = ""


class OutcomeReported(_Reported):
    """The participant reports a result of a day of the show, which decides its rate.

    `not_a_double`: the caller says that it is another sale than an equal one before; `confirmed`:
    that an amount which is large for the participant is right.
    """

    confirmed: bool = False


class FollowUpReported(_Reported):
    """A result after the show that follows from this outcome (Tindak Lanjut).

    It is the earlier outcome's event, so that all follow-ups together never exceed it, in its own
    currency and in rupiah; currency and rate are the outcome's, rung and amounts the follow-up's
    own, `follow_up` is its id.
    """

    follow_up: Id


class RestatedFollowUp(Word):
    """The rupiah of a follow-up before and after its outcome was restated."""

    follow_up: Id
    before_idr: Rupiah
    amount_idr: Rupiah


class OutcomeRestated(_Outcome):
    """The rate of this outcome was corrected: `before_idr` is reversed, `amount_idr` posted.

    So are the rupiah of all its follow-ups; the amounts in their currency stay.
    """

    currency: Currency
    rate: Rate
    rate_source: Text
    rate_on: date
    before_rate: Rate
    before_idr: Rupiah
    follow_ups: tuple[RestatedFollowUp, ...] = ()


class _Judged(_Outcome):
    follow_up: Id | None = None
    judged_on: date
    judged_by: Private[str] = ""


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
    OutcomeReported
    | FollowUpReported
    | OutcomeRestated
    | OutcomeVerified
    | OutcomeDisputed
    | OutcomeVoided
)
