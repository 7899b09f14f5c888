"""The state of an exhibition, and the fold of its events into it.

The terms that an open call has frozen never change, for any applicant, but for the last day of an
exhibition that is rescheduled. The list of eligible
applications is published in its event and is not part of the state, because it has no upper bound.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict, assert_never

from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionCancelled,
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionEvent,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
    ExhibitionReported,
    ExhibitionRescheduled,
    ObjectionTerms,
    VerificationClosed,
)
from shared.contracts.registration.floor_plan import Booths
from shared.contracts.registration.quota import Quota
from shared.contracts.registration.rule_set import Standard
from shared.contracts.words import Scope
from shared.contracts.zones import JAKARTA
from shared.kernel.decider import Context

# State


class Status(StrEnum):
    """The status of an exhibition."""

    PROPOSED = "PROPOSED"
    PLANNED = "PLANNED"
    CALL_OPEN = "CALL_OPEN"
    CALL_CLOSED = "CALL_CLOSED"
    VERIFIED = "VERIFIED"
    DECREED = "DECREED"
    RUNNING = "RUNNING"
    ENDED = "ENDED"
    REPORTED = "REPORTED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The venue, the days in the host's zone, the places and their booths."""

    venue: str
    starts_on: date
    ends_on: date
    places: int
    booths: Booths


@dataclass(frozen=True, kw_only=True)
class CalendarKeys:
    """The fields by which the calendar is searched.

    `months` are those in which it has a day (`2018-04`); `city` is in small letters.
    """

    months: tuple[str, ...] = ()
    city: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """The terms of the open call; `threshold` is in hundredths of a point.

    `last_day` is the last day of the exhibition, the plan's `ends_on`. `commitment_days` are those
    for the commitment letter after an acceptance; None: the call asks for no letter.
    """

    opened_at: datetime
    closes_at: datetime
    last_day: date
    rule_set: str
    requirements: tuple[str, ...]
    standards: tuple[Standard, ...]
    quotas: tuple[Quota, ...] = ()
    rubric: str
    threshold: int
    sheets_min: int
    offer_hours: int
    commitment_days: int | None = None
    technical_approval: bool = False
    objections: ObjectionTerms | None = None


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition (Pameran) of a programme, and the documents behind its steps.

    `zone` is the time zone of its host. `words` are the private words beside the code of its
    cancellation, or of its last rescheduling.
    """

    programme: str
    scope: Scope
    status: Status
    name: str
    city: str
    country: str
    organiser: str
    sectors: tuple[str, ...] = ()
    slot: str | None = None
    illustrative: bool = False
    zone: str = JAKARTA
    plan: Plan | None = None
    planned_on: date | None = None
    call: Call | None = None
    decree: str | None = None
    report: str | None = None
    report_signed_on: date | None = None
    report_late: bool = False
    rescheduled_because: str | None = None
    cancelled_because: str | None = None
    words: str | None = None
    replaced_by: str | None = None
    calendar: CalendarKeys = CalendarKeys()


class ExhibitionFields(TypedDict):
    """The fields that name the exhibition in each of its events."""

    exhibition: str
    programme: str
    scope: Scope


# Rules


def exhibition_fields(state: Exhibition, context: Context) -> ExhibitionFields:
    """Return the fields that name this exhibition in each of its events."""
    return ExhibitionFields(
        exhibition=context.subject, programme=state.programme, scope=state.scope
    )


def months_of(first: date, last: date) -> tuple[str, ...]:
    """Return the months from this day to that day, like `2018-04`."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def city_key(city: str) -> str:
    """Return a city as the calendar is searched by it: in small letters, with single blanks."""
    return " ".join(city.casefold().split())


def evolve(state: Exhibition | None, event: ExhibitionEvent) -> Exhibition:
    """Fold an event."""
    match event:
        case ExhibitionProposed():
            return _new_exhibition(event)
        case _ if state is None:
            raise ValueError(f"the first event of an exhibition was {type(event).__name__}")
        case ExhibitionPlanned() | CallOpened() | CallClosed() | VerificationClosed():
            return _evolve_preparation(state, event)
        case ExhibitionRescheduled():
            return _rescheduled(state, event)
        case ExhibitionCancelled():
            return replace(
                state,
                status=Status.CANCELLED,
                cancelled_because=event.code,
                words=event.reason,
                replaced_by=event.replaced_by,
            )
        case _:
            return _evolve_holding(state, event)


def _new_exhibition(event: ExhibitionProposed) -> Exhibition:
    return Exhibition(
        programme=event.programme,
        scope=event.scope,
        status=Status.PROPOSED,
        name=event.name,
        city=event.city,
        country=event.country,
        organiser=event.organiser,
        sectors=event.sectors,
        slot=event.slot,
        illustrative=event.illustrative,
        zone=event.zone,
        calendar=CalendarKeys(city=city_key(event.city)),
    )


def _evolve_preparation(
    state: Exhibition, event: ExhibitionPlanned | CallOpened | CallClosed | VerificationClosed
) -> Exhibition:
    match event:
        case ExhibitionPlanned():
            plan = Plan(
                venue=event.venue,
                starts_on=event.starts_on,
                ends_on=event.ends_on,
                places=event.places,
                booths=event.booths or Booths(number=event.places),
            )
            planned = replace(state, status=Status.PLANNED, planned_on=event.planned_on)
            return _with_plan(planned, plan)
        case CallOpened():
            return replace(state, status=Status.CALL_OPEN, call=_call(event))
        case CallClosed():
            return replace(state, status=Status.CALL_CLOSED)
        case VerificationClosed():
            return replace(state, status=Status.VERIFIED)
        case _:
            assert_never(event)


def _rescheduled(state: Exhibition, event: ExhibitionRescheduled) -> Exhibition:
    assert state.plan is not None, "an exhibition is rescheduled after it is planned"
    plan = replace(state.plan, starts_on=event.starts_on, ends_on=event.ends_on)
    call = state.call and replace(state.call, last_day=event.ends_on)
    rescheduled = replace(state, call=call, rescheduled_because=event.code, words=event.reason)
    return _with_plan(rescheduled, plan)


def _with_plan(state: Exhibition, plan: Plan) -> Exhibition:
    months = months_of(plan.starts_on, plan.ends_on)
    return replace(state, plan=plan, calendar=replace(state.calendar, months=months))


def _call(event: CallOpened) -> Call:
    return Call(
        opened_at=event.opened_at,
        closes_at=event.closes_at,
        last_day=event.ends_on,
        rule_set=event.rule_set,
        requirements=event.requirements,
        standards=event.standards,
        quotas=event.quotas,
        rubric=event.rubric,
        threshold=event.threshold,
        sheets_min=event.sheets_min,
        offer_hours=event.offer_hours,
        commitment_days=event.commitment_days,
        technical_approval=event.technical_approval,
        objections=event.objections,
    )


def _evolve_holding(
    state: Exhibition,
    event: ExhibitionDecreed | ExhibitionOpened | ExhibitionEnded | ExhibitionReported,
) -> Exhibition:
    match event:
        case ExhibitionDecreed():
            return replace(state, status=Status.DECREED, decree=event.decree)
        case ExhibitionOpened():
            return replace(state, status=Status.RUNNING)
        case ExhibitionEnded():
            return replace(state, status=Status.ENDED)
        case ExhibitionReported():
            return replace(
                state,
                status=Status.REPORTED,
                report=event.report,
                report_signed_on=event.signed_on,
                report_late=event.late,
            )
        case _:
            assert_never(event)
