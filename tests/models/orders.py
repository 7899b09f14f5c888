"""Make every order of small histories: interleaved, repeated, and cut into batches."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

from shared.kernel.wire import EventFrame, Message, decode
from tests.models.messages import basket_event, bill_event


@dataclass(frozen=True, kw_only=True)
class Story:
    """A subject's events in order on a partition: items of a basket, or growths of a bill."""

    subject: str
    events: tuple[str, ...]
    partition: int = 0
    kind: str = "basket"
    buyer: str = "ani"


Numbered = tuple[Story, int]
"""An event of a story, by its number."""
Stream = tuple[Numbered, ...]
Framed = tuple[Message, EventFrame]


def interleavings(stories: Sequence[Story], before: Stream = ()) -> Iterator[Stream]:
    """Yield every order of the stories' events that keeps the order of each story."""
    counts = {story: sum(other is story for other, _ in before) for story in stories}
    going_on = [story for story in stories if counts[story] < len(story.events)]
    if not going_on:
        yield before
    for story in going_on:
        yield from interleavings(stories, (*before, (story, counts[story] + 1)))


def duplications(stream: Stream) -> Iterator[Stream]:
    """Yield the stream itself, and then with each event repeated at every later place."""
    yield stream
    for place, event in enumerate(stream, 1):
        for later in range(place, len(stream) + 1):
            yield (*stream[:later], event, *stream[later:])


def cuts(messages: Sequence[Framed]) -> Iterator[list[Sequence[Framed]]]:
    """Yield every way to cut messages into batches."""
    within = range(1, len(messages))
    for many in range(len(messages)):
        for places in combinations(within, many):
            yield [messages[start:end] for start, end in pairwise((0, *places, len(messages)))]


def framed(stream: Stream) -> list[Framed]:
    """Return the stream's messages at their offsets, with their frames."""
    offsets: Counter[tuple[str, int]] = Counter()
    messages = []
    for story, number in stream:
        place = (story.kind, story.partition)
        messages.append(_framed(story, number, offsets[place]))
        offsets[place] += 1
    return messages


@cache
def _framed(story: Story, number: int, offset: int) -> Framed:
    # The same few messages come in thousands of orders: each is encoded and decoded once.
    where = {"partition": story.partition, "offset": offset}
    if story.kind == "bill":
        message = bill_event(story.subject, number, **where)
    else:
        item = story.events[number - 1]
        message = basket_event(story.subject, number, item=item, buyer=story.buyer, **where)
    return message, decode(message)
