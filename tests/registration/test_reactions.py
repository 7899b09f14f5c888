"""The reactions of registration to each event of a round."""

from datetime import date

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    ConfirmParticipation,
    LapseApplication,
    ReceiveOffer,
)
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import DecreeExhibition
from services.registration.reactions import reactions
from services.registration.views import rounds, rubrics
from shared.contracts.event import Event, event_classes
from shared.contracts.selection.round import (
    CandidateStruck,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    SelectionApproved,
)
from shared.kernel.decider import Addressed
from tests.registration.examples import (
    APPLICATION,
    DEADLINE_AT,
    EXHIBITION,
    EXHIBITION_FIELDS,
    LATEST_AT,
)

OFFERED = PlaceOffered(
    application=APPLICATION,
    deadline_at=DEADLINE_AT,
    offer_hours=72,
    latest_at=LATEST_AT,
    **EXHIBITION_FIELDS,
)
CONFIRMED = PlaceConfirmed(application=APPLICATION, **EXHIBITION_FIELDS)
LOST = PlaceLost(application=APPLICATION, reason="no-funds", **EXHIBITION_FIELDS)
DECREED = ParticipantsDecreed(
    number="SK-12/2018", signed_on=date(2018, 4, 1), annex=(APPLICATION,), **EXHIBITION_FIELDS
)


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
        (OFFERED, ReceiveOffer(deadline_at=DEADLINE_AT, offer_hours=72, latest_at=LATEST_AT)),
        (CONFIRMED, ConfirmParticipation()),
        (LOST, LapseApplication(reason="no-funds")),
    ],
)
def test_an_event_of_a_seat_causes_a_command_on_its_application(
    event: Event, command: object
) -> None:
    assert caused(event) == [Addressed(decider=application, id=APPLICATION, command=command)]


def test_the_decree_causes_a_command_on_the_exhibition() -> None:
    command = DecreeExhibition(number="SK-12/2018")
    assert caused(DECREED) == [Addressed(decider=exhibition, id=EXHIBITION, command=command)]


@pytest.mark.parametrize(
    "event",
    [
        SelectionApproved(selected=(APPLICATION,), reserve=(), **EXHIBITION_FIELDS),
        CandidateStruck(application=APPLICATION, **EXHIBITION_FIELDS),
    ],
)
def test_nothing_else_causes_anything(event: Event) -> None:
    assert caused(event) == []


def test_every_event_that_is_reacted_to_is_mirrored() -> None:
    mirrored = {event for rubric in (rubrics, rounds) for event in event_classes(rubric.follows)}
    for reaction in reactions:
        assert set(event_classes(reaction.follows)) <= mirrored
