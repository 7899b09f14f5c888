"""Follow-ups: each has its status, and together they never exceed the outcome that they realise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.follow_ups import (
    FOLLOW_UPS_MAX,
    ReportFollowUp,
    report_follow_up,
)
from services.reporting.domain.outcome.judgements import (
    VerificationFacts,
)
from services.reporting.domain.outcome.state import Outcome
from shared.contracts.event import Event
from shared.contracts.reporting.outcome import (
    FollowUpReported,
    OutcomeDisputed,
    OutcomeVoided,
    Rung,
)
from tests.given import Given, When, given
from tests.reporting.examples import (
    APPLICANT,
    FIXED_ON,
    FOLLOWING,
    ORDERED,
    OUTCOME,
    REPORTER,
    SHOW,
    TODAY,
    follow_up,
    reported,
    rupiah,
)

NO_RATE = VerificationFacts(fixing=None, attended=True)


def followed(amount: int, id: str = "f-1") -> FollowUpReported:
    """Return the event of a follow-up in rupiah; its rate is of the day of its outcome."""
    valuation = rupiah(amount, on=TODAY)
    valuation["rate_on"] = FIXED_ON
    return FollowUpReported(
        outcome=OUTCOME,
        follow_up=id,
        applicant=APPLICANT,
        rung=Rung.FOLLOW_UP_REALISED,
        reported_by=REPORTER,
        **valuation,
    )


def judged(cls: type[Event], amount: int, **more: object) -> Event:
    """Return a judgement of follow-up `f-1`; `more` replaces or adds fields."""
    fields = {
        "outcome": OUTCOME,
        "follow_up": "f-1",
        "kind_of_evidence": "other",
        "code": "other",
        "applicant": APPLICANT,
        "rung": Rung.FOLLOW_UP_REALISED,
        "amount_idr": amount,
        "devisa": False,
        "judged_on": TODAY,
        "judged_by": "tester",
    }
    return cls.model_validate({**fields, **more})


def state_after(*events: Event) -> Outcome:
    """Return the state of the outcome after these events."""
    state = given(outcome, *events).state
    assert isinstance(state, Outcome)
    return state


def following(outcome: Given, amount: int) -> When:
    """Report another follow-up of this amount in rupiah."""
    return sending(outcome, follow_up(amount, not_a_double=True))


def sending(outcome: Given, command: ReportFollowUp, key: str = "k1") -> When:
    """Send this follow-up."""
    return outcome.when(
        command, rule=report_follow_up, facts=FOLLOWING, subject=OUTCOME, actor=REPORTER, key=key
    )


def test_a_part_of_an_outcome_is_realised() -> None:
    when = sending(given(outcome, reported(100)), follow_up(40))
    (event,) = when.events()
    assert isinstance(event, FollowUpReported)
    when.then(followed(40, event.follow_up))


def test_an_absent_participant_has_no_follow_up() -> None:
    past = given(outcome, reported(100))
    absent = replace(FOLLOWING, attended=False)
    past.when(
        follow_up(40), rule=report_follow_up, facts=absent, subject=OUTCOME, actor=REPORTER
    ).refused("not-attended")


def test_the_id_of_a_follow_up_derives_from_its_request_and_its_outcome() -> None:
    def name(subject: str, key: str) -> str:
        when = given(outcome, reported(100)).when(
            follow_up(1), rule=report_follow_up, facts=FOLLOWING, subject=subject, key=key
        )
        (event,) = when.events()
        assert isinstance(event, FollowUpReported)
        return event.follow_up

    assert name("o-1", "k") == name("o-1", "k")
    assert len({name("o-1", "k"), name("o-1", "l"), name("o-2", "k")}) == 3


def test_follow_ups_realise_at_most_the_whole_outcome() -> None:
    past = given(outcome, reported(100), followed(40))
    following(past, 61).refused("parent-exceeded")
    assert following(past, 60).events()


def test_a_void_follow_up_makes_room_and_a_disputed_one_does_not() -> None:
    past = (reported(100), followed(100))
    disputed = given(outcome, *past, judged(OutcomeDisputed, 100, reason="?"))
    following(disputed, 1).refused("parent-exceeded")
    void = given(outcome, *past, judged(OutcomeVoided, 100, reason="?"))
    assert following(void, 100).events()


def test_a_retail_sale_has_no_follow_ups() -> None:
    sold = reported(100, rung=Rung.RETAIL_SALE)
    following(given(outcome, sold), 1).refused("no-follow-ups")


@pytest.mark.parametrize("rung", [Rung.POTENTIAL, Rung.ORDER_ON_SITE, Rung.TRADE_CONTRACT])
def test_the_other_rungs_can_be_followed_up(rung: Rung) -> None:
    past = given(outcome, reported(100, rung=rung))
    assert following(past, 1).events()


@pytest.mark.parametrize("cls", [OutcomeDisputed, OutcomeVoided])
def test_a_disputed_or_void_outcome_takes_no_follow_up(cls: type[Event]) -> None:
    own = judged(cls, 100, follow_up=None, rung=Rung.POTENTIAL, reason="?")
    following(given(outcome, reported(100), own), 1).refused("not-standing")


def test_an_outcome_that_does_not_exist_takes_no_follow_up() -> None:
    following(given(outcome), 1).refused("not-found")


def test_the_number_of_follow_ups_of_an_outcome_is_limited() -> None:
    many = [followed(1, f"f-{number}") for number in range(FOLLOW_UPS_MAX)]
    past = given(outcome, reported(10_000), *many)
    following(past, 1).refused("too-many-follow-ups")


def usd(amount: str, currency: str = "USD") -> ReportFollowUp:
    """Return the command for a follow-up of today from a buyer in Malaysia."""
    return ReportFollowUp(
        occurred_on=TODAY, amount=Decimal(amount), currency=currency, buyer_country="MY"
    )


def part(amount: str, *past: Event) -> FollowUpReported:
    """Return the follow-up of an order of USD 100 at 13,413 after these events."""
    command = replace(usd(amount), not_a_double=True)
    (event,) = sending(given(outcome, ORDERED, *past), command).events()
    assert isinstance(event, FollowUpReported)
    return event


def test_a_follow_up_has_the_rate_of_its_outcome() -> None:
    # Otherwise the whole amount could not be reported after the dollar has risen.
    whole = part("100")
    parent = state_after(ORDERED)
    assert (whole.amount_idr, whole.rate_on) == (1_341_300, parent.rate_on)
    assert (whole.rate, whole.rate_source, whole.devisa) == (Decimal(13_413), "JISDOR", True)


def test_the_cap_is_in_the_currency_and_the_last_part_takes_the_rupiah_that_are_left() -> None:
    # 50.10 x 13,413 = 671,991.3 and 49.90 x 13,413 = 669,308.7: rounded alone they are one rupiah
    # more or less than the whole.
    first = part("50.10")
    last = part("49.90", first)
    assert (first.amount_idr, last.amount_idr) == (671_991, 669_309)
    assert first.amount_idr + last.amount_idr == ORDERED.amount_idr
    thirds = [part("33.33")]
    for amount in ("33.33", "33.34"):
        more = [each.model_copy(update={"follow_up": str(n)}) for n, each in enumerate(thirds)]
        thirds.append(part(amount, *more))
    assert sum(each.amount_idr for each in thirds) == ORDERED.amount_idr
    sending(given(outcome, ORDERED, first), usd("49.91")).refused(
        "parent-exceeded", "only 49.90 of this outcome are left"
    )


@pytest.mark.parametrize("currency", ["MYR", "IDR"])
def test_a_follow_up_is_in_the_currency_of_its_outcome(currency: str) -> None:
    sending(given(outcome, ORDERED), usd("1", currency)).refused("other-currency", "in USD")


def test_a_follow_up_has_no_more_decimals_than_its_currency() -> None:
    sending(given(outcome, ORDERED), usd("0.001")).refused("too-many-decimals")


def test_a_follow_up_comes_after_the_show_and_not_in_the_future() -> None:
    past = given(outcome, reported(100))
    on_the_last_day = replace(follow_up(1), occurred_on=SHOW.ends_on)
    sending(past, on_the_last_day).refused("before-show-end", "ends on 2018-01-31")
    to_come = replace(follow_up(1), occurred_on=date(2018, 2, 2))
    sending(past, to_come).refused("not-yet-occurred")


def test_an_equal_follow_up_is_asked_about_once() -> None:
    past = given(outcome, reported(100), followed(40))
    sending(past, follow_up(40)).refused("possible-double-entry", "f-1")
    (event,) = sending(past, follow_up(40, not_a_double=True)).events()
    assert isinstance(event, FollowUpReported)
    assert event.not_a_double
    assert sending(past, follow_up(41)).events()
    void = given(outcome, reported(100), followed(40), judged(OutcomeVoided, 40, reason="?"))
    assert sending(void, follow_up(40)).events()
