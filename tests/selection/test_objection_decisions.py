"""Objections are decided by an approver without a part; what is upheld gets a seat if one suits."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.decree import DecreeParticipants, annex_digest
from services.selection.domain.selection_round.objection_window import TICK
from services.selection.domain.selection_round.officer_losses import ApproveLoss
from services.selection.domain.selection_round.proposal import approve_selection
from services.selection.domain.selection_round.seats import (
    CancelRound,
    FreezeSeats,
    OfferPlace,
    StrikeCandidate,
)
from services.selection.domain.selection_round.state import SeatStatus
from shared.contracts.registration.exhibition import ObjectionTerms
from shared.contracts.selection.round import RoundEvent
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import NOW, given
from tests.selection.examples import (
    ANI,
    APPROVER,
    LATEST_AT,
    OFFICER,
    PROPOSAL,
    RANKING,
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
from tests.selection.losses import REQUESTED, TAKEN
from tests.selection.objecting import (
    JUDGE,
    MOVED,
    OBJECTED,
    UNTIL,
    WINDOW,
    WINDOW_CLOSED,
    WITH_TERMS,
    dismissed,
    dismissing,
    escrowed,
    expired,
    filed,
    put_off,
    released,
    upheld,
    upholding,
    withdrawn,
)
from tests.selection.test_proposal import APPROVE

REACTION: dict[str, Any] = {"origin": Origin.REACTION}
LATER = timedelta(hours=72)


def striking(application: str) -> StrikeCandidate:
    return StrikeCandidate(programme="2018", scope=Scope.OVERSEAS, application=application)


def test_upheld_the_objector_gets_the_seat_and_its_holder_is_the_first_reserve() -> None:
    past = given(selection_round, *OBJECTED)
    past.when(upholding(), actor=JUDGE).then(upheld(), MOVED, promoted(A))
    state = given(selection_round, *OBJECTED, upheld(), MOVED, promoted(A)).state
    assert state.seats == {B: SeatStatus.WAITING, A: SeatStatus.WAITING}
    assert state.reserve == (C, D)
    assert state.proposal is not None


def test_upheld_one_below_the_threshold_gets_the_seat_too() -> None:
    past = (*WINDOW, filed(E), escrowed(C, E))
    given(selection_round, *past).when(upholding(E), actor=JUDGE).then(
        upheld(E, from_reserve=False), MOVED, promoted(E)
    )


def test_dismissed_the_seat_is_released_and_offered_if_it_may_be() -> None:
    past = given(selection_round, *OBJECTED, put_off(C))
    past.when(dismissing(), actor=JUDGE).then(dismissed(), released())
    closed = given(selection_round, *OBJECTED, put_off(C), WINDOW_CLOSED)
    closed.when(dismissing(), actor=JUDGE).then(dismissed(), released(), offered(C))


@pytest.mark.parametrize("command", [upholding(), dismissing()])
def test_an_objection_is_decided_once(command: Any) -> None:
    for end in (dismissed(), withdrawn(), upheld()):
        past = given(selection_round, *OBJECTED, end, released())
        past.when(command, actor=JUDGE).refused("no-open-objection")
    given(selection_round, *WINDOW).when(command, actor=JUDGE).refused("no-open-objection")


@pytest.mark.parametrize("command", [upholding(), dismissing()])
@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"actor": APPROVER}, "same-person"),
        ({"actor": OFFICER}, "same-person"),
        ({"actor": ANI}, "same-person"),
        ({"actor": JUDGE, "enterprise": "a"}, "own-enterprise"),
        ({"actor": JUDGE, "enterprise": "b"}, "own-enterprise"),
    ],
)
def test_who_has_a_part_in_the_selection_does_not_decide(
    command: Any, about: dict[str, Any], code: str
) -> None:
    given(selection_round, *OBJECTED).when(command, **about).refused(code)


def test_the_answer_and_the_person_are_in_no_topic() -> None:
    for event in (upheld(), dismissed()):
        assert "as the sheets show" not in event.public_json()
        assert JUDGE not in event.public_json()


def test_a_document_from_before_the_approval_decides_nothing() -> None:
    early = upholding()
    past = given(selection_round, *OBJECTED)
    changed = type(early)(**{**vars(early), "signed_on": date(2018, 1, 31)})
    past.when(changed, actor=JUDGE).refused("signed-before-approval")


def test_a_decision_that_is_late_gives_the_next_place() -> None:
    late = (*OBJECTED, WINDOW_CLOSED, expired(), released(), offered(B), offered(C))
    past = given(selection_round, *late)
    past.when(upholding(), actor=JUDGE).then(upheld())
    first = given(selection_round, *late, upheld())
    assert first.state.reserve == (A, D)
    first.when(striking(C), **REACTION).then(lost(C, "withdrawn"), promoted(A))


def test_a_seat_that_waits_is_given_also_by_a_late_decision() -> None:
    late = (*OBJECTED, WINDOW_CLOSED, expired(), released(), offered(B))
    given(selection_round, *late).when(upholding(), actor=JUDGE).then(upheld(), MOVED, promoted(A))


def test_once_it_is_too_late_for_offers_nothing_moves() -> None:
    past = given(selection_round, *OBJECTED, WINDOW_CLOSED, expired(), released())
    past.when(upholding(), actor=JUDGE, now=LATEST_AT + TICK).then(upheld())


def test_the_decree_waits_for_the_window_and_for_each_objection_in_time() -> None:
    def decreeing(*past: RoundEvent) -> Any:
        round_ = given(selection_round, *past)
        decree = DecreeParticipants(
            number="SK-7/2018", signed_on=date(2018, 2, 1), annex_digest=annex_digest(round_.state)
        )
        return round_.when(decree)

    given_seats = (*WINDOW, WINDOW_CLOSED, offered(B), confirmed(B))
    decreeing(*WINDOW).refused("objections-open")
    decreeing(*WINDOW, filed(), escrowed(), WINDOW_CLOSED).refused("objections-open")
    assert decreeing(*given_seats).events()
    # Silence blocks no exhibition: the escrow has ended, and what is owed does not hold the decree.
    silent = (*OBJECTED, WINDOW_CLOSED, offered(B), confirmed(B), expired(), released())
    assert decreeing(*silent).events()


def test_the_holder_of_a_seat_in_escrow_gives_up_and_the_next_one_is_in_escrow() -> None:
    past = (*WINDOW, filed(D), escrowed(C, D))
    given(selection_round, *past).when(striking(C), **REACTION).then(
        lost(C, "withdrawn"), promoted(A), escrowed(A, D)
    )


def test_an_objector_that_is_promoted_needs_no_decision() -> None:
    given(selection_round, *OBJECTED).when(striking(C), **REACTION).then(
        lost(C, "withdrawn"), promoted(A)
    )
    given(selection_round, *OBJECTED).when(striking(B), **REACTION).then(
        lost(B, "withdrawn"), promoted(A), released()
    )


def test_an_objector_that_gives_up_releases_the_seat() -> None:
    past = given(selection_round, *OBJECTED, put_off(C), WINDOW_CLOSED)
    past.when(striking(A), **REACTION).then(struck(A, from_reserve=True), released(), offered(C))


def test_no_seat_is_in_escrow_while_a_place_is_free_for_the_objector() -> None:
    both_struck = (struck(A, from_reserve=True), struck(D, from_reserve=True))
    free = (*WINDOW, *both_struck, lost(C, "withdrawn"))
    given(selection_round, *free, filed(E)).when(upholding(E), actor=JUDGE).then(
        upheld(E, from_reserve=False), promoted(E)
    )
    # C gives up while its seat is in escrow: the free place takes the place of the escrow.
    held = given(selection_round, *WINDOW, *both_struck, filed(E), escrowed(C, E))
    held.when(striking(C), **REACTION).then(lost(C, "withdrawn"))


def test_a_loss_of_the_seat_in_escrow_by_an_officer_puts_the_next_in_escrow() -> None:
    past = (*WINDOW, filed(D), escrowed(B, D), REQUESTED)
    given(selection_round, *past).when(ApproveLoss(application=B), actor=APPROVER).then(
        TAKEN, promoted(A), escrowed(A, D)
    )


def test_a_cancellation_takes_the_seats_in_escrow_too() -> None:
    events = given(selection_round, *OBJECTED).when(
        CancelRound(programme="2018", scope=Scope.OVERSEAS), **REACTION
    )
    assert events.events()[1:] == [lost(B, "cancelled"), lost(C, "cancelled")]


def test_freezing_the_seats_changes_nothing_of_an_objection() -> None:
    freeze = FreezeSeats(programme="2018", scope=Scope.OVERSEAS)
    assert len(given(selection_round, *OBJECTED).when(freeze, **REACTION).events()) == 1


def test_the_holder_that_comes_back_is_offered_by_its_new_money_only() -> None:
    back = (*OBJECTED, upheld(), MOVED, promoted(A), WINDOW_CLOSED, lost(B, "declined"))
    again = given(selection_round, *back, promoted(C))
    again.when(OfferPlace(application=C), **REACTION).then()
    again.when(OfferPlace(application=C, releases=1), **REACTION).then(offered(C))
    # Until the new money comes a withdrawal of the first reserve strikes it.
    first = given(selection_round, *OBJECTED, upheld(), MOVED, promoted(A))
    first.when(striking(C), **REACTION).then(struck(C, from_reserve=True))


@pytest.mark.parametrize(
    ("terms", "starts_on", "until"),
    [
        (ObjectionTerms(days=3, decision_days=5), date(2018, 4, 4), UNTIL),
        # Five days to decide, and 72 hours to answer an offer, before the show.
        (
            ObjectionTerms(days=30, decision_days=5),
            date(2018, 2, 11),
            NOW + timedelta(hours=38) - TICK,
        ),
        (ObjectionTerms(days=3, decision_days=5), date(2018, 2, 9), None),
        (None, date(2018, 4, 4), None),
    ],
)
def test_the_window_ends_early_enough_to_decide_and_to_offer(
    terms: ObjectionTerms | None, starts_on: date, until: Any
) -> None:
    opened = WITH_TERMS.model_copy(update={"objections": terms, "starts_on": starts_on})
    past = given(selection_round, opened, *PROPOSAL[1:])
    (event,) = past.when(APPROVE, rule=approve_selection, facts=RANKING, actor=APPROVER).events()
    assert event.model_dump()["objections_until"] == until
