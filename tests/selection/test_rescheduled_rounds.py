"""The rules of a round whose exhibition is rescheduled: its days, its offers and its reserves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.seats import OfferPlace, RescheduleRound
from shared.contracts.selection.round import RoundEvent, RoundRescheduled
from shared.kernel.decider import Origin
from tests.given import given
from tests.selection.examples import (
    APPROVAL,
    CANCELLED,
    CLOSED_SCORING,
    DECREE,
    EXHIBITION,
    LATEST_AT,
    OPEN,
    PROPOSAL,
    ROUND_FIELDS,
    A,
    B,
    C,
    lost,
    promoted,
    struck,
)
from tests.selection.test_seats import AMENDED, reacting, strike

LATER = RescheduleRound(starts_on=date(2018, 5, 1), ends_on=date(2018, 5, 4))
RESCHEDULED = RoundRescheduled(starts_on=date(2018, 5, 1), ends_on=date(2018, 5, 4), **ROUND_FIELDS)
TOO_LATE = LATEST_AT + timedelta(milliseconds=1)


@pytest.mark.parametrize("past", [OPEN, CLOSED_SCORING, PROPOSAL, APPROVAL, DECREE])
def test_a_round_takes_the_new_days_of_its_exhibition_over(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), LATER).then(RESCHEDULED)
    before = given(selection_round, *past).state
    after = given(selection_round, *past, RESCHEDULED).state
    assert after == replace(before, starts_on=date(2018, 5, 1), ends_on=date(2018, 5, 4))


def test_a_round_that_is_not_open_or_cancelled_takes_no_days_over() -> None:
    reacting(given(selection_round), LATER).then()
    reacting(given(selection_round, CANCELLED), LATER).then()
    reacting(given(selection_round, struck(A)), LATER).then()


def test_a_postponed_show_gives_the_seats_that_came_too_late_to_their_reserves() -> None:
    past = given(selection_round, *APPROVAL, lost(B, "too-late"), lost(C, "too-late"))
    at_first = past.when(LATER, origin=Origin.REACTION, subject=EXHIBITION, now=TOO_LATE)
    reserves = past.state.reserve
    at_first.then(RESCHEDULED, *(promoted(application) for application in reserves[:2]))
    after_it = past.when(
        LATER, origin=Origin.REACTION, subject=EXHIBITION, now=TOO_LATE + timedelta(days=60)
    )
    after_it.then(RESCHEDULED)


def test_after_the_decree_a_postponed_show_promotes_no_reserve() -> None:
    past = given(selection_round, *DECREE, lost(B, "withdrawn"), AMENDED)
    reacting(past, LATER).then(RESCHEDULED)


def test_an_offer_after_the_news_knows_the_new_days() -> None:
    past = given(selection_round, *APPROVAL, RESCHEDULED)
    offer = past.when(
        OfferPlace(application=B), origin=Origin.REACTION, subject=EXHIBITION, now=TOO_LATE
    )
    (event,) = offer.events()
    assert event.model_dump()["latest_at"] == datetime(2018, 4, 30, 16, 59, 59, 999_000, tzinfo=UTC)


@pytest.mark.parametrize("reason", ["not-renewed", "not-committed"])
def test_papers_that_do_not_come_free_the_seat(
    reason: Literal["not-renewed", "not-committed"],
) -> None:
    command = replace(strike(B), reason=reason)
    reacting(given(selection_round, *APPROVAL), command).then(
        lost(B, reason), promoted(given(selection_round, *APPROVAL).state.reserve[0])
    )
