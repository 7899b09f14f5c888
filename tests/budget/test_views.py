"""Test the mirrors and the tally of budget, as whole documents."""

from functools import reduce
from typing import Any

import pytest

from services.budget.domain.course import Course
from services.budget.views.followed import (
    Application,
    Exhibition,
    FollowedEnvelope,
    Phase,
    Round,
    applications,
    envelopes,
    exhibitions,
    rounds,
)
from services.budget.views.own import AllocationUse, PlaceNeed, allocations, use
from shared.contracts.budget.allocation import (
    ContractClosed,
    FundingReleased,
    ReservationReleased,
    SunkCostRecognised,
)
from shared.contracts.budget.reasons import ClosureCode, ReleaseCode
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAttended,
)
from shared.contracts.registration.check_in import AttendanceRetracted
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionProposed,
)
from shared.contracts.words import Scope
from shared.kernel.view import Mirror
from tests.budget.examples import (
    ABOUT,
    ABSENT,
    ALLOTTED,
    AMENDED,
    APPLICANT,
    APPROVED,
    CANCELLED,
    CONTRACTED,
    DECREED,
    EXHIBITION,
    FUNDED,
    LOST,
    PROMOTED,
    A,
    B,
    C,
    money,
)

PROPOSED = ExhibitionProposed(
    name="Inacraft 2018", city="Jakarta", country="ID", organiser="ASEPHI", **ABOUT
)
ATTENDED = ParticipantAttended(applicant=APPLICANT)
SUNK_A = SunkCostRecognised(application=A, amount_idr=40, **money(100, 0, 80, 50))
SUNK_B = SunkCostRecognised(application=B, amount_idr=40, **money(100, 0, 80, 50))


RETRACTED = AttendanceRetracted(applicant=APPLICANT)


def corrected(**changes: bool) -> AttendanceCorrected:
    return AttendanceCorrected(applicant=APPLICANT, **changes)


def folded(mirror: Mirror[Any, Any], *events: Event) -> object:
    return reduce(mirror.evolve, events, None)


def test_an_exhibition_has_its_programme_and_scope() -> None:
    expected = Exhibition(programme="2018", scope=Scope.DOMESTIC, course=Course.AHEAD)
    assert folded(exhibitions, PROPOSED) == expected


def test_an_exhibition_runs_and_ends() -> None:
    opened, ended = ExhibitionOpened(**ABOUT), ExhibitionEnded(**ABOUT)
    running = Exhibition(programme="2018", scope=Scope.DOMESTIC, course=Course.RUNNING)
    over = Exhibition(programme="2018", scope=Scope.DOMESTIC, course=Course.ENDED)
    assert folded(exhibitions, PROPOSED, opened) == running
    assert folded(exhibitions, PROPOSED, opened, ended) == over


def test_a_cancelled_exhibition_stays_cancelled() -> None:
    cancelled = ExhibitionCancelled(code=CancellationCode.FORCE_MAJEURE, **ABOUT)
    expected = Exhibition(programme="2018", scope=Scope.DOMESTIC, course=Course.CANCELLED)
    assert folded(exhibitions, PROPOSED, cancelled) == expected


def test_a_round_has_no_annex_before_its_decree() -> None:
    assert folded(rounds, APPROVED, LOST, PROMOTED) == Round(exhibition=EXHIBITION)


def test_an_amendment_changes_the_annex_and_not_the_day_of_the_decree() -> None:
    decree: dict[str, Any] = {
        "exhibition": EXHIBITION,
        "phase": Phase.DECREED,
        "decreed_on": DECREED.signed_on,
    }
    assert folded(rounds, APPROVED, DECREED) == Round(annex=(A, B), **decree)
    assert folded(rounds, APPROVED, DECREED, LOST, AMENDED) == Round(annex=(B,), **decree)


