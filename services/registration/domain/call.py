"""The open call of an exhibition (Panggilan Terbuka): opened, closed, and its verification closed.

The list that verification hands to selection is exact, and this is why. An application comes in
only while the call is open and not after `closes_at`; the call is closed a grace later, when the
last command that could still be under way has ended. From then on nothing can become undecided:
so once none is, what is eligible can only become less, by withdrawals, of which selection hears.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Annotated, TypedDict, assert_never

from pydantic import Field

from services.registration.domain.exhibition_record import Exhibition, Status
from shared.contracts.calendar import jakarta_midnight
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionEvent,
    VerificationClosed,
)
from shared.contracts.words import Id, Instant, Requirement, Scope
from shared.kernel.decider import Context, Deadline, Refused, given_facts, refuse_or_ignore

CLOSING_GRACE = timedelta(seconds=60)
"""How long after `closes_at` the call is closed (ours).

It must be longer than a command may take between reading the clock and its write: a submission that
was in time may be written some seconds later, and the call that it saw open must still be so.
"""

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenCall:
    """Call for applications until `closes_at`.

    The defaults are ours: three sealed score sheets a candidate, three days to answer an offer.
    """

    closes_at: Instant
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=len(Requirement))]
    rubric: Id
    sheets_min: Annotated[int, Field(ge=3, le=15)] = 3
    offer_hours: Annotated[int, Field(ge=1, le=24 * 60)] = 72


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """The thresholds of the rubric by scope, in hundredths of a point."""

    thresholds: dict[Scope, int]


@dataclass(frozen=True, kw_only=True)
class CloseCall:
    """(sweep) The call is over, and nothing that came in time is still on its way."""


@dataclass(frozen=True, kw_only=True)
class CloseVerification:
    """Every application is decided: hand the eligible ones to selection."""


@dataclass(frozen=True, kw_only=True)
class ClosureFacts:
    """The number of undecided applications and the eligible ones; read in this order."""

    undecided: int
    eligible: tuple[str, ...]


CallCommand = OpenCall | CloseCall | CloseVerification

# Rules


class About(TypedDict):
    """The fields that every event of an exhibition has."""

    exhibition: str
    programme: str
    scope: Scope


def about(state: Exhibition, context: Context) -> About:
    """The exhibition that an event is about."""
    return About(exhibition=context.subject, programme=state.programme, scope=state.scope)


def decide_call(
    command: CallCommand, facts: object, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    """Open, close, verify: each once."""
    match command:
        case OpenCall():
            return _open(command, given_facts(CallFacts, facts), state, context)
        case CloseCall():
            return _close(state, context)
        case CloseVerification():
            return _close_verification(given_facts(ClosureFacts, facts), state, context)
        case _:
            assert_never(command)


def call_deadline(state: Exhibition | None) -> Deadline | None:
    """An open call closes by itself."""
    if state is None or state.call is None or state.status is not Status.CALL_OPEN:
        return None
    return Deadline(at=state.call.closes_at + CLOSING_GRACE, command=CloseCall())


def _open(
    command: OpenCall, facts: CallFacts, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.PLANNED or state.plan is None:
        raise Refused("not-planned", "A call is opened once, for an exhibition that is planned.")
    if command.closes_at <= context.now:
        raise Refused("closes-in-the-past", "A call must close later than now.")
    if command.closes_at >= jakarta_midnight(state.plan.starts_on):
        raise Refused("closes-too-late", f"The exhibition starts on {state.plan.starts_on}.")
    if len(set(command.requirements)) < len(command.requirements):
        raise Refused("duplicate-requirement", "Name each requirement once.")
    if state.scope not in facts.thresholds:
        raise Refused("no-threshold", f"Rubric {command.rubric} has none for {state.scope}.")
    return [
        CallOpened(
            places=state.plan.places,
            opened_at=context.now,
            closes_at=command.closes_at.astimezone(UTC),
            starts_on=state.plan.starts_on,
            ends_on=state.plan.ends_on,
            requirements=command.requirements,
            rubric=command.rubric,
            threshold=facts.thresholds[state.scope],
            sheets_min=command.sheets_min,
            offer_hours=command.offer_hours,
            **about(state, context),
        )
    ]


def _close(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    deadline = call_deadline(state)
    if deadline is None:
        return refuse_or_ignore(context, "call-not-open", "There is no open call to close.")
    if context.now < deadline.at:
        return refuse_or_ignore(context, "not-yet", f"The call closes by itself at {deadline.at}.")
    return [CallClosed(**about(state, context))]


def _close_verification(
    facts: ClosureFacts, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.CALL_CLOSED:
        raise Refused("call-not-closed", "Verification is closed once, after the call has closed.")
    if facts.undecided:
        raise Refused(
            "undecided-applications",
            f"{facts.undecided} applications still wait for a decision or a correction.",
        )
    return [VerificationClosed(eligible=tuple(sorted(facts.eligible)), **about(state, context))]
