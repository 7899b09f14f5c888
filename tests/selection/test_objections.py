"""Objections are filed in time by those who are not selected, and withdrawn; the window closes."""

from datetime import date, timedelta

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.objection import ObjectionStatus
from services.selection.domain.selection_round.objection_window import (
    CLOSING_GRACE,
    TICK,
    CloseObjectionWindow,
    ExpireObjection,
)
from services.selection.domain.selection_round.objections import (
    ObjectionFacts,
    ReadObjectionFile,
    WithdrawObjection,
    file_objection,
)
from services.selection.domain.selection_round.seats import OfferPlace
from services.selection.domain.selection_round.state import SeatStatus
from shared.contracts.selection.objection import ObjectionFileRead
from shared.contracts.selection.round import RoundEvent, RoundRescheduled
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, given
from tests.selection.examples import (
    APPROVAL,
    CANCELLED,
    DECREE,
    PROPOSAL,
    ROUND_FIELDS,
    A,
    B,
    C,
    D,
    E,
    offered,
    promoted,
    struck,
)
from tests.selection.objecting import (
    DECIDE_BY,
    FILE,
    FILING,
    OBJECTED,
    UNTIL,
    WINDOW,
    WINDOW_CLOSED,
    dismissed,
    escrowed,
    expired,
    filed,
    filing,
    put_off,
    released,
    withdrawn,
)

SWEEP = {"origin": Origin.SWEEP}
REACTION = {"origin": Origin.REACTION}


@pytest.mark.parametrize("objector", [A, D, E])
def test_who_is_not_selected_objects_and_the_last_seat_is_in_escrow(objector: str) -> None:
    past = given(selection_round, *WINDOW)
    past.when(filing(objector), **FILING).then(filed(objector), escrowed(C, objector))
    state = given(selection_round, *WINDOW, filed(objector), escrowed(C, objector)).state
    assert state.seats == {B: SeatStatus.WAITING, C: SeatStatus.ESCROWED}
    assert set(state.live) == {B, C}


def test_a_second_objection_has_a_seat_of_its_own_and_a_third_has_none() -> None:
    second = (filed(D), escrowed(B, D))
    given(selection_round, *OBJECTED).when(filing(D), **FILING).then(*second)
    given(selection_round, *OBJECTED, *second).when(filing(E), **FILING).then(filed(E))


def test_an_objection_keeps_its_words_and_files_from_the_topic() -> None:
    facts = ObjectionFacts(counts_for=(), files=(FILE,))
    events = given(selection_round, *WINDOW).when(filing(), rule=file_objection, facts=facts)
    (event, _) = events.events()
    assert "added wrongly" not in event.public_json()
    assert FILE.id not in event.public_json()
    assert FILE.id in (event.private_json() or "")


def test_an_objection_at_the_last_instant_is_in_time_and_later_it_is_late() -> None:
    past = given(selection_round, *WINDOW)
    assert past.when(filing(), **FILING, now=UNTIL).events()
    # The sweep has not come yet: this makes no difference.
    past.when(filing(), **FILING, now=UNTIL + TICK).refused("objections-closed")


@pytest.mark.parametrize(
    "past",
    [PROPOSAL, APPROVAL, (*WINDOW, WINDOW_CLOSED), DECREE, (*WINDOW, CANCELLED)],
    ids=["not approved", "no window", "closed", "decreed", "cancelled"],
)
def test_without_an_open_window_none_objects(past: tuple[RoundEvent, ...]) -> None:
    given(selection_round, *past).when(filing(), **FILING).refused("objections-closed")


@pytest.mark.parametrize(
    ("past", "objector", "code"),
    [
        (WINDOW, B, "seat-given"),
        (WINDOW, "mihas-2018.z", "not-a-candidate"),
        ((*WINDOW, struck(A, from_reserve=True)), A, "not-a-candidate"),
        (OBJECTED, A, "objection-filed"),
        ((*OBJECTED, dismissed(), released()), A, "objection-filed"),
    ],
)
def test_only_a_candidate_without_a_seat_objects_and_once(
    past: tuple[RoundEvent, ...], objector: str, code: str
) -> None:
    given(selection_round, *past).when(filing(objector), **FILING).refused(code)


def test_an_objection_is_withdrawn_and_filed_again() -> None:
    past = given(selection_round, *OBJECTED)
    past.when(WithdrawObjection(application=A)).then(withdrawn(), released())
    again = given(selection_round, *OBJECTED, withdrawn(), released())
    again.when(WithdrawObjection(application=A)).refused("no-open-objection")
    again.when(filing(), **FILING).then(filed(), escrowed())
    state = given(selection_round, *OBJECTED, withdrawn(), released(), filed(), escrowed()).state
    assert [each.status for each in state.objections] == [ObjectionStatus.FILED]


