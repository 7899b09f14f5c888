"""The mirrors of selection, as whole documents."""

from functools import reduce
from typing import Any

from services.selection.views import (
    Allocation,
    Application,
    Exhibition,
    RoundClosing,
    allocations,
    applications,
    exhibitions,
    rounds,
)
from shared.contracts.event import Event
from shared.kernel.view import Mirror
from tests.selection.examples import CLOSED, RETURNED
from tests.selection.test_reactions import (
    ACCEPTED,
    CALL,
    CALLED_OFF,
    FUNDED,
    VERIFICATION,
    VERIFIED,
    WITHDRAWN,
)


def folded(mirror: Mirror[Any, Any], *events: Event) -> object:
    return reduce(mirror.evolve, events, None)


def test_an_exhibition_takes_place_until_it_is_cancelled() -> None:
    assert folded(exhibitions, CALL, VERIFICATION) == Exhibition()
    assert folded(exhibitions, CALL, CALLED_OFF) == Exhibition(cancelled=True)
    assert folded(exhibitions, CALLED_OFF) == Exhibition(cancelled=True)


def test_a_withdrawal_is_stored() -> None:
    assert folded(applications, VERIFIED, ACCEPTED) == Application()
    assert folded(applications, VERIFIED, WITHDRAWN) == Application(withdrawn=True)


def test_an_own_round_stores_its_last_closing_and_its_seal() -> None:
    assert folded(rounds, CLOSED) == RoundClosing(closing=1, sealed=True)
    assert folded(rounds, CLOSED, RETURNED) == RoundClosing(closing=1, sealed=False)


def test_fundings_are_counted() -> None:
    assert folded(allocations, FUNDED, FUNDED) == Allocation(funded=2)
