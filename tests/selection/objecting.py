"""Examples of objections: the window of `mihas-2018` is open, C holds the last of the two seats."""

from datetime import date, datetime, timedelta
from typing import Any

from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
)
from services.selection.domain.selection_round.objections import (
    FileObjection,
    ObjectionFacts,
    file_objection,
)
from shared.contracts.registration.exhibition import ObjectionTerms
from shared.contracts.selection.objection import (
    ObjectionDismissed,
    ObjectionExpired,
    ObjectionFile,
    ObjectionFiled,
    ObjectionUpheld,
    ObjectionWindowClosed,
    ObjectionWithdrawn,
    OfferPutOff,
    PlaceEscrowed,
    PlaceReleased,
)
from shared.contracts.selection.round_codes import ObjectionDismissalCode, ObjectionGround
from tests.given import NOW
from tests.selection.examples import (
    APPROVED,
    CLOSED_SCORING,
    OPENED,
    PROPOSED,
    ROUND_FIELDS,
    A,
    C,
    lost,
)

JUDGE = "approver-2"
"""An approver who has no part in the selection: not the one who approved it."""
TERMS = ObjectionTerms(days=3, decision_days=5)
UNTIL = NOW + timedelta(days=3)
DECIDE_BY = NOW + timedelta(days=5)
WITH_TERMS = OPENED.model_copy(update={"objections": TERMS})
DISPUTABLE = APPROVED.model_copy(update={"objections_until": UNTIL})
WINDOW = (WITH_TERMS, *CLOSED_SCORING[1:], PROPOSED, DISPUTABLE)
"""The selection is approved with a time for objections."""
FILE = ObjectionFile(id="f-1", sha256="0" * 64)
GROUNDS: dict[str, Any] = {"ground": ObjectionGround.SCORE, "reason": "a sheet was added wrongly"}
SIGNED: dict[str, Any] = {
    "number": "ND-9/2018",
    "signed_on": date(2018, 2, 1),
    "answer": "as the sheets show",
}
WINDOW_CLOSED = ObjectionWindowClosed(**ROUND_FIELDS)
MOVED = lost(C, "objection-upheld")
"""C has lost its seat to an objection."""
FILING: dict[str, Any] = {"rule": file_objection, "facts": ObjectionFacts(counts_for=())}


def filing(application: str = A) -> FileObjection:
    """Return the command by which this application objects."""
    return FileObjection(application=application, **GROUNDS)


def upholding(application: str = A) -> UpholdObjection:
    """Return the command that upholds the objection of this application."""
    return UpholdObjection(application=application, ground=ObjectionGround.SCORE, **SIGNED)


def dismissing(application: str = A) -> DismissObjection:
    """Return the command that dismisses the objection of this application."""
    return DismissObjection(
        application=application, code=ObjectionDismissalCode.UNFOUNDED, **SIGNED
    )


def filed(application: str = A, decide_by: datetime = DECIDE_BY) -> ObjectionFiled:
    """Return the event that this application objects."""
    return ObjectionFiled(
        application=application,
        ground=ObjectionGround.SCORE,
        decide_by=decide_by,
        words=GROUNDS["reason"],
        filed_by="tester",
        **ROUND_FIELDS,
    )


def escrowed(seat: str = C, objection: str = A) -> PlaceEscrowed:
    """Return the event that puts this seat in escrow for an objection."""
    return PlaceEscrowed(application=seat, objection=objection, **ROUND_FIELDS)


def released(seat: str = C) -> PlaceReleased:
    """Return the event that ends the escrow of this seat."""
    return PlaceReleased(application=seat, **ROUND_FIELDS)


def put_off(seat: str) -> OfferPutOff:
    """Return the event that this seat has money and is offered later."""
    return OfferPutOff(application=seat, **ROUND_FIELDS)


def withdrawn(application: str = A) -> ObjectionWithdrawn:
    """Return the event that this application withdraws its objection."""
    return ObjectionWithdrawn(application=application, withdrawn_by="tester", **ROUND_FIELDS)


def expired(application: str = A) -> ObjectionExpired:
    """Return the event that the objection was not decided in time."""
    return ObjectionExpired(application=application, **ROUND_FIELDS)


def dismissed(application: str = A) -> ObjectionDismissed:
    """Return the event that dismisses the objection of this application."""
    return ObjectionDismissed(
        application=application,
        code=ObjectionDismissalCode.UNFOUNDED,
        number="ND-9/2018",
        signed_on=date(2018, 2, 1),
        words=SIGNED["answer"],
        decided_by=JUDGE,
        **ROUND_FIELDS,
    )


def upheld(application: str = A, *, from_reserve: bool = True) -> ObjectionUpheld:
    """Return the event that upholds the objection of this application."""
    return ObjectionUpheld(
        application=application,
        ground=ObjectionGround.SCORE,
        number="ND-9/2018",
        signed_on=date(2018, 2, 1),
        from_reserve=from_reserve,
        words=SIGNED["answer"],
        decided_by=JUDGE,
        **ROUND_FIELDS,
    )


OBJECTED = (*WINDOW, filed(), escrowed())
"""A has objected, and the seat of C is in escrow."""
