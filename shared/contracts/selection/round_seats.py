"""Round: the events of its seats, of the decree with its annex, and of its end."""

from datetime import date

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Private
from shared.contracts.registration.quota import PassedOver
from shared.contracts.selection.round_codes import LossCode, LossReason
from shared.contracts.selection.round_fact import RoundFact
from shared.contracts.words import Instant, PairId, Word


class PlaceOffered(RoundFact):
    """A funded seat is offered until `deadline_at`: for `offer_hours`, at most until `latest_at`.

    The offer may reach the applicant late: registration then counts the hours from its arrival.
    `latest_at` is the end of the day before the exhibition.
    """

    application: PairId
    deadline_at: Instant
    offer_hours: int
    latest_at: Instant


class PlaceConfirmed(RoundFact):
    """An accepted seat is confirmed."""

    application: PairId


class SignedDocument(Word):
    """A document by its number and the day on which it was signed."""

    number: DocumentNumber
    signed_on: date


class LossRequested(RoundFact):
    """An officer asks an approver to take this seat; code, words and document are private yet."""

    application: PairId
    code: Private[LossCode | None] = None
    words: Private[str] = ""
    document: Private[SignedDocument | None] = None
    requested_by: Private[str] = ""


class LossDeclined(RoundFact):
    """An approver has declined to take this seat."""

    application: PairId
    words: Private[str] = ""
    declined_by: Private[str] = ""


class PlaceLost(RoundFact):
    """A seat was lost.

    An officer's loss has a `document`, and privately its words and the two people.
    """

    application: PairId
    reason: LossReason
    document: SignedDocument | None = None
    words: Private[str] = ""
    requested_by: Private[str] = ""
    approved_by: Private[str] = ""


class ReservesPassedOver(RoundFact):
    """A quota keeps these reserves from a free place, which the promotions that follow give away.

    `passed_over` counts in the reserve list as it is. Without a promotion the place stays free:
    each reserve counts for a quota that has its maximum.
    """

    passed_over: tuple[PassedOver, ...]


class ReservePromoted(RoundFact):
    """The next of the reserve list that no quota stops takes a freed seat."""

    application: PairId


class ParticipantsDecreed(RoundFact):
    """The participants' decree (SK Penetapan Peserta) is signed; its `annex` is final."""

    number: DocumentNumber
    signed_on: date
    annex: tuple[PairId, ...]


class AnnexAmended(RoundFact):
    """A seat was lost after the decree: the annex is amended, without it.

    Without a `document` the amendment awaits it (`AmendmentRecorded`).
    """

    without: PairId
    document: SignedDocument | None = None


class AmendmentRecorded(RoundFact):
    """The amendments of these places, which awaited a document, are signed under this number."""

    number: DocumentNumber
    signed_on: date
    without: tuple[PairId, ...]


class SeatsFrozen(RoundFact):
    """The exhibition runs: no officer takes a seat and no reserve is promoted any more."""


class RoundCancelled(RoundFact):
    """The exhibition was cancelled: no seat is given any more."""
