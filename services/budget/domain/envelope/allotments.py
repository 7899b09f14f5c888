"""The rules of the allotments: money that goes to an exhibition, and money that comes back.

Money grows here first (`AllotmentMade`, then a reaction raises the allocation) and shrinks at the
allocation first (`AllocationLowered`, then a reaction returns the allotment), always as a delta. So
no allocation ever has more money than this envelope has allotted to its exhibition, whatever is in
flight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.course import Course
from services.budget.domain.envelope.costs import check_plausible
from services.budget.domain.envelope.exhibition import ExhibitionFacts, check_exhibition
from services.budget.domain.envelope.postings import check_posting
from services.budget.domain.envelope.state import Envelope, Posted, shortage
from services.budget.domain.posting import Posting
from shared.contracts.budget.envelope import AllotmentMade, AllotmentReturned, EnvelopeEvent
from shared.contracts.words import Id, Positive
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class MakeAllotment(Posting):
    """Allot `amount_idr` more to an exhibition, whose new places then cost `unit_cost_idr` each."""

    exhibition: Id
    amount_idr: Positive
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class ReturnAllotment:
    """(reaction) Return to the envelope the amount by which an allocation was lowered."""

    exhibition: Id
    amount_idr: Positive


# Rules


def make_allotment(
    command: MakeAllotment, facts: ExhibitionFacts, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Allot free money to an exhibition of the envelope's own programme and scope."""
    if state is None:
        return absent(context, "envelope")
    check_exhibition(facts, state, over=(Course.CANCELLED, Course.ENDED))
    check_plausible(command.unit_cost_idr, state)
    check_posting(command, Posted.ALLOTMENT, state, context)
    if command.amount_idr > state.free_idr:
        raise Refused("pagu-exceeded", shortage(state, command.amount_idr))
    return [
        AllotmentMade(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            unit_cost_idr=command.unit_cost_idr,
            document_number=command.document_number,
            effective_on=command.effective_on,
            posted_by=context.actor,
            **state.balances(allotted=command.amount_idr),
        )
    ]


def return_allotment(command: ReturnAllotment, state: Envelope) -> Sequence[EnvelopeEvent]:
    """Make the money of a lowered allocation free again."""
    return [
        AllotmentReturned(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            **state.balances(allotted=-command.amount_idr),
        )
    ]
