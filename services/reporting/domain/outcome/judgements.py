"""The rules of judgements: the reporting officer verifies, disputes and voids.

An outcome and each of its follow-ups are judged separately; an outcome with a realised part cannot
be voided. The officer who verifies has neither reported the result nor fixed its rate; and a token
that speaks for the enterprise judges nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from services.reporting.domain.outcome.state import STANDING, Outcome, Posting, Status
from services.reporting.domain.rate.state import Fixing
from shared.contracts.calendar import jakarta_date
from shared.contracts.reporting.outcome import (
    EvidenceKind,
    JudgementCode,
    OutcomeDisputed,
    OutcomeEvent,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.contracts.words import Applicant, Id, Text
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore
from shared.kernel.errors import NotYet
from shared.kernel.four_eyes import (
    FIX_AND_VERIFY,
    REPORT_AND_VERIFY,
    require_another_enterprise,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class VerifyOutcome:
    """Verify by evidence the outcome itself, or one of its follow-ups; `evidence` is private."""

    kind_of_evidence: EvidenceKind
    evidence: Text
    follow_up: Id | None = None


@dataclass(frozen=True, kw_only=True)
class DisputeOutcome:
    """Dispute the figure of the outcome itself, or of one of its follow-ups."""

    code: JudgementCode
    reason: Text
    follow_up: Id | None = None


@dataclass(frozen=True, kw_only=True)
class VoidOutcome:
    """Void the outcome itself, or one of its follow-ups: it no longer counts."""

    code: JudgementCode
    reason: Text
    follow_up: Id | None = None


@dataclass(frozen=True, kw_only=True)
class VerificationFacts:
    """The facts that a verification relies on, as they are now.

    `fixing` is the rate at which the outcome counts (None: rupiah). `attended` is False if the
    attendance of its participant was corrected since the report.
    """

    fixing: Fixing | None
    attended: bool


# Rules


def verify_outcome(
    command: VerifyOutcome, facts: VerificationFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Verify as a person who has neither reported the result nor fixed its rate.

    The result of a participant whose attendance was corrected to absent is not verified.
    """
    if state is None:
        return absent(context, "outcome")
    posting = _judged_posting(state, command.follow_up, context)
    if posting.status not in (Status.REPORTED, Status.DISPUTED):
        return refuse_or_ignore(
            context,
            "not-verifiable",
            f"This {_noun(command.follow_up)} is {posting.status}: you can verify it only while "
            "it is REPORTED or DISPUTED.",
        )
    require_verifier(posting, facts, context)
    return [
        OutcomeVerified(
            kind_of_evidence=command.kind_of_evidence,
            evidence=command.evidence,
            **_judgement_fields(state, command.follow_up, posting, context),
        )
    ]


def dispute_outcome(
    command: DisputeOutcome, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Dispute a figure that stands."""
    if state is None:
        return absent(context, "outcome")
    posting = _judged_posting(state, command.follow_up, context)
    if posting.status not in STANDING:
        return refuse_or_ignore(
            context,
            "not-disputable",
            f"This {_noun(command.follow_up)} is {posting.status}: you can dispute it only while "
            "it is REPORTED or VERIFIED.",
        )
    fields = _judgement_fields(state, command.follow_up, posting, context)
    return [OutcomeDisputed(code=command.code, reason=command.reason, **fields)]


def void_outcome(
    command: VoidOutcome, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Void a figure for good; an outcome only once its follow-ups are void."""
    if state is None:
        return absent(context, "outcome")
    posting = _judged_posting(state, command.follow_up, context)
    if posting.status is Status.VOID:
        return refuse_or_ignore(
            context,
            "already-void",
            f"This {_noun(command.follow_up)} is VOID already: nothing is left to do.",
        )
    if command.follow_up is None and state.counted_follow_ups:
        raise Refused(
            "has-follow-ups", "Follow-ups realise a part of this outcome: void them first."
        )
    fields = _judgement_fields(state, command.follow_up, posting, context)
    return [OutcomeVoided(code=command.code, reason=command.reason, **fields)]


def require_judge(state: Outcome, context: Context) -> None:
    """Refuse a person whose token speaks for the enterprise of this outcome (`own-enterprise`)."""
    require_another_enterprise(state.enterprise, context)


def require_attendance(*, attended: bool) -> None:
    """Refuse what relies on an attendance that was corrected since (`not-attended`)."""
    if not attended:
        raise Refused(
            "not-attended",
            "The attendance of this participant was corrected: it was absent, so it has no result. "
            "Void the outcome, or have the attendance corrected.",
        )


def _judged_posting(state: Outcome, follow_up: str | None, context: Context) -> Posting:
    require_judge(state, context)
    posting = state if follow_up is None else state.follow_ups.get(follow_up)
    if posting is None:
        raise Refused(
            "no-such-follow-up", f"This outcome has no follow-up {follow_up}: check the id."
        )
    return posting


def require_verifier(posting: Posting, facts: VerificationFacts, context: Context) -> None:
    """Refuse who reported this or fixed its rate, and the result of an absent participant."""
    require_attendance(attended=facts.attended)
    require_another_person(REPORT_AND_VERIFY, {posting.reported_by}, context)
    if facts.fixing is None:
        return
    if facts.fixing.rate != posting.rate:
        raise NotYet(
            "not-restated",
            "The rate of this outcome was corrected a moment ago: read its new figure, then "
            "verify it.",
        )
    require_another_person(FIX_AND_VERIFY, {facts.fixing.fixed_by}, context)


class JudgementFields(TypedDict):
    """The fields that the events of all judgements share: they name the outcome or follow-up."""

    outcome: str
    follow_up: str | None
    applicant: Applicant
    rung: Rung
    amount_idr: int
    devisa: bool
    judged_on: date
    judged_by: str


def _judgement_fields(
    state: Outcome, follow_up: str | None, posting: Posting, context: Context
) -> JudgementFields:
    return JudgementFields(
        outcome=context.subject,
        follow_up=follow_up,
        applicant=state.applicant,
        rung=Rung.FOLLOW_UP_REALISED if follow_up else state.rung,
        amount_idr=posting.amount_idr,
        devisa=posting.devisa,
        judged_on=jakarta_date(context.now),
        judged_by=context.actor,
    )


def _noun(follow_up: str | None) -> str:
    return "outcome" if follow_up is None else "follow-up"
