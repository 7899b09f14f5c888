"""Test the rules of funding: rank order, no place skipped, no idle money, none once closed."""

from dataclasses import replace
from datetime import date

import pytest

from services.budget.domain.allocation.decider import CommandWithoutFacts, allocation
from services.budget.domain.allocation.funding import (
    CloseAllocation,
    FundPlaces,
    LowerAllocation,
    RaiseAllocation,
    ReinstateFunding,
    ReleaseFunding,
)
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationLowered,
    AllocationRaised,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.budget.examples import (
    CLOSED,
    CONTRACTED,
    DAY,
    EXHIBITION,
    FUNDED,
    FUNDED_A,
    FUNDED_B,
    OFFICER,
    RAISED,
    REQUESTED,
    A,
    B,
    C,
    D,
    money,
)
from tests.given import Given, When, given


def raise_by(amount_idr: int, unit_cost_idr: int = 40) -> RaiseAllocation:
    return RaiseAllocation(
        programme="2018",
        scope=Scope.DOMESTIC,
        amount_idr=amount_idr,
        unit_cost_idr=unit_cost_idr,
    )


def fund(*applications: str) -> FundPlaces:
    return FundPlaces(programme="2018", scope=Scope.DOMESTIC, applications=applications)


def release(application: str) -> ReleaseFunding:
    return ReleaseFunding(programme="2018", scope=Scope.DOMESTIC, application=application)


def reinstate(application: str) -> ReinstateFunding:
    return ReinstateFunding(programme="2018", scope=Scope.DOMESTIC, application=application)


def lower(amount_idr: int) -> LowerAllocation:
    return LowerAllocation(
        amount_idr=amount_idr, document_number="ND-9/Dep.3/2018", effective_on=DAY
    )


TOMORROW = date(2018, 2, 2)
CLOSE = CloseAllocation(programme="2018", scope=Scope.DOMESTIC)


def reacting(past: Given, command: CommandWithoutFacts) -> When:
    return past.when(command, origin=Origin.REACTION, subject=EXHIBITION)


def test_an_allotment_makes_the_allocation() -> None:
    reacting(given(allocation), raise_by(100)).then(RAISED)


def test_places_are_funded_in_rank_order_while_money_lasts() -> None:
    reacting(given(allocation, RAISED), fund(A, B, C)).then(
        REQUESTED, FUNDED_A, FUNDED_B, FundingDeclined(application=C, **money(100, 80))
    )


def test_places_that_request_funding_before_any_money_all_wait() -> None:
    reacting(given(allocation), fund(A, B)).then(
        FundingRequested(applications=(A, B), **money(0)),
        FundingDeclined(application=A, **money(0)),
        FundingDeclined(application=B, **money(0)),
    )


def test_a_raise_funds_places_that_wait() -> None:
    requested = FundingRequested(applications=(A, B), **money(0))
    reacting(given(allocation, requested), raise_by(50)).then(
        AllocationRaised(amount_idr=50, unit_cost_idr=40, **money(50)),
        PlaceFunded(application=A, amount_idr=40, **money(50, 40)),
    )


def test_a_place_that_waits_longer_is_funded_first() -> None:
    reacting(given(allocation, *FUNDED), fund(D)).then(
        FundingRequested(applications=(D,), **money(100, 80)),
        FundingDeclined(application=D, **money(100, 80)),
    )
    requested = FundingRequested(applications=(D,), **money(100, 80))
    reacting(given(allocation, *FUNDED, requested), raise_by(20)).then(
        AllocationRaised(amount_idr=20, unit_cost_idr=40, **money(120, 80)),
        PlaceFunded(application=C, amount_idr=40, **money(120, 120)),
    )


def test_a_place_requests_funding_once() -> None:
    reacting(given(allocation, *FUNDED), fund(A, C)).then()
    reacting(given(allocation, *FUNDED, CONTRACTED), fund(A)).then()


def test_an_empty_request_is_silent() -> None:
    reacting(given(allocation), fund()).then()


def test_a_later_unit_cost_holds_for_new_fundings_only() -> None:
    dearer = AllocationRaised(amount_idr=10, unit_cost_idr=30, **money(110, 80))
    reacting(given(allocation, *FUNDED), raise_by(10, 30)).then(
        dearer, PlaceFunded(application=C, amount_idr=30, **money(110, 110))
    )
    funded_c = PlaceFunded(application=C, amount_idr=30, **money(110, 110))
    reacting(given(allocation, *FUNDED, dearer, funded_c), release(A)).then(
        FundingReleased(application=A, amount_idr=40, **money(110, 70))
    )


def test_a_released_reservation_funds_the_next_place() -> None:
    reacting(given(allocation, *FUNDED), release(A)).then(
        FundingReleased(application=A, amount_idr=40, **money(100, 40)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 80)),
    )


