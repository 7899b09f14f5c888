"""Test the rules of commitments: only reservations of places on the annex, each contracted once."""

from datetime import date
from typing import Any

import pytest

from services.budget.domain.allocation.commitments import (
    CloseContract,
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.contract import parts
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import ReleaseFunding
from services.budget.domain.allocation.numbers import DOCUMENTS_MAX
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationClosed,
    CommitmentContracted,
    ContractAmended,
    ContractClosed,
    DeliveryRecorded,
    PaymentOrderVoided,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.reasons import ClosureCode, VoidCode
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.budget.examples import (
    ALL_PAID,
    BOUND,
    CASHIER,
    CONTRACTED,
    DECREED_ON,
    DELIVERED_ON,
    FUNDED,
    OFFICER,
    ORDERED,
    RAISED,
    SIGNED_ON,
    A,
    B,
    C,
    money,
)
from tests.given import given

OTHER = "budget-officer-2"
DECREED = CommitmentFacts(annex=(A, B, C), decreed_on=DECREED_ON)
CLOSE = CloseContract(contract="k-1", code=ClosureCode.MISTAKEN, reason="wrong places")
SUNK_A = SunkCostRecognised(application=A, amount_idr=40, **money(100, 0, 80))


def contract(**changes: Any) -> ContractCommitment:
    """Return the command of contract `k-1`, with changes."""
    fields = {"contract": "k-1", "signed_on": SIGNED_ON, "applications": (A, B), "amount_idr": 80}
    return ContractCommitment(**{**fields, **changes})


def closed(released_idr: int, *places: str, **more: Any) -> ContractClosed:
    """Return the closing of contract `k-1`."""
    return ContractClosed(
        contract="k-1",
        released_idr=released_idr,
        applications=places,
        code=CLOSE.code,
        reason=CLOSE.reason,
        **more,
    )


def test_reservations_on_the_annex_are_contracted() -> None:
    given(allocation, *FUNDED).when(
        contract(), facts=DECREED, rule=contract_commitment, actor=OFFICER
    ).then(CONTRACTED)


@pytest.mark.parametrize(
    ("changes", "annex", "code"),
    [
        ({"applications": (A,)}, None, "not-decreed"),
        ({}, (A, C), "not-on-annex"),
        ({"applications": (A, C)}, (A, B, C), "not-reserved"),
        ({"applications": (A, A)}, (A, B, C), "place-repeated"),
        ({"applications": ()}, (A, B, C), "nothing-contracted"),
        ({"amount_idr": 81}, (A, B, C), "amount-exceeds-reservations"),
        ({"signed_on": date(2017, 12, 31)}, (A, B, C), "outside-fiscal-year"),
        ({"signed_on": date(2019, 1, 1)}, (A, B, C), "outside-fiscal-year"),
        ({"signed_on": date(2018, 2, 2)}, (A, B, C), "in-the-future"),
        ({"signed_on": date(2018, 1, 14)}, (A, B, C), "signed-before-decree"),
    ],
)
def test_only_reservations_of_the_annex_are_contracted_after_the_decree(
    changes: dict[str, Any], annex: tuple[str, ...] | None, code: str
) -> None:
    facts = CommitmentFacts(annex=annex, decreed_on=DECREED_ON)
    given(allocation, *FUNDED).when(
        contract(**changes), facts=facts, rule=contract_commitment
    ).refused(code)


def test_a_contract_may_be_signed_on_the_day_of_the_decree_and_today() -> None:
    for day in (DECREED_ON, date(2018, 2, 1)):
        command = contract(signed_on=day)
        (event, *_) = (
            given(allocation, *FUNDED)
            .when(command, facts=DECREED, rule=contract_commitment)
            .events()
        )
        assert isinstance(event, CommitmentContracted)
        assert event.signed_on == day


def test_what_a_contract_leaves_of_its_reservations_funds_the_next_place() -> None:
    bound = CONTRACTED.model_copy(update={"amount_idr": 59, "contracted_idr": 59})
    given(allocation, *FUNDED).when(
        contract(amount_idr=59), facts=DECREED, rule=contract_commitment, actor=OFFICER
    ).then(bound, PlaceFunded(application=C, amount_idr=40, **money(100, 40, 59)))
    state = given(allocation, *FUNDED, bound).state
    assert isinstance(state, Allocation)
    assert (state.contracted, state.free_idr) == ({A: 29, B: 30}, 41)


def test_a_contract_is_divided_by_the_reservations_and_the_last_place_takes_the_rest() -> None:
    assert parts(100, {A: 40, B: 40, C: 40}) == {A: 33, B: 33, C: 34}
    assert parts(10, {A: 30, B: 10}) == {A: 7, B: 3}
    assert parts(1, {A: 40, B: 40}) == {A: 0, B: 1}
    assert parts(0, {A: 40, B: 40}) == {A: 0, B: 0}
    assert parts(0, {}) == {}


def test_a_contract_is_made_once_however_its_number_is_written() -> None:
    for number in ("k-1", "K-1", "K -1"):
        given(allocation, *BOUND).when(
            contract(contract=number, applications=(C,)), facts=DECREED, rule=contract_commitment
        ).refused("contract-exists")


def test_who_speaks_for_an_enterprise_does_not_contract_its_place() -> None:
    when = given(allocation, *FUNDED).when
    for enterprise in ("a", "b"):
        when(contract(), facts=DECREED, rule=contract_commitment, enterprise=enterprise).refused(
            "own-enterprise"
        )
    assert when(contract(), facts=DECREED, rule=contract_commitment, enterprise="c").events()


def test_a_place_is_contracted_once() -> None:
    given(allocation, *BOUND).when(
        contract(contract="k-2", applications=(A,)), facts=DECREED, rule=contract_commitment
    ).refused("not-reserved")


def test_a_cancelled_exhibition_contracts_nothing() -> None:
    cancelled = AllocationClosed(**money(100, 80))
    given(allocation, *FUNDED, cancelled).when(
        contract(), facts=DECREED, rule=contract_commitment
    ).refused("allocation-closed")


def test_nothing_is_contracted_where_no_allocation_exists() -> None:
    given(allocation).when(contract(), facts=DECREED, rule=contract_commitment).refused("not-found")
    given(allocation).when(CLOSE).refused("not-found")


def test_an_allocation_has_room_for_a_limited_number_of_documents() -> None:
    deliveries = [
        DeliveryRecorded(
            contract="k-1",
            document_number=f"BAST-{number}",
            delivered_on=DELIVERED_ON,
            **money(100, 0, 80),
        )
        for number in range(DOCUMENTS_MAX - 1)
    ]
    given(allocation, *BOUND, *deliveries).when(
        contract(contract="k-2", applications=(C,)), facts=DECREED, rule=contract_commitment
    ).refused("too-many-documents")
    given(allocation, *BOUND, *deliveries[1:]).when(
        contract(contract="k-2", applications=(C,)), facts=DECREED, rule=contract_commitment
    ).refused("not-reserved")


def test_a_closed_contract_releases_what_is_not_ordered() -> None:
    given(allocation, *ALL_PAID).when(CLOSE, actor=OTHER).then(
        closed(30, **money(100, 0, 50, 50)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 40, 50, 50)),
    )


