"""The rules of a report: of an outcome, and of a follow-up that realises a part of it later.

A follow-up is stored in the document of its outcome, and that document decides on it: so follow-ups
that are reported at the same time never exceed their outcome together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.outcome.exchange import convert
from services.reporting.domain.outcome.state import (
    STANDING,
    Outcome,
    Status,
)
from services.reporting.domain.rate import Fixing
from shared.contracts.reporting.outcome import (
    Amount,
    Country,
    FollowUpReported,
    OutcomeEvent,
    OutcomeReported,
    Rung,
)
from shared.contracts.reporting.rate import Currency
from shared.contracts.words import Applicant, PairId
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.errors import NotYet

# Commands


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """Report a result of a participation; `rate_on` is the day of the rate (None: today)."""

    application: PairId
    rung: Rung
    amount: Amount
    currency: Currency
    buyer_country: Country
    rate_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """The participant, its attendance, and the rate (None: the amount is in rupiah)."""

    applicant: Applicant
    attended: bool
    fixing: Fixing | None


@dataclass(frozen=True, kw_only=True)
class ReportFollowUp:
    """Report a part of this outcome that was realised after the show.

    Without `rate_on`, an amount in the currency of the outcome counts at the rate of the outcome
    (ours). Otherwise the whole amount could not be reported after the rate has risen.
    """

    amount: Amount
    currency: Currency
    buyer_country: Country
    rate_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpFacts:
    """The rate of a follow-up (None: the amount is in rupiah)."""

    fixing: Fixing | None


RUNGS_WITH_FOLLOW_UPS = frozenset({Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT, Rung.POTENTIAL})
"""An outcome of one of these rungs can be realised in part after the show."""

FOLLOW_UPS_MAX = 200
"""All follow-ups of an outcome are stored in its document, so their number is limited (ours)."""

# Rules


def report_outcome(
    command: ReportOutcome, facts: OutcomeFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a result of a participation that took place."""
    if state is not None:
        raise Refused(
            "already-reported",
            "This outcome was reported before: send a new Idempotency-Key only for another result.",
        )
    if command.rung is Rung.FOLLOW_UP_REALISED:
        raise Refused(
            "needs-parent",
            "A follow-up belongs to an outcome: report it at POST /outcomes/{outcome}/follow-ups.",
        )
    if not facts.attended:
        raise NotYet(
            "not-attended",
            "The attendance of this participant is not recorded (yet): ask the verification "
            "officer to record it first; if that was a moment ago, try again.",
        )
    return [
        OutcomeReported(
            outcome=context.subject,
            applicant=facts.applicant,
            rung=command.rung,
            **convert(command, facts.fixing, context.now),
        )
    ]


def report_follow_up(
    command: ReportFollowUp, facts: FollowUpFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a part that was realised after the show: at most the rest of the outcome."""
    if state is None:
        return absent(context, "outcome")
    if state.rung not in RUNGS_WITH_FOLLOW_UPS:
        raise Refused(
            "no-follow-ups",
            f"A {state.rung} is realised at once, so it has no follow-ups: report a new outcome.",
        )
    if state.status not in STANDING:
        remedy = "report a new outcome" if state.status is Status.VOID else "have it verified first"
        raise Refused(
            "not-standing", f"This outcome is {state.status}, so it takes no follow-up: {remedy}."
        )
    if len(state.follow_ups) >= FOLLOW_UPS_MAX:
        raise Refused(
            "too-many-follow-ups",
            f"This outcome has {FOLLOW_UPS_MAX} follow-ups, and more are not possible: report a "
            "new outcome.",
        )
    realised = convert(command, facts.fixing, context.now)
    if state.followed_up_idr + realised["amount_idr"] > state.amount_idr:
        left_idr = state.amount_idr - state.followed_up_idr
        raise Refused(
            "parent-exceeded",
            f"You reported Rp {realised['amount_idr']:,}, but only Rp {left_idr:,} of this outcome "
            "are left: report at most that.",
        )
    return [
        FollowUpReported(
            outcome=context.subject,
            follow_up=follow_up_id(context.subject, context),
            applicant=state.applicant,
            rung=Rung.FOLLOW_UP_REALISED,
            **realised,
        )
    ]


def rate_of_parent(command: ReportFollowUp, parent: Outcome) -> Fixing | None:
    """Return the rate of the outcome if it counts for this follow-up, else None."""
    if command.rate_on is not None or command.currency != parent.currency:
        return None
    return Fixing(
        currency=parent.currency,
        fixed_on=parent.rate_on,
        rate=parent.rate,
        source=parent.rate_source,
    )


def follow_up_id(outcome: str, context: Context) -> str:
    """Return the id of the follow-up that this request reports."""
    return context.derived_id(f"ReportFollowUp/{outcome}")