def test_a_place_that_only_waited_releases_nothing() -> None:
    reacting(given(allocation, *FUNDED), release(C)).then(
        FundingReleased(application=C, amount_idr=0, waited=True, **money(100, 80))
    )


def test_the_release_of_an_unknown_place_is_silent() -> None:
    reacting(given(allocation), release(D)).then()


def test_a_place_that_was_used_after_all_has_its_money_again() -> None:
    sunk = SunkCostRecognised(application=A, amount_idr=40, **money(100, 0, 80))
    reversal = SunkCostReversed(application=A, amount_idr=40, **money(100, 0, 80))
    contracted = given(allocation, *FUNDED, CONTRACTED, sunk)
    reacting(contracted, reinstate(A)).then(reversal)
    again = given(allocation, *FUNDED, CONTRACTED, sunk, reversal)
    reacting(again, reinstate(A)).then()
    assert again.state.sunk == {}
    released = FundingReleased(application=A, amount_idr=40, **money(100, 40))
    reacting(given(allocation, RAISED, REQUESTED, FUNDED_A, FUNDED_B, released), reinstate(A)).then(
        FundingRequested(applications=(A,), **money(100, 40)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 80)),
        FundingDeclined(application=A, **money(100, 80)),
    )


def test_nothing_is_given_back_to_a_place_that_has_its_money_or_of_a_cancelled_show() -> None:
    reacting(given(allocation, *FUNDED), reinstate(A)).then()
    reacting(given(allocation, CLOSED), reinstate(A)).then()


def test_a_contracted_place_is_a_sunk_cost_once() -> None:
    sunk = SunkCostRecognised(application=A, amount_idr=40, **money(100, 0, 80))
    reacting(given(allocation, *FUNDED, CONTRACTED), release(A)).then(sunk)
    reacting(given(allocation, *FUNDED, CONTRACTED, sunk), release(A)).then()


def test_free_money_is_returned() -> None:
    given(allocation, *FUNDED).when(lower(20), actor=OFFICER).then(
        AllocationLowered(
            amount_idr=20,
            document_number="ND-9/Dep.3/2018",
            effective_on=DAY,
            posted_by=OFFICER,
            **money(80, 80),
        )
    )


def test_a_lowering_has_a_day_of_the_fiscal_year_and_a_document_of_its_own() -> None:
    past = given(allocation, *FUNDED)
    for day, code in ((date(2019, 1, 1), "outside-fiscal-year"), (TOMORROW, "in-the-future")):
        past.when(replace(lower(1), effective_on=day)).refused(code)
    lowered = AllocationLowered(
        amount_idr=1, document_number="nd-9/dep.3/2018", effective_on=DAY, **money(99, 80)
    )
    given(allocation, *FUNDED, lowered).when(lower(1)).refused("document-repeated")


@pytest.mark.parametrize("past", [FUNDED, (*FUNDED, CONTRACTED)])
def test_reserved_or_contracted_money_is_not_returned(past: tuple[AllocationRaised, ...]) -> None:
    given(allocation, *past).when(lower(21)).refused("ceiling-below-use")


def test_an_allocation_that_does_not_exist_is_not_lowered() -> None:
    given(allocation).when(lower(1)).refused("not-found")


def test_a_cancelled_exhibition_returns_its_free_money() -> None:
    reacting(given(allocation, *FUNDED), CLOSE).then(
        AllocationClosed(**money(100, 80)), AllocationLowered(amount_idr=20, **money(80, 80))
    )


def test_a_cancellation_may_come_before_any_money() -> None:
    reacting(given(allocation), CLOSE).then(AllocationClosed(**money(0)))


def test_an_allocation_is_closed_once() -> None:
    reacting(given(allocation, RAISED, CLOSED), CLOSE).then()


def test_a_closed_allocation_returns_each_release_and_funds_no_place() -> None:
    closed = (AllocationClosed(**money(100, 80)), AllocationLowered(amount_idr=20, **money(80, 80)))
    reacting(given(allocation, *FUNDED, *closed), release(B)).then(
        FundingReleased(application=B, amount_idr=40, **money(80, 40)),
        AllocationLowered(amount_idr=40, **money(40, 40)),
    )


def test_a_closed_allocation_returns_an_allotment_that_was_in_flight() -> None:
    closed = AllocationClosed(**money(0))
    reacting(given(allocation, closed), raise_by(100)).then(
        RAISED, AllocationLowered(amount_idr=100, **money(0))
    )


def test_a_closed_allocation_ignores_requests_for_funding() -> None:
    reacting(given(allocation, RAISED, CLOSED), fund(A)).then()
