"""The rules of the seats: offered, confirmed, decreed or lost, and passed on to a reserve."""

from datetime import timedelta

import pytest

from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    FreezeSeats,
    LosePlace,
    OfferPlace,
    StrikeCandidate,
)
from services.selection.domain.selection_round.state import SeatStatus
from shared.contracts.selection.round import ProposalVoided, RoundEvent
from shared.contracts.selection.round_seats import AnnexAmended
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import Given, When, given
from tests.selection.examples import (
    APPROVAL,
    CANCELLED,
    CLOSED_SCORING,
    DECREE,
    EXHIBITION,
    FROZEN,
    LATEST_AT,
    LISTED,
    OPEN,
    OPENED,
    PROPOSAL,
    ROUND_FIELDS,
    A,
    B,
    C,
    D,
    E,
    confirmed,
    lost,
    offered,
    promoted,
    struck,
)

CANCEL = CancelRound(programme="2018", scope=Scope.OVERSEAS)
FREEZE = FreezeSeats(programme="2018", scope=Scope.OVERSEAS)
VOIDED = ProposalVoided(**ROUND_FIELDS)
AMENDED = AnnexAmended(without=B, **ROUND_FIELDS)
DECLINED = LosePlace(application=B, reason="declined")


def strike(application: str) -> StrikeCandidate:
    return StrikeCandidate(programme="2018", scope=Scope.OVERSEAS, application=application)


def reacting(past: Given, command: RoundCommand) -> When:
    return past.when(command, origin=Origin.REACTION, subject=EXHIBITION)


def test_a_funded_seat_is_offered_until_the_hours_of_the_terms_have_passed() -> None:
    reacting(given(selection_round, *APPROVAL), OfferPlace(application=B)).then(offered(B))


def test_an_offer_ends_with_the_day_before_the_show_and_after_that_none_is_made() -> None:
    approved = given(selection_round, *APPROVAL)
    react = {"origin": Origin.REACTION, "subject": EXHIBITION}
    late = LATEST_AT - timedelta(hours=1)
    until_then = offered(B).model_copy(update={"deadline_at": LATEST_AT})
    approved.when(OfferPlace(application=B), now=late, **react).then(until_then)
    too_late = LATEST_AT + timedelta(milliseconds=1)
    approved.when(OfferPlace(application=B), now=too_late, **react).then(lost(B, "too-late"))


def test_no_reserve_is_promoted_once_the_first_day_of_the_show_has_come() -> None:
    expired = LosePlace(application=B, reason="expired")
    past = given(selection_round, *APPROVAL, offered(B))
    react = {"origin": Origin.REACTION, "subject": EXHIBITION}
    past.when(expired, now=LATEST_AT, **react).then(lost(B, "expired"), promoted(A))
    too_late = LATEST_AT + timedelta(milliseconds=1)
    past.when(expired, now=too_late, **react).then(lost(B, "expired"))


@pytest.mark.parametrize(
    "past", [(), CLOSED_SCORING, (*APPROVAL, offered(B)), (*APPROVAL, lost(B, "withdrawn"))]
)
def test_only_a_seat_that_waits_for_money_is_offered(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), OfferPlace(application=B)).then()


def test_an_offered_seat_is_confirmed_once() -> None:
    past = (*APPROVAL, offered(B))
    reacting(given(selection_round, *past), ConfirmPlace(application=B)).then(confirmed(B))
    reacting(given(selection_round, *past, confirmed(B)), ConfirmPlace(application=B)).then()


def test_a_seat_that_was_lost_is_not_confirmed() -> None:
    past = given(selection_round, *APPROVAL, offered(B), lost(B, "sanction"))
    reacting(past, ConfirmPlace(application=B)).then()


@pytest.mark.parametrize("command", [DECLINED, LosePlace(application=B, reason="expired")])
def test_a_declined_or_expired_offer_passes_the_seat_to_the_next_reserve(
    command: LosePlace,
) -> None:
    past = given(selection_round, *APPROVAL, offered(B))
    reacting(past, command).then(lost(B, command.reason), promoted(A))


def test_a_seat_is_lost_once() -> None:
    reacting(given(selection_round, *APPROVAL, lost(B, "expired"), promoted(A)), DECLINED).then()


def test_reserves_are_promoted_in_order_until_none_is_left() -> None:
    first = (lost(B, "declined"), promoted(A))
    second = LosePlace(application=A, reason="expired")
    reacting(given(selection_round, *APPROVAL, *first), second).then(
        lost(A, "expired"), promoted(D)
    )
    third = (*first, lost(A, "expired"), promoted(D))
    last = LosePlace(application=D, reason="expired")
    reacting(given(selection_round, *APPROVAL, *third), last).then(lost(D, "expired"))


