"""The state of a suspicion, and the fold of its events into it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.suspicion import (
    DuplicateConfirmed,
    DuplicateDismissed,
    LikenessFound,
    RefusedParty,
    SuspectedDuplicate,
    SuspicionEvent,
    SuspicionGround,
)

# State


class Status(StrEnum):
    """The status of a suspicion: without a verdict, or with the present one."""

    SUSPECTED = "SUSPECTED"
    CONFIRMED = "CONFIRMED"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """A pair of parties that may be one enterprise.

    `refused` is the party whose registration was refused: it is no enterprise, and `attempt` has
    what it declared. `joined` are the two enterprises while the suspicion is confirmed, by which
    their histories are found. `judged_by` gave the present verdict, with `code` and private
    `words`.
    """

    parties: tuple[str, str]
    ground: SuspicionGround
    refused: str | None
    likeness: LikenessFound | None
    attempt: RefusedParty | None
    status: Status = Status.SUSPECTED
    joined: tuple[str, ...] = ()
    code: str = ""
    words: str = ""
    judged_by: str = ""


# Rules


def evolve(state: Suspicion | None, event: SuspicionEvent) -> Suspicion:
    """Fold an event."""
    match event:
        case SuspectedDuplicate():
            return Suspicion(
                parties=(event.first, event.second),
                ground=event.ground,
                refused=event.refused,
                likeness=event.likeness,
                attempt=event.attempt,
            )
        case _ if state is None:
            raise ValueError(f"the first event of a suspicion was {type(event).__name__}")
        case DuplicateConfirmed():
            return replace(
                state,
                status=Status.CONFIRMED,
                joined=() if state.refused else state.parties,
                code=event.code,
                words=event.reason,
                judged_by=event.confirmed_by,
            )
        case DuplicateDismissed():
            return replace(
                state,
                status=Status.DISMISSED,
                joined=(),
                code=event.code,
                words=event.reason,
                judged_by=event.dismissed_by,
            )
        case _:
            assert_never(event)
