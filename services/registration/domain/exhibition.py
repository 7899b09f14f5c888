"""Exhibition (Pameran): proposed, planned, called for, decreed, held and reported, or cancelled.

This module is the door and holds the calendar's commands; the open call is in `call`, what is kept
in `exhibition_record`. A replacement is a cancellation that names the other exhibition: no
application moves, and money is allotted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.call import (
    CloseCall,
    CloseVerification,
    OpenCall,
    about,
    call_deadline,
    decide_call,
)
from services.registration.domain.exhibition_record import Exhibition, Status, evolve
from shared.contracts.calendar import jakarta_date, jakarta_midnight
from shared.contracts.registration.exhibition import (
    ExhibitionCancelled,
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionEvent,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
    ExhibitionReported,
    Places,
)
from shared.contracts.words import Id, Scope, Sector, Text, Year
from shared.kernel.decider import Context, Decider, Refused, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeExhibition:
    """An exhibition to consider, perhaps as the alternative of others; no sectors: all."""

    exhibition: Id
    programme: Year
    scope: Scope
    name: Text
    city: Text
    country: Text
    organiser: Text
    sectors: Annotated[tuple[Sector, ...], Field(max_length=99)] = ()
    alternatives: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    illustrative: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanExhibition:
    """Put the exhibition in the calendar."""

    venue: Text
    starts_on: date
    ends_on: date
    places: Places


@dataclass(frozen=True, kw_only=True)
class DecreeExhibition:
    """(reaction) The participants' decree with this number is signed."""

    number: Text


@dataclass(frozen=True, kw_only=True)
class OpenExhibition:
    """The exhibition runs."""


@dataclass(frozen=True, kw_only=True)
class EndExhibition:
    """The exhibition is over."""


@dataclass(frozen=True, kw_only=True)
class ReportExhibition:
    """The activity report with this number is in."""

    report: Text


@dataclass(frozen=True, kw_only=True)
class CancelExhibition:
    """It will not take place."""

    reason: Text
    replaced_by: Id | None = None


ExhibitionCommand = (
    ProposeExhibition
    | PlanExhibition
    | OpenCall
    | CloseCall
    | CloseVerification
    | DecreeExhibition
    | OpenExhibition
    | EndExhibition
    | ReportExhibition
    | CancelExhibition
)

CANCELLABLE = frozenset(
    {
        Status.PROPOSED,
        Status.PLANNED,
        Status.CALL_OPEN,
        Status.CALL_CLOSED,
        Status.VERIFIED,
        Status.DECREED,
    }
)
"""What has not begun can be called off; seats and money then go back by themselves."""

# Rules


def decide(
    command: ExhibitionCommand, facts: object, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Each step once, in the order of the states."""
    match command:
        case ProposeExhibition():
            return _propose(command, state, context)
        case _ if state is None:
            return refuse_or_ignore(context, "not-proposed", "Propose this exhibition first.")
        case OpenCall() | CloseCall() | CloseVerification():
            return decide_call(command, facts, state, context)
        case OpenExhibition() | EndExhibition() | ReportExhibition():
            return _hold(command, state, context)
        case PlanExhibition():
            return _plan(command, state, context)
        case DecreeExhibition():
            return _decree(command, state, context)
        case CancelExhibition():
            return _cancel(command, state, context)
        case _:
            assert_never(command)


def _propose(
    command: ProposeExhibition, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    if state is not None:
        raise Refused("already-proposed", "There is an exhibition with this id already.")
    if context.subject in command.alternatives:
        raise Refused("own-alternative", "An exhibition is no alternative of itself.")
    return [
        ExhibitionProposed(
            exhibition=context.subject,
            programme=command.programme,
            scope=command.scope,
            name=command.name,
            city=command.city,
            country=command.country,
            organiser=command.organiser,
            sectors=command.sectors,
            alternatives=command.alternatives,
            illustrative=command.illustrative,
        )
    ]


def _plan(
    command: PlanExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.PROPOSED:
        raise Refused("not-proposed", "Only a proposed exhibition is planned, and once.")
    if command.ends_on < command.starts_on:
        raise Refused("ends-before-start", "The last day cannot come before the first.")
    if command.starts_on < jakarta_date(context.now):
        raise Refused("starts-in-the-past", "An exhibition is planned before it starts.")
    return [
        ExhibitionPlanned(
            name=state.name,
            venue=command.venue,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            places=command.places,
            **about(state, context),
        )
    ]


def _decree(
    command: DecreeExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.VERIFIED:
        return refuse_or_ignore(context, "not-verified", "A decree follows the verification.")
    return [ExhibitionDecreed(decree=command.number, **about(state, context))]


def _hold(
    command: OpenExhibition | EndExhibition | ReportExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    match command:
        case OpenExhibition():
            return _open(state, context)
        case EndExhibition():
            if state.status is not Status.RUNNING:
                raise Refused("not-running", "Only an exhibition that runs can end.")
            return [ExhibitionEnded(**about(state, context))]
        case ReportExhibition():
            if state.status is not Status.ENDED:
                raise Refused("not-ended", "An exhibition is reported once, after its end.")
            return [ExhibitionReported(report=command.report, **about(state, context))]
        case _:
            assert_never(command)


def _open(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.DECREED or state.plan is None:
        raise Refused("not-decreed", "An exhibition opens once, after its participants' decree.")
    if context.now < jakarta_midnight(state.plan.starts_on):
        raise Refused("not-yet", f"The exhibition starts on {state.plan.starts_on}.")
    return [ExhibitionOpened(**about(state, context))]


def _cancel(
    command: CancelExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status not in CANCELLABLE:
        raise Refused("not-cancellable", f"An exhibition that is {state.status} stands.")
    if command.replaced_by == context.subject:
        raise Refused("replaces-itself", "Name another exhibition as the replacement.")
    return [
        ExhibitionCancelled(
            reason=command.reason, replaced_by=command.replaced_by, **about(state, context)
        )
    ]


exhibition = Decider(
    kind="exhibition",
    commands=ExhibitionCommand,
    state=Exhibition | None,
    events=ExhibitionEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadline=call_deadline,
    indexes=("programme", "scope", "status"),
)
