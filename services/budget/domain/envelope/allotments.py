"""The rules of the allotments: money that goes to an exhibition, and money that comes back.

Money grows here first (`AllotmentMade`, then a reaction raises the allocation) and shrinks at the
allocation first (`AllocationLowered`, then a reaction returns the allotment), always as a delta. So
no allocation ever has more money than this envelope has allotted to its exhibition, whatever is in
flight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.course import Course
from services.budget.domain.envelope.postings import Posting, check_posting
from services.budget.domain.envelope.state import Envelope, Posted, shortage
from shared.contracts.budget.envelope import AllotmentMade, AllotmentReturned, EnvelopeEvent
from shared.contracts.words import Id, Positive, Scope
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class MakeAllotment(Posting):
    """Allot `amount_idr` more to an exhibition, whose new places then cost `unit_cost_idr` each."""

    exhibition: Id
    amount_idr: Positive
    unit_cost_idr: Positive


@dataclass(frozen=True, kw_only=True)
class AllotmentFacts:
    """The programme, scope and course of the exhibition, as this service has received them."""

    programme: str
    scope: Scope
    course: Course


@dataclass(frozen=True, kw_only=True)
class ReturnAllotment:
    """(reaction) Return to the envelope the amount by which an allocation was lowered."""

    exhibition: Id
    amount_idr: Positive


# Rules


def make_allotment(
    command: MakeAllotment, facts: AllotmentFacts, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Allot free money to an exhibition of the envelope's own programme and scope."""
    if state is None:
        return absent(context, "envelope")
    if facts.programme != state.programme:
        raise Refused(
            "another-programme",
            f"The exhibition belongs to programme {facts.programme}: "
            "use an envelope of that programme.",
        )
    if facts.scope != state.scope:
        raise Refused(
            "another-scope",
            f"The exhibition's scope is {facts.scope}: use the envelope of that scope.",
        )
    _check_course(facts.course)
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


def _check_course(course: Course) -> None:
    if course is Course.CANCELLED:
        raise Refused(
            "exhibition-cancelled", "The exhibition is cancelled, so you cannot allot money to it."
        )
    if course is Course.ENDED:
        raise Refused(
            "exhibition-ended", "The exhibition has ended, so you cannot allot money to it."
        )


def return_allotment(command: ReturnAllotment, state: Envelope) -> Sequence[EnvelopeEvent]:
    """Make the money of a lowered allocation free again."""
    return [
        AllotmentReturned(
            exhibition=command.exhibition,
            amount_idr=command.amount_idr,
            **state.balances(allotted=-command.amount_idr),
        )
    ]
