"""Whatever the interleaving, the duplicates and the cut, a service ends with the same copy.

Small histories in every order, folded by the real `Folding` with the till's mirrors, views, tallies
and reactions, against a fold of one event after the other that knows neither batches nor numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.contracts.event import Event, event_classes
from shared.kernel.decider import Addressed
from shared.kernel.folding import Batch, Folding, MirrorState, count
from shared.kernel.recorded import classes_by_type
from shared.kernel.view import Cell, View
from shared.kernel.wire import EventFrame
from tests.kernel.example import till
from tests.models.messages import SEALED
from tests.models.orders import Framed, Story, Stream, cuts, duplications, heard, interleavings

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
    """All that is left of what was heard; figures are summed over partitions, as when read."""

    mirrors: dict[tuple[str, str], tuple[int, Any, bool]] = field(default_factory=dict)
    views: dict[tuple[str, str], Any] = field(default_factory=dict)
    figures: dict[tuple[str, Cell], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    reacted: list[tuple[str, tuple[Addressed, ...]]] = field(default_factory=list)
    parked: set[tuple[str, int]] = field(default_factory=set)


def folded_in_batches(batches: Iterable[Sequence[Framed]]) -> Copy:
    """The copy that the kernel makes, batch by batch."""
    copy, known = Copy(), {one.name: dict[str, MirrorState]() for one in service.mirrors}
    for framed in batches:
        batch = folding.fold([message for message, _ in framed], list(framed), known)
        for name, kept in batch.mirrors.items():
            known[name] |= kept
        _write_views(copy, batch)
        for (tally, _, cell), numbers in batch.figures.items():
            copy.figures[tally, cell].update(numbers)
        copy.reacted += [(one.frame.id, one.commands) for one in batch.reacted]
        copy.parked |= {(one.subject, one.sequence) for one in batch.parked}
    copy.mirrors = {
        (name, subject): (one.last, one.state, one.parked)
        for name, kept in known.items()
        for subject, one in kept.items()
    }
    return copy


def _write_views(copy: Copy, batch: Batch) -> None:
    # As `Projection.write_view` does in the batch's transaction.
    for name, by_key in batch.views.items():
        view = folding.views[name]
        for key, happened in by_key.items():
            for place, event in happened:
                before = copy.views.get((name, key))
                copy.views[name, key] = after = view.evolve(before, event)
                for tally in folding.tallies[name]:
                    count(batch.figures, tally, place, (before, after))


def folded_one_by_one(stream: Stream) -> Copy:
    """The copy as the declared parts alone make it, from a stream without duplicates."""
    copy = Copy()
    for _, frame in heard(stream):
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


def _take(copy: Copy, one: EventFrame) -> None:
    mirror = folding.mirrors[one.service, one.kind]
    last, state, parked = copy.mirrors.get((mirror.name, one.subject), (0, None, False))
    cls = classes_by_type(mirror.follows).get(one.type)
    if parked or (cls is not None and b'"bug"' in one.data):
        copy.parked.add((one.subject, one.sequence))
        copy.mirrors[mirror.name, one.subject] = (last, state, True)
        return
    if cls is not None:
        event = cls.read(one.data)
        state = mirror.evolve(state, event)
        _show_and_react(copy, one, event, state)
    copy.mirrors[mirror.name, one.subject] = (last + 1, state, False)


def _show_and_react(copy: Copy, one: EventFrame, event: Event, state: Any) -> None:
    for view in service.views:
        if type(event) in event_classes(view.follows):
            name = (view.name, view.key(event))
            copy.views[name] = view.evolve(copy.views.get(name), event)
    for reaction in service.reactions:
        if type(event) in event_classes(reaction.follows):
            copy.reacted.append((one.id, tuple(reaction.react(event, state))))


@pytest.mark.parametrize("stories", STORIES.values(), ids=STORIES)
def test_every_cut_and_every_duplicate_of_every_interleaving_make_the_same_copy(
    stories: tuple[Story, ...],
) -> None:
    for stream in interleavings(stories):
        expected = folded_one_by_one(stream)
        for repeated in duplications(stream):
            for batches in cuts(heard(repeated)):
                assert folded_in_batches(batches) == expected, (repeated, list(map(len, batches)))


@pytest.mark.parametrize("stories", STORIES.values(), ids=STORIES)
def test_every_interleaving_ends_with_the_same_documents_and_figures(
    stories: tuple[Story, ...],
) -> None:
    copies = [folded_one_by_one(stream) for stream in interleavings(stories)]
    assert len(copies) > 1
    for copy in copies:
        assert (copy.mirrors, copy.views, copy.figures, copy.parked) == (
            copies[0].mirrors,
            copies[0].views,
            copies[0].figures,
            copies[0].parked,
        )
        assert sorted(copy.reacted, key=str) == sorted(copies[0].reacted, key=str)
