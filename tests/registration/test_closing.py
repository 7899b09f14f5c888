"""Every application ends with a result: closed at the decree, by a cancellation, or undecided."""

from datetime import UTC, datetime

import pytest

from services.registration.domain.application.closing import CloseApplication
from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import (
    ParticipationFacts,
    count_participations,
)
from services.registration.domain.application.state import Decision, Status
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationClosed, PlaceDeclined, SlotReturned
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.kernel.decider import Deadline, Origin
from tests.given import given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    CONFIRMING,
    CORRECTION,
    ELIGIBLE,
    OFFERING,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)

STOP = QuotaStop(quota="jabar", bound=Bound.MINIMUM)
CLOSE = CloseApplication(result=ClosingResult.RESERVE, place=3, passed_over=STOP)
CLOSED = ApplicationClosed(
    applicant=APPLICANT, result=ClosingResult.RESERVE, place=3, passed_over=STOP
)
AFTER_LAST_DAY = datetime(2018, 4, 29, 17, 0, tzinfo=UTC)
"""Midnight in Jakarta as 29 April, the last day of the show, ends."""


@pytest.mark.parametrize("past", [(SUBMITTED,), (SUBMITTED, CORRECTION), (SUBMITTED, ELIGIBLE)])
def test_an_application_that_waits_is_closed_with_its_result(past: tuple[Event, ...]) -> None:
    given(application, *past).when(CLOSE, origin=Origin.REACTION).then(CLOSED)
    state = application_after(*past, CLOSED)
    assert (state.status, state.decision) == (Status.CLOSED, Decision.MADE)
    assert (state.reasons, state.place) == (("reserve-not-reached",), 3)


@pytest.mark.parametrize(
    "past",
    [
        (),
        OFFERING,
        ACCEPTING,
        CONFIRMING,
        (*OFFERING, PlaceDeclined(applicant=APPLICANT)),
        (SUBMITTED, WITHDRAWN),
        (SUBMITTED, ELIGIBLE, CLOSED),
    ],
)
def test_one_that_has_a_place_or_has_ended_is_not_closed(past: tuple[Event, ...]) -> None:
    given(application, *past).when(CLOSE, origin=Origin.REACTION).then()


GIVEN_UP_LATE = WITHDRAWN.model_copy(update={"after_decree": True})
CANCELLED = CloseApplication(result=ClosingResult.CANCELLED)
RETURNED = SlotReturned(applicant=APPLICANT)


def test_a_cancellation_gives_back_the_slot_of_a_withdrawal_after_the_decree_once() -> None:
    past = (*CONFIRMING, GIVEN_UP_LATE)
    given(application, *past).when(CANCELLED, origin=Origin.REACTION).then(RETURNED)
    given(application, *past, RETURNED).when(CANCELLED, origin=Origin.REACTION).then()
    for events, counted in ((past, 1), ((*past, RETURNED), 0)):
        state = application_after(*events)
        assert (state.status, state.reasons) == (Status.WITHDRAWN, ("no-capacity",))
        assert len(application.claims(state)) == counted
        assert count_participations(ParticipationFacts(applications=(state,)), state) == counted


def test_no_other_end_of_an_exhibition_gives_back_a_slot() -> None:
    late, early = (*CONFIRMING, GIVEN_UP_LATE), (*CONFIRMING, WITHDRAWN)
    given(application, *late).when(CLOSE, origin=Origin.REACTION).then()
    given(application, *early).when(CANCELLED, origin=Origin.REACTION).then()


def test_no_person_closes_an_application_that_has_a_place() -> None:
    given(application, *ACCEPTING).when(CLOSE).refused("not-closable")


def test_one_that_is_never_decided_closes_after_the_last_day() -> None:
    undecided = CloseApplication(result=ClosingResult.NOT_DECIDED)
    deadline = Deadline(at=AFTER_LAST_DAY, command=undecided)
    assert application.deadline(application_after(SUBMITTED)) == deadline
    closed = ApplicationClosed(applicant=APPLICANT, result=ClosingResult.NOT_DECIDED)
    sweep = {"origin": Origin.SWEEP, "now": AFTER_LAST_DAY}
    given(application, SUBMITTED).when(undecided, **sweep).then(closed)
    assert application.deadline(application_after(SUBMITTED, ELIGIBLE)) is None
