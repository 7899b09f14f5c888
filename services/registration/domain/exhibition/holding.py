"""The rules from the participants' decree to the report: decree, open, end, report, each once.

An exhibition is opened on one of its days, ended after its last day, and reported when the
attendance of every participant is recorded. From the end on there are no further participants, so
the number of those who are not recorded can only become smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from services.registration.domain.exhibition.overseas_policy import OverseasPolicy, is_report_late
from services.registration.domain.exhibition.state import (
    Exhibition,
    Status,
    exhibition_fields,
)
from services.registration.domain.signing import require_signed
from shared.contracts.calendar import local_midnight, moment
from shared.contracts.documents import DocumentNumber
from shared.contracts.registration.exhibition import (
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionEvent,
    ExhibitionOpened,
    ExhibitionReported,
)
from shared.contracts.words import Scope, Text
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class DecreeExhibition:
    """(reaction) Record the number of the signed participants' decree."""

    number: Text


@dataclass(frozen=True, kw_only=True)
class OpenExhibition:
    """Open the exhibition."""


@dataclass(frozen=True, kw_only=True)
class EndExhibition:
    """End the exhibition."""


@dataclass(frozen=True, kw_only=True)
class ReportExhibition:
    """Record the number of the activity report, and the day on which it was signed."""

    report: DocumentNumber
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """The number of participants whose attendance is not recorded, and the overseas policy."""

    unrecorded: int
    policy: OverseasPolicy


HoldingCommand = DecreeExhibition | OpenExhibition | EndExhibition
"""The commands about the holding that need no facts."""

# Rules


def decide_holding(
    command: HoldingCommand, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    """Decide a command about the holding of an exhibition."""
    match command:
        case DecreeExhibition():
            return _decree(command, state, context)
        case OpenExhibition():
            return _open(state, context)
        case EndExhibition():
            return _end(state, context)
        case _:
            assert_never(command)


def _decree(
    command: DecreeExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.VERIFIED:
        return refuse_or_ignore(
            context,
            "not-verified",
            f"The exhibition is {state.status}: "
            f"its decree can be recorded only while it is {Status.VERIFIED}.",
        )
    return [ExhibitionDecreed(decree=command.number, **exhibition_fields(state, context))]


def _open(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.DECREED or state.plan is None:
        raise Refused(
            "not-decreed",
            f"The exhibition is {state.status}: you can open it only while it is {Status.DECREED}.",
        )
    starts_at = local_midnight(state.plan.starts_on, state.zone)
    if context.now < starts_at:
        raise Refused(
            "not-yet",
            f"The exhibition starts on {state.plan.starts_on}: you can open it from "
            f"{moment(starts_at, state.zone)} on.",
        )
    ended_at = _end_of(state.plan.ends_on, state.zone)
    if context.now >= ended_at:
        raise Refused(
            "show-is-over",
            f"The exhibition ended on {state.plan.ends_on}, at {moment(ended_at, state.zone)}: it "
            "cannot be opened any more.",
        )
    return [ExhibitionOpened(**exhibition_fields(state, context))]


def _end(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.RUNNING or state.plan is None:
        raise Refused(
            "not-running",
            f"The exhibition is {state.status}: you can end it only while it is {Status.RUNNING}.",
        )
    ends_at = _end_of(state.plan.ends_on, state.zone)
    if context.now < ends_at:
        raise Refused(
            "not-yet",
            f"The last day of the exhibition is {state.plan.ends_on}: you can end it from "
            f"{moment(ends_at, state.zone)} on.",
        )
    return [ExhibitionEnded(**exhibition_fields(state, context))]


def report_exhibition(
    command: ReportExhibition, facts: ReportFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Report an exhibition that has ended, when every attendance is recorded."""
    if state is None:
        return absent(context, "exhibition")
    if state.status is not Status.ENDED:
        raise Refused(
            "not-ended",
            f"The exhibition is {state.status}: you can report it only while it is {Status.ENDED}.",
        )
    if facts.unrecorded:
        raise Refused(
            "attendance-missing",
            f"Participants whose attendance is not recorded: {facts.unrecorded}. They are those of "
            f"GET /applications?exhibition={context.subject}&status=CONFIRMED: record them first. "
            "Those with status=ACCEPTED are first confirmed by their round.",
        )
    _check_signed(command, state, context)
    return [
        ExhibitionReported(
            report=command.report,
            signed_on=command.signed_on,
            late=_is_late(command, facts.policy, state),
            **exhibition_fields(state, context),
        )
    ]


def _is_late(command: ReportExhibition, policy: OverseasPolicy, state: Exhibition) -> bool:
    if state.scope is not Scope.OVERSEAS or state.plan is None:
        return False
    return is_report_late(policy, ends_on=state.plan.ends_on, signed_on=command.signed_on)


def _check_signed(command: ReportExhibition, state: Exhibition, context: Context) -> None:
    require_signed(command.signed_on, context)
    if state.plan is not None and command.signed_on < state.plan.ends_on:
        raise Refused(
            "signed-before-last-day",
            f"The last day of the exhibition was {state.plan.ends_on}, and the report is signed "
            "before that day: check the day.",
        )


def _end_of(day: date, zone: str) -> datetime:
    return local_midnight(day + timedelta(days=1), zone)
