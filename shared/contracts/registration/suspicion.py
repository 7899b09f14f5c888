"""Suspicion (Dugaan Ganda): two enterprises may be one, and an officer gives a verdict on the pair.

Its subject is `FIRST.SECOND`, the two ids in order. The second party of a refused registration is
no enterprise: its id names the attempt. Names, numbers and likenesses are in no topic.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event, Private
from shared.contracts.words import Id, Province, Word


class SuspicionGround(StrEnum):
    """The reason of a suspicion: a number that another enterprise has, or a likeness."""

    NUMBER = "NUMBER"
    LIKENESS = "LIKENESS"


class ConfirmationCode(StrEnum):
    """A reason to take two parties for one enterprise (ours)."""

    REGISTERED_TWICE = "registered-twice"
    SAME_OWNER = "same-owner"
    OTHER = "other"


class DismissalCode(StrEnum):
    """A reason to take two parties for two enterprises (ours)."""

    OTHER_OWNER = "other-owner"
    SAME_FAMILY = "same-family"
    BRANCH = "branch"
    MISTYPED_NUMBER = "mistyped-number"
    OTHER = "other"


Percent = Annotated[int, Field(ge=0, le=100)]


class LikenessFound(Word):
    """The likeness of two profiles when it was found, and of their parts, from 0 to 100."""

    score: Percent
    name: Percent
    owner: Percent
    address: Percent | None = None
    same_province: bool


class RefusedParty(Word):
    """The registration that was refused: its words, and the kinds of the numbers that were taken.

    No number is kept of it, nor the hash of one.
    """

    name: str
    representative: str
    address: str = ""
    province: Province
    numbers: tuple[str, ...]
    registrar: str


class _Suspicion(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "suspicion"

    first: Id
    second: Id


class SuspectedDuplicate(_Suspicion):
    """Two parties may be one enterprise; `refused` names the party that was not registered."""

    ground: SuspicionGround
    refused: Id | None = None
    likeness: Private[LikenessFound | None] = None
    attempt: Private[RefusedParty | None] = None


class DuplicateConfirmed(_Suspicion):
    """They are one enterprise: from now on their histories and places count together."""

    code: ConfirmationCode
    reason: Private[str] = ""
    confirmed_by: Private[str] = ""


class DuplicateDismissed(_Suspicion):
    """They are two enterprises; the pair is not asked about again."""

    code: DismissalCode
    reason: Private[str] = ""
    dismissed_by: Private[str] = ""


SuspicionEvent = SuspectedDuplicate | DuplicateConfirmed | DuplicateDismissed