@pytest.mark.parametrize("past", [PROPOSAL, (*APPROVAL, lost(B, "other")), (*APPROVAL, CANCELLED)])
def test_only_a_live_seat_is_lost(past: tuple[RoundEvent, ...]) -> None:
    cancelled = (lost(B, "cancelled"),) if CANCELLED in past else ()
    reacting(given(selection_round, *past, *cancelled), DECLINED).then()


def test_a_show_that_runs_freezes_the_seats_once_whenever_that_is_received() -> None:
    for past in ((), (OPENED,), APPROVAL, DECREE):
        reacting(given(selection_round, *past), FREEZE).then(FROZEN)
        reacting(given(selection_round, *past, FROZEN), FREEZE).then()
    reacting(given(selection_round, CANCELLED), FREEZE).then()


def test_no_reserve_is_promoted_once_the_show_runs() -> None:
    past = given(selection_round, *APPROVAL, offered(B), FROZEN)
    reacting(past, DECLINED).then(lost(B, "declined"))
    early = given(selection_round, FROZEN, *APPROVAL, offered(B))
    reacting(early, DECLINED).then(lost(B, "declined"))


def test_a_candidate_that_gives_up_before_the_round_opens_is_struck_for_good() -> None:
    reacting(given(selection_round), strike(A)).then(struck(A))
    reacting(given(selection_round, struck(A), *OPEN, LISTED), strike(A)).then()


@pytest.mark.parametrize("past", [(OPENED,), (*OPEN, LISTED), CLOSED_SCORING, DECREE])
def test_a_candidate_that_gives_up_without_a_seat_is_struck(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), strike(A)).then(struck(A))


def test_a_candidate_that_gives_up_leaves_the_reserve_list() -> None:
    given_up = struck(A, from_reserve=True)
    reacting(given(selection_round, *APPROVAL), strike(A)).then(given_up)
    past = given(selection_round, *APPROVAL, given_up)
    assert past.state.reserve == (D,)
    reacting(past, DECLINED).then(lost(B, "declined"), promoted(D))


@pytest.mark.parametrize("application", [A, B, E])
def test_a_changed_input_voids_the_proposal(application: str) -> None:
    reacting(given(selection_round, *PROPOSAL), strike(application)).then(
        struck(application), VOIDED
    )


@pytest.mark.parametrize("past", [(*OPEN, LISTED), CLOSED_SCORING, PROPOSAL, APPROVAL])
def test_an_application_that_was_never_listed_changes_nothing(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), strike(f"{EXHIBITION}.never-listed")).then()


def test_a_candidate_that_gives_up_loses_its_live_seat() -> None:
    past = given(selection_round, *APPROVAL, offered(B), confirmed(B))
    reacting(past, strike(B)).then(lost(B, "withdrawn"), promoted(A))


def test_after_the_decree_the_annex_is_amended_and_no_reserve_promoted() -> None:
    reacting(given(selection_round, *DECREE), strike(B)).then(lost(B, "withdrawn"), AMENDED)
    decree = given(selection_round, *DECREE, lost(B, "withdrawn"), AMENDED).state.decree
    assert decree is not None
    assert decree.annex == ()


@pytest.mark.parametrize(
    "past", [(CANCELLED,), (*APPROVAL, lost(A, "withdrawn")), (*APPROVAL, struck(A))]
)
def test_a_candidate_that_has_left_is_not_struck_again(past: tuple[RoundEvent, ...]) -> None:
    reacting(given(selection_round, *past), strike(A)).then()


def test_a_cancellation_takes_every_live_seat() -> None:
    past = given(selection_round, *APPROVAL, offered(B), lost(C, "other"), promoted(A))
    reacting(past, CANCEL).then(CANCELLED, lost(B, "cancelled"), lost(A, "cancelled"))
    reacting(given(selection_round, *DECREE), CANCEL).then(CANCELLED, lost(B, "cancelled"))


def test_a_round_is_cancelled_once_even_if_it_was_never_opened() -> None:
    reacting(given(selection_round), CANCEL).then(CANCELLED)
    reacting(given(selection_round, CANCELLED), CANCEL).then()


def test_a_cancelled_round_has_no_seat_and_no_reserve() -> None:
    state = given(
        selection_round, *APPROVAL, CANCELLED, lost(B, "cancelled"), lost(C, "cancelled")
    ).state
    assert state.live == ()
    assert state.reserve == ()
    assert state.seats == {B: SeatStatus.LOST, C: SeatStatus.LOST}
