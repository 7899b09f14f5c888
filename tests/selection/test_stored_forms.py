"""States and commands that are stored are read back unchanged."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.selection.app import service
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from shared.contracts.registration.application_codes import ClosingResult
from shared.kernel.decider import Decider
from tests.given import given
from tests.rubrics import RUBRIC_OF_2018
from tests.selection.examples import (
    ANI,
    APPROVAL,
    CLOSED,
    DECREE,
    DEWI,
    FROZEN,
    PROPOSAL,
    RANKED,
    RETURNED,
    RETURNED_TO_SCORING,
    SCORED,
    SCORING,
    B,
    conflicted,
    lost,
    moderated,
    offered,
    sheet,
    struck,
    unassigned,
)
from tests.selection.losses import REQUESTED, TAKEN
from tests.selection.test_candidate import ENDED
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
    caused,
    closed,
    lapsed,
)
from tests.selection.test_reserves import AT_MOST_ONE, NEW, approved

PUBLISHED = given(rubric).when(RUBRIC_OF_2018).events()
REACTED_TO = (ACCEPTED, CALL, CALLED_OFF, CLOSED, DECLINED, EXPIRED, FUNDED, RETURNED, RUNNING)

ENDS = (WITHDRAWN, closed(ClosingResult.RESERVE), lapsed("sanction"))


def read_back(form: Any, value: object) -> object:
    """Return the value after a round trip through JSON."""
    adapter: TypeAdapter[object] = TypeAdapter(form)
    return adapter.validate_python(json.loads(json.dumps(adapter.dump_python(value, mode="json"))))


@pytest.mark.parametrize(
    ("decider", "past"),
    [
        (rubric, PUBLISHED),
        (candidate, (*SCORING, unassigned(ANI), conflicted(DEWI), SCORED)),
        (candidate, (*RETURNED_TO_SCORING, moderated(sheet(ANI, quality=1)), ENDED)),
        (ranking, (RANKED,)),
        (selection_round, (struck(B),)),
        (selection_round, PROPOSAL),
        (selection_round, (*APPROVAL, offered(B))),
        (selection_round, (*DECREE, lost(B, "sanction"))),
        (selection_round, (*APPROVAL, REQUESTED, TAKEN, FROZEN)),
        (selection_round, (*approved(AT_MOST_ONE, NEW, (), NEW), lost(B, "declined"))),
    ],
)
def test_a_state_is_read_as_it_was_written(decider: Decider[Any, Any, Any], past: Any) -> None:
    state = given(decider, *past).state
    assert read_back(decider.state, state) == state


@pytest.mark.parametrize("event", [*REACTED_TO, VERIFICATION, VERIFIED, *ENDS])
def test_a_reactions_commands_are_read_as_they_were_written(event: Any) -> None:
    for addressed in caused(event):
        assert read_back(type(addressed.command), addressed.command) == addressed.command


def test_indexes_are_fields_of_the_state() -> None:
    states = {
        candidate.kind: (*SCORING,),
        ranking.kind: (RANKED,),
        selection_round.kind: APPROVAL,
        rubric.kind: PUBLISHED,
    }
    for decider in service.deciders:
        state = given(decider, *states[decider.kind]).state
        assert {name.partition(".")[0] for name in decider.indexes} <= set(vars(state))
