"""Test how a corrected cost prices an allocation again: within the ceiling, in rank order."""

from typing import Any

from hypothesis import given as given_values
from hypothesis import settings
from hypothesis import strategies as st

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import (
    FundPlaces,
    RaiseAllocation,
    RepriceAllocation,
)
from services.budget.domain.allocation.state import Allocation, evolve
from shared.contracts.budget.allocation import (
    AllocationRaised,
    AllocationRepriced,
    ContractClosed,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
)
from shared.contracts.budget.reasons import ClosureCode
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.budget.examples import (
    CLOSED,
    CONTRACTED,
    EXHIBITION,
    FUNDED,
    FUNDED_A,
    RAISED,
    REQUESTED,
    A,
    B,
    C,
    D,
    money,
)
from tests.budget.test_funding import reacting, release
from tests.given import Given, When, context, given


def repriced(unit_cost_idr: int, *unfunded: str, reserved_idr: int) -> AllocationRepriced:
    balances = money(100, reserved_idr)
    return AllocationRepriced(unit_cost_idr=unit_cost_idr, unfunded=unfunded, **balances)


def reprice(past: Given, unit_cost_idr: int) -> When:
    command = RepriceAllocation(programme="2018", scope=Scope.DOMESTIC, unit_cost_idr=unit_cost_idr)
    return past.when(command, origin=Origin.REACTION, subject=EXHIBITION)


def test_a_lower_cost_frees_money_that_funds_the_places_that_wait() -> None:
    reprice(given(allocation, *FUNDED), 30).then(
        repriced(30, reserved_idr=60),
        PlaceFunded(application=C, amount_idr=30, **money(100, 90)),
    )


def test_a_higher_cost_that_fits_takes_free_money() -> None:
    reprice(given(allocation, *FUNDED), 50).then(repriced(50, reserved_idr=100))


def test_reservations_that_no_longer_fit_wait_in_rank_order_before_those_that_waited() -> None:
    past = given(allocation, *FUNDED)
    reprice(past, 60).then(repriced(60, B, reserved_idr=60))
    reprice(past, 101).then(repriced(101, A, B, reserved_idr=0))
    state = given(allocation, *FUNDED, repriced(101, A, B, reserved_idr=0)).state
    assert (state.waiting, state.reserved, state.free_idr) == ((A, B, C), {}, 100)


def test_places_of_a_dissolved_contract_keep_their_rank() -> None:
    part = CONTRACTED.model_copy(
        update={"applications": (A,), "amount_idr": 40, **money(100, 40, 40)}
    )
    dissolved = ContractClosed(
        contract="k-1",
        released_idr=40,
        applications=(A,),
        code=ClosureCode.MISTAKEN,
        **money(100, 80),
    )
    past = (*FUNDED, part, dissolved)
    reprice(given(allocation, *past), 60).then(repriced(60, B, reserved_idr=60))


def test_a_place_of_a_higher_rank_that_waits_is_funded_before_a_reservation() -> None:
    part = CONTRACTED.model_copy(
        update={"applications": (B,), "amount_idr": 40, **money(100, 40, 40)}
    )
    without_a = repriced(61, A, reserved_idr=0).model_copy(update=money(100, 0, 40))
    dissolved = ContractClosed(
        contract="k-1",
        released_idr=40,
        applications=(B,),
        code=ClosureCode.MISTAKEN,
        **money(100, 40),
    )
    past = (*FUNDED, part, without_a, dissolved)
    reprice(given(allocation, *past), 70).then(
        repriced(70, B, reserved_idr=0),
        PlaceFunded(application=A, amount_idr=70, **money(100, 70)),
    )
    state = given(allocation, *past, repriced(70, B, reserved_idr=0)).state
    assert state.waiting == (A, B, C)


def test_a_mistyped_cost_is_put_right() -> None:
    cheap = AllocationRaised(amount_idr=100, unit_cost_idr=1, **money(100))
    requested = FundingRequested(applications=(A, B, C), **money(100))
    funded = [
        PlaceFunded(application=place, amount_idr=1, **money(100, number))
        for number, place in enumerate((A, B, C), start=1)
    ]
    reprice(given(allocation, cheap, requested, *funded), 40).then(repriced(40, C, reserved_idr=80))


