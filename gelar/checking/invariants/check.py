"""A check: what it compares, and every difference that it finds."""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gelar.checking.invariants.answers import Answers, Item, Items
from gelar.checking.invariants.topics import Fact, Topics

Pairing = tuple[str, Sequence[Fact], Item]
BROKEN = (
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    ArithmeticError,
    RecursionError,
)
"""The errors of a check on events or answers that do not fit together."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything that the checks look at; `actor_key` is the key of the topics' pseudonyms."""

    topics: Topics
    answers: Answers
    actor_key: str = ""

    def pseudonym(self, actor: str) -> str:
        """Return what the topics show of an actor that an API names."""
        digest = hmac.new(self.actor_key.encode(), actor.encode(), "sha256")
        letters = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
        return f"p-{digest.hexdigest()[:20].translate(letters)}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a check; `compared` says in figures what it looked at."""

    name: str
    invariant: int | None
    compared: str
    differences: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Return True if the check found no difference."""
        return not self.differences


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check; `invariant` is its number in `docs/invariants.md`.

    `compared` counts what it looks at; `differences` yields what is wrong. A check without a number
    compares copies with their source.
    """

    name: str
    compared: Callable[[Evidence], str]
    differences: Callable[[Evidence], Iterator[str]]
    invariant: int | None = None

    def outcome(self, evidence: Evidence) -> Outcome:
        """Make the check; evidence that is too broken to be checked is a difference."""
        try:
            compared = self.compared(evidence)
            differences = tuple(self.differences(evidence))
        except BROKEN as error:
            compared, differences = "-", (f"the evidence cannot be read: {error!r}",)
        return Outcome(
            name=self.name,
            invariant=self.invariant,
            compared=compared,
            differences=differences,
        )


def unlisted(facts: Mapping[str, Sequence[Fact]], items: Items) -> Iterator[str]:
    """Yield a difference for every id without an answer or without events, and for old answers.

    An answer is old if its `version` is not the number of the last event.
    """
    yield from (f"{id} has events and is not in the answers" for id in sorted(facts.keys() - items))
    yield from (f"{id} is in the answers and has no events" for id in sorted(items.keys() - facts))
    for id, of_subject, item in paired(facts, items):
        yield from unequal(f"{id} version", len(of_subject), item["version"])
        yield from unequal(f"{id} id", id, item["id"])


def paired(facts: Mapping[str, Sequence[Fact]], items: Items) -> Iterator[Pairing]:
    """Yield each id that has both, with its events and its item of the answers."""
    for id in sorted(facts.keys() & items.keys()):
        yield id, facts[id], items[id]


def unequal(what: str, expected: object, answered: object) -> Iterator[str]:
    """Yield a difference if an answer is not what the events add up to, in value and in type."""
    if json.dumps(expected, sort_keys=True) != json.dumps(answered, sort_keys=True):
        yield f"{what}: the answer is {_written(answered)}, the events give {_written(expected)}"


def _written(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
