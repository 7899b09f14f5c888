"""The mirrors of selection, and the result that an applicant sees."""

from datetime import date
from functools import reduce
from typing import Any

import pytest

from services.registration.responses import Result, result_of
from services.registration.views import Round, Rubric, rounds, rubrics
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationRejected
from shared.contracts.selection.round import (
    CandidateStruck,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    SelectionApproved,
)
from shared.contracts.selection.rubric import Criterion, RubricPublished
from shared.contracts.words import Scope
from shared.kernel.view import Mirror
from tests.registration.examples import (
    APPLICANT,
    DEADLINE_AT,
    ELIGIBLE,
    EXHIBITION,
    EXHIBITION_FIELDS,
    LATEST_AT,
    SUBMITTED,
    application_after,
)

OURS, B, C, D = (f"{EXHIBITION}.{enterprise}" for enterprise in ("e-1", "b", "c", "d"))
APPROVED = SelectionApproved(
    approved_on=date(2018, 2, 1), selected=(B,), reserve=(C, OURS, D), **EXHIBITION_FIELDS
)
PROMOTED = ReservePromoted(application=C, **EXHIBITION_FIELDS)
STRUCK = CandidateStruck(application=C, **EXHIBITION_FIELDS)
MINE = application_after(SUBMITTED, ELIGIBLE)


def folded(mirror: Mirror[Any, Any], *events: Event) -> Any:
    return reduce(mirror.evolve, events, None)


def test_the_mirror_of_a_rubric_has_its_thresholds() -> None:
    thresholds = {Scope.DOMESTIC: 6_000, Scope.OVERSEAS: 7_000}
    quality = Criterion(code="q", name="Quality", weight=100, levels=("1", "2", "3", "4", "5"))
    published = RubricPublished(
        rubric="r-1", title="2018", criteria=(quality,), thresholds=thresholds
    )
    assert folded(rubrics, published) == Rubric(thresholds=thresholds)


def test_the_mirror_of_a_round_has_both_lists_in_order() -> None:
    assert folded(rounds, APPROVED) == Round(selected=("b",), reserve=("c", "e-1", "d"))


def test_a_promoted_reserve_is_selected() -> None:
    assert folded(rounds, APPROVED, PROMOTED) == Round(selected=("b", "c"), reserve=("e-1", "d"))


def test_a_struck_reserve_leaves_the_list() -> None:
    assert folded(rounds, APPROVED, STRUCK) == Round(selected=("b",), reserve=("e-1", "d"))


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


def test_there_is_no_result_before_the_approval() -> None:
    assert result_of(MINE, None) is None
    assert result_of(MINE, folded(rounds, STRUCK)) is None


def test_the_result_of_a_reserve_has_its_place_in_the_list() -> None:
    assert result_of(MINE, folded(rounds, APPROVED)) == Result(outcome="reserve", place=2)
    assert result_of(MINE, folded(rounds, APPROVED, STRUCK)) == Result(outcome="reserve", place=1)


def test_the_result_of_a_promoted_reserve_is_selected() -> None:
    promoted = ReservePromoted(application=OURS, **EXHIBITION_FIELDS)
    assert result_of(MINE, folded(rounds, APPROVED, promoted)) == Result(outcome="selected")


def test_an_eligible_application_in_neither_list_is_not_selected() -> None:
    without = APPROVED.model_copy(update={"reserve": (C,)})
    assert result_of(MINE, folded(rounds, without)) == Result(outcome="not-selected")


def test_an_application_that_was_never_a_candidate_has_no_result() -> None:
    rejected = ApplicationRejected(
        applicant=APPLICANT, rule_set="verification-2018-1 (ours)", reasons=("licence-missing",)
    )
    without = APPROVED.model_copy(update={"reserve": (C,)})
    assert result_of(application_after(SUBMITTED, rejected), folded(rounds, without)) is None