def test_no_seat_is_offered_while_the_window_is_open_and_its_money_is_remembered() -> None:
    past = given(selection_round, *WINDOW)
    past.when(OfferPlace(application=B), **REACTION).then(put_off(B))
    put = given(selection_round, *WINDOW, put_off(B))
    put.when(OfferPlace(application=B), **REACTION).then()
    assert put.state.seats[B] is SeatStatus.WAITING


def test_the_window_closes_by_itself_and_offers_what_has_money() -> None:
    past = given(selection_round, *WINDOW, put_off(B))
    at = UNTIL + CLOSING_GRACE
    closing = Deadline(at=at, command=CloseObjectionWindow())
    assert selection_round.deadline(past.state) == closing
    past.when(CloseObjectionWindow(), now=at - TICK, **SWEEP).then()
    events = past.when(CloseObjectionWindow(), now=at, **SWEEP).events()
    deadline_at = at + timedelta(hours=72)
    assert events == [WINDOW_CLOSED, offered(B).model_copy(update={"deadline_at": deadline_at})]
    closed = given(selection_round, *WINDOW, WINDOW_CLOSED)
    closed.when(CloseObjectionWindow(), now=at, **SWEEP).then()
    assert selection_round.deadline(closed.state) is None


def test_a_seat_in_escrow_is_not_offered_when_the_window_closes() -> None:
    past = given(selection_round, *OBJECTED, put_off(C))
    past.when(CloseObjectionWindow(), now=UNTIL + CLOSING_GRACE, **SWEEP).then(WINDOW_CLOSED)
    after = given(selection_round, *OBJECTED, WINDOW_CLOSED)
    after.when(OfferPlace(application=C), **REACTION).then(put_off(C))


def test_what_is_not_decided_in_time_ends_its_escrow_and_the_seat_is_offered() -> None:
    past = given(selection_round, *OBJECTED, put_off(C), WINDOW_CLOSED)
    expiry = Deadline(at=DECIDE_BY + TICK, command=ExpireObjection(application=A))
    assert selection_round.deadline(past.state) == expiry
    past.when(expiry.command, now=DECIDE_BY, **SWEEP).then()
    deadline_at = expiry.at + timedelta(hours=72)
    past.when(expiry.command, now=expiry.at, **SWEEP).then(
        expired(), released(), offered(C).model_copy(update={"deadline_at": deadline_at})
    )
    after = given(selection_round, *OBJECTED, WINDOW_CLOSED, expired(), released())
    after.when(expiry.command, now=expiry.at, **SWEEP).then()
    assert selection_round.deadline(after.state) is None


def test_the_window_and_each_objection_have_a_deadline_and_the_earliest_is_swept() -> None:
    early = filed(D, decide_by=NOW + timedelta(days=1))
    state = given(selection_round, *OBJECTED, early, escrowed(B, D)).state
    found = sorted(each.at for each in selection_round.deadlines(state) if each)
    assert found == [early.decide_by + TICK, UNTIL + CLOSING_GRACE, DECIDE_BY + TICK]
    first = selection_round.deadline(state)
    assert first is not None
    assert first.command == ExpireObjection(application=D)


def test_an_earlier_show_shortens_the_window_and_a_later_one_gives_it_back() -> None:
    sooner = RoundRescheduled(starts_on=date(2018, 2, 6), ends_on=date(2018, 2, 9), **ROUND_FIELDS)
    later = sooner.model_copy(update={"starts_on": date(2018, 5, 6), "ends_on": date(2018, 5, 9)})
    past = given(selection_round, *WINDOW, sooner)
    # The last millisecond of 5 February in Jakarta, less the 72 hours of an offer.
    past.when(filing(), **FILING, now=NOW + timedelta(days=2)).refused("objections-closed")
    back = given(selection_round, *WINDOW, sooner, later)
    assert back.when(filing(), **FILING, now=UNTIL).events()


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (struck(A, from_reserve=True), ObjectionStatus.OVERTAKEN),
        (promoted(A), ObjectionStatus.OVERTAKEN),
        (CANCELLED, ObjectionStatus.OVERTAKEN),
    ],
)
def test_an_objection_is_overtaken(event: RoundEvent, status: ObjectionStatus) -> None:
    state = given(selection_round, *OBJECTED, event).state
    assert [each.status for each in state.objections] == [status]


def test_a_reading_of_a_file_is_recorded_and_an_unknown_file_is_not_there() -> None:
    with_file = filed().model_copy(update={"files": (FILE,)})
    past = given(selection_round, *WINDOW, with_file, escrowed())
    read = ReadObjectionFile(application=A, file=FILE.id)
    event = ObjectionFileRead(
        application=A, read_at=NOW, file=FILE.id, reader="tester", **ROUND_FIELDS
    )
    past.when(read).then(event)
    assert past.state.objections[0].readers == ()
    after = given(selection_round, *WINDOW, with_file, escrowed(), event)
    assert after.state.objections[0].readers == ("tester",)
    past.when(ReadObjectionFile(application=A, file="f-2")).refused("not-found")
    past.when(ReadObjectionFile(application=D, file=FILE.id)).refused("not-found")
