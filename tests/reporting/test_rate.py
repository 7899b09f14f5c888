"""The rules of a new rate: its source and day, and what needs a second person."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.fixing import FixRate, NearestRate, fix_rate
from services.reporting.domain.rate.sources import SOURCES, working_day
from services.reporting.domain.rate.state import DailyRate, Fixing, Status, rate_id
from shared.contracts.event import Event
from shared.contracts.reporting.rate import RateFixed, RateProposed, RateRejected
from tests.given import NOW, When, given
from tests.reporting.examples import TODAY, USD

FIX = FixRate(currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR")
FIXED = RateFixed(
    currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR", fixed_by="tester"
)
PROPOSED = RateProposed(
    currency="USD",
    fixed_on=TODAY,
    rate=Decimal("13413.5"),
    source="JISDOR",
    proposed_at=NOW,
    proposed_by="tester",
)
REJECTED = RateRejected(
    currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR", reason="?"
)
YESTERDAY = NearestRate(fixing=USD)
NOTHING = NearestRate(fixing=None)


def fixing(command: FixRate, *past: Event, facts: NearestRate = YESTERDAY, **about: object) -> When:
    """Fix a rate after these past events."""
    return given(rate, *past).when(command, rule=fix_rate, facts=facts, **about)


def test_a_rate_near_the_last_is_fixed() -> None:
    fixing(FIX).then(FIXED)


def test_the_rate_of_a_day_is_fixed_once() -> None:
    fixing(FIX, FIXED).refused("already-fixed", "POST /rates/USD-2018-02-01/correction")


def test_the_state_is_the_rate_that_was_fixed() -> None:
    assert given(rate, FIXED).state == DailyRate(
        currency="USD",
        fixed_on=TODAY,
        status=Status.FIXED,
        fixing=Fixing(
            currency="USD",
            fixed_on=TODAY,
            rate=Decimal("13413.5"),
            source="JISDOR",
            fixed_by="tester",
        ),
    )


@pytest.mark.parametrize("value", ["13.4135", "134135", "16100", "11100"])
def test_a_rate_far_from_the_last_is_asked_about(value: str) -> None:
    far = replace(FIX, rate=Decimal(value))
    fixing(far).refused("implausible-rate", "13,413, the rate of USD on 2018-01-31")
    unusual = PROPOSED.model_copy(update={"rate": Decimal(value)})
    fixing(replace(far, unusual=True)).then(unusual)


@pytest.mark.parametrize("value", ["16095.6", "11177.5"])
def test_a_rate_up_to_a_fifth_from_the_last_is_plausible(value: str) -> None:
    (event,) = fixing(replace(FIX, rate=Decimal(value))).events()
    assert isinstance(event, RateFixed)


def test_the_first_rate_of_a_currency_waits_for_a_second_person() -> None:
    fixing(FIX, facts=NOTHING).then(PROPOSED)
    fixing(FIX, PROPOSED).refused("already-proposed", "POST /rates/USD-2018-02-01/rejection")
    fixing(FIX, PROPOSED, REJECTED).then(FIXED)


def test_a_rate_without_a_published_source_waits_for_a_second_person() -> None:
    (event,) = fixing(replace(FIX, source="ILLUSTRATIVE")).events()
    assert isinstance(event, RateProposed)


@pytest.mark.parametrize(
    ("source", "currency", "code", "words"),
    [
        ("JISDOR", "MYR", "wrong-source", "name BI-MID or TAX"),
        ("TAX", "RUB", "wrong-source", "name CBR"),
        ("CBR", "XAF", "wrong-source", "name another source"),
        ("Jisdor", "USD", "unknown-source", "name one of JISDOR, BI-MID"),
        ("JISDOR", "IDR", "own-currency", ""),
    ],
)
def test_a_source_fixes_its_own_currencies(
    source: str, currency: str, code: str, words: str
) -> None:
    fixing(replace(FIX, source=source, currency=currency)).refused(code, words)


def test_the_mid_rates_of_bank_indonesia_have_ended() -> None:
    later = datetime(2021, 6, 1, tzinfo=UTC)
    last = replace(FIX, source="BI-MID", fixed_on=date(2021, 4, 30))
    assert fixing(last, now=later).events()
    ended = replace(last, fixed_on=date(2021, 5, 3))
    fixing(ended, now=later).refused("wrong-source", "its last rates on 2021-04-30")


@pytest.mark.parametrize("source", SOURCES)
def test_no_source_fixes_a_rate_on_saturday_or_sunday(source: str) -> None:
    currency = "RUB" if source == "CBR" else "USD"
    sunday = replace(FIX, source=source, currency=currency, fixed_on=date(2018, 1, 28))
    fixing(sunday).refused("not-a-working-day", "the rate of 2018-01-26 counts")


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2018, 1, 26), date(2018, 1, 26)),
        (date(2018, 1, 27), date(2018, 1, 26)),
        (date(2018, 1, 28), date(2018, 1, 26)),
        (date(2018, 1, 29), date(2018, 1, 29)),
        (date(1, 1, 1), date(1, 1, 1)),
    ],
)
def test_the_rate_of_friday_counts_until_sunday(day: date, counts: date) -> None:
    assert working_day(day) == counts


def test_no_rate_is_fixed_before_its_day() -> None:
    fixing(replace(FIX, fixed_on=date(2018, 2, 2))).refused("fixed-in-the-future")


def test_days_are_those_of_jakarta() -> None:
    after_midnight_in_jakarta = datetime(2018, 2, 1, 17, 0, tzinfo=UTC)
    assert fixing(replace(FIX, fixed_on=date(2018, 2, 2)), now=after_midnight_in_jakarta).events()


@pytest.mark.parametrize("value", ["0", "-1", "1.0000001", "1e10"])
def test_a_rate_is_positive_with_six_decimals_at_most(value: str) -> None:
    body = {"currency": "USD", "fixed_on": "2018-02-01", "rate": value, "source": "JISDOR"}
    with pytest.raises(ValidationError):
        TypeAdapter(FixRate).validate_python(body)


def test_the_id_names_currency_and_day() -> None:
    assert rate_id("USD", date(2018, 4, 23)) == "USD-2018-04-23"
