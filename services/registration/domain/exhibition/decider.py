"""Exhibition (Pameran): its commands, and the rules of the calendar.

An exhibition is proposed, planned, called for, decreed, held and reported, or cancelled. The rules
of the open call are in `call`. A replacement is a cancellation that names the other exhibition: no
application moves, and money is allotted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.exhibition.call import (
    CloseCall,
    CloseVerification,
    OpenCall,
    call_deadline,
    close_call,
)
from services.registration.domain.exhibition.state import (
    Exhibition,
    Status,
    evolve,
    exhibition_fields,
    refuse_absent_exhibition,
)
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
    """The exhibition has begun."""


@dataclass(frozen=True, kw_only=True)
class EndExhibition:
    """The exhibition is over."""


@dataclass(frozen=True, kw_only=True)
class ReportExhibition:
    """The activity report with this number is in."""

    report: Text


@dataclass(frozen=True, kw_only=True)
class CancelExhibition:
    """Cancel the exhibition; `replaced_by` names the exhibition that takes its place."""

    reason: Text
    replaced_by: Id | None = None


CommandWithoutFacts = (
    ProposeExhibition
    | PlanExhibition
    | CloseCall
    | DecreeExhibition
    | OpenExhibition
    | EndExhibition
    | ReportExhibition
    | CancelExhibition
)
"""The commands that `decide` handles; the routes name the rules of the other commands."""

ExhibitionCommand = CommandWithoutFacts | OpenCall | CloseVerification

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
    command: CommandWithoutFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Decide a command that needs no facts; each step happens once, in the order of the states."""
    match command:
        case ProposeExhibition():
            return _propose(command, state, context)
        case _ if state is None:
            return refuse_absent_exhibition(context)
        case PlanExhibition():
            return _plan(command, state, context)
        case CloseCall():
            return close_call(state, context)
        case DecreeExhibition():
            return _decree(command, state, context)
        case OpenExhibition() | EndExhibition() | ReportExhibition():
            return _hold(command, state, context)
        case CancelExhibition():
            return _cancel(command, state, context)
        case _:
            assert_never(command)


def _propose(
    command: ProposeExhibition, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    if state is not None:
        raise Refused(
            "already-proposed", "There is an exhibition with this id already: choose another id."
        )
    if context.subject in command.alternatives:
        raise Refused(
            "own-alternative", "An exhibition cannot be its own alternative: name others."
        )
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
        raise Refused(
            "not-proposed",
            f"This exhibition is {state.status}: only a proposed one can be planned, once.",
        )
    if command.ends_on < command.starts_on:
        raise Refused(
            "ends-before-start",
            "The last day cannot be before the first: correct `ends_on` or `starts_on`.",
        )
    if command.starts_on < jakarta_date(context.now):
        raise Refused(
            "starts-in-the-past",
            "The first day has passed: an exhibition is planned before it starts.",
        )
    return [
        ExhibitionPlanned(
            name=state.name,
            venue=command.venue,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            places=command.places,
            **exhibition_fields(state, context),
        )
    ]


def _decree(
    command: DecreeExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.VERIFIED:
        return refuse_or_ignore(context, "not-verified", "A decree follows the verification.")
    return [ExhibitionDecreed(decree=command.number, **exhibition_fields(state, context))]


def _hold(
    command: OpenExhibition | EndExhibition | ReportExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    match command:
        case OpenExhibition():
            return _open(state, context)
        case EndExhibition():
            if state.status is not Status.RUNNING:
                raise Refused(
                    "not-running", f"This exhibition is {state.status}: only a running one can end."
                )
            return [ExhibitionEnded(**exhibition_fields(state, context))]
        case ReportExhibition():
            if state.status is not Status.ENDED:
                raise Refused(
                    "not-ended",
                    f"This exhibition is {state.status}: it is reported once, after its end.",
                )
            return [ExhibitionReported(report=command.report, **exhibition_fields(state, context))]
        case _:
            assert_never(command)


def _open(state: Exhibition, context: Context) -> Sequence[ExhibitionEvent]:
    if state.status is not Status.DECREED or state.plan is None:
        raise Refused(
            "not-decreed",
            f"This exhibition is {state.status}: it opens once, after its participants' decree.",
        )
    if context.now < jakarta_midnight(state.plan.starts_on):
        raise Refused(
            "not-yet",
            f"This exhibition starts on {state.plan.starts_on}: open it from that day on.",
        )
    return [ExhibitionOpened(**exhibition_fields(state, context))]


def _cancel(
    command: CancelExhibition, state: Exhibition, context: Context
) -> Sequence[ExhibitionEvent]:
    if state.status not in CANCELLABLE:
        raise Refused(
            "not-cancellable",
            f"This exhibition is {state.status}, so it can no longer be cancelled.",
        )
    if command.replaced_by == context.subject:
        raise Refused("replaces-itself", "Name another exhibition as the replacement.")
    return [
        ExhibitionCancelled(
            reason=command.reason,
            replaced_by=command.replaced_by,
            **exhibition_fields(state, context),
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
