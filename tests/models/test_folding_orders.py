"""A service has the same copy at the end of every interleaving, duplication and cut.

The real `Folding` folds small histories in every order with the till's mirrors, views, tallies and
reactions. The result is compared with a fold event by event, without batches and numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.contracts.event import Event, event_classes
from shared.kernel.counting import count
from shared.kernel.decider import Addressed
from shared.kernel.folding import Batch, Folding, MirrorState
from shared.kernel.recorded import classes_by_type
from shared.kernel.view import Cell, View
from shared.kernel.wire import EventFrame
from tests.kernel.example import till
from tests.long_tests import long_test
from tests.models.messages import SEALED
from tests.models.orders import Framed, Story, Stream, cuts, duplications, framed, interleavings

STORIES = {
    "two baskets of one buyer on one partition": (
        Story(subject="a", events=("batik", "kopi")),
        Story(subject="b", events=("teh", "gula", "beras")),
    ),
    "a buyer's baskets on two partitions": (
        Story(subject="a", events=("batik", "kopi")),
        Story(subject="b", events=("teh",), buyer="budi"),
        Story(subject="c", events=("gula", "beras"), partition=1),
    ),
    "events of two services, and one that is not followed": (
        Story(subject="a", events=("batik", SEALED, "kopi")),
        Story(subject="ani", events=("grows", "grows"), kind="bill", partition=1),
    ),
    "a basket that cannot be folded on": (
        Story(subject="a", events=("batik", "bug", "kopi")),
        Story(subject="b", events=("teh", "gula")),
    ),
}
service = till()
folding = Folding(service.mirrors, service.views, service.tallies, service.reactions)


@dataclass
class Copy:
    """All stored results of a stream; figures are summed over partitions, as a reader sums them."""

    mirrors: dict[tuple[str, str], tuple[int, Any, bool]] = field(default_factory=dict)
    views: dict[tuple[str, str], Any] = field(default_factory=dict)
    figures: dict[tuple[str, Cell], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    reacted: list[tuple[str, tuple[Addressed, ...]]] = field(default_factory=list)
    parked: set[tuple[str, int]] = field(default_factory=set)


def folded_in_batches(batches: Iterable[Sequence[Framed]]) -> Copy:
    """Return the copy that the kernel makes batch by batch."""
    copy, known = Copy(), {mirror.name: dict[str, MirrorState]() for mirror in service.mirrors}
    for messages in batches:
        batch = folding.fold([message for message, _ in messages], list(messages), known)
        for name, kept in batch.mirrors.items():
            known[name] |= kept
        _write_views(copy, batch)
        for (tally, _, cell), numbers in batch.figures.items():
            copy.figures[tally, cell].update(numbers)
        copy.reacted += [(reacting.frame.id, reacting.commands) for reacting in batch.reacted]
        copy.parked |= {(row.subject, row.sequence) for row in batch.parked}
    copy.mirrors = {
        (name, subject): (mirror.last, mirror.state, mirror.parked)
        for name, mirrors in known.items()
        for subject, mirror in mirrors.items()
    }
    return copy


def _write_views(copy: Copy, batch: Batch) -> None:
    # As `Projection.write_view` does in the batch's transaction.
    for name, by_key in batch.views.items():
        view = folding.views[name]
        for key, events in by_key.items():
            for place, event in events:
                before = copy.views.get((name, key))
                copy.views[name, key] = after = view.evolve(before, event)
                for tally in folding.tallies[name]:
                    count(batch.figures, tally, place, (before, after))


def folded_by_event(stream: Stream) -> Copy:
    """Return the copy that the declared parts alone make of a stream without duplicates."""
    copy = Copy()
    for _, frame in framed(stream):
        _take(copy, frame)
    for tally in service.tallies:
        documents = copy.views if isinstance(tally.of, View) else _states(copy)
        for (name, _), state in documents.items():
            contribution = tally.contribution(state) if name == tally.of.name else {}
            for cell, numbers in contribution.items():
                copy.figures[tally.name, cell].update(numbers)
    return copy


def _states(copy: Copy) -> dict[tuple[str, str], Any]:
    return {name: state for name, (_, state, _) in copy.mirrors.items()}


def _take(copy: Copy, frame: EventFrame) -> None:
    mirror = folding.mirrors[frame.service, frame.kind]
    last, state, parked = copy.mirrors.get((mirror.name, frame.subject), (0, None, False))
    cls = classes_by_type(mirror.follows).get(frame.type)
    if parked or (cls is not None and b'"bug"' in frame.data):
        copy.parked.add((frame.subject, frame.sequence))
        copy.mirrors[mirror.name, frame.subject] = (last, state, True)
        return
    if cls is not None:
        event = cls.read(frame.data)
        state = mirror.evolve(state, event)
        _show_and_react(copy, frame, event, state)
    copy.mirrors[mirror.name, frame.subject] = (last + 1, state, False)


def _show_and_react(copy: Copy, frame: EventFrame, event: Event, state: Any) -> None:
    for view in service.views:
        if type(event) in event_classes(view.follows):
            name = (view.name, view.key(event))
            copy.views[name] = view.evolve(copy.views.get(name), event)
    for reaction in service.reactions:
        if type(event) in event_classes(reaction.follows):
            copy.reacted.append((frame.id, tuple(reaction.react(event, state))))


@long_test
@pytest.mark.parametrize("stories", STORIES.values(), ids=STORIES)
def test_every_cut_and_every_duplicate_of_every_interleaving_make_the_same_copy(
    stories: tuple[Story, ...],
) -> None:
    for stream in interleavings(stories):
        expected = folded_by_event(stream)
        for repeated in duplications(stream):
            for batches in cuts(framed(repeated)):
                assert folded_in_batches(batches) == expected, (repeated, list(map(len, batches)))


@pytest.mark.parametrize("stories", STORIES.values(), ids=STORIES)
def test_every_interleaving_ends_with_the_same_documents_and_figures(
    stories: tuple[Story, ...],
) -> None:
    copies = [folded_by_event(stream) for stream in interleavings(stories)]
    assert len(copies) > 1
    for copy in copies:
        assert (copy.mirrors, copy.views, copy.figures, copy.parked) == (
            copies[0].mirrors,
            copies[0].views,
            copies[0].figures,
            copies[0].parked,
        )
        assert sorted(copy.reacted, key=str) == sorted(copies[0].reacted, key=str)
