"""Test the rules of the cost of a place: plausible by the last of its scope, corrected by two."""

from dataclasses import replace
from typing import Any

import pytest

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.course import Course
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    WithdrawCost,
    correct_cost,
    propose_cost,
)
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.state import Envelope
from shared.contracts.budget.envelope import (
    CostCorrected,
    CostProposed,
    CostWithdrawn,
    PostingCode,
)
from shared.contracts.words import Scope
from tests.budget.examples import ALLOTTED, DAY, EXHIBITION, FUNDED, OFFICER, OPENED, B, pagu
from tests.budget.test_envelope import DOMESTIC, allot, allotting
from tests.given import Given, When, given

NUMBER = "ND-8/Dep.3/2018"
POSTING: dict[str, Any] = {
    "document_number": NUMBER,
    "effective_on": DAY,
    "code": PostingCode.CORRECTION,
    "reason": "the zeros were left out",
    "exhibition": EXHIBITION,
    "unit_cost_idr": 400,
}
APPROVER = "approver-1"
BALANCES = pagu(1_000, 0, 100)
PROPOSE = ProposeCost(**POSTING)
CONFIRM, WITHDRAW = CorrectCost(document_number=NUMBER), WithdrawCost(document_number=NUMBER)
PROPOSED = CostProposed(posted_by=OFFICER, **POSTING, **BALANCES)
CORRECTED = CostCorrected(posted_by=APPROVER, proposed_by=OFFICER, **POSTING, **BALANCES)
WITHDRAWN = CostWithdrawn(document_number=NUMBER, withdrawn_by=OFFICER, **BALANCES)
CONFIRMING: dict[str, Any] = {"facts": DOMESTIC, "rule": correct_cost}
ALLOTTED_BEFORE = given(envelope, OPENED, ALLOTTED)


def proposing(past: Given, command: ProposeCost, facts: ExhibitionFacts = DOMESTIC) -> When:
    return past.when(command, facts=facts, rule=propose_cost, actor=OFFICER)


def costing(unit_cost_idr: int) -> Any:
    number = "ND-9/Dep.3/2018"
    return replace(allot(100), unit_cost_idr=unit_cost_idr, document_number=number)


def test_the_first_cost_of_a_scope_has_nothing_to_be_compared_with() -> None:
    assert len(allotting(given(envelope, OPENED), costing(1)).events()) == 1


@pytest.mark.parametrize("unit_cost_idr", [8, 40, 200])
def test_a_cost_up_to_five_times_the_last_and_down_to_a_fifth_is_plausible(
    unit_cost_idr: int,
) -> None:
    assert len(allotting(ALLOTTED_BEFORE, costing(unit_cost_idr)).events()) == 1


@pytest.mark.parametrize("unit_cost_idr", [1, 7, 201, 40_000])
def test_a_cost_far_from_the_last_of_its_scope_is_refused(unit_cost_idr: int) -> None:
    allotting(ALLOTTED_BEFORE, costing(unit_cost_idr)).refused(
        "implausible-amount", "the last cost of this scope, Rp 40"
    )


def test_a_cost_that_two_people_name_is_the_last_of_its_scope() -> None:
    past = given(envelope, OPENED, ALLOTTED, PROPOSED, CORRECTED)
    assert len(allotting(past, costing(400)).events()) == 1
    allotting(past, costing(40)).refused("implausible-amount")


def test_a_proposed_cost_changes_nothing_yet() -> None:
    proposing(ALLOTTED_BEFORE, PROPOSE).then(PROPOSED)
    allotting(given(envelope, OPENED, ALLOTTED, PROPOSED), costing(400)).refused(
        "implausible-amount"
    )


def test_a_cost_is_confirmed_by_another_person() -> None:
    past = given(envelope, OPENED, ALLOTTED, PROPOSED)
    past.when(CONFIRM, **CONFIRMING, actor=APPROVER).then(CORRECTED)
    roles = frozenset({"budget-officer", "approver"})
    past.when(CONFIRM, **CONFIRMING, actor=OFFICER, roles=roles).refused(
        "same-person", "You proposed this cost, so you cannot confirm it"
    )


