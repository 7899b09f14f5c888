"""The rules of the cost of a place: its plausibility, and its correction by two people.

A mistyped cost would fund places for next to nothing, or none at all. So the cost of an allotment
is compared with the last cost of this scope. A cost that is far from it, or that was wrong, is
proposed by an officer and confirmed by another person; the allocation of the exhibition then
reprices all that is not contracted. Once the exhibition has ended, no cost takes the money of a
place away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.allocation.funding import unfunded_at
from services.budget.domain.course import Course
from services.budget.domain.envelope.exhibition import ExhibitionFacts, check_exhibition
from services.budget.domain.envelope.postings import Reasoned, check_posting, reasoned
from services.budget.domain.envelope.state import Cost, Envelope, Posted
from services.budget.domain.money import rupiah
from shared.contracts.budget.envelope import (
    CostCorrected,
    CostProposed,
    CostWithdrawn,
    EnvelopeEvent,
)
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.words import Id, Positive
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import PROPOSE_AND_CORRECT_COST, require_another_person

PLAUSIBLE_FACTOR = 5
"""A cost is plausible up to five times the last cost of its scope, and down to a fifth (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeCost(Reasoned):
    """Propose `unit_cost_idr` as the cost of a place at this exhibition."""

    exhibition: Id
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class CorrectCost:
    """Confirm the proposed cost with this document: what is not contracted is repriced."""

    document_number: DocumentNumber


@dataclass(frozen=True, kw_only=True)
class WithdrawCost:
    """Withdraw the proposed cost with this document."""

    document_number: DocumentNumber


# Rules


def check_plausible(unit_cost_idr: int, state: Envelope) -> None:
    """Refuse a cost that is far from the last cost of this scope; the first cost has none."""
    last_idr = state.unit_cost_idr
    largest_idr, smallest_idr = max(unit_cost_idr, last_idr), min(unit_cost_idr, last_idr)
    if not last_idr or largest_idr <= PLAUSIBLE_FACTOR * smallest_idr:
        return
    raise Refused(
        "implausible-amount",
        f"{rupiah(unit_cost_idr)} for a place is more than {PLAUSIBLE_FACTOR} times above or below "
        f"the last cost of this scope, {rupiah(last_idr)}: check it. If it is right, propose it as "
        "the cost of this exhibition, and allot once another person has confirmed it.",
    )


def propose_cost(
    command: ProposeCost, facts: ExhibitionFacts, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Propose the cost of a place at an exhibition; it waits for another person."""
    if state is None:
        return absent(context, "envelope")
    check_exhibition(facts, state, over=(Course.CANCELLED,))
    _check_reservations(command.unit_cost_idr, facts)
    if state.cost is not None:
        raise Refused(
            "cost-waits",
            f"The cost of document {state.cost.document_number} waits for another person: "
            "have it confirmed or withdraw it before you propose another cost.",
        )
    check_posting(command, Posted.COST, state, context)
    return [
        CostProposed(
            exhibition=command.exhibition,
            unit_cost_idr=command.unit_cost_idr,
            **reasoned(command, context),
            **state.balances(),
        )
    ]


def correct_cost(
    command: CorrectCost, facts: ExhibitionFacts | None, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Confirm a proposed cost: it is then the last cost of this scope.

    `facts` are those of the exhibition whose cost waits.
    """
    if state is None:
        return absent(context, "envelope")
    cost = _waiting(command.document_number, state)
    require_another_person(PROPOSE_AND_CORRECT_COST, {cost.proposed_by}, context)
    if facts is not None:
        _check_reservations(cost.unit_cost_idr, facts)
    return [
        CostCorrected(
            document_number=cost.document_number,
            effective_on=cost.effective_on,
            posted_by=context.actor,
            proposed_by=cost.proposed_by,
            code=cost.code,
            reason=cost.reason,
            exhibition=cost.exhibition,
            unit_cost_idr=cost.unit_cost_idr,
            **state.balances(),
        )
    ]


def withdraw_cost(
    command: WithdrawCost, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Withdraw a proposed cost; its document can be proposed again."""
    cost = _waiting(command.document_number, state)
    return [
        CostWithdrawn(
            document_number=cost.document_number,
            withdrawn_by=context.actor,
            **state.balances(),
        )
    ]


def _check_reservations(unit_cost_idr: int, facts: ExhibitionFacts) -> None:
    """Refuse to take the money of places away once the exhibition has ended: none comes again."""
    if facts.course is not Course.ENDED or facts.allocation is None:
        return
    if unfunded := unfunded_at(unit_cost_idr, facts.allocation):
        raise Refused(
            "reservations-lost",
            f"The exhibition has ended, and at {rupiah(unit_cost_idr)} for a place its money no "
            f"longer pays for {', '.join(unfunded)}: give a cost that it pays for, or release "
            "first what is not needed.",
        )


def _waiting(number: str, state: Envelope) -> Cost:
    cost = state.cost
    if cost is None or comparable(cost.document_number) != comparable(number):
        raise Refused(
            "no-cost",
            f"No cost of document {number} waits for another person here: read the envelope again.",
        )
    return cost
