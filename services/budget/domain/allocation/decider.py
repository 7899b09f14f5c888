"""The allocation (Alokasi, id = the exhibition's id): the money of an exhibition and its use.

This module lists the commands and passes each of them to its rule: `funding` for the ceiling and
the places, `payments` for payment orders. The routes name the rules of the commands that need
facts, in `commitments` and `payments`. `state` folds the events.
"""

from collections.abc import Sequence
from typing import assert_never

from services.budget.domain.allocation.commitments import ContractCommitment
from services.budget.domain.allocation.funding import (
    CloseAllocation,
    FirstCommand,
    FundPlaces,
    LowerAllocation,
    RaiseAllocation,
    ReinstateFunding,
    ReleaseFunding,
    RepriceAllocation,
    decide_funding,
    lower_allocation,
)
from services.budget.domain.allocation.payments import (
    DisbursePayment,
    OrderPayment,
    claims,
    order_payment,
)
from services.budget.domain.allocation.state import Allocation, evolve
from shared.contracts.budget.allocation import AllocationEvent
from shared.kernel.decider import Context, Decider, absent

CommandWithoutFacts = FirstCommand | LowerAllocation | OrderPayment
"""The commands that `decide` handles; the routes name the rules of the other commands."""

AllocationCommand = CommandWithoutFacts | ContractCommitment | DisbursePayment

# Rules


def decide(
    command: CommandWithoutFacts, state: Allocation | None, context: Context
) -> Sequence[AllocationEvent]:
    """Decide a command that needs no facts.

    A reaction may be the first command of an allocation; a person needs an allocation that exists.
    """
    match command:
        case (
            RaiseAllocation()
            | RepriceAllocation()
            | FundPlaces()
            | ReleaseFunding()
            | ReinstateFunding()
            | CloseAllocation()
        ):
            return decide_funding(command, state or _empty(command, context))
        case _ if state is None:
            return absent(context, "allocation", yet=True)
        case LowerAllocation():
            return lower_allocation(command, state, context)
        case OrderPayment():
            return order_payment(command, state, context)
        case _:
            assert_never(command)


def _empty(command: FirstCommand, context: Context) -> Allocation:
    return Allocation(exhibition=context.subject, programme=command.programme, scope=command.scope)


allocation = Decider(
    kind="allocation",
    commands=AllocationCommand,
    state=Allocation | None,
    events=AllocationEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "scope", "funding"),
    claims=claims,
)
