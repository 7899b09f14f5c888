"""The rules of the exchange rate: it is fixed once, on its day or later, and counts for a week."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from services.reporting.domain.rate import Fixing, FixRate, rate, rate_id, rate_ids
from shared.contracts.reporting.rate import RateFixed
from tests.given import given

TODAY = date(2018, 2, 1)
FIX = FixRate(currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR")
FIXED = RateFixed(currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR")


def test_a_rate_is_fixed() -> None:
    given(rate).when(FIX).then(FIXED)


def test_a_fixed_rate_never_changes() -> None:
    given(rate, FIXED).when(FIX).refused("already-fixed")


def test_the_state_is_the_rate_that_was_fixed() -> None:
    fixing = Fixing(currency="USD", fixed_on=TODAY, rate=Decimal("13413.5"), source="JISDOR")
    assert given(rate, FIXED).state == fixing


def test_rupiah_need_no_rate() -> None:
    command = FixRate(currency="IDR", fixed_on=TODAY, rate=Decimal(1), source="BI")
    given(rate).when(command).refused("own-currency")


def test_no_rate_is_fixed_before_its_day() -> None:
    command = FixRate(currency="USD", fixed_on=date(2018, 2, 2), rate=Decimal(1), source="BI")
    given(rate).when(command).refused("fixed-in-the-future")


def test_days_are_those_of_jakarta() -> None:
    command = FixRate(currency="USD", fixed_on=date(2018, 2, 2), rate=Decimal(1), source="BI")
    after_midnight_in_jakarta = datetime(2018, 2, 1, 17, 0, tzinfo=UTC)
    assert given(rate).when(command, now=after_midnight_in_jakarta).events()


@pytest.mark.parametrize("value", ["0", "-1", "1.0000001", "1e10"])
def test_a_rate_is_positive_with_six_decimals_at_most(value: str) -> None:
    body = {"currency": "USD", "fixed_on": "2018-02-01", "rate": value, "source": "JISDOR"}
    with pytest.raises(ValidationError):
        TypeAdapter(FixRate).validate_python(body)


def test_the_id_names_currency_and_day() -> None:
    assert rate_id("USD", date(2018, 4, 23)) == "USD-2018-04-23"


def test_the_latest_rate_of_a_week_counts() -> None:
    ids = rate_ids("USD", date(2018, 3, 2))
    assert ids[0] == "USD-2018-03-02"
    assert ids[-1] == "USD-2018-02-23"
    assert len(ids) == 8


def test_no_rate_is_looked_for_before_the_first_day_of_the_calendar() -> None:
    assert rate_ids("USD", date(1, 1, 2)) == ["USD-0001-01-02", "USD-0001-01-01"]