def test_a_proposed_cost_is_withdrawn_and_can_be_proposed_again() -> None:
    given(envelope, OPENED, ALLOTTED, PROPOSED).when(WITHDRAW, actor=OFFICER).then(WITHDRAWN)
    past = given(envelope, OPENED, ALLOTTED, PROPOSED, WITHDRAWN)
    proposing(past, PROPOSE).then(PROPOSED)
    assert isinstance(past.state, Envelope)
    assert past.state.unit_cost_idr == 40


@pytest.mark.parametrize(
    ("command", "about"),
    [(CONFIRM, CONFIRMING), (CONFIRM, {**CONFIRMING, "facts": None}), (WITHDRAW, {})],
)
def test_only_the_cost_that_waits_is_confirmed_or_withdrawn(
    command: CorrectCost | WithdrawCost, about: dict[str, Any]
) -> None:
    for past in ((OPENED,), (OPENED, PROPOSED, WITHDRAWN), (OPENED, PROPOSED, CORRECTED)):
        given(envelope, *past).when(command, **about, actor=APPROVER).refused("no-cost")
    other = PROPOSED.model_copy(update={"document_number": "ND-9/Dep.3/2018"})
    given(envelope, OPENED, other).when(command, **about, actor=APPROVER).refused("no-cost")
    given(envelope).when(command, **about).refused("not-found")


def test_one_cost_waits_at_a_time_and_a_document_corrects_once() -> None:
    waiting = given(envelope, OPENED, ALLOTTED, PROPOSED)
    proposing(waiting, PROPOSE).refused("cost-waits", NUMBER)
    corrected = given(envelope, OPENED, ALLOTTED, PROPOSED, CORRECTED)
    proposing(corrected, PROPOSE).refused("document-repeated")
    proposing(given(envelope), PROPOSE).refused("not-found")


@pytest.mark.parametrize(
    ("programme", "scope", "course", "code"),
    [
        ("2019", Scope.DOMESTIC, Course.AHEAD, "another-programme"),
        ("2018", Scope.OVERSEAS, Course.AHEAD, "another-scope"),
        ("2018", Scope.DOMESTIC, Course.CANCELLED, "exhibition-cancelled"),
    ],
)
def test_a_cost_is_of_an_exhibition_of_this_envelope_that_takes_place(
    programme: str, scope: Scope, course: Course, code: str
) -> None:
    facts = ExhibitionFacts(programme=programme, scope=scope, course=course)
    proposing(ALLOTTED_BEFORE, PROPOSE, facts).refused(code)


def test_a_cost_can_be_corrected_after_the_exhibition_has_ended() -> None:
    ended = ExhibitionFacts(programme="2018", scope=Scope.DOMESTIC, course=Course.ENDED)
    proposing(ALLOTTED_BEFORE, PROPOSE, ended).then(PROPOSED)


def test_no_cost_takes_a_reservation_away_once_the_exhibition_has_ended() -> None:
    money = given(allocation, *FUNDED).state
    assert isinstance(money, Allocation)
    ended = replace(DOMESTIC, course=Course.ENDED, allocation=money)
    for unit_cost_idr, refused in ((50, False), (51, True)):
        propose = replace(PROPOSE, unit_cost_idr=unit_cost_idr)
        proposed = PROPOSED.model_copy(update={"unit_cost_idr": unit_cost_idr})
        proposing_it = proposing(ALLOTTED_BEFORE, propose, ended)
        confirming_it = given(envelope, OPENED, ALLOTTED, proposed).when(
            CONFIRM, facts=ended, rule=correct_cost, actor=APPROVER
        )
        if refused:
            proposing_it.refused("reservations-lost", f"{B}: give a cost")
            confirming_it.refused("reservations-lost")
        else:
            assert proposing_it.events()
            assert confirming_it.events()
    running = replace(ended, course=Course.RUNNING)
    assert proposing(ALLOTTED_BEFORE, replace(PROPOSE, unit_cost_idr=51), running).events()