def test_what_is_contracted_keeps_its_price() -> None:
    part = CONTRACTED.model_copy(
        update={"applications": (A,), "amount_idr": 40, **money(100, 40, 40)}
    )
    past = given(allocation, *FUNDED, part)
    reprice(past, 60).then(AllocationRepriced(unit_cost_idr=60, unfunded=(), **money(100, 60, 40)))
    reprice(past, 61).then(AllocationRepriced(unit_cost_idr=61, unfunded=(B,), **money(100, 0, 40)))


def test_reservations_of_different_costs_all_get_the_corrected_cost() -> None:
    dearer = AllocationRaised(amount_idr=100, unit_cost_idr=80, **money(200, 40))
    requested = FundingRequested(applications=(D,), **money(200, 40))
    declined = FundingDeclined(application=D, **money(200, 40))
    past = given(allocation, RAISED, REQUESTED, FUNDED_A, dearer, requested, declined)
    reprice(past, 40).then(
        AllocationRepriced(unit_cost_idr=40, unfunded=(), **money(200, 40)),
        PlaceFunded(application=B, amount_idr=40, **money(200, 80)),
        PlaceFunded(application=C, amount_idr=40, **money(200, 120)),
        PlaceFunded(application=D, amount_idr=40, **money(200, 160)),
    )


def test_the_same_cost_again_is_silent_and_so_is_a_closed_allocation() -> None:
    reprice(given(allocation, *FUNDED), 40).then()
    reprice(given(allocation, *FUNDED, CLOSED), 30).then()


def test_a_corrected_cost_may_come_before_any_money() -> None:
    reprice(given(allocation), 40).then(
        AllocationRepriced(unit_cost_idr=40, unfunded=(), **money(0))
    )


def test_a_place_that_lost_its_reservation_releases_nothing() -> None:
    waiting = (*FUNDED, repriced(60, B, reserved_idr=60))
    reacting(given(allocation, *waiting), release(B)).then(
        FundingReleased(application=B, amount_idr=0, waited=True, **money(100, 60))
    )


@settings(deadline=None, database=None)
@given_values(
    ceiling_idr=st.integers(1, 300),
    cost_idr=st.integers(10, 60),
    corrected_idr=st.integers(1, 120),
    bound=st.integers(0, 3),
)
def test_the_money_that_no_contract_binds_pays_for_the_first_places_in_rank_order(
    ceiling_idr: int, cost_idr: int, corrected_idr: int, bound: int
) -> None:
    """Compare with a model: as many of all places, in order, as the money covers."""
    about: dict[str, Any] = {"programme": "2018", "scope": Scope.DOMESTIC}
    raising = RaiseAllocation(amount_idr=ceiling_idr, unit_cost_idr=cost_idr, **about)
    places = tuple(f"{EXHIBITION}.{name}" for name in "abcdefgh")
    state = decided(None, raising)
    state = decided(state, FundPlaces(applications=places, **about))
    contracted = tuple(state.reserved)[:bound]
    if contracted:
        amount_idr = cost_idr * len(contracted)
        terms = {"applications": contracted, "amount_idr": amount_idr}
        state = evolve(state, CONTRACTED.model_copy(update=terms))
    left_idr = ceiling_idr - cost_idr * len(contracted)
    uncontracted = places[len(contracted) :]
    fitting = left_idr // corrected_idr
    state = decided(state, RepriceAllocation(unit_cost_idr=corrected_idr, **about))
    assert state.reserved == dict.fromkeys(uncontracted[:fitting], corrected_idr)
    assert state.waiting == uncontracted[fitting:]


def decided(state: Allocation | None, command: Any) -> Allocation:
    """Return the allocation after a reaction's command."""
    at = context(origin=Origin.REACTION, subject=EXHIBITION)
    for event in allocation.decide(command, state, at):
        state = evolve(state, event)
    assert state is not None
    return state
