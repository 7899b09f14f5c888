"""The audit's checks of contracts and payments, on a short history and on forgeries of it."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, cast

import pytest

from gelar.checking.invariants.answers import Answers
from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.payments import checks
from gelar.checking.invariants.topics import Fact, Topics
from shared.contracts.budget.allocation import (
    AllocationEvent,
    ContractAmended,
    DeliveryRetracted,
    PaymentReturned,
)
from shared.contracts.budget.reasons import PaymentReturnCode, RetractionCode
from tests.budget.examples import (
    BOUND,
    CASHIER,
    DELIVERED,
    EXHIBITION,
    OFFICER,
    ORDERED,
    PAID,
    PAID_ON,
    PAYER,
    SIGNED_ON,
    money,
)

SECOND = "budget-officer-2"


class By(NamedTuple):
    """An event, and the person of it."""

    actor: str
    event: AllocationEvent


AMENDED = ContractAmended(
    contract="k-1",
    addendum="a-1",
    signed_on=SIGNED_ON,
    delta_idr=10,
    amount_idr=90,
    **money(100, 0, 90),
)
RETRACTED = DeliveryRetracted(
    contract="k-1",
    document_number="BAST-1",
    first_delivered_on=None,
    code=RetractionCode.WRONG_DAY,
    **money(100, 0, 80),
)
MISTAKEN = PaymentReturned(
    contract="k-1",
    spm="spm-1",
    sp2d=PAID.sp2d,
    return_number=None,
    returned_on=PAID_ON,
    amount_idr=50,
    code=PaymentReturnCode.RECORDED_BY_MISTAKE,
    **money(100, 0, 80),
)
RETURNED = MISTAKEN.model_copy(
    update={
        "return_number": "R-1",
        "returned_on": date(2018, 2, 1),
        "code": PaymentReturnCode.WRONG_NAME,
    }
)
ORDERED_TOO = ORDERED.model_copy(update={"spm": "spm-2", "amount_idr": 30})
PAID_TOO = PAID.model_copy(update={"spm": "spm-2", "amount_idr": 30})
HISTORY = (
    *(By("service:budget", event) for event in BOUND[:-1]),
    By(OFFICER, BOUND[-1]),
    By(OFFICER, DELIVERED),
    By(SECOND, RETRACTED),
    By(OFFICER, DELIVERED),
    By(CASHIER, ORDERED),
    By(CASHIER, ORDERED_TOO),
    By(PAYER, PAID),
    By(CASHIER, MISTAKEN),
    By(PAYER, PAID_TOO),
)


def differences(history: Sequence[By]) -> list[str]:
    """Return all that the checks find in this history."""
    facts = [_fact(number, by) for number, by in enumerate(history, start=1)]
    topics = Topics(facts={"allocation": {EXHIBITION: facts}}, messages=len(facts), foreign=0)
    evidence = Evidence(topics=topics, answers=cast(Answers, None))
    return [line for check in checks() for line in check.outcome(evidence).differences]


def _fact(number: int, by: By) -> Fact:
    *_, word, _version = by.event.type_name().split(".")
    return Fact(
        id=f"allocation/{EXHIBITION}@{number}",
        kind="allocation",
        subject=EXHIBITION,
        sequence=number,
        word=word,
        time="2018-02-01T03:00:00Z",
        actor=by.actor,
        data=json.loads(by.event.public_json()),
    )


def test_numbers_that_are_given_back_are_used_again() -> None:
    assert differences(HISTORY) == []


def without(event: AllocationEvent) -> Callable[[], Sequence[By]]:
    return lambda: [by for by in HISTORY if by.event is not event]


def then(*more: By) -> Callable[[], Sequence[By]]:
    return lambda: [*HISTORY, *more]


def instead(event: AllocationEvent, other: By) -> Callable[[], Sequence[By]]:
    return lambda: [other if by.event is event else by for by in HISTORY]


@pytest.mark.parametrize(
    ("forged", "found"),
    [
        (without(RETRACTED), "delivery BAST-1 was used 2 times"),
        (instead(MISTAKEN, By(CASHIER, RETURNED)), "was used 2 times"),
        (instead(RETRACTED, By(OFFICER, RETRACTED)), "who did the act before it"),
        (instead(MISTAKEN, By(OFFICER, MISTAKEN)), "who did the act before it"),
        (then(By(CASHIER, AMENDED)), "who did the act before it"),
        (then(By(PAYER, AMENDED)), "who did the act before it"),
        (then(By(SECOND, RETRACTED)), "was paid without another delivery"),
        (
            instead(MISTAKEN, By(CASHIER, MISTAKEN.model_copy(update={"return_number": "R-1"}))),
            "a return has a number, unless",
        ),
        (
            then(
                By(CASHIER, RETURNED.model_copy(update={"spm": "spm-2", "amount_idr": 30})),
                By(PAYER, PAID_TOO.model_copy(update={"sp2d": "3"})),
            ),
            "it was paid again before its return",
        ),
        (
            instead(
                BOUND[-1],
                By(OFFICER, BOUND[-1].model_copy(update={"amount_idr": 79})),
            ),
            "more was ordered than was signed",
        ),
    ],
)
def test_a_forgery_is_found(forged: Callable[[], Sequence[By]], found: str) -> None:
    assert any(found in line for line in differences(forged())), differences(forged())
