"""The rules of the outcome: its report, its value in rupiah, and the judgements on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import (
    DisputeOutcome,
    VerifyOutcome,
    VoidOutcome,
    outcome,
)
from services.reporting.domain.outcome.exchange import rupiah_of
from services.reporting.domain.outcome.reports import OutcomeFacts, ReportOutcome, report_outcome
from services.reporting.domain.outcome.state import Outcome, Status
from services.reporting.domain.rate import Fixing
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import (
    EvidenceKind,
    JudgementCode,
    OutcomeDisputed,
    OutcomeReported,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.kernel.decider import Origin
from tests.given import When, given
from tests.reporting.examples import APPLICANT, FACTS, ORDER, ORDERED, OUTCOME, USD, rupiah

VERIFY, DISPUTE, VOID = (
    VerifyOutcome(kind_of_evidence=EvidenceKind.OTHER, evidence="Invoice 7"),
    DisputeOutcome(code=JudgementCode.OTHER, reason="no invoice"),
    VoidOutcome(code=JudgementCode.OTHER, reason="entered twice"),
)
JUDGEMENT = {
    "outcome": OUTCOME,
    "applicant": APPLICANT,
    "rung": Rung.ORDER_ON_SITE,
    "amount_idr": 1_341_300,
    "devisa": True,
    "kind_of_evidence": "other",
    "code": "other",
}
VERIFIED = OutcomeVerified.model_validate({**JUDGEMENT, "evidence": "Invoice 7"})
DISPUTED = OutcomeDisputed.model_validate({**JUDGEMENT, "reason": "no invoice"})
VOIDED = OutcomeVoided.model_validate({**JUDGEMENT, "reason": "entered twice"})


def reporting(command: ReportOutcome, *past: Event, facts: OutcomeFacts = FACTS) -> When:
    """Report an outcome after these past events."""
    return given(outcome, *past).when(command, rule=report_outcome, facts=facts, subject=OUTCOME)


def sale(
    amount: str, *, currency: str = "IDR", country: str = "ID", rate_on: date | None = None
) -> ReportOutcome:
    """Return the report of a retail sale, by default in rupiah to a buyer in Indonesia."""
    return ReportOutcome(
        application=ORDER.application,
        rung=Rung.RETAIL_SALE,
        amount=Decimal(amount),
        currency=currency,
        buyer_country=country,
        rate_on=rate_on,
    )


def posted(command: ReportOutcome, fixing: Fixing | None = None) -> OutcomeReported:
    """Return the event that a report makes at this rate."""
    facts = OutcomeFacts(applicant=APPLICANT, attended=True, fixing=fixing)
    (event,) = reporting(command, facts=facts).events()
    assert isinstance(event, OutcomeReported)
    return event


def test_a_participant_reports_an_outcome() -> None:
    reporting(ORDER).then(ORDERED)


def test_an_outcome_is_reported_once() -> None:
    reporting(ORDER, ORDERED).refused("already-reported")


def test_an_absent_participant_has_no_outcome() -> None:
    absent = OutcomeFacts(applicant=APPLICANT, attended=False, fixing=USD)
    reporting(ORDER, facts=absent).refused("not-attended")


def test_a_follow_up_needs_its_parent() -> None:
    command = ReportOutcome(
        application=ORDER.application,
        rung=Rung.FOLLOW_UP_REALISED,
        amount=Decimal(1),
        currency="IDR",
        buyer_country="ID",
    )
    reporting(command).refused("needs-parent")


def test_rupiah_have_the_rate_of_one_on_the_day_of_the_report() -> None:
    assert posted(sale("2500000")) == OutcomeReported(
        outcome=OUTCOME, applicant=APPLICANT, rung=Rung.RETAIL_SALE, **rupiah(2_500_000)
    )


def test_rupiah_keep_the_day_that_is_named() -> None:
    day = date(2018, 1, 20)
    assert posted(sale("10", rate_on=day)).rate_on == day


def test_a_foreign_amount_keeps_the_day_of_the_rate_that_made_it() -> None:
    sunday = posted(sale("1", currency="USD", rate_on=date(2018, 2, 1)), USD)
    assert (sunday.rate_on, sunday.rate_source) == (USD.fixed_on, "JISDOR")


def test_a_day_in_the_future_has_no_rate() -> None:
    tomorrow = sale("1", currency="USD", rate_on=date(2018, 2, 2))
    reporting(tomorrow).refused("rate-in-the-future")


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
    facts = OutcomeFacts(applicant=APPLICANT, attended=True, fixing=replace(USD, rate=rate))
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


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, DISPUTED)])
def test_a_reported_or_disputed_outcome_can_be_verified(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(VERIFY, subject=OUTCOME).then(VERIFIED)


@pytest.mark.parametrize("past", [(ORDERED, VERIFIED), (ORDERED, VOIDED)])
def test_a_verified_or_void_outcome_is_not_verified(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(VERIFY).refused("not-verifiable")


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, VERIFIED)])
def test_a_reported_or_verified_outcome_can_be_disputed(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(DISPUTE, subject=OUTCOME).then(DISPUTED)


@pytest.mark.parametrize("past", [(ORDERED, DISPUTED), (ORDERED, VOIDED)])
def test_a_disputed_or_void_outcome_is_not_disputed(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(DISPUTE).refused("not-disputable")


@pytest.mark.parametrize("past", [(ORDERED,), (ORDERED, VERIFIED), (ORDERED, DISPUTED)])
def test_every_outcome_can_be_voided(past: tuple[Event, ...]) -> None:
    given(outcome, *past).when(VOID, subject=OUTCOME).then(VOIDED)


def test_a_void_outcome_stays_void() -> None:
    given(outcome, ORDERED, VOIDED).when(VOID).refused("already-void")


@pytest.mark.parametrize("command", [VERIFY, DISPUTE, VOID])
def test_an_outcome_that_does_not_exist_is_not_judged(command: object) -> None:
    given(outcome).when(command).refused("not-found")


@pytest.mark.parametrize("command", [VERIFY, DISPUTE, VOID])
def test_a_late_reaction_changes_nothing(command: object) -> None:
    given(outcome).when(command, origin=Origin.REACTION).then()
    given(outcome, ORDERED, VOIDED).when(command, origin=Origin.REACTION).then()


def test_the_status_is_that_of_the_last_judgement() -> None:
    state = given(outcome, ORDERED, DISPUTED, VERIFIED).state
    assert isinstance(state, Outcome)
    assert (state.status, state.amount_idr) == (Status.VERIFIED, 1_341_300)
