"""The rule of a report: a result of a participation that took place, of a day of its show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.domain.outcome.days import Show, require_within
from services.reporting.domain.outcome.exchange import convert
from services.reporting.domain.outcome.questions import (
    ask_about_amount,
    ask_about_doubles,
    bound_idr,
)
from services.reporting.domain.outcome.state import Outcome
from services.reporting.domain.rate.state import Fixing
from shared.contracts.codes import Country, Currency
from shared.contracts.reporting.outcome import (
    Amount,
    OutcomeEvent,
    OutcomeReported,
    Rung,
)
from shared.contracts.words import Applicant, PairId
from shared.kernel.decider import Context, Refused
from shared.kernel.errors import NotYet

# Commands


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """Report a result of a participation; the day on which it occurred decides its rate.

    `not_a_double`: it is another sale than an equal one that was reported; `confirmed`: a large
    amount is right.
    """

    application: PairId
    rung: Rung
    occurred_on: date
    amount: Amount
    currency: Currency
    buyer_country: Country
    not_a_double: bool = False
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """The participant with its attendance and its capacity, the show, and the rate.

    Without `fixing` the amount is in rupiah. `doubles` are the equal sales that count, by id.
    """

    applicant: Applicant
    attended: bool
    capacity: int
    show: Show
    fixing: Fixing | None
    doubles: tuple[str, ...] = ()


# Rules


def report_outcome(
    command: ReportOutcome, facts: OutcomeFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a result of a participation that took place."""
    _require_participation(command, facts, state)
    require_within(facts.show, command.occurred_on, context)
    valuation = convert(command, facts.fixing)
    bound = bound_idr(command.rung, facts.applicant.size_class, facts.capacity)
    ask_about_amount(valuation["amount_idr"], bound, confirmed=command.confirmed)
    ask_about_doubles(facts.doubles, not_a_double=command.not_a_double)
    return [
        OutcomeReported(
            outcome=context.subject,
            applicant=facts.applicant,
            rung=command.rung,
            not_a_double=command.not_a_double,
            confirmed=command.confirmed,
            reported_by=context.actor,
            **valuation,
        )
    ]


def _require_participation(
    command: ReportOutcome, facts: OutcomeFacts, state: Outcome | None
) -> None:
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
