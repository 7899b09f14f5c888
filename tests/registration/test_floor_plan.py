"""The rules of the floor plan: who is on it, and how many enterprises share a booth."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.planning import PlanExhibition, plan_exhibition
from services.registration.domain.exhibition.state import Status
from services.registration.domain.floor_plan import (
    AssignBooths,
    Completeness,
    FloorPlan,
    FloorPlanFacts,
    ListParticipant,
    RemoveParticipant,
    TakeBackBooths,
    assign_booths,
    floor_plan,
    take_back_booths,
)
from shared.contracts.event import Event
from shared.contracts.registration.floor_plan import (
    BoothAssignment,
    Booths,
    BoothsAssigned,
    BoothsTakenBack,
    ParticipantListed,
    ParticipantRemoved,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Origin, Rule, decide_command
from shared.kernel.errors import Problem
from tests.given import When, context, given
from tests.registration.examples import (
    ENDS_ON,
    EXHIBITION,
    EXHIBITION_FIELDS,
    HOLDING,
    PLANNED,
    PROPOSED,
    STARTS_ON,
    exhibition_after,
)
from tests.registration.rule_sets import POLICY

BOOTHS = Booths(number=2, shared_by=2)
PLAN = PlanExhibition(venue="JCC", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15)
HELD = exhibition_after(*HOLDING)
assert HELD.plan is not None
FACTS = FloorPlanFacts(exhibition=replace(HELD, plan=replace(HELD.plan, booths=BOOTHS)))
LISTED = [ParticipantListed(enterprise=f"e-{n}", **EXHIBITION_FIELDS) for n in range(1, 6)]


def assigned(**booths: str) -> BoothsAssigned:
    assignments = tuple(
        BoothAssignment(enterprise=name.replace("_", "-"), booth=booth)
        for name, booth in booths.items()
    )
    return BoothsAssigned(booths=BOOTHS, assignments=assignments, **EXHIBITION_FIELDS)


def assigning(*past: Event, facts: FloorPlanFacts = FACTS, **booths: str) -> When:
    command = AssignBooths(assignments=assigned(**booths).assignments)
    return given(floor_plan, *past).when(
        command, rule=assign_booths, facts=facts, subject=EXHIBITION
    )


def taking_back(*past: Event, enterprises: tuple[str, ...] = ("e-1",)) -> When:
    command = TakeBackBooths(enterprises=enterprises)
    return given(floor_plan, *past).when(command, rule=take_back_booths, facts=FACTS)


def in_reaction(*past: Event, command: object) -> When:
    return given(floor_plan, *past).when(command, origin=Origin.REACTION, subject=EXHIBITION)


def planning(command: PlanExhibition) -> When:
    return given(exhibition, PROPOSED).when(
        command, rule=plan_exhibition, facts=POLICY, subject=EXHIBITION
    )


def test_without_booths_each_place_has_its_own() -> None:
    planned = PLANNED.model_copy(update={"booths": Booths(number=15)})
    planning(PLAN).then(planned)


@pytest.mark.parametrize("booths", [Booths(number=14), Booths(number=7, shared_by=2)])
def test_its_booths_have_room_for_its_places(booths: Booths) -> None:
    planning(replace(PLAN, booths=booths)).refused("too-few-booths", f"{booths.room} enterprises")


def test_a_confirmed_participant_is_listed_once() -> None:
    command = ListParticipant(enterprise="e-1", programme="2018", scope=Scope.DOMESTIC)
    in_reaction(command=command).then(LISTED[0])
    in_reaction(LISTED[0], command=command).then()


def test_who_loses_its_place_loses_its_booth() -> None:
    command = RemoveParticipant(enterprise="e-1")
    in_reaction(command=command).then()
    in_reaction(LISTED[1], command=command).then()
    in_reaction(LISTED[0], command=command).then(
        ParticipantRemoved(enterprise="e-1", **EXHIBITION_FIELDS)
    )
    removed = ParticipantRemoved(enterprise="e-1", booth="A-1", **EXHIBITION_FIELDS)
    in_reaction(*LISTED[:2], assigned(e_1="A-1"), command=command).then(removed)
    state = given(floor_plan, *LISTED[:2], assigned(e_1="A-1"), removed).state
    assert state == FloorPlan(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        booths={"e-2": None},
        former=("e-1",),
        completeness=Completeness.INCOMPLETE,
    )
    again = given(floor_plan, *LISTED[:2], removed, LISTED[0]).state
    assert (again.booths, again.former) == ({"e-2": None, "e-1": None}, ())


def test_all_booths_are_given_in_one_command() -> None:
    command = assigned(e_1="A-1", e_2="A-1", e_3="A-2", e_4="A-2")
    assigning(*LISTED[:4], e_1="A-1", e_2="A-1", e_3="A-2", e_4="A-2").then(command)
    state = given(floor_plan, *LISTED[:4], command).state
    assert state.completeness is Completeness.COMPLETE


def test_only_what_changes_is_assigned() -> None:
    past = (*LISTED[:2], assigned(e_1="A-1", e_2="A-2"))
    assigning(*past, e_1="A-1", e_2="A-2").then()
    assigning(*past, e_1="A-1", e_2="A-1").then(assigned(e_2="A-1"))


def test_two_participants_of_full_booths_swap_them() -> None:
    full = assigned(e_1="A-1", e_2="A-1", e_3="A-2", e_4="A-2")
    assigning(*LISTED[:4], full, e_1="A-2", e_3="A-1").then(assigned(e_1="A-2", e_3="A-1"))
    assigning(*LISTED[:4], full, e_1="A-2").refused("booth-full", "booth A-2")


def test_a_booth_never_holds_more_than_it_may() -> None:
    assigning(*LISTED, e_1="A-1", e_2="A-1", e_3="A-1").refused("booth-full", "holds 2")


def test_there_are_no_more_booths_than_planned() -> None:
    assigning(*LISTED, e_1="A-1", e_2="A-2", e_3="A-3").refused("no-such-booth", "2 booths")


def test_a_booth_that_was_freed_is_given_again() -> None:
    full = assigned(e_1="A-1", e_2="A-1", e_3="A-2", e_4="A-2")
    lost = ParticipantRemoved(enterprise="e-1", booth="A-1", **EXHIBITION_FIELDS)
    assigning(*LISTED, full, lost, e_5="A-1").then(assigned(e_5="A-1"))


def test_who_has_no_confirmed_place_gets_no_booth() -> None:
    assigning(LISTED[0], e_1="A-1", e_9="A-2").refused("not-a-participant", "e-9")
    lost = ParticipantRemoved(enterprise="e-1", **EXHIBITION_FIELDS)
    assigning(LISTED[0], lost, e_1="A-1").refused("not-a-participant")
    assigning(e_1="A-1").refused("not-found")
    many = AssignBooths(
        assignments=tuple(BoothAssignment(enterprise=f"x-{n}", booth="A-1") for n in range(7))
    )
    given(floor_plan, LISTED[0]).when(many, rule=assign_booths, facts=FACTS).refused(
        "not-a-participant", "x-4 and 2 more"
    )


def test_a_participant_is_named_once() -> None:
    twice = AssignBooths(assignments=assigned(e_1="A-1").assignments * 2)
    given(floor_plan, *LISTED).when(twice, rule=assign_booths, facts=FACTS).refused(
        "participant-repeated"
    )


@pytest.mark.parametrize("status", [Status.REPORTED, Status.CANCELLED])
def test_booths_are_final_once_the_exhibition_is(status: Status) -> None:
    facts = FloorPlanFacts(exhibition=replace(FACTS.exhibition, status=status))
    assigning(*LISTED, facts=facts, e_1="A-1").refused("booths-final")


def test_booths_are_taken_back() -> None:
    past = (*LISTED[:3], assigned(e_1="A-1", e_2="A-2"))
    taken = BoothsTakenBack(enterprises=("e-1", "e-2"), **EXHIBITION_FIELDS)
    taking_back(*past, enterprises=("e-3", "e-2", "e-1", "e-1")).then(taken)
    taking_back(*past, taken).then()
    taking_back(*past, enterprises=("e-9",)).refused("not-a-participant")
    taking_back().refused("not-found")


LABELS = st.sampled_from(("A-1", "A-2", "B-1"))
NAMES = st.sampled_from([f"e-{n}" for n in range(1, 6)])
COMMANDS = st.one_of(
    st.builds(
        ListParticipant, enterprise=NAMES, programme=st.just("2018"), scope=st.just("DOMESTIC")
    ),
    st.builds(RemoveParticipant, enterprise=NAMES),
    st.builds(TakeBackBooths, enterprises=st.lists(NAMES, min_size=1, max_size=3).map(tuple)),
    st.builds(
        AssignBooths,
        assignments=st.dictionaries(NAMES, LABELS, min_size=1, max_size=4).map(
            lambda given: tuple(
                BoothAssignment(enterprise=name, booth=booth) for name, booth in given.items()
            )
        ),
    ),
)
RULES: dict[type[object], Rule[Any, Any, Any]] = {
    AssignBooths: assign_booths,
    TakeBackBooths: take_back_booths,
}


@given_any(st.lists(COMMANDS, max_size=40))
def test_no_order_of_commands_fills_a_booth_beyond_its_room(commands: list[object]) -> None:
    state: FloorPlan | None = None
    for command in commands:
        by = context(subject=EXHIBITION)
        rule = RULES.get(type(command))
        try:
            events = decide_command(floor_plan, command, state, by, rule=rule, facts=FACTS)
        except Problem:
            continue
        for event in events:
            state = floor_plan.evolve(state, event)
        used = Counter(filter(None, state.booths.values())) if state else Counter()
        assert len(used) <= BOOTHS.number
        assert max(used.values(), default=0) <= BOOTHS.shared_by
        if state:
            assert not set(state.booths) & set(state.former)
