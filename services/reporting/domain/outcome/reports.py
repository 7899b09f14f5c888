"""Report an outcome, and what follows from it after the show.

A follow-up realises a part of an earlier outcome and is kept in that outcome's own document, which
decides on it: so follow-ups reported at the same time never exceed their outcome together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.outcome.exchange import worth
from services.reporting.domain.outcome.state import (
    STANDING,
    Outcome,
    refuse_absent_outcome,
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
from shared.kernel.decider import Context, Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """Report a result of a participation; `rate_on` is the day of the rate (default: today)."""

    application: PairId
    rung: Rung
    amount: Amount
    currency: Currency
    buyer_country: Country
    rate_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """The participant, its attendance, and the rate that counts (none: rupiah)."""

    applicant: Applicant
    attended: bool
    fixing: Fixing | None


@dataclass(frozen=True, kw_only=True)
class ReportFollowUp:
    """Report a part of this outcome that was realised after the show.

    Without `rate_on`, an amount in the outcome's own currency counts at the outcome's own rate
    (ours): otherwise, once the rate has risen, the whole amount could not be reported.
    """

    amount: Amount
    currency: Currency
    buyer_country: Country
    rate_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpFacts:
    """The rate that counts (none: rupiah)."""

    fixing: Fixing | None


PARENTS = frozenset({Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT, Rung.POTENTIAL})
"""The rungs that can be realised in part after the show."""

FOLLOW_UPS_MAX = 200
"""They are stored in one document (ours)."""

# Rules


def report_outcome(
    command: ReportOutcome, facts: OutcomeFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a result of a participation that took place."""
    if state is not None:
        raise Refused(
            "already-reported", "This outcome has been reported before: report each result once."
        )
    if command.rung is Rung.FOLLOW_UP_REALISED:
        raise Refused(
            "needs-parent",
            "A follow-up belongs to an outcome: report it at POST /outcomes/{outcome}/follow-ups.",
        )
    if not facts.attended:
        raise Refused(
            "not-attended",
            "The attendance of this participant is not recorded: have it recorded first.",
        )
    return [
        OutcomeReported(
            outcome=context.subject,
            applicant=facts.applicant,
            rung=command.rung,
            **worth(command, facts.fixing, context.now),
        )
    ]


def report_follow_up(
    command: ReportFollowUp, facts: FollowUpFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a part that was realised after the show: never more than is left of the outcome."""
    if state is None:
        return refuse_absent_outcome(context)
    if state.rung not in PARENTS:
        raise Refused(
            "no-follow-ups",
            f"A {state.rung} is realised at once, so it has no follow-ups: report a new outcome.",
        )
    if state.status not in STANDING:
        raise Refused(
            "not-standing",
            f"This outcome is {state.status}: have it verified before you report a follow-up.",
        )
    if len(state.follow_ups) >= FOLLOW_UPS_MAX:
        raise Refused(
            "too-many-follow-ups",
            f"An outcome has at most {FOLLOW_UPS_MAX} follow-ups: report a new outcome.",
        )
    realised = worth(command, facts.fixing, context.now)
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
    """Return the outcome's own rate if it counts for this follow-up, else None."""
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
