"""Test the command that each followed event causes, and that each such event is mirrored."""

import pytest

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import (
    CloseAllocation,
    FirstCommand,
    FundPlaces,
    RaiseAllocation,
    ReinstateFunding,
    ReleaseFunding,
    RepriceAllocation,
)
from services.budget.domain.envelope.allotments import ReturnAllotment
from services.budget.domain.envelope.decider import envelope
from services.budget.reactions import reactions
from services.budget.views.followed import applications, envelopes, exhibitions, rounds
from services.budget.views.own import allocations
from shared.contracts.budget.allocation import AllocationLowered
from shared.contracts.event import Event, event_classes
from shared.contracts.registration.application import AttendanceContested, AttendanceCorrected
from shared.contracts.words import Scope
from shared.kernel.decider import Addressed
from tests.budget.examples import (
    ABSENT,
    ALLOTTED,
    AMENDED,
    APPLICANT,
    APPROVED,
    CANCELLED,
    EXHIBITION,
    LOST,
    OPENED,
    PROMOTED,
    RAISED,
    A,
    B,
    C,
    money,
)
from tests.budget.test_costs import CORRECTED

RELEASE = ReleaseFunding(programme="2018", scope=Scope.DOMESTIC, application=A)


def caused(event: Event) -> list[Addressed]:
    """Return the commands of all reactions to an event."""
    return [
        addressed
        for reaction in reactions
        if type(event) in event_classes(reaction.follows)
        for addressed in reaction.react(event, None)
    ]


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (
            APPROVED,
            FundPlaces(programme="2018", scope=Scope.DOMESTIC, applications=(B, A)),
        ),
        (PROMOTED, FundPlaces(programme="2018", scope=Scope.DOMESTIC, applications=(C,))),
        (LOST, RELEASE),
        (ABSENT, RELEASE),
        (AttendanceContested(applicant=APPLICANT, reason="no-funds"), RELEASE),
        (AttendanceCorrected(applicant=APPLICANT, present=False), RELEASE),
        (AttendanceCorrected(applicant=APPLICANT, present=True, contested=True), RELEASE),
        (
            AttendanceCorrected(applicant=APPLICANT, present=True),
            ReinstateFunding(programme="2018", scope=Scope.DOMESTIC, application=A),
        ),
        (CANCELLED, CloseAllocation(programme="2018", scope=Scope.DOMESTIC)),
        (
            ALLOTTED,
            RaiseAllocation(
                programme="2018", scope=Scope.DOMESTIC, amount_idr=100, unit_cost_idr=40
            ),
        ),
        (
            CORRECTED,
            RepriceAllocation(programme="2018", scope=Scope.DOMESTIC, unit_cost_idr=400),
        ),
    ],
)
def test_an_event_makes_one_command_on_the_allocation(event: Event, command: FirstCommand) -> None:
    assert caused(event) == [Addressed(decider=allocation, id=EXHIBITION, command=command)]


def test_the_amount_of_a_lowering_is_returned_to_its_envelope() -> None:
    event = AllocationLowered(amount_idr=20, **money(80))
    command = ReturnAllotment(exhibition=EXHIBITION, amount_idr=20)
    assert caused(event) == [Addressed(decider=envelope, id="2018.DOMESTIC", command=command)]


@pytest.mark.parametrize("event", [OPENED, RAISED, AMENDED])
def test_other_events_cause_no_command(event: Event) -> None:
    assert caused(event) == []


def test_every_event_of_a_reaction_is_mirrored() -> None:
    mirrored = {
        event
        for mirror in (exhibitions, applications, rounds, envelopes, allocations)
        for event in event_classes(mirror.follows)
    }
    for reaction in reactions:
        assert set(event_classes(reaction.follows)) <= mirrored
