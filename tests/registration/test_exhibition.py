"""The rules of the exhibition: each step once, in order; it is cancelled only before it runs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import (
    DecreeExhibition,
    EndExhibition,
    OpenExhibition,
    ReportExhibition,
    ReportFacts,
    report_exhibition,
)
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    CancellationFacts,
    PlanExhibition,
    ProposeExhibition,
    cancel_exhibition,
    plan_exhibition,
    propose_exhibition,
)
from services.registration.domain.exhibition.state import Status
from shared.contracts.calendar import jakarta_date
from shared.contracts.event import Event
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionReported,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    BOOTHS,
    CALLED,
    CALLING,
    DECREED,
    ENDED,
    ENDS_ON,
    EXHIBITION,
    EXHIBITION_FIELDS,
    HOLDING,
    PLANNED,
    PLANNING,
    PROPOSED,
    RUNNING,
    SELECTING,
    STARTS_ON,
    exhibition_after,
)
from tests.registration.rule_sets import POLICY

TODAY = jakarta_date(NOW)
PROPOSE = ProposeExhibition(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.DOMESTIC,
    name="Inacraft 2018",
    city="Jakarta",
    country="ID",
    organiser="ASEPHI",
    sectors=("13", "14"),
)
PLAN = PlanExhibition(venue="JCC", starts_on=STARTS_ON, ends_on=ENDS_ON, places=15, booths=BOOTHS)
BY_POLICY: dict[str, Any] = {"rule": plan_exhibition, "facts": POLICY, "subject": EXHIBITION}
CANCELLING: dict[str, Any] = {
    "rule": cancel_exhibition,
    "facts": CancellationFacts(waiting=()),
    "subject": EXHIBITION,
}
DECREE = DecreeExhibition(number="SK-12/2018")
CANCEL = CancelExhibition(
    code=CancellationCode.FORCE_MAJEURE, reason="flood", replaced_by="ifex-2018"
)
CANCELLED = ExhibitionCancelled(
    code=CancellationCode.FORCE_MAJEURE,
    reason="flood",
    replaced_by="ifex-2018",
    **EXHIBITION_FIELDS,
)
REPORTED = ExhibitionReported(report="LAP-1", signed_on=date(2018, 5, 2), **EXHIBITION_FIELDS)
DECREEING = (*SELECTING, DECREED)
FIRST_MINUTE = datetime(2018, 4, 24, 17, 0, tzinfo=UTC)
"""Midnight in Jakarta as 25 April begins."""
AFTER_LAST_DAY = datetime(2018, 4, 29, 17, 0, tzinfo=UTC)
"""Midnight in Jakarta as 29 April ends."""
IN_MAY = datetime(2018, 5, 2, 17, 0, tzinfo=UTC)
"""Midnight in Jakarta as 2 May ends."""


def test_an_exhibition_is_proposed() -> None:
    given(exhibition).when(PROPOSE, rule=propose_exhibition, subject=EXHIBITION).then(PROPOSED)


def test_an_id_is_proposed_once() -> None:
    given(exhibition, PROPOSED).when(PROPOSE, rule=propose_exhibition, subject=EXHIBITION).refused(
        "already-proposed"
    )


def test_an_exhibition_names_a_sector_once() -> None:
    twice = replace(PROPOSE, sectors=("10", "13", "10"))
    proposing = given(exhibition).when(twice, rule=propose_exhibition, subject=EXHIBITION)
    proposing.refused("sector-repeated")


def test_an_exhibition_may_be_proposed_for_a_slot() -> None:
    shared = replace(PROPOSE, slot="batik-or-craft")
    proposing = given(exhibition).when(shared, rule=propose_exhibition, subject=EXHIBITION)
    proposing.then(PROPOSED.model_copy(update={"slot": "batik-or-craft"}))


def test_a_proposed_exhibition_is_planned() -> None:
    given(exhibition, PROPOSED).when(PLAN, **BY_POLICY).then(PLANNED)


def test_it_is_planned_once() -> None:
    given(exhibition, *PLANNING).when(PLAN, **BY_POLICY).refused("not-proposed")


def test_it_does_not_end_before_it_starts() -> None:
    command = PlanExhibition(venue="JCC", starts_on=ENDS_ON, ends_on=STARTS_ON, places=15)
    given(exhibition, PROPOSED).when(command, **BY_POLICY).refused("ends-before-start")


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, True), (1, False)])
def test_it_starts_tomorrow_at_the_earliest(days: int, *, refused: bool) -> None:
    first = TODAY + timedelta(days=days)
    command = PlanExhibition(venue="JCC", starts_on=first, ends_on=ENDS_ON, places=15)
    planning = given(exhibition, PROPOSED).when(command, **BY_POLICY)
    if refused:
        tomorrow = TODAY + timedelta(days=1)
        planning.refused("starts-too-soon", f"choose {tomorrow} or a later day")
    else:
        assert planning.events()


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2018, 12, 31), date(2019, 1, 1)),
        (date(2019, 1, 1), date(2019, 1, 3)),
        (date(2031, 4, 25), date(2035, 4, 29)),
    ],
)
def test_its_days_are_in_the_year_of_its_programme(starts_on: date, ends_on: date) -> None:
    command = PlanExhibition(venue="JCC", starts_on=starts_on, ends_on=ends_on, places=15)
    given(exhibition, PROPOSED).when(command, **BY_POLICY).refused("outside-fiscal-year")


def test_an_exhibition_that_was_never_proposed_refuses_people_and_ignores_reactions() -> None:
    given(exhibition).when(PLAN, **BY_POLICY).refused("not-found")
    given(exhibition).when(DECREE, subject=EXHIBITION, origin=Origin.REACTION).then()


def test_the_decree_follows_the_verification() -> None:
    selecting = given(exhibition, *SELECTING)
    selecting.when(DECREE, subject=EXHIBITION, origin=Origin.REACTION).then(DECREED)


@pytest.mark.parametrize("past", [CALLED, DECREEING, (*SELECTING, CANCELLED)])
def test_a_decree_that_comes_late_changes_nothing(past: tuple[Event, ...]) -> None:
    given(exhibition, *past).when(DECREE, subject=EXHIBITION, origin=Origin.REACTION).then()


def test_it_opens_when_its_first_day_begins_in_jakarta() -> None:
    opening = given(exhibition, *DECREEING)
    opening.when(OpenExhibition(), subject=EXHIBITION, now=FIRST_MINUTE).then(RUNNING)
    early = FIRST_MINUTE - timedelta(milliseconds=1)
    opening.when(OpenExhibition(), subject=EXHIBITION, now=early).refused("not-yet")


def test_it_does_not_open_without_a_decree() -> None:
    given(exhibition, *SELECTING).when(OpenExhibition(), now=FIRST_MINUTE).refused("not-decreed")


def test_it_does_not_open_after_its_last_day() -> None:
    opening = given(exhibition, *DECREEING)
    last = AFTER_LAST_DAY - timedelta(milliseconds=1)
    opening.when(OpenExhibition(), subject=EXHIBITION, now=last).then(RUNNING)
    opening.when(OpenExhibition(), now=AFTER_LAST_DAY).refused("show-is-over")


def test_it_ends_after_its_last_day() -> None:
    running = given(exhibition, *HOLDING)
    running.when(EndExhibition(), subject=EXHIBITION, now=AFTER_LAST_DAY).then(ENDED)
    early = AFTER_LAST_DAY - timedelta(milliseconds=1)
    running.when(EndExhibition(), now=early).refused("not-yet")
    given(exhibition, *DECREEING).when(EndExhibition(), now=AFTER_LAST_DAY).refused("not-running")


def reporting(
    *past: Event, unrecorded: int = 0, signed_on: date = REPORTED.signed_on, now: datetime = IN_MAY
) -> When:
    """Report after these events, while so many participants are not recorded."""
    return given(exhibition, *past).when(
        ReportExhibition(report="LAP-1", signed_on=signed_on),
        rule=report_exhibition,
        facts=ReportFacts(unrecorded=unrecorded, policy=POLICY),
        subject=EXHIBITION,
        now=now,
    )


def test_it_is_reported_after_its_end_when_every_attendance_is_recorded() -> None:
    reporting(*HOLDING, ENDED).then(REPORTED)
    reporting(*HOLDING, ENDED, unrecorded=1).refused("attendance-missing")
    reporting(*HOLDING).refused("not-ended")
    reporting(*HOLDING, ENDED, REPORTED).refused("not-ended")
    reporting().refused("not-found")


def test_its_report_is_signed_from_its_last_day_on_and_not_in_the_future() -> None:
    ended = (*HOLDING, ENDED)
    reporting(*ended, signed_on=ENDS_ON).then(REPORTED.model_copy(update={"signed_on": ENDS_ON}))
    before = ENDS_ON - timedelta(days=1)
    reporting(*ended, signed_on=before).refused("signed-before-last-day", str(ENDS_ON))
    # The day begins in Jakarta, where it is 3 May.
    tomorrow = date(2018, 5, 3)
    reporting(*ended, signed_on=tomorrow).then(REPORTED.model_copy(update={"signed_on": tomorrow}))
    early = IN_MAY - timedelta(milliseconds=1)
    reporting(*ended, signed_on=tomorrow, now=early).refused("signed-in-the-future", "2018-05-02")


@pytest.mark.parametrize("past", [(PROPOSED,), PLANNING, CALLING, CALLED, SELECTING, DECREEING])
def test_an_exhibition_that_has_not_begun_can_be_cancelled(past: tuple[Event, ...]) -> None:
    given(exhibition, *past).when(CANCEL, **CANCELLING).then(CANCELLED)


@pytest.mark.parametrize("past", [HOLDING, (*HOLDING, ENDED), (PROPOSED, CANCELLED)])
def test_an_exhibition_that_has_begun_or_is_cancelled_cannot_be_cancelled(
    past: tuple[Event, ...],
) -> None:
    given(exhibition, *past).when(CANCEL, **CANCELLING).refused("not-cancellable")


def test_an_exhibition_does_not_replace_itself() -> None:
    command = CancelExhibition(
        code=CancellationCode.FORCE_MAJEURE, reason="flood", replaced_by=EXHIBITION
    )
    given(exhibition, PROPOSED).when(command, **CANCELLING).refused("replaces-itself")


def test_the_state_has_the_document_of_each_step() -> None:
    state = exhibition_after(*HOLDING, ENDED, REPORTED)
    assert (state.status, state.decree, state.report) == (Status.REPORTED, "SK-12/2018", "LAP-1")
    assert state.report_signed_on == REPORTED.signed_on
    cancelled = exhibition_after(PROPOSED, CANCELLED)
    assert (cancelled.cancelled_because, cancelled.words, cancelled.replaced_by) == (
        "force-majeure",
        "flood",
        "ifex-2018",
    )


def test_a_history_begins_with_a_proposal() -> None:
    with pytest.raises(ValueError, match="ExhibitionPlanned"):
        exhibition_after(PLANNED)


def test_a_cancellation_names_the_applications_that_wait() -> None:
    facts = CancellationFacts(waiting=("inacraft-2018.b", "inacraft-2018.a"))
    cancelling = given(exhibition, *CALLING).when(
        CANCEL, rule=cancel_exhibition, facts=facts, subject=EXHIBITION
    )
    named = {"applications": ("inacraft-2018.a", "inacraft-2018.b")}
    cancelling.then(CANCELLED.model_copy(update=named))
