"""The rules that propose, plan and cancel an exhibition.

A cancellation may name another exhibition as the replacement: no application moves to it, and its
money is allotted separately.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from services.registration.domain.exhibition.overseas_policy import (
    OverseasPolicy,
    last_day_to_plan,
    refuses_plan,
)
from services.registration.domain.exhibition.state import (
    Exhibition,
    Status,
    exhibition_fields,
)
from shared.contracts.calendar import jakarta_date, local_date
from shared.contracts.codes import Country, Sector
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionEvent,
    ExhibitionPlanned,
    ExhibitionProposed,
    Places,
)
from shared.contracts.registration.floor_plan import Booths
from shared.contracts.words import Id, PublicId, PublicText, Scope, Text, Year
from shared.contracts.zones import INDONESIAN, JAKARTA, KnownZone
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeExhibition:
    """Propose an exhibition, perhaps as one of the alternatives that share a slot.

    An exhibition without sectors is for all sectors. `slot` is a name that the officer chooses for
    the alternatives of the programme, of which one is planned. `zone` is the time zone of its host.
    """

    exhibition: PublicId
    programme: Year
    scope: Scope
    name: PublicText
    city: PublicText
    country: Country
    organiser: PublicText
    sectors: Annotated[tuple[Sector, ...], Field(max_length=99)] = ()
    slot: PublicId | None = None
    illustrative: bool = False
    zone: KnownZone = JAKARTA


@dataclass(frozen=True, kw_only=True)
class PlanExhibition:
    """Put the exhibition in the calendar; without `booths` each place has a booth of its own."""

    venue: PublicText
    starts_on: date
    ends_on: date
    places: Places
    booths: Booths | None = None


@dataclass(frozen=True, kw_only=True)
class CancelExhibition:
    """Cancel an exhibition that has not begun, perhaps for a replacement.

    `reason` is for officers and auditors; the public learns the code.
    """

    code: CancellationCode
    reason: Text
    replaced_by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class CancellationFacts:
    """The applications that wait for a decision or for a seat."""

    waiting: tuple[str, ...]


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
"""The statuses before the exhibition runs; a cancellation also frees its seats and its money."""

# Rules


def propose_exhibition(
    command: ProposeExhibition, facts: None, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Propose an exhibition once; the loader of the facts found its programme."""
    if state is not None:
        raise Refused(
            "already-proposed", "An exhibition with this id was proposed: choose another id."
        )
    if len(set(command.sectors)) < len(command.sectors):
        raise Refused("sector-repeated", "You name one sector twice: name each sector once.")
    if command.scope is Scope.DOMESTIC and command.zone not in INDONESIAN:
        zones = ", ".join(f"{zone} ({label})" for zone, label in INDONESIAN.items())
        raise Refused(
            "zone-not-indonesian",
            f"A domestic exhibition is in one of the zones of Indonesia: name one of {zones}.",
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
            slot=command.slot,
            illustrative=command.illustrative,
            zone=command.zone,
        )
    ]


def plan_exhibition(
    command: PlanExhibition, facts: OverseasPolicy, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Plan a proposed exhibition, once; one overseas in the time that the policy gives."""
    if state is None:
        return absent(context, "exhibition")
    if state.status is not Status.PROPOSED:
        raise Refused(
            "not-proposed",
            f"The exhibition is {state.status}: "
            f"you can plan it only while it is {Status.PROPOSED}.",
        )
    check_days(command.starts_on, command.ends_on, state, context)
    today = jakarta_date(context.now)
    _check_policy(command, facts, state, today)
    booths = command.booths or Booths(number=command.places)
    if booths.room < command.places:
        raise Refused(
            "too-few-booths",
            f"There is room for {booths.room} enterprises in these booths, and there are "
            f"{command.places} places: plan more booths, or fewer places.",
        )
    return [
        ExhibitionPlanned(
            name=state.name,
            venue=command.venue,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            places=command.places,
            booths=booths,
            zone=state.zone,
            planned_on=today,
            **exhibition_fields(state, context),
        )
    ]


def cancel_exhibition(
    command: CancelExhibition, facts: CancellationFacts, state: Exhibition | None, context: Context
) -> Sequence[ExhibitionEvent]:
    """Cancel an exhibition that has not begun; the loader of the facts found its replacement."""
    if state is None:
        return absent(context, "exhibition")
    if state.status not in CANCELLABLE:
        raise Refused(
            "not-cancellable",
            f"The exhibition is {state.status}: you can cancel it only before it runs.",
        )
    if command.replaced_by == context.subject:
        raise Refused(
            "replaces-itself",
            "An exhibition cannot replace itself: name another exhibition as the replacement.",
        )
    return [
        ExhibitionCancelled(
            code=command.code,
            applications=tuple(sorted(facts.waiting)),
            reason=command.reason,
            replaced_by=command.replaced_by,
            **exhibition_fields(state, context),
        )
    ]


def _check_policy(
    command: PlanExhibition, policy: OverseasPolicy, state: Exhibition, today: date
) -> None:
    overseas = state.scope is Scope.OVERSEAS
    if overseas and refuses_plan(policy, starts_on=command.starts_on, today=today):
        last = last_day_to_plan(policy, command.starts_on)
        raise Refused(
            "planned-too-late",
            f"An exhibition overseas that starts on {command.starts_on} is planned by {last} "
            f"({policy.document}): choose later days.",
        )


def check_days(starts_on: date, ends_on: date, state: Exhibition, context: Context) -> None:
    """Refuse days in a wrong order, outside the year of the programme, or before tomorrow."""
    if ends_on < starts_on:
        raise Refused(
            "ends-before-start", "The last day is before the first day: correct `ends_on`."
        )
    if {str(day.year) for day in (starts_on, ends_on)} != {state.programme}:
        raise Refused(
            "outside-fiscal-year",
            f"The programme is that of {state.programme}: choose days of that year.",
        )
    earliest = local_date(context.now, state.zone) + timedelta(days=1)
    if starts_on < earliest:
        day = f"choose {earliest} or a later day"
        if earliest.year > starts_on.year:
            day = f"no day of {state.programme} is left for it, so cancel the exhibition"
        raise Refused("starts-too-soon", f"The first day is tomorrow at the earliest: {day}.")