def test_the_annex_of_a_cancelled_round_is_empty() -> None:
    cancelled = Round(exhibition=EXHIBITION, phase=Phase.CANCELLED, annex=())
    assert folded(rounds, APPROVED, DECREED, CANCELLED) == cancelled
    assert folded(rounds, CANCELLED) == cancelled


@pytest.mark.parametrize(
    ("events", "attended"),
    [
        ((ATTENDED,), True),
        ((ABSENT,), False),
        ((ATTENDED, corrected(present=False)), False),
        ((ABSENT, corrected(present=True)), True),
        ((ATTENDED, RETRACTED), False),
        ((ATTENDED, RETRACTED, ATTENDED), True),
        ((ABSENT, corrected(present=True, contested=True)), False),
        ((ATTENDED, AttendanceContested(applicant=APPLICANT, reason="no-funds")), False),
    ],
)
def test_a_participant_attended_if_it_came_and_kept_its_place(
    events: tuple[Event, ...], attended: bool
) -> None:
    expected = Application(exhibition=EXHIBITION, attended=attended)
    assert folded(applications, *events) == expected


def test_an_own_envelope_is_followed_for_its_allotments() -> None:
    assert folded(envelopes, ALLOTTED) == FollowedEnvelope(programme="2018", scope=Scope.DOMESTIC)


def test_an_own_allocation_has_its_last_balances_and_all_its_sunk_costs() -> None:
    assert folded(allocations, *FUNDED, CONTRACTED, SUNK_A, SUNK_B) == AllocationUse(
        programme="2018",
        scope=Scope.DOMESTIC,
        ceiling_idr=100,
        reserved_idr=0,
        contracted_idr=80,
        realised_idr=50,
        sunk_idr=80,
        unit_cost_idr=40,
        places_waiting=1,
        places_contracted=2,
        waits_for=(PlaceNeed.MONEY,),
    )


def test_the_sunk_place_of_a_dissolved_contract_is_contracted_no_more() -> None:
    dissolved = ContractClosed(
        contract="k-1",
        released_idr=80,
        applications=(B,),
        unreserved=(A,),
        code=ClosureCode.MISTAKEN,
        **money(100, 40),
    )
    listed = folded(allocations, *FUNDED, CONTRACTED, SUNK_A, dissolved)
    assert isinstance(listed, AllocationUse)
    assert (listed.places_reserved, listed.places_contracted) == (1, 0)


def test_a_released_reservation_of_nothing_did_not_wait() -> None:
    nothing = FundingReleased(application=A, amount_idr=0, **money(100, 40))
    waited = FundingReleased(application=C, amount_idr=0, waited=True, **money(100, 40))
    listed = folded(allocations, *FUNDED, nothing)
    assert isinstance(listed, AllocationUse)
    assert (listed.places_waiting, listed.places_reserved) == (1, 1)
    listed = folded(allocations, *FUNDED, nothing, waited)
    assert isinstance(listed, AllocationUse)
    assert (listed.places_waiting, listed.places_reserved) == (0, 1)
    assert listed.waits_for == (PlaceNeed.CONTRACT,)


def test_a_place_that_is_taken_out_waits_no_more() -> None:
    taken = ReservationReleased(
        application=C, amount_idr=0, waited=True, code=ReleaseCode.OTHER, **money(100, 80)
    )
    listed = folded(allocations, *FUNDED, taken)
    assert isinstance(listed, AllocationUse)
    assert (listed.places_waiting, listed.waits_for) == (0, (PlaceNeed.CONTRACT,))


def test_an_allocation_counts_in_the_cell_of_its_programme_and_scope() -> None:
    state = folded(allocations, *FUNDED, CONTRACTED, SUNK_A)
    assert isinstance(state, AllocationUse)
    assert use.contribution(state) == {
        ("2018", "DOMESTIC"): {
            "ceiling_idr": 100,
            "reserved_idr": 0,
            "contracted_idr": 80,
            "realised_idr": 50,
            "sunk_idr": 40,
        }
    }
