"""Round: an exhibition's selection, with its seats and its reserve list in one place.

Lists are private until they are approved; `SelectionApproved` carries both, in order.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Private
from shared.contracts.registration.exhibition import ObjectionTerms, Places
from shared.contracts.registration.quota import PassedOver, Quota, Shortfall
from shared.contracts.selection.approval import DecisionMakers, Override, VoidReason
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.curator import CuratorProfile, CuratorRelations
from shared.contracts.selection.objection import ObjectionEvent
from shared.contracts.selection.round_codes import ReturnCode
from shared.contracts.selection.round_fact import Closing, RoundFact
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    LossDeclined,
    LossRequested,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    ReservesPassedOver,
    RoundCancelled,
    SeatsFrozen,
)
from shared.contracts.selection.rubric import Guard
from shared.contracts.words import (
    Id,
    Instant,
    PairId,
    Points,
    Word,
)
from shared.contracts.zones import JAKARTA, Zone


class RoundOpened(RoundFact):
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
    technical_approval: bool = False
    objections: ObjectionTerms | None = None


class RoundRescheduled(RoundFact):
    """The exhibition has other days; a free seat whose reserve had come too late follows."""

    starts_on: date
    ends_on: date


class PanelAppointed(RoundFact):
    """The team of experts (tim kurator) has `size` curators; their names are private.

    So are their `profiles`, which only the automatic assignment uses, and their `relations`, as far
    as they are known: keyed hashes, by which conflicts of interest are inferred.
    """

    size: Annotated[int, Field(ge=1)]
    curators: Private[tuple[str, ...]] = ()
    profiles: Private[tuple[CuratorProfile, ...]] = ()
    relations: Private[tuple[CuratorRelations, ...]] = ()


class FundsChanged(RoundFact):
    """The budget has allotted other money: the selection gives no more places than it pays for."""

    funds: Funds


class CandidatesListed(RoundFact):
    """Verification is closed: exactly these applications are candidates.

    An application that was struck before is not among them.
    """

    applications: tuple[PairId, ...]


class DeclaredConflict(Word):
    """A conflict of interest of this curator with a candidate, declared or inferred."""

    application: PairId
    curator: str


class ScoringClosed(RoundFact):
    """The sheets are sealed by this closing.

    `guard` is the reason why scores of this round are not calibrated, if there is any: it is found
    at the first closing, before the sheets are opened, and stays.

    Private: who closed it, who has scored, and the conflicts of interest with its candidates. These
    people do not return the selection.
    """

    closing: Closing
    sheets_min: int
    guard: Guard = Guard.NONE
    applications: tuple[PairId, ...]
    closed_by: Private[str] = ""
    scored_by: Private[tuple[str, ...]] = ()
    conflicts: Private[tuple[DeclaredConflict, ...]] = ()


class SelectionProposed(RoundFact):
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


class ProposalVoided(RoundFact):
    """An input of the proposal has changed: it must be made, and approved, again."""

    reason: VoidReason = VoidReason.CANDIDATE_LEFT


class LateConflictDeclared(RoundFact):
    """A curator has a conflict of interest: the seals of this closing are broken."""

    private_actor: ClassVar[bool] = True

    closing: Closing
    applications: tuple[PairId, ...]
    application: PairId
    curator: Private[str] = ""
    words: Private[str] = ""


class OverrideRecorded(RoundFact):
    """An authority has put a candidate into the selection, or out of it; public once approved."""

    private_actor: ClassVar[bool] = True

    override: Private[Override | None] = None
    words: Private[str] = ""
    recorded_by: Private[str] = ""


class OverrideWithdrawn(RoundFact):
    """An override was withdrawn before the approval."""

    private_actor: ClassVar[bool] = True

    application: Private[str] = ""
    words: Private[str] = ""
    withdrawn_by: Private[str] = ""


class SelectionEndorsed(RoundFact):
    """A person has given the technical approval (Persetujuan Teknis); the deputy's follows."""

    endorsed_on: date
    digest: Private[str] = ""
    endorsed_by: Private[str] = ""


class SelectionReturned(RoundFact):
    """An approver sent it back to scoring: the seals of this closing are broken."""

    closing: Closing
    applications: tuple[PairId, ...]
    code: ReturnCode
    reason: Private[str] = ""


class SelectionApproved(RoundFact):
    """A second person has approved: the selected get seats, the reserve (Daftar Cadangan) waits.

    `approved_on` is the day in Jakarta. Under quotas, `groups` are sets of quotas, and `group_of`
    names by position the set that counts each of the selected and then of the reserve.
    `passed_over` counts in the reserve list: a lower rank got a place, or the place stays free.
    `shortfalls` are minima that are missed, because there are too few candidates for them.
    `not_passed` are those in neither list that do not pass a gate of the rubric. `same_owner` are
    sets of listed applications of one owner, of which only one gets a place. `overrides` are those
    of an authority. Those who are not selected may object until `objections_until`; None: there is
    no time for objections. `funds` is the money that it relies on, None if none was allotted.

    Private: `decided_by`, the accounts of those who scored, closed, proposed and approved.
    """

    approved_on: date
    selected: tuple[PairId, ...]
    reserve: tuple[PairId, ...]
    not_passed: tuple[PairId, ...] = ()
    groups: tuple[tuple[Id, ...], ...] = ()
    group_of: tuple[int, ...] = ()
    same_owner: tuple[tuple[PairId, ...], ...] = ()
    overrides: tuple[Override, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    objections_until: Instant | None = None
    funds: Funds | None = None
    decided_by: Private[DecisionMakers | None] = None
    approved_by: Private[tuple[str, ...]] = ()


class CandidateStruck(RoundFact):
    """An application without a seat left the round; `from_reserve`: it left the reserve list."""

    application: PairId
    from_reserve: bool = False


RoundEvent = (
    RoundOpened
    | RoundRescheduled
    | PanelAppointed
    | FundsChanged
    | CandidatesListed
    | ScoringClosed
    | SelectionProposed
    | ProposalVoided
    | LateConflictDeclared
    | OverrideRecorded
    | OverrideWithdrawn
    | SelectionEndorsed
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
    | ObjectionEvent
    | RoundCancelled
)
