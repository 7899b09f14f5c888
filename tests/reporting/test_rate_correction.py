"""The rules of a second person: it confirms or rejects what is proposed, and nothing of its own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.reporting.domain.rate.correction import (
    GRACE,
    OUTCOMES_MAX,
    ConfirmRate,
    CorrectRate,
    OutcomesAtRate,
    RejectRate,
    confirm_rate,
    correct_rate,
)
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.fixing import NearestRate
from services.reporting.domain.rate.state import DailyRate, Fixing, Status
from shared.contracts.event import Event
from shared.contracts.reporting.rate import (
    CorrectionCode,
    RateCorrected,
    RateFixed,
    RateProposed,
    RateRejected,
)
from shared.contracts.words import IDR_MAX
from tests.given import NOW, When, given
from tests.reporting.examples import TODAY, USD
from tests.reporting.test_rate import FIXED, PROPOSED

RIGHT = Decimal("13431.5")
CORRECT = CorrectRate(
    rate=RIGHT, source="JISDOR", code=CorrectionCode.TYPING_ERROR, reason="two digits exchanged"
)
CORRECTING = RateProposed(
    currency="USD",
    fixed_on=TODAY,
    rate=RIGHT,
    source="JISDOR",
    corrects=CorrectionCode.TYPING_ERROR,
    proposed_at=NOW,
    proposed_by="tester",
    reason="two digits exchanged",
)
CORRECTED = RateCorrected(
    currency="USD",
    fixed_on=TODAY,
    rate=RIGHT,
    source="JISDOR",
    before=FIXED.rate,
    code=CorrectionCode.TYPING_ERROR,
    outcomes=("o-1", "o-2"),
    fixed_by="tester",
)
TWO = OutcomesAtRate(amounts={"o-2": Decimal(1), "o-1": Decimal(100)})
NONE = OutcomesAtRate(amounts={})


def correcting(command: CorrectRate, *past: Event, nearest: Fixing | None = USD) -> When:
    """Propose a correction."""
    return given(rate, *past).when(command, rule=correct_rate, facts=NearestRate(fixing=nearest))


def confirming(value: Decimal, *past: Event, facts: OutcomesAtRate = TWO, **about: object) -> When:
    """Confirm this value, a minute after it was proposed, as another person."""
    about = {"actor": "second", "now": NOW + GRACE, **about}
    return given(rate, *past).when(ConfirmRate(rate=value), rule=confirm_rate, facts=facts, **about)


def state_after(*events: Event) -> DailyRate:
    """Return the state after these events."""
    state = given(rate, *events).state
    assert isinstance(state, DailyRate)
    return state


def test_a_proposed_rate_is_fixed_by_a_second_person() -> None:
    value = PROPOSED.rate
    confirming(value, PROPOSED, facts=NONE).then(
        RateFixed(currency="USD", fixed_on=TODAY, rate=value, source="JISDOR", fixed_by="tester")
    )
    confirming(value, PROPOSED, facts=NONE, actor="tester").refused(
        "same-person", "You proposed this rate"
    )
    assert confirming(value, PROPOSED, facts=NONE, now=NOW).events()


def test_a_correction_is_proposed_and_the_rate_stays_until_it_is_confirmed() -> None:
    correcting(CORRECT, FIXED).then(CORRECTING)
    state = state_after(FIXED, CORRECTING)
    assert (state.status, state.fixing) == (Status.CORRECTING, state_after(FIXED).fixing)


def test_a_confirmed_correction_names_the_outcomes_at_the_rate() -> None:
    confirming(RIGHT, FIXED, CORRECTING).then(CORRECTED)
    state = state_after(FIXED, CORRECTING, CORRECTED)
    assert (state.status, state.before, state.proposal) == (Status.FIXED, (FIXED.rate,), None)
    assert state.fixing is not None
    assert (state.fixing.rate, state.fixing.fixed_by) == (RIGHT, "tester")


def test_a_correction_waits_until_every_report_at_the_old_rate_is_written() -> None:
    soon = NOW + GRACE - timedelta(milliseconds=1)
    confirming(RIGHT, FIXED, CORRECTING, now=soon).refused("too-soon", "60 seconds")


def test_the_second_person_reads_the_rate_from_its_source_again() -> None:
    confirming(FIXED.rate, FIXED, CORRECTING).refused("another-rate", "13,431.5 is proposed")


def test_an_own_correction_is_not_confirmed() -> None:
    confirming(RIGHT, FIXED, CORRECTING, actor="tester").refused("same-person")


@pytest.mark.parametrize(
    ("past", "code"),
    [((), "not-found"), ((PROPOSED,), "not-fixed"), ((FIXED,), "implausible-rate")],
)
def test_a_correction_that_does_not_fit_is_refused(past: tuple[Event, ...], code: str) -> None:
    correcting(replace(CORRECT, rate=Decimal("13.4315")), *past).refused(code)


def test_an_unusual_correction_can_be_proposed() -> None:
    far = replace(CORRECT, rate=Decimal("17000"), unusual=True)
    (event,) = correcting(far, FIXED).events()
    assert isinstance(event, RateProposed)


def test_without_another_day_a_correction_is_compared_with_the_rate_that_it_corrects() -> None:
    slip = replace(CORRECT, rate=Decimal("1341.35"))
    correcting(slip, FIXED, nearest=None).refused("implausible-rate", "13,413.5, the rate of USD")
    for right in (replace(slip, unusual=True), CORRECT):
        assert correcting(right, FIXED, nearest=None).events()


def test_a_correction_has_a_source_of_its_currency() -> None:
    correcting(replace(CORRECT, source="CBR"), FIXED).refused("wrong-source")


def test_the_same_rate_is_no_correction() -> None:
    correcting(replace(CORRECT, rate=FIXED.rate), FIXED).then()


def test_of_two_corrections_the_first_waits() -> None:
    correcting(CORRECT, FIXED, CORRECTING).refused("already-proposed")


@pytest.mark.parametrize("past", [(), (FIXED,), (FIXED, CORRECTING, CORRECTED)])
def test_nothing_is_confirmed_or_rejected_that_is_not_proposed(past: tuple[Event, ...]) -> None:
    expected = "nothing-proposed" if past else "not-found"
    confirming(RIGHT, *past).refused(expected)
    given(rate, *past).when(RejectRate(reason="r")).refused(expected)


@pytest.mark.parametrize(
    ("past", "status"), [((PROPOSED,), Status.REJECTED), ((FIXED, CORRECTING), Status.FIXED)]
)
def test_a_rejected_rate_does_not_count(past: tuple[Event, ...], status: Status) -> None:
    proposed = past[-1]
    assert isinstance(proposed, RateProposed)
    rejected = RateRejected(
        currency="USD", fixed_on=TODAY, rate=proposed.rate, source="JISDOR", reason="r"
    )
    given(rate, *past).when(RejectRate(reason="r")).then(rejected)
    state = state_after(*past, rejected)
    assert (state.status, state.proposal) == (status, None)


def test_an_outcome_that_would_be_too_large_stops_the_correction() -> None:
    large = OutcomesAtRate(amounts={"o-1": Decimal(IDR_MAX)})
    confirming(RIGHT, FIXED, CORRECTING, facts=large).refused("amount-out-of-range")


def test_a_correction_restates_a_limited_number_of_outcomes() -> None:
    many = OutcomesAtRate(amounts={f"o-{n}": Decimal(1) for n in range(OUTCOMES_MAX + 1)})
    confirming(RIGHT, FIXED, CORRECTING, facts=many).refused(
        "too-many-outcomes", "GET /outcomes?rate=USD-2018-02-01"
    )
