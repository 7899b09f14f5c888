"""The days of an exhibition are days of its host's zone: from the plan to the attendance."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.application.check_in import (
    CheckInFacts,
    CheckInParticipant,
    check_in_participant,
)
from services.registration.domain.application.closing import closing_deadline
from services.registration.domain.application.decider import application
from services.registration.domain.application.place import ReceiveOffer
from services.registration.domain.application.renewal import RescheduleApplication
from services.registration.domain.application.state import ExhibitionFacts
from services.registration.domain.application.submission import (
    WithdrawApplication,
    withdraw_application,
)
from services.registration.domain.exhibition.call import CallFacts, OpenCall, open_call
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import EndExhibition, OpenExhibition
from services.registration.domain.exhibition.planning import (
    PlanExhibition,
    ProposeExhibition,
    plan_exhibition,
    propose_exhibition,
)
from services.registration.domain.exhibition.state import Status
from services.registration.responses.telling import moment as told
from shared.contracts.calendar import day_before_ends, label, local_date, local_midnight, moment
from shared.contracts.event import Event
from shared.contracts.registration.application_codes import WithdrawalCode
from shared.contracts.registration.floor_plan import Booths
from shared.contracts.words import Scope
from shared.contracts.zones import INDONESIAN, JAKARTA
from shared.kernel.decider import Origin
from tests.given import When, given
from tests.registration.examples import (
    CONFIRMING,
    DECREED,
    ELIGIBLE,
    ENDS_ON,
    EXHIBITION,
    HOLDING,
    PLANNED,
    PROPOSED,
    SELECTING,
    STARTS_ON,
    SUBMITTED,
    application_after,
)
from tests.registration.rule_sets import POLICY, RULES

MAKASSAR, JAYAPURA, ROME, KUALA_LUMPUR = (
    "Asia/Makassar",
    "Asia/Jayapura",
    "Europe/Rome",
    "Asia/Kuala_Lumpur",
)
HOSTS = [
    # The instants at which 25 April begins and 29 April ends there, in hours from UTC midnight.
    (JAKARTA, -7),
    (MAKASSAR, -8),
    (JAYAPURA, -9),
    (ROME, -2),
]
FACTS = CallFacts(thresholds={Scope.DOMESTIC: 6_000}, rule_set=RULES)
SCAN = CheckInParticipant(check_in_code="the route has read it")
TICK = timedelta(milliseconds=1)
PROPOSE = ProposeExhibition(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.OVERSEAS,
    name="Inacraft 2018",
    city="Milan",
    country="IT",
    organiser="ASEPHI",
    zone=ROME,
)


def at(day: date, hours: int) -> datetime:
    """Return the instant so many hours from the UTC midnight of this day."""
    return datetime.combine(day, time(), UTC) + timedelta(hours=hours)


def hosted(zone: str, *events: Event) -> list[Event]:
    """Return these events of an exhibition or an application, with the zone of the host."""
    return [
        event.model_copy(update={"zone": zone}) if "zone" in type(event).model_fields else event
        for event in events
    ]


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_it_is_opened_from_the_first_midnight_of_its_host_on(zone: str, hours: int) -> None:
    begins = at(STARTS_ON, hours)
    decreed = given(exhibition, *hosted(zone, *SELECTING, DECREED))
    early = decreed.when(OpenExhibition(), subject=EXHIBITION, now=begins - TICK)
    early.refused("not-yet", label(begins, zone))
    assert decreed.when(OpenExhibition(), subject=EXHIBITION, now=begins).events()


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_it_ends_after_the_last_day_of_its_host(zone: str, hours: int) -> None:
    ends = at(ENDS_ON + timedelta(days=1), hours)
    decreed = given(exhibition, *hosted(zone, *SELECTING, DECREED))
    decreed.when(OpenExhibition(), subject=EXHIBITION, now=ends).refused("show-is-over")
    running = given(exhibition, *hosted(zone, *HOLDING))
    running.when(EndExhibition(), subject=EXHIBITION, now=ends - TICK).refused("not-yet")
    assert running.when(EndExhibition(), subject=EXHIBITION, now=ends).events()


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_its_call_closes_before_its_first_day_there(zone: str, hours: int) -> None:
    def opening(closes_at: datetime) -> Any:
        command = OpenCall(
            closes_at=closes_at, rule_set="kukm-2018-1", requirements=(), rubric="rubric-2018"
        )
        return given(exhibition, *hosted(zone, PROPOSED, PLANNED)).when(
            command, rule=open_call, facts=FACTS, subject=EXHIBITION
        )

    begins = at(STARTS_ON, hours)
    opening(begins).refused("closes-too-late", label(begins, zone))
    (opened,) = opening(begins - TICK).events()
    assert (opened.zone, opened.closes_at) == (zone, begins - TICK)


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_tomorrow_is_tomorrow_at_its_host(zone: str, hours: int) -> None:
    eve = at(STARTS_ON, hours) - TICK
    planning = given(exhibition, *hosted(zone, PROPOSED))
    command = PlanExhibition(venue="Hall", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15)
    by_policy: dict[str, Any] = {"rule": plan_exhibition, "facts": POLICY, "subject": EXHIBITION}
    (planned,) = planning.when(command, now=eve, **by_policy).events()
    there = {"zone": zone, "venue": "Hall", "booths": Booths(number=15)}
    planned_on = local_date(eve, JAKARTA)
    assert planned == PLANNED.model_copy(update={**there, "planned_on": planned_on})
    planning.when(command, now=eve + TICK, **by_policy).refused("starts-too-soon")


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_an_offer_for_other_days_is_answered_before_the_first_day_there(
    zone: str, hours: int
) -> None:
    days = RescheduleApplication(starts_on=STARTS_ON, ends_on=ENDS_ON)
    waiting = given(application, *hosted(zone, SUBMITTED, ELIGIBLE))
    moved = waiting.when(days, origin=Origin.REACTION).events()
    late = at(STARTS_ON, 0)
    offer = ReceiveOffer(deadline_at=late, offer_hours=2_000, latest_at=late)
    offered = given(application, *hosted(zone, SUBMITTED, ELIGIBLE), *moved)
    (received,) = offered.when(offer, origin=Origin.REACTION).events()
    assert received.model_dump()["deadline_at"] == at(STARTS_ON, hours) - TICK


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_an_applicant_withdraws_until_the_last_day_there_has_ended(zone: str, hours: int) -> None:
    ends = at(ENDS_ON + timedelta(days=1), hours)
    command = WithdrawApplication(code=WithdrawalCode.DATES, reason="x")
    facts = ExhibitionFacts(exhibition=Status.DECREED, last_day=ENDS_ON)
    waiting = given(application, *hosted(zone, SUBMITTED, ELIGIBLE))
    assert waiting.when(command, rule=withdraw_application, facts=facts, now=ends - TICK).events()
    over_there = waiting.when(command, rule=withdraw_application, facts=facts, now=ends)
    over_there.refused("show-is-over")


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_an_undecided_application_closes_when_the_last_day_there_has_ended(
    zone: str, hours: int
) -> None:
    deadline = closing_deadline(application_after(*hosted(zone, SUBMITTED)))
    assert deadline is not None
    assert deadline.at == at(ENDS_ON + timedelta(days=1), hours)


@pytest.mark.parametrize(("zone", "hours"), HOSTS)
def test_a_participant_is_checked_in_on_the_days_there(zone: str, hours: int) -> None:
    begins, ends = at(STARTS_ON, hours), at(ENDS_ON + timedelta(days=1), hours)
    facts = CheckInFacts(
        exhibition=ExhibitionFacts(exhibition=Status.RUNNING, last_day=ENDS_ON),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        booth=None,
    )
    confirmed = given(application, *hosted(zone, *CONFIRMING))

    def scanning(now: datetime) -> When:
        return confirmed.when(
            SCAN, rule=check_in_participant, facts=facts, now=now, actor="scanner"
        )

    scanning(begins - TICK).refused("not-a-day-of-the-exhibition")
    scanning(ends).refused("not-a-day-of-the-exhibition")
    for scanned_at, day in ((begins, STARTS_ON), (ends - TICK, ENDS_ON)):
        *_, checked_in = scanning(scanned_at).events()
        assert checked_in.model_dump()["day"] == day


def test_a_domestic_exhibition_is_in_a_zone_of_indonesia() -> None:
    proposing = given(exhibition).when(PROPOSE, rule=propose_exhibition, subject=EXHIBITION)
    (proposed,) = proposing.events()
    assert proposed.model_dump()["zone"] == ROME
    for zone in INDONESIAN:
        assert domestic(zone).events()
    domestic(ROME).refused("zone-not-indonesian", "Asia/Makassar (WITA)")


def domestic(zone: str) -> Any:
    """Propose a domestic exhibition in this zone."""
    command = ProposeExhibition(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        name="Inacraft 2018",
        city="Jakarta",
        country="ID",
        organiser="ASEPHI",
        zone=zone,
    )
    return given(exhibition).when(command, rule=propose_exhibition, subject=EXHIBITION)


@pytest.mark.parametrize(
    "name", ["", "WIB", "Asia/Atlantis", "asia/jakarta", "../etc/passwd", "Etc/../Jakarta", "Asia"]
)
def test_a_name_that_is_no_zone_is_malformed(name: str) -> None:
    form: dict[str, Any] = {
        "exhibition": EXHIBITION,
        "programme": "2018",
        "scope": "OVERSEAS",
        "name": "Inacraft 2018",
        "city": "Milan",
        "country": "IT",
        "organiser": "ASEPHI",
    }
    adapter = TypeAdapter(ProposeExhibition)
    assert adapter.validate_python(form).zone == JAKARTA
    with pytest.raises(ValidationError):
        adapter.validate_python(form | {"zone": name})


@over(
    st.dates(date(1950, 1, 1), date(2037, 12, 31)),
    st.sampled_from(
        [*INDONESIAN, ROME, KUALA_LUMPUR, "Europe/Moscow", "Africa/Cairo", "America/Sao_Paulo"]
    ),
)
def test_a_day_begins_with_its_first_instant_there(day: date, zone: str) -> None:
    begins = local_midnight(day, zone)
    assert local_date(begins, zone) == day
    assert local_date(day_before_ends(day, zone), zone) < day
    assert local_date(begins + timedelta(hours=22), zone) == day


def test_an_instant_is_shown_in_utc_and_with_the_label_of_the_zone() -> None:
    evening = datetime(2018, 4, 25, 16, 30, tzinfo=UTC)
    assert moment(evening, JAKARTA) == "2018-04-25 16:30:00Z = 23:30:00 WIB"
    assert moment(evening, MAKASSAR) == "2018-04-25 16:30:00Z = 2018-04-26 00:30:00 WITA"
    assert moment(evening, JAYAPURA) == "2018-04-25 16:30:00Z = 2018-04-26 01:30:00 WIT"
    assert moment(evening, ROME) == "2018-04-25 16:30:00Z = 18:30:00 CEST"
    assert moment(evening, KUALA_LUMPUR) == "2018-04-25 16:30:00Z = 2018-04-26 00:30:00 UTC+08"
    there = evening.astimezone(ZoneInfo(JAYAPURA))
    assert moment(there, ROME) == moment(evening, ROME)
    assert told(evening, JAYAPURA) == (
        "26 April 2018 pukul 01.30 WIT (25 April 2018 16.30 UTC)",
        "26 April 2018, 01:30 WIT (25 April 2018 16:30 UTC)",
    )
    assert told(evening, JAKARTA)[1] == "25 April 2018, 23:30 WIB (16:30 UTC)"
