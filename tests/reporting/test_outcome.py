"""The rules of a report: its participant, its day, its value in rupiah, and what is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.exchange import rupiah_of
from services.reporting.domain.outcome.questions import bound_idr
from services.reporting.domain.outcome.reports import OutcomeFacts, ReportOutcome, report_outcome
from services.reporting.domain.outcome.state import Outcome, sale_of
from services.reporting.domain.rate.state import Fixing
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import OutcomeReported, Rung
from shared.contracts.words import SizeClass
from tests.given import When, given
from tests.reporting.examples import (
    APPLICANT,
    FACTS,
    FIXED_ON,
    ORDER,
    ORDERED,
    OUTCOME,
    REPORTER,
    SHOW,
    USD,
    rupiah,
)


def reporting(command: ReportOutcome, *past: Event, facts: OutcomeFacts = FACTS) -> When:
    """Report an outcome after these past events."""
    return given(outcome, *past).when(
        command, rule=report_outcome, facts=facts, subject=OUTCOME, actor=REPORTER
    )


def sale(
    amount: str, *, currency: str = "IDR", country: str = "ID", on: date = FIXED_ON
) -> ReportOutcome:
    """Return the report of a retail sale, by default in rupiah to a buyer in Indonesia."""
    return ReportOutcome(
        application=ORDER.application,
        rung=Rung.RETAIL_SALE,
        occurred_on=on,
        amount=Decimal(amount),
        currency=currency,
        buyer_country=country,
    )


def posted(command: ReportOutcome, fixing: Fixing | None = None) -> OutcomeReported:
    """Return the event that a report makes at this rate."""
    facts = replace(FACTS, fixing=fixing)
    (event,) = reporting(command, facts=facts).events()
    assert isinstance(event, OutcomeReported)
    return event


def test_a_participant_reports_an_outcome() -> None:
    reporting(ORDER).then(ORDERED)


def test_an_outcome_is_reported_once() -> None:
    reporting(ORDER, ORDERED).refused("already-reported")


def test_an_absent_participant_has_no_outcome() -> None:
    reporting(ORDER, facts=replace(FACTS, attended=False)).refused("not-attended")


def test_a_follow_up_needs_its_parent() -> None:
    reporting(replace(ORDER, rung=Rung.FOLLOW_UP_REALISED)).refused("needs-parent")


def test_rupiah_have_the_rate_of_one_on_the_day_of_the_sale() -> None:
    assert posted(sale("2500000")) == OutcomeReported(
        outcome=OUTCOME,
        applicant=APPLICANT,
        rung=Rung.RETAIL_SALE,
        reported_by=REPORTER,
        **rupiah(2_500_000),
    )


def test_a_foreign_amount_keeps_the_day_of_the_rate_that_made_it() -> None:
    friday = replace(USD, fixed_on=date(2018, 1, 26))
    sunday = posted(sale("1", currency="USD", on=date(2018, 1, 28)), friday)
    assert (sunday.occurred_on, sunday.rate_on) == (date(2018, 1, 28), date(2018, 1, 26))
    assert (sunday.rate, sunday.rate_source) == (USD.rate, "JISDOR")


@pytest.mark.parametrize("day", [date(2018, 1, 26), date(2018, 2, 1), date(1, 1, 1)])
def test_a_result_is_of_a_day_of_the_show(day: date) -> None:
    reporting(sale("1", on=day)).refused("outside-show", "from 2018-01-27 to 2018-01-31")
    assert reporting(sale("1", on=SHOW.starts_on)).events()


def test_a_result_is_not_of_a_day_to_come() -> None:
    longer = replace(FACTS, show=replace(SHOW, ends_on=date(2018, 2, 5)))
    reporting(sale("1", on=date(2018, 2, 2)), facts=longer).refused("not-yet-occurred")
    assert reporting(sale("1", on=date(2018, 2, 1)), facts=longer).events()


@pytest.mark.parametrize(("zone", "has_come"), [("Asia/Jakarta", False), ("Asia/Jayapura", True)])
def test_a_day_has_come_when_it_has_begun_at_the_host(zone: str, *, has_come: bool) -> None:
    # Half past ten in the evening in Jakarta is half past midnight in Jayapura.
    now = datetime(2018, 2, 1, 15, 30, tzinfo=UTC)
    show = replace(SHOW, ends_on=date(2018, 2, 2), zone=zone)
    report = given(outcome).when(
        sale("1", on=date(2018, 2, 2)),
        rule=report_outcome,
        facts=replace(FACTS, show=show),
        subject=OUTCOME,
        actor=REPORTER,
        now=now,
    )
    if has_come:
        assert report.events()
    else:
        report.refused("not-yet-occurred")


@pytest.mark.parametrize(
    ("currency", "country", "devisa"),
    [("IDR", "ID", False), ("IDR", "MY", True), ("USD", "ID", True), ("USD", "MY", True)],
)
def test_devisa_follows_from_buyer_or_currency(currency: str, country: str, devisa: bool) -> None:
    fixing = USD if currency == "USD" else None
    event = posted(sale("10", currency=currency, country=country), fixing)
    assert event.devisa is devisa


@pytest.mark.parametrize(
    ("amount", "rate", "whole"),
    [("1", "0.5", 1), ("1", "1.5", 2), ("1", "2.5", 3), ("1", "0.499999", 0), ("10.01", "50", 501)],
)
def test_half_a_rupiah_is_rounded_up(amount: str, rate: str, whole: int) -> None:
    assert rupiah_of(Decimal(amount), Decimal(rate)) == whole


def test_the_product_is_exact_before_it_is_rounded() -> None:
    # This product ends in .49999999 and has 29 digits: Decimal's default of 28 would make it .5.
    cents, millionths = 10**15 - 1, 99_999_950_000_001
    amount, rate = Decimal(cents).scaleb(-2), Decimal(millionths).scaleb(-6)
    assert rupiah_of(amount, rate) == cents * millionths // 10**8


@anything(st.integers(min_value=1, max_value=10**17), st.integers(min_value=1, max_value=10**15))
def test_an_amount_becomes_the_nearest_whole_rupiah(cents: int, millionths: int) -> None:
    amount, rate = Decimal(cents).scaleb(-2), Decimal(millionths).scaleb(-6)
    assert rupiah_of(amount, rate) == (cents * millionths + 10**8 // 2) // 10**8


@pytest.mark.parametrize(
    "command", [sale("0.01", currency="USD"), sale("10000000", currency="USD")]
)
def test_an_outcome_is_one_rupiah_at_least_and_has_a_maximum(command: ReportOutcome) -> None:
    rate = Decimal(10**9) if command.amount > 1 else Decimal(49)
    facts = replace(FACTS, fixing=replace(USD, rate=rate))
    reporting(command, facts=facts).refused("amount-out-of-range")


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1000.5", "IDR", "IDR has no decimals"),
        ("1.5", "JPY", "JPY has no decimals"),
        ("1.555", "USD", "USD has 2 decimals at most"),
        ("1.5555", "KWD", "KWD has 3 decimals at most"),
    ],
)
def test_an_amount_has_no_more_decimals_than_its_currency(
    amount: str, currency: str, words: str
) -> None:
    reporting(sale(amount, currency=currency)).refused("too-many-decimals", words)
    assert reporting(sale("1000.00", currency=currency)).events()


def test_an_equal_sale_is_asked_about_once() -> None:
    before = replace(FACTS, doubles=("o-7",))
    reporting(ORDER, facts=before).refused("possible-double-entry", "o-7")
    reporting(replace(ORDER, not_a_double=True), facts=before).then(
        ORDERED.model_copy(update={"not_a_double": True})
    )


def test_equal_sales_have_one_text_and_other_sales_another() -> None:
    equal = sale_of(ORDER.application, ORDER.rung, ORDER)
    rounded = replace(ORDER, amount=Decimal(100), not_a_double=True, confirmed=True)
    assert sale_of(ORDER.application, ORDER.rung, rounded) == equal
    state = given(outcome, ORDERED).state
    assert isinstance(state, Outcome)
    assert (state.sale, state.rate_id) == (equal, "USD-2018-01-31")
    others = (
        replace(ORDER, amount=Decimal("100.01")),
        replace(ORDER, currency="MYR"),
        replace(ORDER, buyer_country="SG"),
        replace(ORDER, occurred_on=date(2018, 1, 30)),
    )
    texts = {sale_of(ORDER.application, ORDER.rung, other) for other in others}
    assert len(texts | {equal, sale_of("another.e-1", ORDER.rung, ORDER)}) == 6
    assert sale_of(ORDER.application, Rung.POTENTIAL, ORDER) != equal


def test_a_large_amount_is_asked_about_once() -> None:
    large, in_rupiah = sale("99999999999999"), replace(FACTS, fixing=None)
    reporting(large, facts=in_rupiah).refused("implausible-amount", "up to Rp 500,000,000")
    event = posted(replace(large, confirmed=True))
    assert (event.amount_idr, event.confirmed) == (10**14 - 1, True)
    assert posted(sale("500000000")).confirmed is False


@pytest.mark.parametrize(
    ("rung", "size_class", "capacity", "bound"),
    [
        (Rung.RETAIL_SALE, SizeClass.MICRO, 0, 150_000_000),
        (Rung.RETAIL_SALE, SizeClass.MICRO, 1, 10_000_000),
        (Rung.ORDER_ON_SITE, SizeClass.SMALL, 10, 600_000_000),
        (Rung.TRADE_CONTRACT, SizeClass.MEDIUM, 10**9, 50_000_000_000),
        (Rung.POTENTIAL, SizeClass.MICRO, 5, 1_200_000_000),
    ],
)
def test_the_bound_follows_from_rung_size_class_and_capacity(
    rung: Rung, size_class: SizeClass, capacity: int, bound: int
) -> None:
    assert bound_idr(rung, size_class, capacity) == bound
