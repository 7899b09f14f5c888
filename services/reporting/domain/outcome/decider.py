"""Outcome (Hasil, id derived): its commands, and the judgements on it and on its follow-ups.

Amounts of different rungs are never added. An outcome and each of its follow-ups are verified,
disputed and voided separately; an outcome with a realised part cannot be voided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, assert_never

from services.reporting.domain.outcome.reports import (
    ReportFollowUp,
    ReportOutcome,
    report_follow_up,
)
from services.reporting.domain.outcome.state import (
    STANDING,
    Outcome,
    Posting,
    Status,
    evolve,
)
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
from shared.kernel.decider import Context, Decider, Refused, absent, refuse_or_ignore

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


Judgement = VerifyOutcome | DisputeOutcome | VoidOutcome
CommandWithoutFacts = Judgement | ReportFollowUp
"""The commands that `decide` handles; the route names the rule of the other command."""

OutcomeCommand = CommandWithoutFacts | ReportOutcome

# Rules


def decide(
    command: CommandWithoutFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Decide a follow-up of an outcome, or a judgement of either."""
    if state is None:
        return absent(context, "outcome")
    if isinstance(command, ReportFollowUp):
        return report_follow_up(command, state, context)
    return _decide_judgement(command, state, context)


def _decide_judgement(
    command: Judgement, state: Outcome, context: Context
) -> Sequence[OutcomeEvent]:
    posting = state if command.follow_up is None else state.follow_ups.get(command.follow_up)
    if posting is None:
        raise Refused(
            "no-such-follow-up",
            f"This outcome has no follow-up {command.follow_up}: check the id.",
        )
    fields = _judgement_fields(command.follow_up, posting, state, context)
    match command:
        case VerifyOutcome():
            return _verify(command, posting, fields, context)
        case DisputeOutcome():
            return _dispute(command, posting, fields, context)
        case VoidOutcome() if posting.status is Status.VOID:
            return refuse_or_ignore(
                context,
                "already-void",
                f"This {_noun(fields)} is VOID already: nothing is left to do.",
            )
        case VoidOutcome():
            return _void(command, fields, state)
        case _:
            assert_never(command)


class JudgementFields(TypedDict):
    """The fields that the events of all judgements share: they name the outcome or follow-up."""

    outcome: str
    follow_up: str | None
    applicant: Applicant
    rung: Rung
    amount_idr: int
    devisa: bool


def _judgement_fields(
    follow_up: str | None, posting: Posting, state: Outcome, context: Context
) -> JudgementFields:
    return JudgementFields(
        outcome=context.subject,
        follow_up=follow_up,
        applicant=state.applicant,
        rung=Rung.FOLLOW_UP_REALISED if follow_up else state.rung,
        amount_idr=posting.amount_idr,
        devisa=posting.devisa,
    )


def _verify(
    command: VerifyOutcome, posting: Posting, fields: JudgementFields, context: Context
) -> Sequence[OutcomeEvent]:
    if posting.status not in (Status.REPORTED, Status.DISPUTED):
        return refuse_or_ignore(
            context,
            "not-verifiable",
            f"This {_noun(fields)} is {posting.status}: you can verify it only while it is "
            "REPORTED or DISPUTED.",
        )
    return [
        OutcomeVerified(
            kind_of_evidence=command.kind_of_evidence, evidence=command.evidence, **fields
        )
    ]


def _dispute(
    command: DisputeOutcome, posting: Posting, fields: JudgementFields, context: Context
) -> Sequence[OutcomeEvent]:
    if posting.status not in STANDING:
        return refuse_or_ignore(
            context,
            "not-disputable",
            f"This {_noun(fields)} is {posting.status}: you can dispute it only while it is "
            "REPORTED or VERIFIED.",
        )
    return [OutcomeDisputed(code=command.code, reason=command.reason, **fields)]


def _void(command: VoidOutcome, fields: JudgementFields, state: Outcome) -> Sequence[OutcomeEvent]:
    if command.follow_up is None and state.followed_up_idr:
        raise Refused(
            "has-follow-ups", "Follow-ups realise a part of this outcome: void them first."
        )
    return [OutcomeVoided(code=command.code, reason=command.reason, **fields)]


def _noun(fields: JudgementFields) -> str:
    return "outcome" if fields["follow_up"] is None else "follow-up"


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
