"""The keyed hashes by which enterprises are found: by a word of the name, and as candidates.

A candidate shares two words with an enterprise, each as its skeleton: two of its name, one of its
name and one of its owner's, or two of its owner's; or the whole name without its spaces. So a slip
in one word, a word too few, and another order lose no candidate. Of each text only a short hash
with a key is stored and indexed: without the key nothing tells what a hash was made of. Two texts
with one hash do no harm, because names are compared before anything is shown.

At most `NAME_WORDS_MAX` and `OWNER_WORDS_MAX` words count, the longest: they tell the most.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from services.registration.domain.duplicates.words import (
    FREQUENT,
    name_words,
    owner_words,
    skeleton,
)
from shared.kernel.keys import HashKeys

NAME_WORDS_MAX, OWNER_WORDS_MAX = 4, 3
CANDIDATES_MAX = 50
"""A hash that more enterprises have (ours) says nothing: no candidate is taken by it."""


def search_keys(name: str, owner: str, keys: HashKeys) -> tuple[str, ...]:
    """Return today's hashes of all that an enterprise is found by, in order of the hash."""
    texts = [*map(_word, name_words(name)), *candidate_texts(name, owner)]
    return tuple(sorted({keys.short_hashes(text)[-1] for text in texts}))


def word_hashes(word: str, keys: HashKeys) -> tuple[str, ...]:
    """Return the hashes, one for each key, by which a word of a name is found."""
    return keys.short_hashes(_word(word))


def candidate_hashes(name: str, owner: str, keys: HashKeys) -> tuple[str, ...]:
    """Return the hashes, of every key, by which the candidates of an enterprise are found."""
    texts = candidate_texts(name, owner)
    return tuple(dict.fromkeys(each for text in texts for each in keys.short_hashes(text)))


def candidate_texts(name: str, owner: str) -> tuple[str, ...]:
    """Return the pairs of words by which an enterprise is a candidate."""
    of_name = _longest(name_words(name), NAME_WORDS_MAX)
    of_owner = _longest(owner_words(owner), OWNER_WORDS_MAX)
    whole = f"whole:{skeleton(''.join(name_words(name)) or '-')}"
    return tuple(dict.fromkeys((whole, *_pairs(of_name, of_owner))))


def _pairs(of_name: Sequence[str], of_owner: Sequence[str]) -> Iterator[str]:
    for first, second in combinations(of_name, 2):
        if not {first, second} <= FREQUENT:
            yield _pair("name", first, second)
    for first, second in combinations(of_owner, 2):
        yield _pair("owner", first, second)
    for first in of_name:
        for second in of_owner:
            yield f"both:{skeleton(first)}:{skeleton(second)}"


def _pair(kind: str, *pair: str) -> str:
    return ":".join((kind, *sorted(map(skeleton, pair))))


def _word(word: str) -> str:
    return f"word:{word}"


def _longest(words: Sequence[str], most: int) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))[:most]