def test_a_contract_without_an_order_gives_its_places_their_reservations_back() -> None:
    event = closed(80, A, B, **money(100, 80))
    given(allocation, *BOUND).when(CLOSE, actor=OTHER).then(event)
    state = given(allocation, *BOUND, event).state
    assert isinstance(state, Allocation)
    assert (state.reserved, state.contracted) == ({A: 40, B: 40}, {})
    given(allocation, *BOUND, event).when(
        contract(contract="k-2"), facts=DECREED, rule=contract_commitment, actor=OFFICER
    ).then(CONTRACTED.model_copy(update={"contract": "k-2"}))


def test_a_sunk_place_of_a_dissolved_contract_costs_nothing() -> None:
    given(allocation, *BOUND, SUNK_A).when(CLOSE, actor=OTHER).then(
        closed(80, B, unreserved=(A,), **money(100, 40)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 80)),
        SunkCostReversed(application=A, amount_idr=40, **money(100, 80)),
    )


def test_the_sunk_cost_of_a_place_follows_its_part_of_the_contract() -> None:
    given(allocation, *BOUND, ORDERED, SUNK_A).when(CLOSE, actor=OTHER).then(
        closed(30, **money(100, 0, 50)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 40, 50)),
        SunkCostReversed(application=A, amount_idr=40, **money(100, 40, 50)),
        SunkCostRecognised(application=A, amount_idr=25, **money(100, 40, 50)),
    )


def test_a_place_that_is_lost_later_sinks_its_part_of_the_contract() -> None:
    bound = CONTRACTED.model_copy(update={"amount_idr": 59, "contracted_idr": 59})
    command = ReleaseFunding(programme="2018", scope=Scope.DOMESTIC, application=B)
    given(allocation, *FUNDED, bound).when(command, origin=Origin.REACTION).then(
        SunkCostRecognised(application=B, amount_idr=30, **money(100, 0, 59))
    )


def test_a_contract_of_a_cancelled_exhibition_gives_its_money_back_to_the_envelope() -> None:
    cancelled = AllocationClosed(**money(80, 0, 80))
    events = given(allocation, *BOUND, ORDERED, cancelled).when(CLOSE, actor=OTHER).events()
    assert [type(event).__name__ for event in events] == ["ContractClosed", "AllocationLowered"]
    assert events[-1].model_dump()["amount_idr"] == 100 - 50


def test_a_contract_is_closed_once_and_by_another_officer() -> None:
    given(allocation, *BOUND).when(CLOSE, actor=OFFICER).refused("same-person")
    event = closed(30, **money(100, 0, 50))
    given(allocation, *BOUND, ORDERED, event).when(CLOSE, actor=OTHER).refused("contract-closed")
    given(allocation, RAISED).when(CLOSE, actor=OTHER).refused("no-contract")


def test_an_order_that_is_void_after_the_closing_is_free_money() -> None:
    event = closed(30, **money(100, 0, 50))
    voided = PaymentOrderVoided(
        contract="k-1",
        spm="spm-1",
        amount_idr=50,
        code=VoidCode.NOT_DUE,
        reason="twice",
        **money(100),
    )
    state = given(allocation, *BOUND, ORDERED, event, voided).state
    assert isinstance(state, Allocation)
    assert (state.contracted_idr, state.contracts["K-1"].amount_idr) == (0, 0)
    amended = ContractAmended(
        contract="k-1",
        addendum="a-1",
        signed_on=SIGNED_ON,
        delta_idr=10,
        amount_idr=10,
        amended_by=CASHIER,
        **money(100, 0, 10),
    )
    state = given(allocation, *BOUND, ORDERED, event, voided, amended).state
    assert isinstance(state, Allocation)
    assert (state.contracted, state.contracts["K-1"].closed) == ({A: 5, B: 5}, False)
