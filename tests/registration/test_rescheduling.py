"""The rules of rescheduling: an exhibition that does not run yet gets other days of its year."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.rescheduling import (
    RescheduleExhibition,
    ReschedulingFacts,
    reschedule_exhibition,
)
from shared.contracts.event import Event
from shared.contracts.registration.exhibition import (
    ExhibitionRescheduled,
    ReschedulingCode,
    RevokedDocuments,
)
from tests.given import NOW, When, given
from tests.registration.examples import (
    APPLICATION,
    CALLED,
    CALLING,
    CLOSES_AT,
    DECREED,
    ENDS_ON,
    EXHIBITION,
    EXHIBITION_FIELDS,
    HOLDING,
    PLANNING,
    PROPOSED,
    SELECTING,
    STARTS_ON,
    exhibition_after,
)
from tests.registration.rule_sets import RULES

STARTS_LATER, ENDS_LATER = date(2018, 6, 6), date(2018, 6, 10)
RESCHEDULE = RescheduleExhibition(
    code=ReschedulingCode.VENUE,
    reason="Ibu Siti has no hall",
    starts_on=STARTS_LATER,
    ends_on=ENDS_LATER,
)
OF_THE_CALL = tuple(
    rule for rule in RULES.rules if rule.code in ("licence", "international-standard")
)
"""The rules that read documents, without the optional rules that the call does not require."""
RESCHEDULED = ExhibitionRescheduled(
    code=ReschedulingCode.VENUE,
    starts_on=STARTS_LATER,
    ends_on=ENDS_LATER,
    applications=(APPLICATION, "inacraft-2018.e-2"),
    rules=OF_THE_CALL,
    revoked=(RevokedDocuments(application=APPLICATION, documents=("d-9",)),),
    reason="Ibu Siti has no hall",
    **EXHIBITION_FIELDS,
)
LIVE = ReschedulingFacts(
    live=("inacraft-2018.e-2", APPLICATION),
    rule_set=RULES,
    revoked={"inacraft-2018.e-2": (), APPLICATION: ("d-9",)},
)


def rescheduling(*past: Event, now: datetime = NOW, **changes: Any) -> When:
    """Reschedule the exhibition after these events, with a changed command."""
    return given(exhibition, *past).when(
        replace(RESCHEDULE, **changes),
        rule=reschedule_exhibition,
        facts=LIVE,
        subject=EXHIBITION,
        now=now,
    )


# The exhibition


@pytest.mark.parametrize("past", [PLANNING, CALLING, CALLED, SELECTING, (*SELECTING, DECREED)])
def test_an_exhibition_is_rescheduled_until_it_runs(past: tuple[Event, ...]) -> None:
    rules = RESCHEDULED.rules if exhibition_after(*past).call else ()
    rescheduling(*past).then(RESCHEDULED.model_copy(update={"rules": rules}))
    before, after = exhibition_after(*past), exhibition_after(*past, RESCHEDULED)
    assert (before.plan, after.plan) != (None, None)
    assert after == replace(
        before,
        plan=before.plan and replace(before.plan, starts_on=STARTS_LATER, ends_on=ENDS_LATER),
        call=before.call and replace(before.call, last_day=ENDS_LATER),
        calendar=replace(before.calendar, months=(f"{STARTS_LATER:%Y-%m}",)),
        rescheduled_because="venue",
        words="Ibu Siti has no hall",
    )


def test_the_words_of_a_rescheduling_are_in_no_topic() -> None:
    assert "Siti" not in RESCHEDULED.public_json()


@pytest.mark.parametrize("past", [(PROPOSED,), HOLDING])
def test_before_its_plan_and_once_it_runs_it_is_not_rescheduled(past: tuple[Event, ...]) -> None:
    rescheduling(*past).refused("not-reschedulable")


def test_an_exhibition_that_was_not_proposed_is_not_rescheduled() -> None:
    rescheduling().refused("not-found")


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"starts_on": STARTS_ON, "ends_on": ENDS_ON}, "nothing-changed"),
        ({"starts_on": ENDS_LATER, "ends_on": STARTS_LATER}, "ends-before-start"),
        ({"ends_on": date(2019, 1, 1)}, "outside-fiscal-year"),
        ({"starts_on": date(2018, 2, 1)}, "starts-too-soon"),
        ({"starts_on": date(2018, 3, 1)}, "starts-before-closing"),
        ({"starts_on": date(2018, 3, 2)}, None),
    ],
)
def test_the_new_days_are_of_the_year_and_after_the_call(
    days: dict[str, Any], code: str | None
) -> None:
    when = rescheduling(*CALLING, **days)
    if code is None:
        when.then(RESCHEDULED.model_copy(update=days))
    else:
        when.refused(code)


def test_an_exhibition_whose_days_went_by_is_postponed() -> None:
    after = datetime(2018, 5, 10, 3, tzinfo=UTC)
    rescheduling(*SELECTING, DECREED, now=after).then(RESCHEDULED)
    rescheduling(*PLANNING, now=after).then(RESCHEDULED.model_copy(update={"rules": ()}))


def test_a_rescheduling_is_undone_by_another() -> None:
    back: dict[str, Any] = {"starts_on": STARTS_ON, "ends_on": ENDS_ON}
    rescheduling(*CALLING, RESCHEDULED, **back).then(RESCHEDULED.model_copy(update=back))


def test_the_call_closes_at_its_time_whatever_the_days_are() -> None:
    call = exhibition_after(*CALLING, RESCHEDULED).call
    assert call is not None
    assert call.closes_at == CLOSES_AT
