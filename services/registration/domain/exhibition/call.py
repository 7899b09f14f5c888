"""The rules of the open call (Panggilan Terbuka): open it, close it, close its verification.

The list that verification hands to selection is exact, for this reason. An application can be
submitted only while the call is open, and not after `closes_at`. The call closes `CLOSING_GRACE`
later, when the last command that was still being decided has ended. From then on no further
application can become undecided. So once none is undecided, the list of the eligible can only
become shorter, by withdrawals, and selection receives those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Annotated

from pydantic import Field

from services.registration.domain.exhibition.quotas import require_quotas
from services.registration.domain.exhibition.requirements import require_terms
from services.registration.domain.exhibition.state import (
    Exhibition,
    Status,
    exhibition_fields,
)
from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.calendar import local_midnight, moment
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionEvent,
    ObjectionTerms,
    VerificationClosed,
)
from shared.contracts.registration.quota import QUOTAS_MAX, Quota
from shared.contracts.registration.rule_set import RULES_MAX, Standard
from shared.contracts.words import Id, Instant, Scope
from shared.kernel.decider import Context, Deadline, Refused, absent, refuse_or_ignore

CLOSING_GRACE = timedelta(seconds=60)
"""The time from `closes_at` until the call closes (ours).

It must be longer than a command may take from reading the clock to its write: a submission that was
in time may be written some seconds later, and the call that it read as open must still be open.
"""

USUAL_OBJECTIONS = ObjectionTerms(days=3, decision_days=5)
"""The time for objections of a call that names none (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenCall:
    """Call for applications until `closes_at`.

    `requirements` names the optional rules of the rule set that count for this call. If not all
    minima of the `quotas` can be met, those that come first count first. The defaults are ours:
    three sealed score sheets for each candidate, three days to answer an offer, three days to
    object and five to decide on an objection (`objections` null: none can be filed). With
    `commitment_days` a place is confirmed by a commitment letter, so many days after its acceptance
    at the latest.
    """

    closes_at: Instant
    rule_set: Id
    requirements: Annotated[tuple[Id, ...], Field(max_length=RULES_MAX)]
    standards: Annotated[tuple[Standard, ...], Field(max_length=50)] = ()
    quotas: Annotated[tuple[Quota, ...], Field(max_length=QUOTAS_MAX)] = ()
    rubric: Id
    sheets_min: Annotated[int, Field(ge=3, le=15)] = 3
    offer_hours: Annotated[int, Field(ge=1, le=24 * 60)] = 72
    commitment_days: Annotated[int, Field(ge=1, le=60)] | None = None
    technical_approval: bool = False
    objections: ObjectionTerms | None = USUAL_OBJECTIONS


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """The thresholds of the rubric by scope, in hundredths of a point, and the rule set."""

    thresholds: dict[Scope, int]
    rule_set: RuleSet


@dataclass(frozen=True, kw_only=True)
class CloseCall:
    """(sweep) Close the call: every application that came in time has been written."""


@dataclass(frozen=True, kw_only=True)
class CloseVerification:
    """Close the verification and hand the eligible applications to selection."""


@dataclass(frozen=True, kw_only=True)
class ClosureFacts:
    """The number of undecided applications and the eligible ones; loaded in this order."""

    undecided: int
    eligible: tuple[str, ...]


# Rules


def open_call(
    command: OpenCall, facts: CallFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Open the call of a planned exhibition, once; its terms are frozen from now on."""
    if state is None:
        return absent(context, "exhibition")
    if state.status is not Status.PLANNED or state.plan is None:
        raise Refused(
            "not-planned",
            f"The exhibition is {state.status}: "
            f"you can open its call only while it is {Status.PLANNED}.",
        )
    _check_terms(command, facts, state, context)
    require_quotas(command.quotas, state.plan.places, state)
    return [
        CallOpened(
            places=state.plan.places,
            opened_at=context.now,
            closes_at=command.closes_at.astimezone(UTC),
            starts_on=state.plan.starts_on,
            ends_on=state.plan.ends_on,
            rule_set=command.rule_set,
            requirements=command.requirements,
            standards=command.standards,
            quotas=command.quotas,
            rubric=command.rubric,
            threshold=facts.thresholds[state.scope],
            sheets_min=command.sheets_min,
            offer_hours=command.offer_hours,
            booths=state.plan.booths,
            zone=state.zone,
            commitment_days=command.commitment_days,
            technical_approval=command.technical_approval,
            objections=command.objections,
            **exhibition_fields(state, context),
        )
    ]


def close_call(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    """Close the open call, `CLOSING_GRACE` after its end."""
    deadline = call_deadline(state)
    if deadline is None:
        return refuse_or_ignore(
            context,
            "call-not-open",
            f"The exhibition is {state.status}: it has no open call that could be closed.",
        )
    if context.now < deadline.at:
        return refuse_or_ignore(
            context,
            "not-yet",
            f"The call closes by itself at {moment(deadline.at, state.zone)}: wait until then.",
        )
    return [CallClosed(**exhibition_fields(state, context))]


def close_verification(
    command: CloseVerification, facts: ClosureFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Close the verification once, after the call, when every application is decided."""
    if state is None:
        return absent(context, "exhibition")
    if state.status is not Status.CALL_CLOSED:
        raise Refused(
            "call-not-closed",
            f"The exhibition is {state.status}: "
            f"you can close its verification only while it is {Status.CALL_CLOSED}.",
        )
    if facts.undecided:
        raise Refused(
            "undecided-applications",
            f"Applications that still wait for a decision or a correction: {facts.undecided}. They "
            f"are those of GET /applications?exhibition={context.subject} with status=SUBMITTED or "
            "NEEDS_CORRECTION: decide them first.",
        )
    return [
        VerificationClosed(
            eligible=tuple(sorted(facts.eligible)), **exhibition_fields(state, context)
        )
    ]


def call_deadline(state: Exhibition | None) -> Deadline | None:
    """Return the deadline at which an open call closes by itself."""
    if state is None or state.call is None or state.status is not Status.CALL_OPEN:
        return None
    return Deadline(at=state.call.closes_at + CLOSING_GRACE, command=CloseCall())


def _check_terms(command: OpenCall, facts: CallFacts, state: Exhibition, context: Context) -> None:
    if command.closes_at <= context.now:
        raise Refused(
            "closes-in-the-past", "The call would close in the past: choose a later `closes_at`."
        )
    starts_at = state.plan and local_midnight(state.plan.starts_on, state.zone)
    if starts_at and command.closes_at >= starts_at:
        raise Refused(
            "closes-too-late",
            f"The exhibition starts at {moment(starts_at, state.zone)}: "
            "choose a `closes_at` before that.",
        )
    if state.scope not in facts.thresholds:
        raise Refused(
            "no-threshold",
            f"Rubric {command.rubric} has no threshold for {state.scope}: name another rubric.",
        )
    require_terms(
        facts.rule_set,
        closes_at=command.closes_at,
        requirements=command.requirements,
        standards=command.standards,
    )
