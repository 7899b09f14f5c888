"""The state of an envelope, and the fold of its events into it.

`pagu - blocked - allotted` is free, and is never below zero. It is computed and not stored, so it
always agrees with the other figures.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypedDict, assert_never

from services.budget.domain.money import rupiah
from shared.contracts.budget.envelope import (
    AllotmentMade,
    AllotmentReturned,
    CostCorrected,
    CostProposed,
    CostWithdrawn,
    EnvelopeBlocked,
    EnvelopeEvent,
    EnvelopeOpened,
    EnvelopeRevised,
    EnvelopeUnblocked,
    PostingCode,
    RevisionProposed,
    RevisionWithdrawn,
)
from shared.contracts.documents import comparable
from shared.contracts.words import Scope

# State


class Posted(StrEnum):
    """The kinds of postings; a document makes at most one of each kind in an envelope."""

    REVISION = "revision"
    BLOCK = "block"
    UNBLOCK = "unblock"
    ALLOTMENT = "allotment"
    COST = "cost"


class EnvelopeBalances(TypedDict):
    """The fields that every event of an envelope has; the balances are those after the event."""

    programme: str
    scope: Scope
    pagu_idr: int
    blocked_idr: int
    allotted_idr: int


class Proposal(StrEnum):
    """A proposal of a kind waits for another person, or there is none."""

    NONE = "NONE"
    PROPOSED = "PROPOSED"


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A proposed revision, which waits for the approval of another person."""

    document_number: str
    effective_on: date
    code: PostingCode
    reason: str
    delta_idr: int
    proposed_by: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A proposed cost of a place at an exhibition, which waits for another person."""

    document_number: str
    effective_on: date
    code: PostingCode
    reason: str
    exhibition: str
    unit_cost_idr: int
    proposed_by: str


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An opened envelope; `allotted` is the money of each exhibition that it has not returned.

    `documents` has the numbers of its postings by kind, in the form in which they are compared.
    `unit_cost_idr` is the last cost of a place in this scope, 0 before the first allotment.
    `revision_status` and `cost_status` say by an index if `revision` and `cost` wait.
    """

    programme: str
    scope: Scope
    pagu_idr: int = 0
    blocked_idr: int = 0
    allotted: dict[str, int] = field(default_factory=dict)
    documents: dict[Posted, tuple[str, ...]] = field(default_factory=dict)
    revision: Revision | None = None
    revision_status: Proposal = Proposal.NONE
    unit_cost_idr: int = 0
    cost: Cost | None = None
    cost_status: Proposal = Proposal.NONE

    @property
    def allotted_idr(self) -> int:
        """Return the sum of the allotments."""
        return sum(self.allotted.values())

    @property
    def free_idr(self) -> int:
        """Return the amount that can still be blocked, cut or allotted: never below zero."""
        return self.pagu_idr - self.blocked_idr - self.allotted_idr

    def balances(self, *, pagu: int = 0, blocked: int = 0, allotted: int = 0) -> EnvelopeBalances:
        """Return the balances after these changes, in rupiah."""
        return EnvelopeBalances(
            programme=self.programme,
            scope=self.scope,
            pagu_idr=self.pagu_idr + pagu,
            blocked_idr=self.blocked_idr + blocked,
            allotted_idr=self.allotted_idr + allotted,
        )


# Rules


def shortage(state: Envelope, requested_idr: int) -> str:
    """Return the sentence that refuses more than the free money."""
    return (
        f"You requested {rupiah(requested_idr)}, but only {rupiah(state.free_idr)} are free "
        f"(pagu {rupiah(state.pagu_idr)}, blocked {rupiah(state.blocked_idr)}, "
        f"allotted {rupiah(state.allotted_idr)}): request at most the free amount."
    )


def evolve(state: Envelope | None, event: EnvelopeEvent) -> Envelope:
    """Fold an event; allotments are added up by exhibition, because they travel as deltas."""
    state = state or Envelope(programme=event.programme, scope=event.scope)
    match event:
        case EnvelopeOpened():
            return replace(state, pagu_idr=event.pagu_idr)
        case RevisionProposed() | RevisionWithdrawn() | EnvelopeRevised():
            return _evolve_revision(state, event)
        case EnvelopeBlocked():
            state = _with_document(state, Posted.BLOCK, event.document_number)
            return replace(state, blocked_idr=state.blocked_idr + event.amount_idr)
        case EnvelopeUnblocked():
            state = _with_document(state, Posted.UNBLOCK, event.document_number)
            return replace(state, blocked_idr=state.blocked_idr - event.amount_idr)
        case AllotmentMade():
            state = _with_document(state, Posted.ALLOTMENT, event.document_number)
            state = replace(state, unit_cost_idr=event.unit_cost_idr)
            return _change_allotment(state, event.exhibition, event.amount_idr)
        case CostProposed() | CostWithdrawn() | CostCorrected():
            return _evolve_cost(state, event)
        case AllotmentReturned():
            return _change_allotment(state, event.exhibition, -event.amount_idr)
        case _:
            assert_never(event)


def _evolve_revision(
    state: Envelope, event: RevisionProposed | RevisionWithdrawn | EnvelopeRevised
) -> Envelope:
    match event:
        case RevisionProposed():
            revision = Revision(
                document_number=event.document_number,
                effective_on=event.effective_on,
                code=event.code,
                reason=event.reason,
                delta_idr=event.delta_idr,
                proposed_by=event.posted_by,
            )
            return replace(state, revision=revision, revision_status=Proposal.PROPOSED)
        case RevisionWithdrawn():
            return replace(state, revision=None, revision_status=Proposal.NONE)
        case EnvelopeRevised():
            state = _with_document(state, Posted.REVISION, event.document_number)
            pagu_idr = state.pagu_idr + event.delta_idr
            return replace(state, pagu_idr=pagu_idr, revision=None, revision_status=Proposal.NONE)
        case _:
            assert_never(event)


def _evolve_cost(state: Envelope, event: CostProposed | CostWithdrawn | CostCorrected) -> Envelope:
    match event:
        case CostProposed():
            cost = Cost(
                document_number=event.document_number,
                effective_on=event.effective_on,
                code=event.code,
                reason=event.reason,
                exhibition=event.exhibition,
                unit_cost_idr=event.unit_cost_idr,
                proposed_by=event.posted_by,
            )
            return replace(state, cost=cost, cost_status=Proposal.PROPOSED)
        case CostWithdrawn():
            return replace(state, cost=None, cost_status=Proposal.NONE)
        case CostCorrected():
            state = _with_document(state, Posted.COST, event.document_number)
            unit_cost_idr = event.unit_cost_idr
            return replace(state, unit_cost_idr=unit_cost_idr, cost=None, cost_status=Proposal.NONE)
        case _:
            assert_never(event)


def _with_document(state: Envelope, kind: Posted, number: str) -> Envelope:
    numbers = (*state.documents.get(kind, ()), comparable(number))
    return replace(state, documents={**state.documents, kind: numbers})


def _change_allotment(state: Envelope, exhibition: str, delta_idr: int) -> Envelope:
    allotted_idr = state.allotted.get(exhibition, 0) + delta_idr
    return replace(state, allotted={**state.allotted, exhibition: allotted_idr})
