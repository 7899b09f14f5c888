"""The quality of the search for duplicates: recall and precision on enterprises of a seed.

`find` is the search of registration without its database: candidates by keyed hashes, compared by
their likeness. Its figures are counts, so they do not depend on the machine.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.harness.bench import Bench
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from benchmarks.harness.twins import Entry, Register, register
from services.registration.domain.duplicates.likeness import Profile, likeness
from services.registration.domain.duplicates.search_keys import (
    CANDIDATES_MAX,
    candidate_hashes,
    search_keys,
)
from shared.kernel.keys import HashKeys

SEED = 2018
RECALL_MIN, PRECISION_MIN = 0.95, 0.9
KEYS = HashKeys((b"the identifier key of a benchmark",))
RECALL = Row(
    path="recall of 100 planted duplicates among 2,000 enterprises",
    against="the promise of 0.95",
    goal=at_least(1),
    unit="found",
)
PRECISION = Row(
    path="precision of the suspected duplicates",
    against="the promise of 0.9",
    goal=at_least(1),
    unit="right",
)


class Quality(NamedTuple):
    """The share of the planted pairs that were found, and of the found pairs that were planted."""

    recall: float
    precision: float


def quality(of: Register) -> Quality:
    """Return how well the search does on these enterprises."""
    found = set(find(of.entries))
    right = len(found & of.twins)
    return Quality(right / len(of.twins), right / len(found) if found else 0)


def find(entries: tuple[Entry, ...]) -> Iterator[tuple[int, int]]:
    """Yield the places of the pairs that are suspected, as registration suspects them."""
    index: dict[str, list[int]] = defaultdict(list)
    profiles = [Profile(**vars(entry)) for entry in entries]
    for place, own in enumerate(profiles):
        hashes = candidate_hashes(own.name, own.owner, KEYS)
        pages = [index[hashed] for hashed in hashes if len(index[hashed]) <= CANDIDATES_MAX]
        for other in {other for page in pages for other in page}:
            if likeness(own, profiles[other]).suspected:
                yield other, place
        for hashed in search_keys(own.name, own.owner, KEYS):
            index[hashed].append(place)


async def measure(_: Bench) -> Pairs:
    """Search for the planted duplicates of the seed."""
    found = quality(register(SEED))
    return {
        RECALL: Pair(found.recall, RECALL_MIN),
        PRECISION: Pair(found.precision, PRECISION_MIN),
    }


PATHS = (MeasuredPath(name="duplicates", rows=(RECALL, PRECISION), measure=measure, rounds=1),)
