"""The days of a round are days of the zone of the exhibition's host, which came with its call."""

from datetime import UTC, datetime, time, timedelta

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.seats import LosePlace, OfferPlace
from shared.contracts.selection.round import RoundOpened
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.selection.examples import APPROVAL, EXHIBITION, OPENED, A, B, lost, promoted

HOSTS = [("Asia/Jakarta", 7), ("Asia/Jayapura", 9), ("Europe/Moscow", 3)]


def approved(zone: str) -> tuple[Given, RoundOpened]:
    """Return the approved round of an exhibition in this zone, and its opening."""
    opened = OPENED.model_copy(update={"zone": zone})
    past = [opened if event == OPENED else event for event in APPROVAL]
    return given(selection_round, *past), opened


@pytest.mark.parametrize(("zone", "ahead"), HOSTS)
def test_an_offer_ends_before_the_first_day_there(zone: str, ahead: int) -> None:
    waiting, opened = approved(zone)
    begins = datetime.combine(opened.starts_on, time(), UTC) - timedelta(hours=ahead)
    last = begins - timedelta(milliseconds=1)
    offering = waiting.when(
        OfferPlace(application=B), subject=EXHIBITION, origin=Origin.REACTION, now=last
    )
    (offer,) = offering.events()
    assert (offer.model_dump()["deadline_at"], offer.model_dump()["latest_at"]) == (last, last)
    late = waiting.when(
        OfferPlace(application=B), subject=EXHIBITION, origin=Origin.REACTION, now=begins
    )
    late.then(lost(B, "too-late"))


@pytest.mark.parametrize(("zone", "ahead"), HOSTS)
def test_a_reserve_follows_until_the_first_day_there(zone: str, ahead: int) -> None:
    waiting, opened = approved(zone)
    begins = datetime.combine(opened.starts_on, time(), UTC) - timedelta(hours=ahead)
    declined = LosePlace(application=B, reason="declined")

    def losing(now: datetime) -> When:
        return waiting.when(declined, subject=EXHIBITION, origin=Origin.REACTION, now=now)

    losing(begins - timedelta(milliseconds=1)).then(lost(B, "declined"), promoted(A))
    losing(begins).then(lost(B, "declined"))
