"""Random journeys of an application and an exhibition: no journey leaves the table of states.

Persons, reactions and the sweep send any command at any time. In every order, reactions and the
sweep are never refused, each status follows a status that `SUCCESSORS` allows, the history folds to
the state, and the state is equal after it was stored and read.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.registration.domain.application.commitment import commitment_due_at
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import UNDECIDED, Application, Decision
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition
from shared.kernel.decider import Decider, Origin, decide_command
from shared.kernel.errors import Problem
from tests.given import NOW, context
from tests.given import given as past
from tests.registration.examples import (
    PROPOSED,
    SUBMITTED,
)
from tests.registration.exhibition_steps import EXHIBITION_STEPS, STRAIGHT_EXHIBITION
from tests.registration.letter_steps import LETTER_STEPS
from tests.registration.steps import (
    APPLICATION_STEPS,
    STRAIGHT_APPLICATION,
    SUBJECTS,
    SUCCESSORS,
    Step,
)


def journeys(steps: Sequence[Step], likely: Sequence[int]) -> st.SearchStrategy[list[Step]]:
    """Return random steps after some steps of the straight path, so that runs reach its end."""
    straight = st.integers(min_value=0, max_value=len(likely)).map(
        lambda length: [steps[item] for item in likely[:length]]
    )
    wild = st.lists(st.sampled_from(steps), max_size=12)
    return st.tuples(straight, wild).map(lambda parts: parts[0] + parts[1])


def walk(decider: Decider[Any, Any, Any], first: Any, steps: Sequence[Step]) -> list[Any]:
    """Return the states of a journey; only persons are refused, and a refusal changes nothing."""
    subject = SUBJECTS[decider.kind]
    history, state, now = [first], decider.evolve(decider.initial, first), NOW
    states = [state]
    for step in steps:
        now += step.after
        circumstances = replace(
            context(), origin=step.origin, actor=step.actor, now=now, subject=subject
        )
        try:
            events = decide_command(
                decider, step.command, state, circumstances, rule=step.rule, facts=step.facts
            )
        except Problem:
            assert step.origin is Origin.PERSON, f"{step} was refused in {state.status}"
            continue
        for event in events:
            state = decider.evolve(state, event)
            history.append(event)
            states.append(state)
    assert past(decider, *history).state == state
    return states


def keeps_to_the_table(states: Sequence[Any]) -> None:
    for before, after in pairwise(states):
        assert after.status in SUCCESSORS[before.status], f"{before.status} -> {after.status}"


def is_stored_whole(kind: Any, state: object) -> None:
    stored: TypeAdapter[Any] = TypeAdapter(kind)
    assert stored.validate_python(stored.dump_python(state, mode="json")) == state


@settings(max_examples=300)
@given(journeys([*APPLICATION_STEPS, *LETTER_STEPS], likely=STRAIGHT_APPLICATION))
def test_an_application_never_leaves_its_table(steps: list[Step]) -> None:
    states: list[Application] = walk(application, SUBMITTED, steps)
    keeps_to_the_table(states)
    is_stored_whole(Application, states[-1])
    for state in states:
        assert (state.decision is Decision.PENDING) == (state.status in UNDECIDED)
        awaited = state.status in ("SUBMITTED", "OFFERED", "NEEDS_CORRECTION")
        awaited |= commitment_due_at(state) is not None
        assert (application.deadline(state) is not None) == awaited


@settings(max_examples=300)
@given(journeys(EXHIBITION_STEPS, likely=STRAIGHT_EXHIBITION))
def test_an_exhibition_never_leaves_its_table(steps: list[Step]) -> None:
    states: list[Exhibition] = walk(exhibition, PROPOSED, steps)
    keeps_to_the_table(states)
    is_stored_whole(Exhibition, states[-1])
    for state in states:
        assert (exhibition.deadline(state) is not None) == (state.status == "CALL_OPEN")


def end_of(decider: Decider[Any, Any, Any], first: Any, steps: Sequence[Step]) -> str:
    status: str = walk(decider, first, steps)[-1].status
    return status


NEEDS_AGGREGATE = [
    (decider, step, code)
    for decider, steps, code in (
        (application, APPLICATION_STEPS, "not-found"),
        (exhibition, EXHIBITION_STEPS, "not-found"),
    )
    for step in steps
]


@pytest.mark.parametrize(("decider", "step", "code"), NEEDS_AGGREGATE)
def test_an_absent_aggregate_refuses_persons_and_ignores_reactions_and_the_sweep(
    decider: Decider[Any, Any, Any], step: Step, code: str
) -> None:
    decision = past(decider).when(
        step.command, rule=step.rule, facts=step.facts, origin=step.origin
    )
    if step.origin is Origin.PERSON:
        decision.refused(code)
    else:
        decision.then()


def test_the_straight_paths_reach_their_ends() -> None:
    attended = [APPLICATION_STEPS[item] for item in STRAIGHT_APPLICATION]
    reported = [EXHIBITION_STEPS[item] for item in STRAIGHT_EXHIBITION]
    assert end_of(application, SUBMITTED, attended) == "ATTENDED"
    assert end_of(exhibition, PROPOSED, reported) == "REPORTED"
