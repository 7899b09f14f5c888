"""Four eyes: the pairs of acts that two people must do, and who may not judge its own enterprise.

`PAIRS` is the whole policy. People are compared by actor, from what the history says of the first
act, whatever roles a token holds; and a token that speaks for an enterprise judges nothing of that
enterprise. Called by the rules of the second acts.
"""

from collections.abc import Collection
from typing import NamedTuple

from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Refused


class Pair(NamedTuple):
    """Two acts on one thing, as the refusal of the second one words them ("You …")."""

    first: str
    second: str


RECORD_AND_CORRECT = Pair("recorded this attendance", "correct it")
REGISTER_AND_VERIFY = Pair("registered this enterprise", "decide on its applications")

PAIRS = (RECORD_AND_CORRECT, REGISTER_AND_VERIFY)
"""Every pair of acts that must be of two people."""


def require_another_person(pair: Pair, first: Collection[str], context: Context) -> None:
    """Refuse a person who has done the first act itself (`same-person`)."""
    if context.origin is Origin.PERSON and context.actor in first:
        raise Refused(
            "same-person",
            f"You {pair.first}, so you cannot {pair.second}: ask another officer.",
        )


def require_another_enterprise(enterprise: str, context: Context) -> None:
    """Refuse a person whose token speaks for the enterprise that is judged (`own-enterprise`)."""
    if context.enterprise == enterprise:
        raise Refused(
            "own-enterprise",
            "Your token speaks for this enterprise, so you cannot decide on it: "
            "ask another officer.",
        )
