"""Test the rules of a reservation that is not needed: released by hand, restored by another."""

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.reservations import (
    AttendanceFacts,
    ReleaseReservation,
    RestoreReservation,
    release_reservation,
    restore_reservation,
)
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationClosed,
    FundingDeclined,
    FundingRequested,
    PlaceFunded,
    ReservationReleased,
)
from shared.contracts.budget.reasons import ReleaseCode
from tests.budget.examples import BOUND, FUNDED, OFFICER, A, B, C, D, money
from tests.given import given

RELEASE = ReleaseReservation(application=A, code=ReleaseCode.PAID_BY_OTHERS, reason="a sponsor")
RESTORE = RestoreReservation(application=A)
CAME, ABSENT = AttendanceFacts(attended=True), AttendanceFacts(attended=False)
RELEASED = ReservationReleased(
    application=A,
    amount_idr=40,
    code=RELEASE.code,
    reason=RELEASE.reason,
    released_by=OFFICER,
    **money(100, 40),
)
FUNDED_C = PlaceFunded(application=C, amount_idr=40, **money(100, 80))


def test_a_reservation_that_is_not_needed_funds_the_next_place() -> None:
    given(allocation, *FUNDED).when(
        RELEASE, facts=CAME, rule=release_reservation, actor=OFFICER
    ).then(RELEASED, FUNDED_C)


def test_only_the_free_reservation_of_a_participant_that_came_is_released() -> None:
    given(allocation, *FUNDED).when(RELEASE, facts=ABSENT, rule=release_reservation).refused(
        "not-attended"
    )
    other = ReleaseReservation(application=D, code=ReleaseCode.OTHER, reason="it has no place")
    given(allocation, *FUNDED).when(other, facts=CAME, rule=release_reservation).refused(
        "not-reserved"
    )
    given(allocation, *BOUND).when(RELEASE, facts=CAME, rule=release_reservation).refused(
        "contracted"
    )
    given(allocation).when(RELEASE, facts=CAME, rule=release_reservation).refused("not-found")


def test_a_place_that_waits_for_money_is_taken_out_and_restored() -> None:
    release = ReleaseReservation(application=C, code=ReleaseCode.OTHER, reason="it has ended")
    released = RELEASED.model_copy(
        update={
            "application": C,
            "amount_idr": 0,
            "waited": True,
            "code": release.code,
            "reason": release.reason,
            **money(100, 80),
        }
    )
    given(allocation, *FUNDED).when(
        release, facts=CAME, rule=release_reservation, actor=OFFICER
    ).then(released)
    given(allocation, *FUNDED).when(release, facts=ABSENT, rule=release_reservation).refused(
        "not-attended"
    )
    state = given(allocation, *FUNDED, released).state
    assert isinstance(state, Allocation)
    assert state.waiting == ()
    restore = RestoreReservation(application=C)
    given(allocation, *FUNDED, released).when(
        restore, facts=CAME, rule=restore_reservation, actor="other"
    ).then(
        FundingRequested(applications=(C,), **money(100, 80)),
        FundingDeclined(application=C, **money(100, 80)),
    )


def test_who_speaks_for_an_enterprise_neither_releases_nor_restores_its_place() -> None:
    given(allocation, *FUNDED).when(
        RELEASE, facts=CAME, rule=release_reservation, enterprise="a"
    ).refused("own-enterprise")
    assert (
        given(allocation, *FUNDED)
        .when(RELEASE, facts=CAME, rule=release_reservation, enterprise="b")
        .events()
    )
    given(allocation, *FUNDED, RELEASED).when(
        RESTORE, facts=CAME, rule=restore_reservation, actor="other", enterprise="a"
    ).refused("own-enterprise")


def test_another_officer_restores_a_reservation() -> None:
    past = (*FUNDED, RELEASED, FUNDED_C)
    given(allocation, *past).when(
        RESTORE, facts=CAME, rule=restore_reservation, actor="other"
    ).then(
        FundingRequested(applications=(A,), **money(100, 80)),
        FundingDeclined(application=A, **money(100, 80)),
    )
    given(allocation, *past).when(
        RESTORE, facts=CAME, rule=restore_reservation, actor=OFFICER
    ).refused("same-person")
    given(allocation, *past).when(
        RESTORE, facts=ABSENT, rule=restore_reservation, actor="other"
    ).refused("not-attended")


def test_only_what_an_officer_released_is_restored_and_once() -> None:
    command = RestoreReservation(application=B)
    given(allocation, *FUNDED).when(command, facts=CAME, rule=restore_reservation).refused(
        "not-released"
    )
    requested = FundingRequested(applications=(A,), **money(100, 40))
    state = given(allocation, *FUNDED, RELEASED, requested).state
    assert isinstance(state, Allocation)
    assert state.released == {}
    given(allocation).when(RESTORE, facts=CAME, rule=restore_reservation).refused("not-found")


def test_a_cancelled_exhibition_restores_nothing() -> None:
    closed = AllocationClosed(**money(100, 40))
    given(allocation, *FUNDED, RELEASED, closed).when(
        RESTORE, facts=CAME, rule=restore_reservation, actor="other"
    ).then()
