"""The mirrors of selection, as whole documents."""

from functools import reduce
from typing import Any

import pytest

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round
from services.selection.views import (
    Allocation,
    Application,
    Exhibition,
    RoundFigures,
    allocations,
    applications,
    exhibitions,
    rounds,
)
from shared.contracts.event import Event
from shared.contracts.registration.application import ClosingResult
from shared.contracts.selection.round import AnnexAmended, ProposalVoided, RoundEvent
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


def folded(mirror: Mirror[Any, Any], *events: Event) -> object:
    return reduce(mirror.evolve, events, None)


def test_an_exhibition_takes_place_until_it_is_cancelled() -> None:
    assert folded(exhibitions, CALL, VERIFICATION, RUNNING) == Exhibition()
    assert folded(exhibitions, CALL, CALLED_OFF) == Exhibition(cancelled=True)
    assert folded(exhibitions, CALLED_OFF) == Exhibition(cancelled=True)


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
        places=state.places,
        rubric=state.rubric,
        threshold=state.threshold,
        closing=state.closing,
        listed=state.listed is not None,
        candidates=len(state.remaining),
        seats_live=len(state.live),
        reserves=len(state.reserve),
    )


def test_fundings_are_counted() -> None:
    assert folded(allocations, FUNDED, FUNDED) == Allocation(funded=2)
