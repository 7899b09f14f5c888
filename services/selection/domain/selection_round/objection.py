"""An objection to an approved selection, and the fold of its events.

An approver upholds or dismisses it. If it is not decided in time its escrow ends, and the decision
is still owed until the decree. It is overtaken if its applicant gets a seat otherwise or leaves the
round, and if the round is cancelled.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.selection.objection import (
    ObjectionDismissed,
    ObjectionExpired,
    ObjectionFile,
    ObjectionFiled,
    ObjectionFileRead,
    ObjectionUpheld,
    ObjectionWithdrawn,
)
from shared.contracts.selection.round_codes import ObjectionGround


class ObjectionStatus(StrEnum):
    """An objection is filed, perhaps expired, and ends: decided, withdrawn or overtaken."""

    FILED = "FILED"
    EXPIRED = "EXPIRED"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    WITHDRAWN = "WITHDRAWN"
    OVERTAKEN = "OVERTAKEN"


UNDECIDED = (ObjectionStatus.FILED, ObjectionStatus.EXPIRED)
"""The statuses of an objection that waits for a decision."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The decision on an objection: the ground that was found, or why it was dismissed."""

    code: str
    number: str
    signed_on: date
    answer: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection; `seat` has the application whose seat is in escrow for it, or is empty.

    An approver decides until `decide_by`. `readers` have read a file of it.
    """

    application: str
    status: ObjectionStatus
    ground: ObjectionGround
    words: str
    files: tuple[ObjectionFile, ...]
    filed_by: str
    decide_by: datetime
    seat: str = ""
    decision: Decision | None = None
    readers: tuple[str, ...] = ()

    @property
    def is_undecided(self) -> bool:
        """Return True while it waits for a decision."""
        return self.status in UNDECIDED


Objections = tuple[Objection, ...]
OfObjection = (
    ObjectionFileRead | ObjectionWithdrawn | ObjectionExpired | ObjectionDismissed | ObjectionUpheld
)
"""The events of an objection that was filed before."""


def filed(objections: Objections, event: ObjectionFiled) -> Objections:
    """Return the objections with this one; it takes the place of one that was withdrawn."""
    objection = Objection(
        application=event.application,
        status=ObjectionStatus.FILED,
        ground=event.ground,
        words=event.words,
        files=event.files,
        filed_by=event.filed_by,
        decide_by=event.decide_by,
    )
    others = (each for each in objections if each.application != event.application)
    return (*others, objection)


def after_event(objections: Objections, event: OfObjection) -> Objections:
    """Return the objections after an event of one of them."""
    return _changed(objections, event.application, lambda objection: _after(objection, event))


def overtaken(objections: Objections, application: str | None = None) -> Objections:
    """Return the objections once that of this application, or all, need no decision any more."""
    return tuple(
        replace(each, status=ObjectionStatus.OVERTAKEN)
        if each.is_undecided and application in (None, each.application)
        else each
        for each in objections
    )


def in_escrow(objections: Objections, application: str, seat: str) -> Objections:
    """Return the objections with this seat in escrow for that of the application."""
    return _changed(objections, application, lambda objection: replace(objection, seat=seat))


def without_seat(objections: Objections, seat: str) -> Objections:
    """Return the objections once this seat is in escrow for none of them."""
    return tuple(replace(each, seat="") if each.seat == seat else each for each in objections)


def _changed(
    objections: Objections, application: str, change: Callable[[Objection], Objection]
) -> Objections:
    return tuple(change(each) if each.application == application else each for each in objections)


def _after(objection: Objection, event: OfObjection) -> Objection:
    match event:
        case ObjectionFileRead():
            readers = tuple(dict.fromkeys((*objection.readers, event.reader)))
            return replace(objection, readers=readers)
        case ObjectionWithdrawn():
            return replace(objection, status=ObjectionStatus.WITHDRAWN)
        case ObjectionExpired():
            return replace(objection, status=ObjectionStatus.EXPIRED)
        case ObjectionDismissed():
            decision = _decision(event.code, event)
            return replace(objection, status=ObjectionStatus.DISMISSED, decision=decision)
        case ObjectionUpheld():
            decision = _decision(event.ground, event)
            return replace(objection, status=ObjectionStatus.UPHELD, decision=decision)
        case _:
            assert_never(event)


def _decision(code: str, event: ObjectionDismissed | ObjectionUpheld) -> Decision:
    return Decision(
        code=code,
        number=event.number,
        signed_on=event.signed_on,
        answer=event.words,
        decided_by=event.decided_by,
    )
