"""The reactions of registration to each event of a round."""

from datetime import date

import pytest

from services.registration.domain.application.closing import CloseApplication
from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    ConfirmParticipation,
    LapseApplication,
    ReceiveOffer,
)
from services.registration.domain.application.renewal import RescheduleApplication
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import DecreeExhibition
from services.registration.domain.floor_plan import (
    ListParticipant,
    RemoveParticipant,
    floor_plan,
)
from services.registration.reactions import reactions
from services.registration.views import Round, exhibitions, rounds, rubrics
from shared.contracts.event import Event, event_classes
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionRescheduled,
    ReschedulingCode,
)
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.contracts.selection.round import CandidateStruck, SelectionApproved
from shared.contracts.selection.round_seats import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    RoundCancelled,
)
from shared.contracts.words import Scope
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


def caused(event: Event, state: Round | None = None) -> list[Addressed]:
    """Return the commands of all reactions to an event of a subject with this mirror."""
    return [
        addressed
        for reaction in reactions
        if type(event) in event_classes(reaction.follows)
        for addressed in reaction.react(event, state or Round())
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
    (addressed, *_) = caused(event)
    assert addressed == Addressed(decider=application, id=APPLICATION, command=command)


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (CONFIRMED, ListParticipant(enterprise="e-1", programme="2018", scope=Scope.DOMESTIC)),
        (LOST, RemoveParticipant(enterprise="e-1")),
    ],
)
def test_a_confirmed_or_lost_place_is_known_to_the_floor_plan(
    event: Event, command: object
) -> None:
    (_, addressed) = caused(event)
    assert addressed == Addressed(decider=floor_plan, id=EXHIBITION, command=command)


def test_who_has_lost_its_seat_to_an_objection_stays_eligible() -> None:
    moved = LOST.model_copy(update={"reason": "objection-upheld"})
    assert [addressed.decider for addressed in caused(moved)] == [floor_plan]


def test_the_decree_causes_a_command_on_the_exhibition() -> None:
    command = DecreeExhibition(number="SK-12/2018")
    assert caused(DECREED) == [Addressed(decider=exhibition, id=EXHIBITION, command=command)]


def closing(
    enterprise: str,
    result: ClosingResult,
    place: int | None = None,
    stop: QuotaStop | None = None,
) -> Addressed:
    command = CloseApplication(result=result, place=place, passed_over=stop)
    return Addressed(decider=application, id=f"{EXHIBITION}.{enterprise}", command=command)


def test_the_decree_closes_who_was_not_selected() -> None:
    listed = ("e-1", "lost", "r1", "r2", "x", "y")
    stop = QuotaStop(quota="jabar", bound=Bound.MAXIMUM)
    state = Round(
        selected=("e-1", "lost"),
        reserve=("r1", "r2"),
        listed=listed,
        not_passed=("y",),
        passed_over={"r2": stop},
    )
    _, *closed = caused(DECREED, state)
    assert closed == [
        closing("r1", ClosingResult.RESERVE, 1),
        closing("r2", ClosingResult.RESERVE, 2, stop),
        closing("x", ClosingResult.BELOW_THRESHOLD),
        closing("y", ClosingResult.GATE),
    ]


def test_a_cancellation_closes_the_listed_and_those_that_waited() -> None:
    cancelled = RoundCancelled(**EXHIBITION_FIELDS)
    assert caused(cancelled, Round(listed=("a", "b"))) == [
        closing("a", ClosingResult.CANCELLED),
        closing("b", ClosingResult.CANCELLED),
    ]
    waited = ExhibitionCancelled(
        code=CancellationCode.NO_VENUE, applications=(f"{EXHIBITION}.a",), **EXHIBITION_FIELDS
    )
    assert caused(waited) == [closing("a", ClosingResult.CANCELLED)]


def test_a_rescheduling_is_told_to_each_application_that_has_not_ended() -> None:
    event = ExhibitionRescheduled(
        code=ReschedulingCode.VENUE,
        starts_on=date(2018, 6, 6),
        ends_on=date(2018, 6, 10),
        applications=(APPLICATION,),
        **EXHIBITION_FIELDS,
    )
    command = RescheduleApplication(starts_on=date(2018, 6, 6), ends_on=date(2018, 6, 10))
    assert caused(event) == [Addressed(decider=application, id=APPLICATION, command=command)]


@pytest.mark.parametrize(
    "event",
    [
        SelectionApproved(
            approved_on=date(2018, 2, 1),
            selected=(APPLICATION,),
            reserve=(),
            **EXHIBITION_FIELDS,
        ),
        CandidateStruck(application=APPLICATION, **EXHIBITION_FIELDS),
    ],
)
def test_nothing_else_causes_anything(event: Event) -> None:
    assert caused(event) == []


def test_every_event_that_is_reacted_to_is_mirrored() -> None:
    mirrors = (rubrics, rounds, exhibitions)
    mirrored = {event for mirror in mirrors for event in event_classes(mirror.follows)}
    for reaction in reactions:
        assert set(event_classes(reaction.follows)) <= mirrored
