"""The rule of a follow-up: a part of an outcome that was realised after the show.

A follow-up is stored in the document of its outcome, and that document decides on it: so follow-ups
that are reported at the same time never exceed their outcome together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.reporting.domain.outcome.days import Show, require_after
from services.reporting.domain.outcome.exchange import (
    is_devisa,
    require_decimals,
    rupiah_of,
)
from services.reporting.domain.outcome.judgements import require_attendance
from services.reporting.domain.outcome.questions import ask_about_doubles, doubles_of
from services.reporting.domain.outcome.state import STANDING, Outcome, Status
from shared.contracts.codes import Country, Currency
from shared.contracts.reporting.outcome import (
    Amount,
    FollowUpReported,
    OutcomeEvent,
    Rung,
)
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class ReportFollowUp:
    """Report a part of this outcome that was realised after the show, in the outcome's currency.

    It counts at the rate of the outcome (ours): otherwise the whole amount could not be reported
    after the rate has risen.
    """

    occurred_on: date
    amount: Amount
    currency: Currency
    buyer_country: Country
    not_a_double: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowUpFacts:
    """The days of the show; `attended` is False if the attendance was corrected since."""

    show: Show
    attended: bool


RUNGS_WITH_FOLLOW_UPS = frozenset({Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT, Rung.POTENTIAL})
"""An outcome of one of these rungs can be realised in part after the show."""

FOLLOW_UPS_MAX = 200
"""All follow-ups of an outcome are stored in its document, so their number is limited (ours)."""

# Rules


def report_follow_up(
    command: ReportFollowUp, facts: FollowUpFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Report a part that was realised after the show: at most the rest of the outcome."""
    if state is None:
        return absent(context, "outcome")
    require_attendance(attended=facts.attended)
    _require_room(command, state)
    require_after(facts.show, command.occurred_on, context)
    _require_rest(command, state)
    doubles = doubles_of(state, (command.buyer_country, command.amount, command.occurred_on))
    ask_about_doubles(doubles, not_a_double=command.not_a_double)
    return [
        FollowUpReported(
            outcome=context.subject,
            follow_up=follow_up_id(context.subject, context),
            applicant=state.applicant,
            rung=Rung.FOLLOW_UP_REALISED,
            occurred_on=command.occurred_on,
            amount=command.amount,
            currency=state.currency,
            buyer_country=command.buyer_country,
            rate=state.rate,
            rate_source=state.rate_source,
            rate_on=state.rate_on,
            amount_idr=_share_of(state, command.amount),
            devisa=is_devisa(state.currency, command.buyer_country),
            not_a_double=command.not_a_double,
            reported_by=context.actor,
        )
    ]


def _require_rest(command: ReportFollowUp, state: Outcome) -> None:
    left = state.amount - state.followed_up
    if command.amount > left:
        raise Refused(
            "parent-exceeded",
            f"You reported {command.currency} {command.amount:,}, but only {left:,} of this "
            "outcome are left: report at most that.",
        )


def _require_room(command: ReportFollowUp, state: Outcome) -> None:
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
    if command.currency != state.currency:
        raise Refused(
            "other-currency",
            f"This outcome is in {state.currency}: report what of that amount was realised.",
        )
    require_decimals(command.amount, command.currency)


def _share_of(state: Outcome, amount: Decimal) -> int:
    """Return the rupiah of a part of an outcome; the last part takes the rupiah that are left."""
    left_idr = state.amount_idr - state.followed_up_idr
    if state.followed_up + amount == state.amount:
        return left_idr
    return min(rupiah_of(amount, state.rate), left_idr)


def follow_up_id(outcome: str, context: Context) -> str:
    """Return the id of the follow-up that this request reports."""
    return context.derived_id(f"ReportFollowUp/{outcome}")
