"""The rules of submissions, revisions and withdrawals.

A submission freezes a snapshot of the facts that rules use: the applicant, its documents and the
terms of the call. A revision freezes applicant and documents again. A withdrawal is final for that
exhibition (ours); once the exhibition runs, who does not come is absent. An exhibition that opens
in the same instant may be read as not open yet: the withdrawal then counts as before the opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.registration.domain.application.freezing import (
    Recommendation,
    SubmissionFacts,
    frozen_applicant,
    frozen_recommendation,
)
from services.registration.domain.application.judges import require_applicant
from services.registration.domain.application.participations import live_duplicate
from services.registration.domain.application.state import (
    Application,
    ExhibitionFacts,
    Status,
)
from services.registration.domain.enterprise.sanctions import require_no_sanction
from services.registration.domain.exhibition.state import Call, Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import local_date, moment
from shared.contracts.ids import exhibition_of
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRevised,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from shared.contracts.registration.application_codes import WithdrawalCode
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Refused, absent

# Commands

Capacity = Annotated[int, Field(ge=0, le=10**9)]
"""The units that an enterprise can make in a month; 0 if it declares none."""


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """Apply for a place as an enterprise, perhaps by the recommendation of a channel."""

    enterprise: Id
    capacity: Capacity
    recommendation: Recommendation | None = None


@dataclass(frozen=True, kw_only=True)
class SubmitDraft:
    """Submit the draft of your application as it was saved."""

    enterprise: Id


@dataclass(frozen=True, kw_only=True)
class ReviseApplication:
    """Change your application while the call is open: everything is said and frozen again."""

    capacity: Capacity
    recommendation: Recommendation | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """Withdraw your application (Pengunduran Diri) as the applicant; `reason` stays private."""

    code: WithdrawalCode
    reason: Text


WITHDRAWABLE = frozenset(
    {
        Status.SUBMITTED,
        Status.NEEDS_CORRECTION,
        Status.ELIGIBLE,
        Status.OFFERED,
        Status.ACCEPTED,
        Status.CONFIRMED,
    }
)

NAMED = frozenset({Status.ACCEPTED, Status.CONFIRMED})
"""The statuses of those whom the decree names."""

BEGUN = frozenset({ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED, ExhibitionStatus.REPORTED})

# Rules


def submit_application(
    command: SubmitApplication,
    facts: SubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Submit the application of an enterprise, once for an exhibition, while its call is open."""
    if state is not None and state.status is Status.WITHDRAWN:
        raise Refused(
            "withdrawn-for-good",
            "You have withdrawn your application to this exhibition: apply to another one.",
        )
    if state is not None:
        raise Refused(
            "already-submitted",
            "You have applied to this exhibition: an enterprise can apply to it only once.",
        )
    call = require_open_call(facts.exhibition, context.now)
    _require_no_duplicate(command, facts, context)
    require_no_sanction(facts.enterprise, context)
    return [
        ApplicationSubmitted(
            applicant=frozen_applicant(facts, context),
            submitted_at=context.now,
            capacity=command.capacity,
            rule_set=call.rule_set,
            requirements=call.requirements,
            standards=call.standards,
            sectors=facts.exhibition.sectors,
            valid_through=call.last_day,
            zone=facts.exhibition.zone,
            submitted_by=context.actor,
            source=context.source,
            **frozen_recommendation(command.recommendation, facts),
            **facts.papers(),
        )
    ]


def revise_application(
    command: ReviseApplication,
    facts: SubmissionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Freeze everything again while the call is open and nothing has been decided.

    The first submission's time stays, because it breaks ties.
    """
    if state is None:
        return absent(context, "application")
    if state.status is not Status.SUBMITTED:
        raise Refused(
            "not-submitted",
            f"This application is {state.status}: "
            f"you can revise it only while it is {Status.SUBMITTED}.",
        )
    require_open_call(facts.exhibition, context.now)
    require_applicant(state, context)
    require_no_sanction(facts.enterprise, context)
    return [
        ApplicationRevised(
            applicant=frozen_applicant(facts, context),
            capacity=command.capacity,
            revised_by=context.actor,
            **frozen_recommendation(command.recommendation, facts),
            **facts.papers(),
        )
    ]


def withdraw_application(
    command: WithdrawApplication,
    facts: ExhibitionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Withdraw an application that has not ended; do nothing if it is withdrawn."""
    if state is None:
        return absent(context, "application")
    if state.status is Status.WITHDRAWN:
        return []
    if facts.exhibition in BEGUN:
        raise Refused(
            "exhibition-running",
            f"The exhibition is {facts.exhibition}, so you cannot withdraw any more.",
        )
    if facts.last_day is not None and local_date(context.now, state.zone) > facts.last_day:
        raise Refused(
            "show-is-over",
            f"The exhibition was to end on {facts.last_day}, so you cannot withdraw any more.",
        )
    if state.status not in WITHDRAWABLE:
        raise Refused(
            "not-withdrawable",
            f"This application is {state.status}, so you cannot withdraw it any more.",
        )
    require_applicant(state, context)
    decreed = facts.exhibition is ExhibitionStatus.DECREED and state.status in NAMED
    after_decree = decreed and not state.moved_after_acceptance
    return [
        ApplicationWithdrawn(
            applicant=state.applicant,
            code=command.code,
            after_decree=after_decree,
            reason=command.reason,
            withdrawn_by=context.actor,
        )
    ]


def _require_no_duplicate(
    command: SubmitApplication, facts: SubmissionFacts, context: Context
) -> None:
    exhibition = exhibition_of(context.subject)
    other = live_duplicate(facts.participations, exhibition, command.enterprise)
    if other is not None:
        raise Refused(
            "duplicate-applied",
            f"Your enterprise is registered twice, and has applied as {other.enterprise} already: "
            "go on with that application, or withdraw it first.",
        )


def require_open_call(exhibition: Exhibition, now: datetime) -> Call:
    """Return the open call of an exhibition; refuse where there is none, or where it is over."""
    if exhibition.status is not ExhibitionStatus.CALL_OPEN or exhibition.call is None:
        raise Refused(
            "call-not-open",
            f"The exhibition is {exhibition.status}: you can apply only while its call is open.",
        )
    if now > exhibition.call.closes_at:
        raise Refused(
            "call-closed",
            f"The call closed at {moment(exhibition.call.closes_at, exhibition.zone)}, so you can "
            "no longer apply.",
        )
    return exhibition.call
