"""Allocation (Alokasi, id = exhibition): one exhibition's ceiling, its places' money, its payments.

This module is the door: it tells the commands apart. What they do is in `funding` (ceiling and
places) and `payments` (contracts, SPM, SP2D); what is kept of it, in `allocation_books`.
"""

from collections.abc import Sequence
from typing import assert_never

from services.budget.domain.allocation_books import Allocation, evolve
from services.budget.domain.funding import (
    CloseAllocation,
    FundPlaces,
    LowerAllocation,
    RaiseAllocation,
    Reacted,
    ReleaseFunding,
    lower,
    react,
)
from services.budget.domain.payments import (
    CommitmentFacts,
    ContractCommitment,
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
    contract_commitment,
    disburse_payment,
    order_payment,
)
from shared.contracts.budget.allocation import AllocationEvent
from shared.kernel.decider import Context, Decider, given_facts, refuse_or_ignore

AllocationCommand = (
    RaiseAllocation
    | LowerAllocation
    | FundPlaces
    | ReleaseFunding
    | ContractCommitment
    | OrderPayment
    | DisbursePayment
    | CloseAllocation
)


def decide(
    command: AllocationCommand, facts: object, state: Allocation | None, context: Context
) -> Sequence[AllocationEvent]:
    """A reaction may be the first to name an allocation; a person needs one that is there."""
    match command:
        case RaiseAllocation() | FundPlaces() | ReleaseFunding() | CloseAllocation():
            return react(command, state or _empty(command, context))
        case _ if state is None:
            return refuse_or_ignore(
                context, "no-allocation", "Nothing is allotted to this exhibition (yet)."
            )
        case LowerAllocation():
            return lower(command, state)
        case ContractCommitment():
            return contract_commitment(command, given_facts(CommitmentFacts, facts), state, context)
        case OrderPayment():
            return order_payment(command, state, context)
        case DisbursePayment():
            return disburse_payment(command, given_facts(DisbursementFacts, facts), state, context)
        case _:
            assert_never(command)


def _empty(command: Reacted, context: Context) -> Allocation:
    return Allocation(exhibition=context.subject, programme=command.programme, scope=command.scope)


allocation = Decider(
    kind="allocation",
    commands=AllocationCommand,
    state=Allocation | None,
    events=AllocationEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "scope"),
)
