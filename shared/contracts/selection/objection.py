"""Objection (Masa Sanggah): an applicant objects to an approved selection, and is answered.

While an objection is open, a seat is in escrow: it is live, and neither offered nor given to
another. An objection that is upheld supersedes the decision by events of its own: the approved
selection stays as it was decided. Words, files and the people are private.
"""

from datetime import date

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Private
from shared.contracts.selection.round_codes import ObjectionDismissalCode, ObjectionGround
from shared.contracts.selection.round_fact import RoundFact
from shared.contracts.words import Id, Instant, PairId, Word


class ObjectionFile(Word):
    """An uploaded file of an objection, with the digest (SHA-256) of its bytes."""

    id: Id
    sha256: str


class ObjectionFiled(RoundFact):
    """An applicant that was not selected objects; an approver decides until `decide_by`.

    `counts_for` are the quotas that count it, also if it is in neither list. `same_owner` are the
    applications of its owner, itself included, of which only one gets a place.
    """

    application: PairId
    ground: ObjectionGround
    decide_by: Instant
    counts_for: tuple[Id, ...] = ()
    same_owner: tuple[PairId, ...] = ()
    words: Private[str] = ""
    files: Private[tuple[ObjectionFile, ...]] = ()
    filed_by: Private[str] = ""


class ObjectionFileRead(RoundFact):
    """A reader has read a file of this objection."""

    application: PairId
    read_at: Instant
    file: Private[str] = ""
    reader: Private[str] = ""


class ObjectionWithdrawn(RoundFact):
    """The applicant has withdrawn its objection before it was decided."""

    application: PairId
    withdrawn_by: Private[str] = ""


class ObjectionExpired(RoundFact):
    """The objection was not decided in time: its escrow ends, the decision is still owed."""

    application: PairId


class ObjectionDismissed(RoundFact):
    """The objection changes nothing; the document with this number says why."""

    application: PairId
    code: ObjectionDismissalCode
    number: DocumentNumber
    signed_on: date
    words: Private[str] = ""
    decided_by: Private[str] = ""


class ObjectionUpheld(RoundFact):
    """The objection is right: its applicant is the first of the reserve list from now on.

    A seat follows in the same write if there is one for it. `from_reserve`: it was on the reserve
    list already.
    """

    application: PairId
    ground: ObjectionGround
    number: DocumentNumber
    signed_on: date
    from_reserve: bool
    words: Private[str] = ""
    decided_by: Private[str] = ""


class ObjectionWindowClosed(RoundFact):
    """The time for objections is over: seats that are not in dispute are offered from now on."""


class OfferPutOff(RoundFact):
    """A seat has its money, and is offered once objections allow it."""

    application: PairId


class PlaceEscrowed(RoundFact):
    """This seat is in escrow for an `objection`: live, and neither offered nor given away."""

    application: PairId
    objection: PairId


class PlaceReleased(RoundFact):
    """The seat is in escrow no more, and waits as before."""

    application: PairId


ObjectionEvent = (
    ObjectionFiled
    | ObjectionFileRead
    | ObjectionWithdrawn
    | ObjectionExpired
    | ObjectionDismissed
    | ObjectionUpheld
    | ObjectionWindowClosed
    | OfferPutOff
    | PlaceEscrowed
    | PlaceReleased
)
