"""The floor plan (Denah Stan, id = EXHIBITION): the participants of one exhibition in its booths.

One document owns all booths of an exhibition, so no booth ever has more enterprises than it holds.
The round of selection says who is on the plan: it lists an enterprise when its place is confirmed,
and removes it when the place is lost, in the order of the round's events. So no place that is being
lost at the same time keeps a booth. The number of booths, and how many enterprises share one, are
those of the exhibition's plan, which never change.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, TypedDict, assert_never

from pydantic import Field

from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.ids import without
from shared.contracts.registration.floor_plan import (
    PLACES_MAX,
    BoothAssignment,
    Booths,
    BoothsAssigned,
    BoothsTakenBack,
    FloorPlanEvent,
    ParticipantListed,
    ParticipantRemoved,
)
from shared.contracts.words import Id, Scope
from shared.kernel.decider import Context, Decider, Refused, absent

NAMED_MAX = 5
"""The most enterprises that a refusal names."""

# Commands


@dataclass(frozen=True, kw_only=True)
class ListParticipant:
    """(reaction) List an enterprise whose place the round has confirmed."""

    enterprise: Id
    programme: str
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class RemoveParticipant:
    """(reaction) Remove an enterprise that has lost its place, and free its booth."""

    enterprise: Id


@dataclass(frozen=True, kw_only=True)
class AssignBooths:
    """Give participants their booths, all at once or none: also to change or to swap them."""

    assignments: Annotated[tuple[BoothAssignment, ...], Field(min_length=1, max_length=PLACES_MAX)]


@dataclass(frozen=True, kw_only=True)
class TakeBackBooths:
    """Let participants have no booth; those who have none stay as they are."""

    enterprises: Annotated[tuple[Id, ...], Field(min_length=1, max_length=PLACES_MAX)]


@dataclass(frozen=True, kw_only=True)
class FloorPlanFacts:
    """The exhibition, whose plan says how many booths there are."""

    exhibition: Exhibition


FloorPlanCommand = ListParticipant | RemoveParticipant | AssignBooths | TakeBackBooths

# State


class Completeness(StrEnum):
    """INCOMPLETE while a participant has no booth."""

    COMPLETE = "COMPLETE"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, kw_only=True)
class FloorPlan:
    """The booth of each participant, or None; `former` are those who have lost their places."""

    exhibition: str
    programme: str
    scope: Scope
    booths: Mapping[str, str | None] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    completeness: Completeness = Completeness.COMPLETE

    @property
    def participants(self) -> list[str]:
        """All who have or had a place, in order."""
        return sorted({*self.booths, *self.former})


class FloorPlanFields(TypedDict):
    """The fields that name the exhibition in each event of its floor plan."""

    exhibition: str
    programme: str
    scope: Scope


# Rules


def decide(
    command: ListParticipant | RemoveParticipant, state: FloorPlan | None, context: Context
) -> Sequence[FloorPlanEvent]:
    """List or remove a participant; a reaction that comes again changes nothing."""
    match command:
        case ListParticipant():
            if state is not None and command.enterprise in state.booths:
                return []
            return [
                ParticipantListed(
                    exhibition=context.subject,
                    programme=command.programme,
                    scope=command.scope,
                    enterprise=command.enterprise,
                )
            ]
        case RemoveParticipant():
            if state is None or command.enterprise not in state.booths:
                return []
            booth = state.booths[command.enterprise]
            return [
                ParticipantRemoved(enterprise=command.enterprise, booth=booth, **_fields(state))
            ]
        case _:
            assert_never(command)


def assign_booths(
    command: AssignBooths, facts: FloorPlanFacts, state: FloorPlan | None, context: Context
) -> Sequence[FloorPlanEvent]:
    """Give participants booths, if there are so many and none holds more than it may."""
    if state is None:
        return absent(context, "floor plan", yet=True)
    given = {each.enterprise: each.booth for each in command.assignments}
    if len(given) < len(command.assignments):
        raise Refused(
            "participant-repeated", "You name one enterprise twice: give it one booth only."
        )
    _require_participants(given, state)
    plan = _require_plan(facts)
    changed = {id: booth for id, booth in given.items() if state.booths[id] != booth}
    _check_room({**state.booths, **changed}, plan)
    if not changed:
        return []
    assignments = tuple(
        BoothAssignment(enterprise=id, booth=booth) for id, booth in sorted(changed.items())
    )
    return [BoothsAssigned(booths=plan, assignments=assignments, **_fields(state))]


def take_back_booths(
    command: TakeBackBooths, facts: FloorPlanFacts, state: FloorPlan | None, context: Context
) -> Sequence[FloorPlanEvent]:
    """Take back the booths of these participants."""
    if state is None:
        return absent(context, "floor plan", yet=True)
    _require_participants(dict.fromkeys(command.enterprises), state)
    _require_plan(facts)
    having = sorted({id for id in command.enterprises if state.booths[id] is not None})
    return [BoothsTakenBack(enterprises=tuple(having), **_fields(state))] if having else []


def _require_participants(named: Mapping[str, object], state: FloorPlan) -> None:
    strangers = sorted(id for id in named if id not in state.booths)
    if strangers:
        more = f" and {len(strangers) - NAMED_MAX} more" if len(strangers) > NAMED_MAX else ""
        raise Refused(
            "not-a-participant",
            f"These enterprises have no confirmed place here: {', '.join(strangers[:NAMED_MAX])}"
            f"{more}. Leave them out; GET /exhibitions/{state.exhibition}/booths has all "
            "participants.",
        )


def _require_plan(facts: FloorPlanFacts) -> Booths:
    held = facts.exhibition
    over = held.status in (ExhibitionStatus.REPORTED, ExhibitionStatus.CANCELLED)
    if over or held.plan is None:
        raise Refused(
            "booths-final",
            f"The exhibition is {held.status}: its booths stay as they are recorded.",
        )
    return held.plan.booths


def _check_room(booths: Mapping[str, str | None], plan: Booths) -> None:
    used = Counter(booth for booth in booths.values() if booth is not None)
    full = sorted(booth for booth, number in used.items() if number > plan.shared_by)
    if full:
        raise Refused(
            "booth-full",
            f"A booth of this exhibition holds {plan.shared_by}, and booth {full[0]} would have "
            f"{used[full[0]]} enterprises: give some of them another booth.",
        )
    if len(used) > plan.number:
        raise Refused(
            "no-such-booth",
            f"This exhibition has {plan.number} booths, and with this {len(used)} labels are in "
            "use: use fewer labels.",
        )


def _fields(state: FloorPlan) -> FloorPlanFields:
    return FloorPlanFields(
        exhibition=state.exhibition, programme=state.programme, scope=state.scope
    )


def evolve(state: FloorPlan | None, event: FloorPlanEvent) -> FloorPlan:
    """Fold an event."""
    state = state or FloorPlan(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case ParticipantListed():
            former = without(state.former, event.enterprise)
            return _with_booths(replace(state, former=former), {event.enterprise: None})
        case BoothsAssigned():
            return _with_booths(state, {each.enterprise: each.booth for each in event.assignments})
        case BoothsTakenBack():
            return _with_booths(state, dict.fromkeys(event.enterprises))
        case ParticipantRemoved():
            left = {id: booth for id, booth in state.booths.items() if id != event.enterprise}
            former = (*state.former, event.enterprise)
            return _with_booths(replace(state, booths=left, former=former), {})
        case _:
            assert_never(event)


def _with_booths(state: FloorPlan, changed: Mapping[str, str | None]) -> FloorPlan:
    booths = {**state.booths, **changed}
    lacks = None in booths.values()
    completeness = Completeness.INCOMPLETE if lacks else Completeness.COMPLETE
    return replace(state, booths=booths, completeness=completeness)


floor_plan = Decider(
    kind="floor-plan",
    commands=FloorPlanCommand,
    state=FloorPlan | None,
    events=FloorPlanEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("exhibition", "completeness"),
)
