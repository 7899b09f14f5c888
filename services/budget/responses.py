"""The responses about envelopes and allocations: balances and derived figures, in whole rupiah.

Derived figures are computed on read and not stored, so they always agree with the balances. The
Indonesian terms are those of the budget's own reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.envelope.state import Cost, Envelope, Revision
from services.budget.views.own import AllocationUse, with_waiting
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.words import Scope


@dataclass(frozen=True, kw_only=True)
class ProposedRevision:
    """A revision that waits for approval; words and officer are None for who may not read them."""

    document_number: str
    effective_on: date
    delta_idr: int
    code: PostingCode
    reason: str | None
    proposed_by: str | None


@dataclass(frozen=True, kw_only=True)
class ProposedCost:
    """A cost that waits for another person; words and officer as in `ProposedRevision`."""

    document_number: str
    effective_on: date
    exhibition: str
    unit_cost_idr: int
    code: PostingCode
    reason: str | None
    proposed_by: str | None


@dataclass(frozen=True, kw_only=True)
class EnvelopeFigures:
    """An envelope with the sums of its allocations.

    `effective_idr` = pagu - blocked (pagu efektif); `unallotted_idr` = effective - allotted;
    `outstanding_idr` = contracted - realised (komitmen belum realisasi); `available_idr` =
    effective - reserved - contracted (tersedia); `remaining_idr` = pagu - realised (sisa pagu);
    `unit_cost_idr` is the last cost of a place in this scope.
    """

    programme: str
    scope: Scope
    pagu_idr: int
    blocked_idr: int
    effective_idr: int
    allotted_idr: int
    unallotted_idr: int
    reserved_idr: int
    contracted_idr: int
    outstanding_idr: int
    realised_idr: int
    sunk_idr: int
    available_idr: int
    remaining_idr: int
    allotted: dict[str, int]
    unit_cost_idr: int
    revision: ProposedRevision | None
    cost: ProposedCost | None


@dataclass(frozen=True, kw_only=True)
class AllocationFigures:
    """An allocation with its balances and the numbers of its places.

    `contracted_idr` is the sum of all contracts, paid or not; `outstanding_idr` = contracted -
    realised; `free_idr` = ceiling - reserved - contracted.
    """

    exhibition: str
    programme: str
    scope: Scope
    closed: bool
    ceiling_idr: int
    unit_cost_idr: int
    reserved_idr: int
    contracted_idr: int
    outstanding_idr: int
    realised_idr: int
    sunk_idr: int
    free_idr: int
    places_waiting: int
    places_reserved: int
    places_contracted: int


def envelope_figures(envelope: Envelope, use: Mapping[str, int], *, words: bool) -> EnvelopeFigures:
    """Return the figures of an envelope; `use` is its cell of the tally.

    `words` is True for readers who may read words and officers of its proposals.
    """
    reserved_idr, contracted_idr = use.get("reserved_idr", 0), use.get("contracted_idr", 0)
    realised_idr = use.get("realised_idr", 0)
    effective_idr = envelope.pagu_idr - envelope.blocked_idr
    return EnvelopeFigures(
        programme=envelope.programme,
        scope=envelope.scope,
        pagu_idr=envelope.pagu_idr,
        blocked_idr=envelope.blocked_idr,
        effective_idr=effective_idr,
        allotted_idr=envelope.allotted_idr,
        unallotted_idr=envelope.free_idr,
        reserved_idr=reserved_idr,
        contracted_idr=contracted_idr,
        outstanding_idr=contracted_idr - realised_idr,
        realised_idr=realised_idr,
        sunk_idr=use.get("sunk_idr", 0),
        available_idr=effective_idr - reserved_idr - contracted_idr,
        remaining_idr=envelope.pagu_idr - realised_idr,
        allotted=envelope.allotted,
        unit_cost_idr=envelope.unit_cost_idr,
        revision=_revision(envelope.revision, words=words) if envelope.revision else None,
        cost=_cost(envelope.cost, words=words) if envelope.cost else None,
    )


def _cost(cost: Cost, *, words: bool) -> ProposedCost:
    return ProposedCost(
        document_number=cost.document_number,
        effective_on=cost.effective_on,
        exhibition=cost.exhibition,
        unit_cost_idr=cost.unit_cost_idr,
        code=cost.code,
        reason=cost.reason if words else None,
        proposed_by=cost.proposed_by if words else None,
    )


def _revision(revision: Revision, *, words: bool) -> ProposedRevision:
    return ProposedRevision(
        document_number=revision.document_number,
        effective_on=revision.effective_on,
        delta_idr=revision.delta_idr,
        code=revision.code,
        reason=revision.reason if words else None,
        proposed_by=revision.proposed_by if words else None,
    )


def allocation_figures(exhibition: str, use: AllocationUse) -> AllocationFigures:
    """Return the figures of the allocation of an exhibition."""
    return AllocationFigures(
        exhibition=exhibition,
        programme=use.programme,
        scope=use.scope,
        closed=use.closed,
        ceiling_idr=use.ceiling_idr,
        unit_cost_idr=use.unit_cost_idr,
        reserved_idr=use.reserved_idr,
        contracted_idr=use.contracted_idr,
        outstanding_idr=use.contracted_idr - use.realised_idr,
        realised_idr=use.realised_idr,
        sunk_idr=use.sunk_idr,
        free_idr=use.ceiling_idr - use.reserved_idr - use.contracted_idr,
        places_waiting=use.places_waiting,
        places_reserved=use.places_reserved,
        places_contracted=use.places_contracted,
    )


def contracts_response(
    contracts: Mapping[str, Contract], *, sees_people: bool
) -> Mapping[str, Contract]:
    """Return the contracts; without their officers for a reader who may not see them."""
    if sees_people:
        return contracts
    return {number: _without_people(contract) for number, contract in contracts.items()}


def _without_people(contract: Contract) -> Contract:
    return replace(
        contract,
        officers=(),
        deliveries={
            number: replace(delivery, recorded_by="")
            for number, delivery in contract.deliveries.items()
        },
        payments={
            spm: replace(payment, ordered_by="", voided_by="", disbursers=(), returners=())
            for spm, payment in contract.payments.items()
        },
    )


def use_of(allocation: Allocation) -> AllocationUse:
    """Return what the mirror of an allocation has once it has all events of this state."""
    use = AllocationUse(
        programme=allocation.programme,
        scope=allocation.scope,
        ceiling_idr=allocation.ceiling_idr,
        reserved_idr=allocation.reserved_idr,
        contracted_idr=allocation.contracted_idr,
        realised_idr=allocation.realised_idr,
        sunk_idr=sum(allocation.sunk.values()),
        unit_cost_idr=allocation.unit_cost_idr,
        closed=allocation.closed,
        places_waiting=len(allocation.waiting),
        places_reserved=len(allocation.reserved),
        places_contracted=len(allocation.contracted),
    )
    return with_waiting(use)
