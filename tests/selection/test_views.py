"""The mirrors of selection, as whole documents."""

from datetime import date
from functools import reduce
from typing import Any

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.loss import LossStatus
from services.selection.domain.selection_round.state import Round, SeatStatus
from services.selection.views.followed import (
    Allocation,
    Application,
    Exhibition,
    allocations,
    applications,
    exhibitions,
)
from services.selection.views.own import RoundFigures, Waiting, rounds
from shared.contracts.event import Event
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.selection.round import ProposalVoided, RoundEvent
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    LossDeclined,
)
from shared.kernel.view import Mirror
from tests.given import given
from tests.selection.examples import (
    APPROVAL,
    CANCELLED,
    DECREE,
    FROZEN,
    LISTED,
    OPEN,
    PROPOSAL,
    RETURNED,
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
from tests.selection.losses import REQUESTED, TAKEN
from tests.selection.test_reactions import (
    ACCEPTED,
    CALL,
    CALLED_OFF,
    DECLINED,
    EXPIRED,
    FUNDED,
    RUNNING,
    VERIFICATION,
    VERIFIED,
    WITHDRAWN,
    closed,
    lapsed,
)
from tests.selection.test_recapitulation import PLANNED


def folded(mirror: Mirror[Any, Any], *events: Event) -> Any:
    return reduce(mirror.evolve, events, None)


def test_an_exhibition_takes_place_until_it_is_cancelled() -> None:
    assert folded(exhibitions, CALL, VERIFICATION, RUNNING) == Exhibition()
    assert folded(exhibitions, CALL, CALLED_OFF) == Exhibition(cancelled=True)
    assert folded(exhibitions, CALLED_OFF) == Exhibition(cancelled=True)


def test_an_exhibition_keeps_its_name() -> None:
    named = folded(exhibitions, PLANNED, CALL, CALLED_OFF)
    assert named == Exhibition(name=PLANNED.name, cancelled=True)


def test_a_withdrawal_is_stored() -> None:
    assert folded(applications, VERIFIED, ACCEPTED) == Application()
    assert folded(applications, VERIFIED, WITHDRAWN) == Application(withdrawn=True)


def test_the_end_of_an_application_is_stored() -> None:
    for event in (DECLINED, EXPIRED, closed(ClosingResult.CANCELLED), lapsed("sanction")):
        assert folded(applications, VERIFIED, event) == Application(ended=True)


HISTORIES = [
    (struck(A),),
    (*OPEN, LISTED),
    (struck(A), *OPEN, LISTED.model_copy(update={"applications": (B, C, D, E)})),
    (*OPEN, LISTED, struck(A)),
    PROPOSAL,
    (*PROPOSAL, struck(E), ProposalVoided(**ROUND_FIELDS)),
    (*PROPOSAL, RETURNED),
    (*APPROVAL, struck(A, from_reserve=True), struck(E)),
    (*APPROVAL, offered(B), lost(B, "declined"), promoted(A)),
    DECREE,
    (*APPROVAL, REQUESTED, TAKEN, promoted(A), FROZEN),
    (*DECREE, lost(B, "withdrawn"), AnnexAmended(without=B, **ROUND_FIELDS)),
    (*APPROVAL, CANCELLED, lost(B, "cancelled"), lost(C, "cancelled")),
]


@pytest.mark.parametrize("past", HISTORIES)
def test_the_figures_of_a_round_are_those_of_its_state(past: tuple[RoundEvent, ...]) -> None:
    state: Round = given(selection_round, *past).state
    assert folded(rounds, *past) == RoundFigures(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        ends_on=state.ends_on,
        places=state.places,
        rubric=state.rubric,
        threshold=state.threshold,
        closing=state.closing,
        listed=state.listed is not None,
        candidates=len(state.remaining),
        seats_live=len(state.live),
        reserves=len(state.reserve),
        panel_size=len(state.panel),
        offered=state.seats_with(SeatStatus.OFFERED),
        confirmed=state.seats_with(SeatStatus.CONFIRMED),
        requested_losses=tuple(
            loss.application for loss in state.losses if loss.status is LossStatus.REQUESTED
        ),
        undocumented=state.decree.undocumented if state.decree else (),
        waits_for=folded(rounds, *past).waits_for,
    )


def test_a_round_waits_for_its_panel_for_decisions_and_for_documents() -> None:
    amended = AnnexAmended(without=B, **ROUND_FIELDS)
    recorded = AmendmentRecorded(
        number="SK-8/2018", signed_on=date(2018, 2, 2), without=(B,), **ROUND_FIELDS
    )
    declined = LossDeclined(application=B, **ROUND_FIELDS)
    left = (*DECREE, lost(B, "withdrawn"), amended)
    for past, waits_for in (
        (OPEN[:1], (Waiting.PANEL,)),
        (OPEN, ()),
        ((*OPEN, LISTED), (Waiting.CLOSING,)),
        (APPROVAL, ()),
        ((*APPROVAL, offered(B)), ()),
        ((*APPROVAL, offered(B), confirmed(B)), (Waiting.DECREE,)),
        ((*APPROVAL, offered(B), confirmed(B), offered(C)), ()),
        (DECREE, ()),
        ((*OPEN[:1], CANCELLED), ()),
        ((*APPROVAL, REQUESTED), (Waiting.LOSS,)),
        ((*APPROVAL, REQUESTED, TAKEN), ()),
        ((*APPROVAL, REQUESTED, declined), ()),
        ((*APPROVAL, REQUESTED, FROZEN), ()),
        (left, (Waiting.AMENDMENT,)),
        ((*left, recorded), ()),
    ):
        assert folded(rounds, *past).waits_for == waits_for


def test_fundings_are_counted() -> None:
    assert folded(allocations, FUNDED, FUNDED) == Allocation(
        funded=2, ceiling_idr=FUNDED.ceiling_idr
    )
