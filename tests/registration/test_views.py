"""The mirrors of selection, and the result that an applicant sees."""

from datetime import date
from functools import reduce
from typing import Any

import pytest

from services.registration.domain.application.state import Status
from services.registration.domain.selection_record import SelectionRecord, recorded
from services.registration.responses.application import (
    CLOSINGS,
    OUTCOMES,
    Outcome,
    Result,
    result_of,
)
from services.registration.views import Round, Rubric, rounds, rubrics
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationRejected,
    OfferExpired,
    PlaceDeclined,
)
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.quota import Bound, PassedOver, QuotaStop
from shared.contracts.selection.objection import ObjectionUpheld
from shared.contracts.selection.round import CandidateStruck, SelectionApproved
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.selection.round_seats import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    ReservesPassedOver,
    RoundCancelled,
)
from shared.contracts.selection.rubric import RubricPublished
from shared.contracts.words import Scope
from shared.kernel.view import Mirror
from tests.registration.examples import (
    ACCEPTED,
    APPLICANT,
    ATTENDED,
    CONFIRMED,
    CORRECTION,
    DEADLINE_AT,
    ELIGIBLE,
    EXHIBITION,
    EXHIBITION_FIELDS,
    LATEST_AT,
    OFFERED,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)
from tests.rubrics import SPOKEN, criterion

OURS, B, C, D = (f"{EXHIBITION}.{enterprise}" for enterprise in ("e-1", "b", "c", "d"))
APPROVED = SelectionApproved(
    approved_on=date(2018, 2, 1), selected=(B,), reserve=(C, OURS, D), **EXHIBITION_FIELDS
)
PROMOTED = ReservePromoted(application=C, **EXHIBITION_FIELDS)
STRUCK = CandidateStruck(application=C, **EXHIBITION_FIELDS)
MINE = application_after(SUBMITTED, ELIGIBLE)
DECREED = ParticipantsDecreed(
    number="SK-1", signed_on=date(2018, 3, 1), annex=(B,), **EXHIBITION_FIELDS
)
CANCELLED = RoundCancelled(**EXHIBITION_FIELDS)
REJECTED = ApplicationRejected(applicant=APPLICANT, rule_set="kukm-2018-1", reasons=("licence",))
LAPSED = ApplicationLapsed(applicant=APPLICANT, reason="no-funds")


def closed(result: ClosingResult, place: int | None = None) -> ApplicationClosed:
    """Return the end of an application that waited."""
    return ApplicationClosed(applicant=APPLICANT, result=result, place=place)


def folded(mirror: Mirror[Any, Any], *events: Event) -> Any:
    return reduce(mirror.evolve, events, None)


def test_the_mirror_of_a_rubric_has_its_thresholds() -> None:
    thresholds = {Scope.DOMESTIC: 6_000, Scope.OVERSEAS: 7_000}
    published = RubricPublished(
        rubric="r-1", title=SPOKEN, criteria=(criterion(),), thresholds=thresholds
    )
    assert folded(rubrics, published) == Rubric(thresholds=thresholds)


def lists(selected: tuple[str, ...], reserve: tuple[str, ...]) -> Round:
    """Return the round of these lists; its record keeps them as they were approved."""
    record = recorded(SelectionRecord(), APPROVED)
    return Round(selected=selected, reserve=reserve, record=record)


def test_the_mirror_of_a_round_has_both_lists_in_order() -> None:
    assert folded(rounds, APPROVED) == lists(("b",), ("c", "e-1", "d"))


def test_a_promoted_reserve_is_selected() -> None:
    assert folded(rounds, APPROVED, PROMOTED) == lists(("b", "c"), ("e-1", "d"))


def test_a_struck_reserve_leaves_the_list() -> None:
    assert folded(rounds, APPROVED, STRUCK) == lists(("b",), ("e-1", "d"))


@pytest.mark.parametrize(
    "event",
    [
        PlaceOffered(
            application=B,
            deadline_at=DEADLINE_AT,
            offer_hours=72,
            latest_at=LATEST_AT,
            **EXHIBITION_FIELDS,
        ),
        PlaceConfirmed(application=B, **EXHIBITION_FIELDS),
        PlaceLost(application=B, reason="declined", **EXHIBITION_FIELDS),
    ],
)
def test_an_event_of_a_seat_does_not_change_the_lists(event: Event) -> None:
    assert folded(rounds, APPROVED, event) == folded(rounds, APPROVED)


def test_an_objection_that_is_upheld_makes_a_first_reserve_and_its_holder_the_next_one() -> None:
    upheld = ObjectionUpheld(
        application=D,
        ground=ObjectionGround.SCORE,
        number="ND-1",
        signed_on=date(2018, 2, 1),
        from_reserve=True,
        **EXHIBITION_FIELDS,
    )
    moved = PlaceLost(application=B, reason="objection-upheld", **EXHIBITION_FIELDS)
    promoted = ReservePromoted(application=D, **EXHIBITION_FIELDS)
    assert folded(rounds, APPROVED, upheld).reserve == ("d", "c", "e-1")
    state = folded(rounds, APPROVED, upheld, moved, promoted)
    assert (state.selected, state.reserve) == (("d",), ("b", "c", "e-1"))
    (objection,) = state.record.upheld
    assert (objection.application, objection.instead_of, objection.placed) == (D, B, True)


