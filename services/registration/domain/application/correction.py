"""The rules of corrections (Permintaan Perbaikan): requested, delivered, or not delivered in time.

A request names the fields to correct and has a deadline, so that the silence of one applicant
blocks no exhibition: what is not delivered by then is rejected. Until then the officer may also
verify the application as it stands. A delivery freezes capacity and documents again; the applicant
stays as it was frozen before, unless the request named the profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.registration.domain.application.freezing import (
    Recommendation,
    Recommended,
    SubmissionFacts,
    frozen_applicant,
    frozen_recommendation,
    relations_of,
)
from services.registration.domain.application.judges import require_applicant, require_judge
from services.registration.domain.application.state import (
    TICK,
    Application,
    Status,
)
from services.registration.domain.application.submission import Capacity
from services.registration.domain.application.verification import (
    VerificationFacts,
    checks_of,
)
from shared.contracts.calendar import moment
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationResubmitted,
    CorrectionRequested,
)
from shared.contracts.registration.application_codes import CorrectionField
from shared.contracts.registration.rule_set import RULES_MAX, RuleVerdict
from shared.contracts.words import Applicant, Id, Text
from shared.kernel.decider import Context, Deadline, Refused, absent, refuse_or_ignore

NOT_DELIVERED = "correction-not-delivered"

# Commands


@dataclass(frozen=True, kw_only=True)
class RequestCorrection:
    """Ask the applicant to correct these fields within so many days (seven, ours).

    `rules` names the rules of the rule set for which something is missing.
    """

    fields: Annotated[tuple[CorrectionField, ...], Field(min_length=1, max_length=3)]
    rules: Annotated[tuple[Id, ...], Field(max_length=RULES_MAX)] = ()
    reason: Text
    days: Annotated[int, Field(ge=1, le=30)] = 7


@dataclass(frozen=True, kw_only=True)
class ResubmitApplication:
    """Submit the corrected application as the applicant.

    Without a `recommendation` the one before stays.
    """

    capacity: Capacity
    recommendation: Recommendation | None = None


@dataclass(frozen=True, kw_only=True)
class ExpireCorrection:
    """(sweep) Reject the application: no correction came in time."""


# Rules


def request_correction(
    command: RequestCorrection,
    facts: VerificationFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Send a submitted application back to the applicant, before it is verified."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    if state.status is not Status.SUBMITTED:
        raise Refused(
            "not-submitted",
            f"This application is {state.status}: "
            f"you can request a correction only while it is {Status.SUBMITTED}.",
        )
    if len(set(command.fields)) < len(command.fields):
        raise Refused("field-repeated", "A field is named twice: name each field once.")
    if command.rules:
        _require_missing(command, facts, state, context)
    return [
        CorrectionRequested(
            applicant=state.applicant,
            fields=command.fields,
            rules=command.rules,
            deadline_at=context.now + timedelta(days=command.days),
            reason=command.reason,
            requested_by=context.actor,
        )
    ]


def _require_missing(
    command: RequestCorrection, facts: VerificationFacts, state: Application, context: Context
) -> None:
    verdicts = {check.rule: check.verdict for check in checks_of(facts, state, context.now)}
    missing = {rule for rule, found in verdicts.items() if found is RuleVerdict.MISSING}
    others = sorted(set(command.rules) - missing)
    if others:
        raise Refused(
            "rule-not-missing",
            f"Nothing is missing for {', '.join(others)}: name rules that are MISSING"
            + (f" ({', '.join(sorted(missing))})." if missing else "; none is."),
        )


def resubmit_application(
    command: ResubmitApplication,
    facts: SubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Submit the corrected application with the documents of today, until its deadline."""
    if state is None:
        return absent(context, "application")
    if NOT_DELIVERED in state.reasons:
        raise Refused(
            "correction-too-late",
            "The correction was not delivered in time, so the application was rejected: you cannot "
            "submit it any more.",
        )
    if state.status is not Status.NEEDS_CORRECTION or state.deadline_at is None:
        raise Refused(
            "no-correction-requested",
            "The ministry has requested no correction of this application, "
            "so you cannot submit it again.",
        )
    if context.now > state.deadline_at:
        raise Refused(
            "correction-too-late",
            f"The correction was due at {moment(state.deadline_at, state.zone)}, "
            "so you cannot submit it any more.",
        )
    require_applicant(state, context)
    return [
        ApplicationResubmitted(
            applicant=_corrected_applicant(facts, state, context),
            capacity=command.capacity,
            resubmitted_by=context.actor,
            **_recommendation(command, facts, state),
            **facts.papers(),
        )
    ]


def _recommendation(
    command: ResubmitApplication, facts: SubmissionFacts, state: Application
) -> Recommended:
    if command.recommendation is None:
        return Recommended(
            channel=state.channel,
            letter=state.letter,
            office=state.office,
            relations=relations_of(facts, state.office),
        )
    return frozen_recommendation(command.recommendation, facts)


def _corrected_applicant(facts: SubmissionFacts, state: Application, context: Context) -> Applicant:
    if CorrectionField.PROFILE not in state.corrections:
        return state.applicant
    return frozen_applicant(facts, context)


def expire_correction(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    """Reject an application whose correction was not delivered in time."""
    deadline = correction_deadline(state)
    if deadline is None or context.now < deadline.at:
        return refuse_or_ignore(
            context,
            "no-late-correction",
            "This application has no correction whose deadline has passed.",
        )
    return [
        ApplicationRejected(
            applicant=state.applicant, rule_set=state.rule_set, reasons=(NOT_DELIVERED,)
        )
    ]


def correction_deadline(state: Application) -> Deadline | None:
    """Return the moment just after the deadline of a correction that is awaited."""
    if state.status is not Status.NEEDS_CORRECTION or state.deadline_at is None:
        return None
    return Deadline(at=state.deadline_at + TICK, command=ExpireCorrection())
