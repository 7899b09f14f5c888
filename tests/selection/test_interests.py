"""The interest of a person in a candidate forbids to close the scoring, to decree and to amend."""

from collections.abc import Callable

import pytest

from tests.given import When
from tests.selection import interests
from tests.selection.examples import DEWI, OFFICER

ACTS = pytest.mark.parametrize("act", [interests.closing, interests.decreeing, interests.amending])


@ACTS
def test_who_has_declared_a_conflict_does_not_decide(act: Callable[..., When]) -> None:
    act(DEWI).refused("conflict-declared")
    assert act(OFFICER).events()


@ACTS
@pytest.mark.parametrize("enterprise", ["a", "b", "c", "e"])
def test_no_enterprise_on_the_list_decides(act: Callable[..., When], enterprise: str) -> None:
    # B is confirmed, C has lost its seat, A is a reserve, E is below the threshold.
    act(OFFICER, enterprise=enterprise).refused("own-enterprise", "a candidate of this selection")
    assert act(OFFICER, enterprise="another").events()
