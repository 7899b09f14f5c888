"""The batch is right in every state of its model, and wrong without any of its safeguards."""

import pytest

from tests.long_tests import long_test
from tests.models.batch_world import Rules
from tests.models.batching import Batching
from tests.models.exploring import explore

NOT_RECEIVED = "mirror and parked events are not the received events"
NOT_COUNTED = "view or tally do not agree with the mirror"
NOT_ONCE = "a reaction's effect is lost, twice or out of order"

DESIGN = {
    "a log with a duplicate": pytest.param(Batching(log=(1, 2, 1, 3)), marks=long_test),
    "an event cannot be folded": Batching(log=(1, 2, 3), unfoldable=2),
    "a command is refused": pytest.param(Batching(log=(1, 2, 3), poison=2), marks=long_test),
    "a command is refused, then an event cannot be folded": Batching(
        log=(1, 2, 3), poison=1, unfoldable=2, caller=False
    ),
}
WITHOUT = {
    "checkpoints are not compared": (
        Batching(rules=Rules(compares_checkpoint=False)),
        NOT_RECEIVED,
    ),
    "Kafka's offsets alone": (Batching(rules=Rules(begins_at="Kafka's offset")), NOT_COUNTED),
    "numbers are not counted": (
        Batching(rules=Rules(counts_numbers=False)),
        "the mirror has an event twice or out of order",
    ),
    "a pending row is replaced": (Batching(rules=Rules(keeps_row="replaced")), NOT_ONCE),
    "any pending row is deleted": (Batching(rules=Rules(matches_row="nothing")), NOT_ONCE),
    "deleted rows are not counted": (
        Batching(rules=Rules(counts_deleted=False)),
        NOT_ONCE,
    ),
    "nothing is drained on assignment": (
        Batching(rules=Rules(drains_when_assigned=False)),
        "work waits for ever",
    ),
    "aggregates are loaded outside the transaction": (
        Batching(rules=Rules(decides_in_snapshot=False)),
        NOT_ONCE,
    ),
    "epochs are not compared": (
        Batching(rules=Rules(compares_epoch=False), log=(1, 2, 3), unfoldable=2),
        NOT_RECEIVED,
    ),
    "a row is deleted by its offset alone": (
        Batching(rules=Rules(matches_row="offset"), log=(1, 2, 3), unfoldable=2),
        NOT_ONCE,
    ),
    "a batch folded ahead is kept after an overtaking": (
        Batching(rules=Rules(drops_what_is_ahead=False)),
        NOT_RECEIVED,
    ),
    "a batch is kept at another checkpoint than it was folded on": (
        Batching(rules=Rules(keeps_where_it_folded=False)),
        NOT_RECEIVED,
    ),
    "a subject is flagged in the same epoch": (
        Batching(rules=Rules(raises_epoch_when_it_flags=False), log=(1, 2), poison=1),
        "a subject is flagged and has nothing parked, or the reverse",
    ),
}


@pytest.mark.parametrize("model", DESIGN.values(), ids=DESIGN)
def test_events_are_folded_counted_and_reacted_on_once_under_all_failures(model: Batching) -> None:
    found = explore(model)
    assert not found.fault, str(found)


@pytest.mark.parametrize(("model", "fault"), WITHOUT.values(), ids=WITHOUT)
def test_without_a_safeguard_the_model_has_a_fault(model: Batching, fault: str) -> None:
    found = explore(model)
    assert found.fault == fault, str(found)