def test_who_is_not_selected_reads_until_when_it_can_object() -> None:
    approved = APPROVED.model_copy(update={"objections_until": DEADLINE_AT})
    reserve = result_of(MINE, folded(rounds, approved))
    assert reserve is not None
    assert reserve.objections_until == DEADLINE_AT
    unlisted = approved.model_copy(update={"reserve": ()})
    assert result_of(MINE, folded(rounds, unlisted)) == Result(
        outcome=Outcome.NOT_SELECTED, objections_until=DEADLINE_AT
    )
    chosen = approved.model_copy(update={"selected": (OURS,)})
    assert result_of(MINE, folded(rounds, chosen)) == Result(outcome=Outcome.SELECTED)


def test_there_is_no_result_before_the_approval() -> None:
    assert result_of(MINE, None) is None
    assert result_of(MINE, folded(rounds, STRUCK)) is None


def test_the_result_of_a_reserve_has_its_place_in_the_list() -> None:
    assert result_of(MINE, folded(rounds, APPROVED)) == Result(outcome=Outcome.RESERVE, place=2)
    assert result_of(MINE, folded(rounds, APPROVED, STRUCK)) == Result(
        outcome=Outcome.RESERVE, place=1
    )


def test_the_result_of_a_promoted_reserve_is_selected() -> None:
    promoted = ReservePromoted(application=OURS, **EXHIBITION_FIELDS)
    assert result_of(MINE, folded(rounds, APPROVED, promoted)) == Result(outcome=Outcome.SELECTED)


def test_the_result_of_a_reserve_has_the_quota_that_has_stopped_it_last() -> None:
    first = PassedOver(quota="jabar", bound=Bound.MAXIMUM, numbers=(2,))
    approved = APPROVED.model_copy(update={"passed_over": (first,)})
    stop = QuotaStop(quota="jabar", bound=Bound.MAXIMUM)
    assert result_of(MINE, folded(rounds, approved)) == Result(
        outcome=Outcome.RESERVE, place=2, passed_over=stop
    )
    later = PassedOver(quota="pemula", bound=Bound.MINIMUM, numbers=(1,))
    over = ReservesPassedOver(passed_over=(later,), **EXHIBITION_FIELDS)
    stop = QuotaStop(quota="pemula", bound=Bound.MINIMUM)
    assert result_of(MINE, folded(rounds, approved, STRUCK, over)) == Result(
        outcome=Outcome.RESERVE, place=1, passed_over=stop
    )


def test_an_eligible_application_in_neither_list_is_not_selected() -> None:
    without = APPROVED.model_copy(update={"reserve": (C,)})
    assert result_of(MINE, folded(rounds, without)) == Result(outcome=Outcome.NOT_SELECTED)


def test_who_does_not_pass_a_gate_learns_that_it_was_not_the_score() -> None:
    without = APPROVED.model_copy(update={"reserve": (C,), "not_passed": (OURS,)})
    found = result_of(MINE, folded(rounds, without))
    assert found == Result(outcome=Outcome.GATE_NOT_PASSED)


ENDS = (
    ((REJECTED,), Result(outcome=Outcome.INELIGIBLE)),
    ((closed(ClosingResult.RESERVE, 3),), Result(outcome=Outcome.RESERVE_NOT_REACHED, place=3)),
    ((closed(ClosingResult.BELOW_THRESHOLD),), Result(outcome=Outcome.NOT_SELECTED)),
    ((closed(ClosingResult.GATE),), Result(outcome=Outcome.GATE_NOT_PASSED)),
    ((closed(ClosingResult.CANCELLED),), Result(outcome=Outcome.EXHIBITION_CANCELLED)),
    ((closed(ClosingResult.NOT_DECIDED),), Result(outcome=Outcome.NOT_DECIDED)),
    ((ELIGIBLE, LAPSED), Result(outcome=Outcome.LAPSED)),
    ((ELIGIBLE, OFFERED), Result(outcome=Outcome.SELECTED)),
    ((ELIGIBLE, OFFERED, PlaceDeclined(applicant=APPLICANT)), Result(outcome=Outcome.DECLINED)),
    ((ELIGIBLE, OFFERED, OfferExpired(applicant=APPLICANT)), Result(outcome=Outcome.OFFER_EXPIRED)),
    ((ELIGIBLE, WITHDRAWN), Result(outcome=Outcome.WITHDRAWN)),
    ((ELIGIBLE, OFFERED, ACCEPTED, CONFIRMED, LAPSED), Result(outcome=Outcome.LAPSED)),
    ((ELIGIBLE, OFFERED, ACCEPTED, CONFIRMED, ATTENDED), Result(outcome=Outcome.SELECTED)),
)


@pytest.mark.parametrize(("events", "result"), ENDS)
def test_an_application_that_has_ended_says_its_result_whatever_the_lists_say(
    events: tuple[Event, ...], result: Result
) -> None:
    state = application_after(SUBMITTED, *events)
    promoted = ReservePromoted(application=OURS, **EXHIBITION_FIELDS)
    for past in ((APPROVED,), (APPROVED, promoted), (APPROVED, DECREED), (APPROVED, CANCELLED)):
        assert result_of(state, folded(rounds, *past)) == result
    assert result_of(state, None) == result


@pytest.mark.parametrize("past", [(SUBMITTED,), (SUBMITTED, CORRECTION)])
def test_an_application_that_waits_for_verification_has_no_result(past: tuple[Event, ...]) -> None:
    assert result_of(application_after(*past), folded(rounds, APPROVED)) is None


def test_every_status_and_every_reason_to_close_has_its_outcome() -> None:
    waiting = {Status.SUBMITTED, Status.NEEDS_CORRECTION, Status.ELIGIBLE, Status.CLOSED}
    assert OUTCOMES.keys() == set(Status) - waiting
    assert CLOSINGS.keys() == set(ClosingResult)
