"""The suspicion (id = FIRST.SECOND, the two ids in order): recorded once, then judged by officers.

A refused registration has no enterprise: its party is named by `attempt_id`, after its registrar
and the numbers that it gave, so that an attempt that is repeated is asked about once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from services.registration.domain.suspicion.state import Suspicion, evolve
from services.registration.domain.suspicion.verdicts import ConfirmDuplicate, DismissDuplicate
from shared.contracts.ids import parties_of
from shared.contracts.registration.suspicion import (
    LikenessFound,
    RefusedParty,
    SuspectedDuplicate,
    SuspicionEvent,
    SuspicionGround,
)
from shared.kernel.decider import Context, Decider

# Commands


@dataclass(frozen=True, kw_only=True)
class SuspectDuplicate:
    """(registration, revision, search) Record that these two parties may be one enterprise."""

    ground: SuspicionGround
    refused: str | None = None
    likeness: LikenessFound | None = field(default=None, repr=False)
    attempt: RefusedParty | None = field(default=None, repr=False)


SuspicionCommand = SuspectDuplicate | ConfirmDuplicate | DismissDuplicate

# Rules


def attempt_id(registrar: str, hashes: Mapping[str, tuple[str, ...]]) -> str:
    """Return the id of the party whose registration was refused.

    Only the hashes of the oldest key count: they are the same after a rotation of keys.
    """
    oldest = ",".join(sorted(of_kind[0] for of_kind in hashes.values()))
    return str(uuid5(NAMESPACE_URL, f"kukm:refused/{registrar}/{oldest}"))


def decide(
    command: SuspectDuplicate, state: Suspicion | None, context: Context
) -> Sequence[SuspicionEvent]:
    """Record the suspicion, once; the routes name the rules of the verdicts."""
    if state is not None:
        return []
    first, second = parties_of(context.subject)
    return [
        SuspectedDuplicate(
            first=first,
            second=second,
            ground=command.ground,
            refused=command.refused,
            likeness=command.likeness,
            attempt=command.attempt,
        )
    ]


LIKENESS = "likeness.score"
"""The field by which suspicions may be sorted."""

suspicion = Decider(
    kind="suspicion",
    commands=SuspicionCommand,
    state=Suspicion | None,
    events=SuspicionEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("status", "ground", "parties", "joined"),
    orders=((LIKENESS,), ("status", LIKENESS)),
)
