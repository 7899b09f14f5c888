"""The relay is right in every state of its model, and wrong without any of its safeguards."""

import pytest

from tests.long_tests import long_test
from tests.models.exploring import explore
from tests.models.relay_world import Rules
from tests.models.relaying import Relaying

DESIGN = {
    "three events, two clients die at once": pytest.param(
        Relaying(events=(2, 1), ghosts=2), marks=long_test
    ),
    "elections, two relays": pytest.param(Relaying(events=(2, 1), elections=True), marks=long_test),
    "elections, three writers": Relaying(events=(1, 1, 1), relays=1, ghosts=0, elections=True),
}
WITHOUT = {
    "acks are not awaited": (Rules(waits_for_acks=False), "archived and never published"),
    "one message may time out alone": (
        Rules(after_failure="sends the next"),
        "the topic has a gap",
    ),
    "a run goes on behind a purge": (
        Rules(after_failure="goes on behind a purge"),
        "the topic has a gap",
    ),
    "not from the head": (Rules(publishes="a single event"), "the topic has a gap"),
    "new events are sent whatever is before them": (
        Rules(sends_unread="all"),
        "the topic has a gap",
    ),
    "history takes an id twice": (Rules(archives="again"), "an event is kept twice"),
    "the outbox is emptied": (
        Rules(removes="all"),
        "an event is kept nowhere, or two have one number",
    ),
    "removed by position, archived where absent": (
        Rules(removes="by position", archives="if absent"),
        "an event is kept nowhere, or two have one number",
    ),
    "writes do not hold the version": (
        Rules(guards_version=False),
        "an event is kept nowhere, or two have one number",
    ),
    "no receipts": (Rules(leaves_receipts=False), "a command has its effect twice"),
}
EITHER_IS_ENOUGH = {
    "removed by position, archived once": Rules(removes="by position"),
    "removed by id, archived where absent": Rules(archives="if absent"),
}
READ_TOO_EARLY = {
    "the relay publishes what a single server has": (
        Relaying(rules=Rules(relays_read="local"), elections=True),
        "published an event that was never written",
    ),
    "a receipt on a single server is an answer": (
        Relaying(rules=Rules(loads="local"), elections=True),
        "an acknowledged command is lost",
    ),
    "a command is decided on what a single server has": (
        Relaying(rules=Rules(loads="local"), events=(1, 1, 1), elections=True, asks_again=False),
        "decided on an event that was never written",
    ),
}


@pytest.mark.parametrize("model", DESIGN.values(), ids=DESIGN)
def test_events_are_published_and_kept_once_in_order_under_all_failures(model: Relaying) -> None:
    found = explore(model)
    assert not found.fault, str(found)


@pytest.mark.parametrize("rules", EITHER_IS_ENOUGH.values(), ids=EITHER_IS_ENOUGH)
def test_removing_by_id_and_archiving_once_are_two_lines_of_defence(rules: Rules) -> None:
    found = explore(Relaying(rules=rules))
    assert not found.fault, str(found)


@pytest.mark.parametrize(("rules", "fault"), WITHOUT.values(), ids=WITHOUT)
def test_without_a_safeguard_the_model_has_a_fault(rules: Rules, fault: str) -> None:
    found = explore(Relaying(rules=rules))
    assert found.fault == fault, str(found)


@pytest.mark.parametrize(("model", "fault"), READ_TOO_EARLY.values(), ids=READ_TOO_EARLY)
def test_an_event_without_a_majority_must_not_be_read(model: Relaying, fault: str) -> None:
    found = explore(model)
    assert found.fault == fault, str(found)
