"""Outcome (id derived): the result of a participation, by rung, and its verification.

The rungs are never added here or anywhere. A follow-up realises a part of an earlier outcome and is
kept in that outcome's own document, which decides on it: so follow-ups reported at the same
time never exceed their parent together. Each is verified, disputed or voided by itself; an outcome
with a realised part cannot be voided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, assert_never

from services.reporting.domain.exchange import worth
from services.reporting.domain.outcome_record import Outcome, Posting, Status, evolve
from services.reporting.domain.rate import Fixing
from shared.contracts.reporting.outcome import (
    Amount,
    Country,
    FollowUpReported,
    OutcomeDisputed,
    OutcomeEvent,
    OutcomeReported,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.contracts.reporting.rate import Currency
from shared.contracts.words import Applicant, Id, PairId, Text
from shared.kernel.decider import Context, Decider, Refused, given_facts, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """A result of a participation; `rate_on` is the day of the rate, today where none is named."""

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
    """A part of this outcome was realised after the show.

    Without `rate_on`, an amount in the outcome's own currency counts at the outcome's own rate
    (ours): else a rate that has risen since would forbid to report all of it.
    """

    amount: Amount
    currency: Currency
    buyer_country: Country
    rate_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpFacts:
    """The rate that counts (none: rupiah)."""

    fixing: Fixing | None


@dataclass(frozen=True, kw_only=True)
class VerifyOutcome:
    """Evidence was seen, of the outcome itself or of one of its follow-ups."""

    evidence: Text
    follow_up: Id | None = None


@dataclass(frozen=True, kw_only=True)
class DisputeOutcome:
    """The figure is in doubt, of the outcome itself or of one of its follow-ups."""

    reason: Text
    follow_up: Id | None = None


@dataclass(frozen=True, kw_only=True)
class VoidOutcome:
    """The outcome itself, or one of its follow-ups, does not count any more."""

    reason: Text
    follow_up: Id | None = None


Judgement = VerifyOutcome | DisputeOutcome | VoidOutcome
OutcomeCommand = ReportOutcome | ReportFollowUp | Judgement

PARENTS = frozenset({Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT, Rung.POTENTIAL})
"""The rungs of which something is left to be realised after the show."""

STANDING = frozenset({Status.REPORTED, Status.VERIFIED})
FOLLOW_UPS_MAX = 200
"""They lie in one document (ours)."""

# Rules


def decide(
    command: OutcomeCommand, facts: object, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Everything but a report needs an outcome that is reported."""
    match command:
        case ReportOutcome():
            return _report(command, given_facts(OutcomeFacts, facts), state, context)
        case _ if state is None:
            return refuse_or_ignore(context, "not-reported", "There is no such outcome.")
        case ReportFollowUp():
            return _follow_up(command, given_facts(FollowUpFacts, facts), state, context)
        case VerifyOutcome() | DisputeOutcome() | VoidOutcome():
            return _judge(command, state, context)
        case _:
            assert_never(command)


def rate_of_parent(command: ReportFollowUp, parent: Outcome) -> Fixing | None:
    """The outcome's own rate where it counts for a follow-up, else None."""
    if command.rate_on is not None or command.currency != parent.currency:
        return None
    return Fixing(
        currency=parent.currency,
        fixed_on=parent.rate_on,
        rate=parent.rate,
        source=parent.rate_source,
    )


def follow_up_id(outcome: str, context: Context) -> str:
    """The id of the follow-up that this request reports."""
    return context.derived_id(f"ReportFollowUp/{outcome}")


def _report(
    command: ReportOutcome, facts: OutcomeFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    if state is not None:
        raise Refused("already-reported", "This outcome has been reported before.")
    if command.rung is Rung.FOLLOW_UP_REALISED:
        raise Refused("needs-parent", "Report it as a follow-up of the outcome that it realises.")
    if not facts.attended:
        raise Refused("not-attended", "Only a participant that attended has outcomes.")
    return [
        OutcomeReported(
            outcome=context.subject,
            applicant=facts.applicant,
            rung=command.rung,
            **worth(command, facts.fixing, context.now),
        )
    ]


def _follow_up(
    command: ReportFollowUp, facts: FollowUpFacts, state: Outcome, context: Context
) -> Sequence[OutcomeEvent]:
    if state.rung not in PARENTS:
        raise Refused("no-follow-ups", f"Nothing of a {state.rung} is left to be realised.")
    if state.status not in STANDING:
        raise Refused("not-standing", f"This outcome is {state.status}: settle that first.")
    if len(state.follow_ups) >= FOLLOW_UPS_MAX:
        raise Refused("too-many-follow-ups", f"An outcome has {FOLLOW_UPS_MAX} at most.")
    realised = worth(command, facts.fixing, context.now)
    if state.followed_up_idr + realised["amount_idr"] > state.amount_idr:
        left_idr = state.amount_idr - state.followed_up_idr
        raise Refused(
            "parent-exceeded",
            f"Rp {realised['amount_idr']:,} were realised, and Rp {left_idr:,} of this are left.",
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


class About(TypedDict):
    """The fields of every judgement about its outcome or follow-up."""

    outcome: str
    follow_up: str | None
    applicant: Applicant
    rung: Rung
    amount_idr: int
    devisa: bool


def _judge(command: Judgement, state: Outcome, context: Context) -> Sequence[OutcomeEvent]:
    posting = state if command.follow_up is None else state.follow_ups.get(command.follow_up)
    if posting is None:
        raise Refused("no-such-follow-up", f"{command.follow_up} is no follow-up of this outcome.")
    about = _about(command.follow_up, posting, state, context)
    match command:
        case VerifyOutcome() if posting.status in (Status.REPORTED, Status.DISPUTED):
            return [OutcomeVerified(evidence=command.evidence, **about)]
        case VerifyOutcome():
            return refuse_or_ignore(context, "not-verifiable", f"It is {posting.status}.")
        case DisputeOutcome() if posting.status in STANDING:
            return [OutcomeDisputed(reason=command.reason, **about)]
        case DisputeOutcome():
            return refuse_or_ignore(context, "not-disputable", f"It is {posting.status}.")
        case VoidOutcome() if posting.status is Status.VOID:
            return refuse_or_ignore(context, "already-void", "It does not count as it is.")
        case VoidOutcome():
            return [_void(command, about, state)]
        case _:
            assert_never(command)


def _void(command: VoidOutcome, about: About, state: Outcome) -> OutcomeVoided:
    if command.follow_up is None and state.followed_up_idr:
        raise Refused("has-follow-ups", "Void its follow-ups first: they realise a part of it.")
    return OutcomeVoided(reason=command.reason, **about)


def _about(follow_up: str | None, posting: Posting, state: Outcome, context: Context) -> About:
    return About(
        outcome=context.subject,
        follow_up=follow_up,
        applicant=state.applicant,
        rung=Rung.FOLLOW_UP_REALISED if follow_up else state.rung,
        amount_idr=posting.amount_idr,
        devisa=posting.devisa,
    )


outcome = Decider(
    kind="outcome",
    commands=OutcomeCommand,
    state=Outcome | None,
    events=OutcomeEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "exhibition", "enterprise", "rung", "status"),
)
