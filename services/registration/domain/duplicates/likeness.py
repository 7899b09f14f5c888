"""The likeness of two profiles: names, owners and addresses are compared word by word.

Two words are compared in one spelling, by the letters that are missing, added, wrong or exchanged
(optimal string alignment). An abbreviation is nearly as good as its word; two numbers are alike
only if every digit is. Words find their partners in any order, and a word that many names have
weighs little. A name that lacks words of the other is compared by what both have, and a little by
what it lacks.

Two enterprises are suspected if names and owners are each as alike as `PART_MIN`, and both together
as `SUSPECTED_FROM`. Two addresses that are alike add up to `ADDRESS_WEIGHT`, two that differ take
up to as much away: an enterprise may have moved. All figures are ours; `make bench` measures what
they find (`benchmarks/paths/duplicates.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from services.registration.domain.duplicates.words import (
    FREQUENT,
    address_words,
    name_words,
    owner_words,
    spelled,
)

SUSPECTED_FROM = 0.82
PART_MIN = 0.68
NAME_WEIGHT, OWNER_WEIGHT = 0.53, 0.47
ADDRESS_WEIGHT = 0.08
FREQUENT_WEIGHT = 0.35
WORD_MIN = 0.72
"""Words that are less alike than this are two words."""
INITIAL, ABBREVIATED = 0.75, 0.88
ABBREVIATION_MIN = 3
NAME_LACKS, OWNER_LACKS = 0.5, 0.7
"""The share of the words that one side lacks in the likeness of two names, or of two owners."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The parts of a profile that are compared; an address may be missing."""

    name: str
    owner: str
    address: str
    province: str


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The likeness of two profiles and of their parts, each from 0 to 100.

    `address` is None if one of the two has none.
    """

    score: int
    name: int
    owner: int
    address: int | None
    same_province: bool

    @property
    def suspected(self) -> bool:
        """Return True if the two may be one enterprise."""
        enough = self.score >= _percent(SUSPECTED_FROM)
        return enough and min(self.name, self.owner) >= _percent(PART_MIN)


def likeness(left: Profile, right: Profile) -> Likeness:
    """Compare two profiles."""
    name = _alike(name_words(left.name), name_words(right.name), NAME_LACKS)
    owner = _alike(owner_words(left.owner), owner_words(right.owner), OWNER_LACKS)
    address = None
    if left.address and right.address:
        address = _alike(address_words(left.address), address_words(right.address), NAME_LACKS)
    score = NAME_WEIGHT * name + OWNER_WEIGHT * owner
    if address is not None:
        score += ADDRESS_WEIGHT * (2 * address - 1)
    return Likeness(
        score=_percent(min(score, 1)),
        name=_percent(name),
        owner=_percent(owner),
        address=None if address is None else _percent(address),
        same_province=left.province == right.province,
    )


def _alike(left: Sequence[str], right: Sequence[str], lacks: float) -> float:
    if not left or not right:
        return 0
    by_words = _by_words(left, right, lacks)
    if _numbers(left) != _numbers(right):
        return by_words
    joined = OSA.normalized_similarity(spelled("".join(left)), spelled("".join(right)))
    return max(by_words, joined)


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if not word.isalpha()}


def _by_words(left: Sequence[str], right: Sequence[str], lacks: float) -> float:
    """Return the likeness of the words that find partners, by their weights."""
    pairs = sorted(
        ((_word(first, second), first, second) for first in left for second in right), reverse=True
    )
    without_partner, shared = [set(left), set(right)], 0.0
    for alike, first, second in pairs:
        if alike >= WORD_MIN and first in without_partner[0] and second in without_partner[1]:
            shared += alike * min(_weight(first), _weight(second))
            without_partner[0].remove(first)
            without_partner[1].remove(second)
    weights = [sum(map(_weight, words)) for words in (left, right)]
    of_both = 2 * shared / sum(weights)
    return (1 - lacks) * shared / min(weights) + lacks * of_both


def _word(first: str, second: str) -> float:
    if first == second:
        return 1
    if not (first.isalpha() and second.isalpha()):
        return 0
    short, long = sorted((first, second), key=len)
    if long.startswith(short):
        if len(short) == 1:
            return INITIAL
        if len(short) >= ABBREVIATION_MIN:
            return ABBREVIATED
    return OSA.normalized_similarity(spelled(first), spelled(second))


def _weight(word: str) -> float:
    return FREQUENT_WEIGHT if word in FREQUENT else 1


def _percent(share: float) -> int:
    return round(100 * share)
