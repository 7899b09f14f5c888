"""The state of a round with its seats.

The keys of `seats` and `group_of` are composed ids (they contain a dot), therefore both are always
written whole. The state grows with the candidates of its exhibition and no further: a few thousand
entries. `fold` folds the events into it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from services.selection.domain.choosing.problem import OWNER, Codes
from services.selection.domain.selection_round.annex import Decree
from services.selection.domain.selection_round.judgement import (
    Approval,
    Proposal,
    RecordedOverride,
    Scoring,
)
from services.selection.domain.selection_round.loss import Loss, LossStatus
from services.selection.domain.selection_round.objection import Objection, ObjectionStatus
from shared.contracts.registration.exhibition import ObjectionTerms
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.approval import ApprovalLevel
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.curator import CuratorProfile, CuratorRelations
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.rubric import Guard
from shared.contracts.words import Scope
from shared.contracts.zones import JAKARTA

# State


class Status(StrEnum):
    """The phase of a round; AWAITED: another event of it arrived before its call opened."""

    AWAITED = "AWAITED"
    OPEN = "OPEN"
    SCORING_CLOSED = "SCORING_CLOSED"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    DECREED = "DECREED"
    CANCELLED = "CANCELLED"


DECIDED = (Status.APPROVED, Status.DECREED)
"""The statuses of a round whose selection is approved."""


class SeatStatus(StrEnum):
    """A seat waits for money, is in escrow for an objection, offered, confirmed, or lost."""

    WAITING = "WAITING"
    ESCROWED = "ESCROWED"
    OFFERED = "OFFERED"
    CONFIRMED = "CONFIRMED"
    LOST = "LOST"


class RoundFields(TypedDict):
    """The fields that every event of a round has."""

    exhibition: str
    programme: str
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class Round:
    """The selection of an exhibition; its terms are zero until its call has opened.

    `listed` is None until verification is closed. `seats` are in the order in which they were
    given: the selected in rank order, then each reserve that was promoted. `losses` are those that
    officers have requested. `objections` may be filed until `objections_until` (None: there is no
    time for them), which is over once `window_closed`; `put_off` have money and are offered later.
    `displaced` lost a seat to an objection, as often as they are named, and became the next
    reserve. `frozen` is True once the exhibition runs. `groups` are the sets of quotas that count
    an application, and `group_of` names by position the set of each approved application, and of
    each that has objected, that counts for any; `same_owner` are sets of applications of one owner.
    `funds` are None while no money is allotted. `approvals` are those of every proposal, the void
    ones, too. `guard` is that of the first closing. `inputs` counts the changes of what a ranking
    of the present closing is made from.
    """

    exhibition: str
    programme: str
    scope: Scope
    status: Status = Status.AWAITED
    places: int = 0
    quotas: tuple[Quota, ...] = ()
    rubric: str = ""
    threshold: int = 0
    sheets_min: int = 0
    offer_hours: int = 0
    objection_terms: ObjectionTerms | None = None
    starts_on: date = date.max
    ends_on: date = date.max
    zone: str = JAKARTA
    technical_approval: bool = False
    panel: tuple[str, ...] = ()
    profiles: tuple[CuratorProfile, ...] = ()
    relations: tuple[CuratorRelations, ...] = ()
    listed: tuple[str, ...] | None = None
    struck: tuple[str, ...] = ()
    closing: int = 0
    guard: Guard | None = None
    scoring: Scoring | None = None
    proposal: Proposal | None = None
    approvals: tuple[Approval, ...] = ()
    overrides: tuple[RecordedOverride, ...] = ()
    late_conflicts: tuple[DeclaredConflict, ...] = ()
    approved_on: date | None = None
    approved_by: tuple[str, ...] = ()
    seats: dict[str, SeatStatus] = field(default_factory=dict)
    reserve: tuple[str, ...] = ()
    groups: tuple[Codes, ...] = ()
    group_of: dict[str, int] = field(default_factory=dict)
    same_owner: tuple[tuple[str, ...], ...] = ()
    funds: Funds | None = None
    inputs: int = 0
    losses: tuple[Loss, ...] = ()
    objections: tuple[Objection, ...] = ()
    objections_until: datetime | None = None
    window_closed: bool = False
    put_off: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()
    decree: Decree | None = None
    frozen: bool = False

    @property
    def round_fields(self) -> RoundFields:
        """Return the fields that every event of this round has."""
        return RoundFields(exhibition=self.exhibition, programme=self.programme, scope=self.scope)

    @property
    def remaining(self) -> tuple[str, ...]:
        """Return the listed applications that have not been struck, in order of id."""
        struck = frozenset(self.struck)
        return tuple(application for application in self.listed or () if application not in struck)

    @property
    def conflicts(self) -> tuple[DeclaredConflict, ...]:
        """Return the conflicts with its candidates: found by the last closing, or declared late."""
        found = self.scoring.conflicts if self.scoring else ()
        return (*found, *(each for each in self.late_conflicts if each not in found))

    @property
    def overridden(self) -> frozenset[str]:
        """Return the candidates with an override."""
        return frozenset(each.override.application for each in self.overrides)

    @property
    def endorsement(self) -> Approval | None:
        """Return the technical approval that counts."""
        counting = (each for each in self.approvals if each.voided is None)
        return next((each for each in counting if each.level is ApprovalLevel.TECHNICAL), None)

    @property
    def live(self) -> tuple[str, ...]:
        """Return the applications with a seat that is not lost: never more than the places."""
        return tuple(
            application for application, seat in self.seats.items() if seat is not SeatStatus.LOST
        )

    @property
    def annex(self) -> tuple[str, ...]:
        """Return the annex of the decree: before it is decreed, those that are confirmed now."""
        return self.decree.annex if self.decree else self.seats_with(SeatStatus.CONFIRMED)

    def codes_of(self, application: str) -> Codes:
        """Return the codes of the quotas and owners that count this application."""
        group = self.group_of.get(application)
        codes = () if group is None else self.groups[group]
        owned = zip(self.owner_codes, self.same_owner, strict=True)
        return (*codes, *(code for code, applications in owned if application in applications))

    @property
    def owner_codes(self) -> Codes:
        """Return the codes of the owners of several applications."""
        return tuple(f"{OWNER}{number}" for number in range(1, len(self.same_owner) + 1))

    @property
    def places_with_money(self) -> int:
        """Return the places that the money pays for; all of them while none is allotted."""
        return self.places if self.funds is None else min(self.places, self.funds.places)

    def seats_with(self, status: SeatStatus) -> tuple[str, ...]:
        """Return the applications whose seat has this status, in the order of the seats."""
        return tuple(application for application, seat in self.seats.items() if seat is status)

    @property
    def window_open(self) -> bool:
        """Return True while objections may be filed, or a sweep has not ended that time yet."""
        opened = self.status is Status.APPROVED and self.objections_until is not None
        return opened and not self.window_closed

    @property
    def disputed(self) -> tuple[Objection, ...]:
        """Return the objections that hold a seat, or would if one suited, and hold the decree."""
        return tuple(each for each in self.objections if each.status is ObjectionStatus.FILED)

    def objection_of(self, application: str) -> Objection | None:
        """Return the objection of this application, in whatever status."""
        return next((each for each in self.objections if each.application == application), None)

    def requested_loss(self, application: str) -> Loss | None:
        """Return the loss of this seat that waits for an approver."""
        waiting = (loss for loss in self.losses if loss.status is LossStatus.REQUESTED)
        return next((loss for loss in waiting if loss.application == application), None)

    def holds(self, application: str) -> bool:
        """Return True if this application has a live seat."""
        return self.seats.get(application, SeatStatus.LOST) is not SeatStatus.LOST
