"""Mirrors and figures are the same for every cut of a log into batches and for duplicates."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.kernel.counting import Figures, count
from shared.kernel.folding import Batch, Folding, MirrorState
from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import Message, encode
from shared.service import Service
from tests.kernel.example import ItemAdded, Seen, baskets, spending, till

PLACE = ("shop", 0)
Known = dict[str, dict[str, MirrorState]]


def folding() -> Folding:
    """Make the folding of the till."""
    service: Service = till()
    return Folding(service.mirrors, service.views, service.tallies, service.reactions)


def message(subject: str, sequence: int, item: str = "i", offset: int = 0) -> Message:
    """Make an `ItemAdded` as it comes from the topic."""
    event = ItemAdded(buyer=f"buyer of {subject}", item=item, price=sequence)
    recorded = Recorded(
        id=event_id("basket", subject, sequence),
        type=event.type_name(),
        time="2018-02-01T00:00:00.000Z",
        data=event.public_json(),
        private=None,
        actor="x",
        correlation="c",
        causation=None,
        receipt=None,
        body=None,
    )
    key, value, headers = encode("shop", recorded)
    named: dict[str, Any] = dict(headers)
    return Message(partition=PLACE, offset=offset, key=key, headers=named, value=value)


def take(parts: Folding, known: Known, messages: list[Message]) -> Batch:
    """Fold a batch and store its mirrors in `known`, as the transaction does."""
    batch = parts.fold(messages, parts.frames(messages), known)
    for name, kept in batch.mirrors.items():
        known[name] |= kept
    return batch


def run(parts: Folding, batches: list[list[Message]]) -> tuple[Known, Figures, Counter[str]]:
    """Fold batches in turn; return mirrors, figures, and the count of reactions by event."""
    known: Known = defaultdict(dict)
    figures: Figures = defaultdict(Counter)
    reacted: Counter[str] = Counter()
    for messages in batches:
        batch = take(parts, known, messages)
        for cell, numbers in batch.figures.items():
            figures[cell].update(numbers)
        reacted.update(reacting.frame.id for reacting in batch.reacted)
    return known, figures, reacted


@st.composite
def logs(draw: st.DrawFn) -> tuple[dict[str, int], list[list[Message]]]:
    """Draw a partition's log of several subjects with some repeated events, cut into batches."""
    lengths = draw(st.dictionaries(st.sampled_from("abc"), st.integers(1, 6), min_size=1))
    turns = draw(st.permutations([subject for subject, n in lengths.items() for _ in range(n)]))
    last: Counter[str] = Counter()
    log: list[Message] = []
    for subject in turns:
        last[subject] += 1
        log.append(message(subject, last[subject]))
        if draw(st.booleans()):
            log.append(message(subject, draw(st.integers(1, last[subject]))))
    cuts = sorted(draw(st.sets(st.integers(1, len(log)), max_size=5)) | {0, len(log)})
    return lengths, [log[start:end] for start, end in pairwise(cuts)]


@settings(max_examples=200)
@given(logs())
def test_duplicates_and_cuts_change_nothing(
    case: tuple[dict[str, int], list[list[Message]]],
) -> None:
    lengths, batches = case
    parts = folding()
    known, figures, reacted = run(parts, batches)
    assert {subject: kept.last for subject, kept in known[baskets.name].items()} == lengths
    ids = [event_id("basket", s, n + 1) for s, last in lengths.items() for n in range(last)]
    assert reacted == Counter(ids)
    from_scratch: Figures = defaultdict(Counter)
    for kept in known[baskets.name].values():
        count(from_scratch, spending, PLACE, (None, kept.state))
    assert figures == from_scratch


def test_a_gap_parks_the_subject_and_its_later_events_and_no_other_subject() -> None:
    known: Known = defaultdict(dict)
    messages = [message("a", 1), message("a", 3), message("a", 4), message("b", 1)]
    batch = take(folding(), known, messages)
    assert [(row.subject, row.sequence, row.reason) for row in batch.parked] == [
        ("a", 3, "gap"),
        ("a", 4, "subject-parked"),
    ]
    assert known[baskets.name]["a"].last == 1
    assert known[baskets.name]["b"].state == Seen(buyer="buyer of b", total=1)


def test_an_event_of_an_unknown_type_is_counted_and_skipped() -> None:
    known: Known = defaultdict(dict)
    strange = message("a", 2)
    strange.headers["ce_type"] = b"id.go.kukm.shop.item-blessed.v3"
    batch = take(folding(), known, [message("a", 1), strange, message("a", 3)])
    assert (known[baskets.name]["a"].last, batch.parked) == (3, [])
    assert batch.counts == {"applied": 2, "skipped": 1}


def test_a_kind_without_a_mirror_is_ignored() -> None:
    strange = message("a", 1)
    strange.headers["ce_source"] = b"/kukm/shop/shelf"
    strange.headers["ce_id"] = event_id("shelf", "a", 1).encode()
    parts = folding()
    batch = parts.fold([strange], parts.frames([strange]), defaultdict(dict))
    assert (dict(batch.mirrors), batch.parked) == ({}, [])
    assert batch.next_offsets == {PLACE: 1}


def test_a_batch_of_duplicates_alone_has_nothing_to_write_but_its_checkpoint() -> None:
    known: Known = {baskets.name: {"a": MirrorState(last=2, state=Seen(buyer="x", total=3))}}
    batch = take(folding(), known, [message("a", 1, offset=7), message("a", 2, offset=8)])
    assert (batch.mirrors, batch.figures, batch.next_offsets) == ({}, {}, {PLACE: 9})


DEEP = 100_000
"""Levels of nesting: no reader of JSON by recursion comes through them."""


@settings(max_examples=300)
@given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode))
@example(b"[" * DEEP)
@example(b'{"buyer":' * DEEP)
@example(b'{"buyer":"ani","item":"i","price":1,"further":' + b"[" * DEEP + b"]" * DEEP + b"}")
@example(b'{"buyer":"\\ud800","item":"i","price":1}')
@example(b'{"buyer":"ani","item":"i","price":1e999}')
@example(b"")
def test_any_data_is_an_event_or_parks_its_own_subject(value: bytes) -> None:
    parts, known = folding(), defaultdict[str, dict[str, MirrorState]](dict)
    strange = message("strange", 1)._replace(value=value)
    batch = take(parts, known, [strange, message("other", 1, offset=1)])
    assert known[baskets.name]["other"].state == Seen(buyer="buyer of other", total=1)
    if batch.parked:
        (parked,) = batch.parked
        assert (parked.subject, parked.reason) == ("strange", "undecodable")
