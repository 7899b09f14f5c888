"""Round: an exhibition's selection, with its seats and its reserve list in one place.

Lists are private until they are approved; `SelectionApproved` carries both, in order.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.registration.exhibition import Places
from shared.contracts.registration.quota import PassedOver, Quota, Shortfall
from shared.contracts.selection.curator import CuratorProfile
from shared.contracts.selection.round_codes import LossCode, LossReason, ReturnCode
from shared.contracts.words import (
    Id,
    Instant,
    PairId,
    Points,
    Scope,
    Word,
    Year,
)
from shared.contracts.zones import JAKARTA, Zone

Closing = Annotated[int, Field(ge=1)]
"""Which closing of the scoring this is about: they count from 1 as a selection is returned."""


class _Round(Event):
    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "round"

    exhibition: Id
    programme: Year
    scope: Scope


class RoundOpened(_Round):
    """The selection for an exhibition has begun, on the terms of its call."""

    places: Places
    quotas: tuple[Quota, ...] = ()
    rubric: Id
    threshold: Points
    sheets_min: int
    offer_hours: int
    starts_on: date
    ends_on: date = date.max
    zone: Zone = JAKARTA


class RoundRescheduled(_Round):
    """The exhibition has other days; a free seat whose reserve had come too late follows."""

    starts_on: date
    ends_on: date


class PanelAppointed(_Round):
    """The team of experts (tim kurator) has `size` curators; their names are private.

    So are their `profiles`, which only the automatic assignment uses.
    """

    size: Annotated[int, Field(ge=1)]
    curators: Private[tuple[str, ...]] = ()
    profiles: Private[tuple[CuratorProfile, ...]] = ()


class CandidatesListed(_Round):
    """Verification is closed: exactly these applications are candidates.

    An application that was struck before is not among them.
    """

    applications: tuple[PairId, ...]


class DeclaredConflict(Word):
    """A conflict of interest that this curator has declared with a candidate."""

    application: PairId
    curator: str


class ScoringClosed(_Round):
    """The sheets are sealed by this closing.

    Private: who closed it, who has scored, and the conflicts of interest with its candidates. These
    people do not return the selection.
    """

    closing: Closing
    sheets_min: int
    applications: tuple[PairId, ...]
    closed_by: Private[str] = ""
    scored_by: Private[tuple[str, ...]] = ()
    conflicts: Private[tuple[DeclaredConflict, ...]] = ()


class SelectionProposed(_Round):
    """The lists of this ranking were proposed; they are private until they are approved.

    `conflicts` are those that were declared with its candidates: who declared them does not decide
    on it.
    """

    private_actor: ClassVar[bool] = True

    closing: Closing
    ranking: PairId
    digest: Private[str] = ""
    scored_by: Private[tuple[str, ...]] = ()
    proposed_by: Private[str] = ""
    conflicts: Private[tuple[DeclaredConflict, ...]] = ()


class ProposalVoided(_Round):
    """An input of the proposal has changed: it must be made again."""


class SelectionReturned(_Round):
    """An approver sent it back to scoring: the seals of this closing are broken."""

    closing: Closing
    applications: tuple[PairId, ...]
    code: ReturnCode
    reason: Private[str] = ""


class SelectionApproved(_Round):
    """A second person has approved: the selected get seats, the reserve (Daftar Cadangan) waits.

    `approved_on` is the day in Jakarta. Under quotas, `groups` are sets of quotas, and `group_of`
    names by position the set that counts each of the selected and then of the reserve.
    `passed_over` counts in the reserve list: a lower rank got a place, or the place stays free.
    `shortfalls` are minima that are missed, because there are too few candidates for them.
    `not_passed` are those in neither list that do not pass a gate of the rubric.
    """

    approved_on: date
    selected: tuple[PairId, ...]
    reserve: tuple[PairId, ...]
    not_passed: tuple[PairId, ...] = ()
    groups: tuple[tuple[Id, ...], ...] = ()
    group_of: tuple[int, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


class CandidateStruck(_Round):
    """An application without a seat left the round; `from_reserve`: it left the reserve list."""

    application: PairId
    from_reserve: bool = False


class PlaceOffered(_Round):
    """A funded seat is offered until `deadline_at`: for `offer_hours`, at most until `latest_at`.

    The offer may reach the applicant late: registration then counts the hours from its arrival.
    `latest_at` is the end of the day before the exhibition.
    """

    application: PairId
    deadline_at: Instant
    offer_hours: int
    latest_at: Instant


class PlaceConfirmed(_Round):
    """An accepted seat is confirmed."""

    application: PairId


class SignedDocument(Word):
    """A document by its number and the day on which it was signed."""

    number: DocumentNumber
    signed_on: date


class LossRequested(_Round):
    """An officer asks an approver to take this seat; code, words and document are private yet."""

    application: PairId
    code: Private[LossCode | None] = None
    words: Private[str] = ""
    document: Private[SignedDocument | None] = None
    requested_by: Private[str] = ""


class LossDeclined(_Round):
    """An approver has declined to take this seat."""

    application: PairId
    words: Private[str] = ""
    declined_by: Private[str] = ""


class PlaceLost(_Round):
    """A seat was lost.

    An officer's loss has a `document`, and privately its words and the two people.
    """

    application: PairId
    reason: LossReason
    document: SignedDocument | None = None
    words: Private[str] = ""
    requested_by: Private[str] = ""
    approved_by: Private[str] = ""


class ReservesPassedOver(_Round):
    """A quota keeps these reserves from a free place, which the promotions that follow give away.

    `passed_over` counts in the reserve list as it is. Without a promotion the place stays free:
    each reserve counts for a quota that has its maximum.
    """

    passed_over: tuple[PassedOver, ...]


class ReservePromoted(_Round):
    """The next of the reserve list that no quota stops takes a freed seat."""

    application: PairId


class ParticipantsDecreed(_Round):
    """The participants' decree (SK Penetapan Peserta) is signed; its `annex` is final."""

    number: DocumentNumber
    signed_on: date
    annex: tuple[PairId, ...]


class AnnexAmended(_Round):
    """A seat was lost after the decree: the annex is amended, without it.

    Without a `document` the amendment awaits it (`AmendmentRecorded`).
    """

    without: PairId
    document: SignedDocument | None = None


class AmendmentRecorded(_Round):
    """The amendments of these places, which awaited a document, are signed under this number."""

    number: DocumentNumber
    signed_on: date
    without: tuple[PairId, ...]


class SeatsFrozen(_Round):
    """The exhibition runs: no officer takes a seat and no reserve is promoted any more."""


class RoundCancelled(_Round):
    """The exhibition was cancelled: no seat is given any more."""


RoundEvent = (
    RoundOpened
    | RoundRescheduled
    | PanelAppointed
    | CandidatesListed
    | ScoringClosed
    | SelectionProposed
    | ProposalVoided
    | SelectionReturned
    | SelectionApproved
    | CandidateStruck
    | PlaceOffered
    | PlaceConfirmed
    | LossRequested
    | LossDeclined
    | PlaceLost
    | ReservesPassedOver
    | ReservePromoted
    | ParticipantsDecreed
    | AnnexAmended
    | AmendmentRecorded
    | SeatsFrozen
    | RoundCancelled
)
