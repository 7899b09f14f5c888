"""The losses that officers request: two people, a document, never in a running show."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.loss import LossStatus
from services.selection.domain.selection_round.officer_losses import (
    ApproveLoss,
    DeclineLoss,
    RequestLoss,
)
from shared.contracts.calendar import jakarta_date
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import LossCode
from shared.contracts.selection.round_seats import AnnexAmended, LossDeclined
from tests.given import NOW, given
from tests.selection.examples import (
    APPROVAL,
    APPROVER,
    CANCELLED,
    DECREE,
    DECREED,
    FROZEN,
    OFFICER,
    PROPOSAL,
    ROUND_FIELDS,
    A,
    B,
    C,
    confirmed,
    lost,
    offered,
    promoted,
)
from tests.selection.losses import DOCUMENT, REQUESTED, TAKEN

TODAY = jakarta_date(NOW)
REQUEST = RequestLoss(
    application=B,
    code=LossCode.SANCTION,
    reason="its licence was revoked",
    number="ND-3/2018",
    signed_on=TODAY,
)
APPROVE = ApproveLoss(application=B)
DECLINE = DeclineLoss(application=B, reason="the licence is valid again")
DECLINED = LossDeclined(
    application=B, words="the licence is valid again", declined_by=APPROVER, **ROUND_FIELDS
)


def test_an_officer_requests_a_loss_and_the_seat_stays_live() -> None:
    given(selection_round, *APPROVAL).when(REQUEST, actor=OFFICER).then(REQUESTED)
    state = given(selection_round, *APPROVAL, REQUESTED).state
    assert state.holds(B)
    assert [loss.status for loss in state.losses] == [LossStatus.REQUESTED]


def test_a_request_names_on_the_topic_only_its_seat() -> None:
    public = REQUESTED.public_json()
    assert B in public
    assert not any(word in public for word in ("sanction", "licence", "ND-3", OFFICER))
    assert not any(word in TAKEN.public_json() for word in ("licence", OFFICER, APPROVER))


def test_an_approver_takes_the_seat_and_the_next_reserve_gets_it() -> None:
    past = given(selection_round, *APPROVAL, REQUESTED)
    past.when(APPROVE, actor=APPROVER).then(TAKEN, promoted(A))
    (loss,) = given(selection_round, *APPROVAL, REQUESTED, TAKEN).state.losses
    assert (loss.status, loss.requested_by, loss.decided_by) == ("APPROVED", OFFICER, APPROVER)


def test_an_approver_declines_and_the_seat_stays() -> None:
    past = given(selection_round, *APPROVAL, REQUESTED)
    past.when(DECLINE, actor=APPROVER).then(DECLINED)
    after = given(selection_round, *APPROVAL, REQUESTED, DECLINED)
    assert after.state.holds(B)
    after.when(APPROVE, actor=APPROVER).refused(
        "no-loss-requested", "GET /rounds/mihas-2018/losses"
    )
    after.when(REQUEST, actor=OFFICER).then(REQUESTED)


@pytest.mark.parametrize("command", [APPROVE, DECLINE])
def test_who_requested_a_loss_does_not_decide_on_it(command: ApproveLoss | DeclineLoss) -> None:
    past = given(selection_round, *APPROVAL, REQUESTED)
    past.when(command, actor=OFFICER).refused("same-person")


@pytest.mark.parametrize("command", [REQUEST, APPROVE, DECLINE])
def test_no_enterprise_takes_part_in_its_own_loss(
    command: RequestLoss | ApproveLoss | DeclineLoss,
) -> None:
    past = given(selection_round, *APPROVAL, REQUESTED)
    past.when(command, actor=APPROVER, enterprise="b").refused("own-enterprise")


def test_a_loss_is_requested_before_it_is_decided_and_only_once() -> None:
    past = given(selection_round, *APPROVAL)
    past.when(APPROVE, actor=APPROVER).refused("no-loss-requested")
    past.when(DECLINE, actor=APPROVER).refused("no-loss-requested")
    given(selection_round, *APPROVAL, REQUESTED).when(REQUEST, actor=OFFICER).refused(
        "loss-requested", "GET /rounds/mihas-2018/losses"
    )


@pytest.mark.parametrize("past", [PROPOSAL, (*APPROVAL, lost(B, "declined")), (CANCELLED,)])
def test_only_a_live_seat_is_taken(past: tuple[RoundEvent, ...]) -> None:
    for command in (REQUEST, APPROVE, DECLINE):
        given(selection_round, *past).when(command).refused("no-live-seat")


@pytest.mark.parametrize("past", [(*DECREE, FROZEN), (*DECREE, REQUESTED, FROZEN)])
def test_no_seat_is_taken_once_the_exhibition_runs(past: tuple[RoundEvent, ...]) -> None:
    for command in (REQUEST, APPROVE, DECLINE):
        given(selection_round, *past).when(command, actor=APPROVER).refused("exhibition-running")
    early = given(selection_round, FROZEN, *DECREE)
    early.when(REQUEST, actor=OFFICER).refused("exhibition-running")


def test_a_request_is_overtaken_by_another_loss_and_by_the_show() -> None:
    for overtaking in (lost(B, "withdrawn"), FROZEN):
        (loss,) = given(selection_round, *APPROVAL, REQUESTED, overtaking).state.losses
        assert (loss.status, loss.decided_by) == (LossStatus.OVERTAKEN, "")


def test_the_document_is_signed_from_the_approval_until_today() -> None:
    past = given(selection_round, *APPROVAL)
    yesterday, tomorrow = (TODAY + timedelta(days=days) for days in (-1, 1))
    past.when(replace(REQUEST, signed_on=yesterday)).refused("signed-before-approval")
    past.when(replace(REQUEST, signed_on=tomorrow)).refused("signed-in-the-future")


def test_after_the_decree_the_document_of_the_loss_amends_the_annex() -> None:
    past = given(selection_round, *DECREE, REQUESTED)
    amended = AnnexAmended(without=B, document=DOCUMENT, **ROUND_FIELDS)
    past.when(APPROVE, actor=APPROVER).then(TAKEN, amended)
    decree = given(selection_round, *DECREE, REQUESTED, TAKEN, amended).state.decree
    assert (decree.annex, decree.undocumented) == ((), ())
    assert [amendment.number for amendment in decree.amendments] == ["ND-3/2018"]


def test_a_document_takes_several_seats() -> None:
    amended = AnnexAmended(without=B, document=DOCUMENT, **ROUND_FIELDS)
    requested, taken, next_amended = (
        REQUESTED.model_copy(update={"application": C}),
        TAKEN.model_copy(update={"application": C}),
        amended.model_copy(update={"without": C}),
    )
    decreed = DECREED.model_copy(update={"annex": (B, C)})
    both = (*APPROVAL, *(offered(B), confirmed(B), offered(C), confirmed(C)), decreed)
    past = given(selection_round, *both, REQUESTED, requested, TAKEN, amended)
    past.when(replace(APPROVE, application=C), actor=APPROVER).then(taken, next_amended)


def test_an_amending_document_has_another_number_than_the_decree() -> None:
    past = given(selection_round, *DECREE)
    past.when(replace(REQUEST, number="sk-7/2018"), actor=OFFICER).refused("number-used")


def test_a_document_of_before_the_decree_does_not_amend_it() -> None:
    later = date(2018, 2, 2)
    requested, *decree = (REQUESTED, *DECREE[len(APPROVAL) :])
    signed = [
        event.model_copy(update={"signed_on": later}) if "annex" in vars(event) else event
        for event in decree
    ]
    past = given(selection_round, *APPROVAL, requested, *signed)
    past.when(APPROVE, actor=APPROVER, now=NOW + timedelta(days=2)).refused("signed-before-decree")
