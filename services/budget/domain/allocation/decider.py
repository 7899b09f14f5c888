"""The allocation (Alokasi, id = the exhibition's id): the money of an exhibition and its use.

This module lists the commands and passes each of them to its rule: `funding` for the ceiling and
the places, `commitments` and `addenda` for contracts, `payments` and `reversals` for payments. The
routes name the rules of the commands that need facts, in `commitments` and `reservations`. `state`
and `contract` fold the events.
"""

from collections.abc import Sequence
from typing import assert_never

from services.budget.domain.allocation.addenda import (
    AmendContract,
    RecordDelivery,
    amend_contract,
    record_delivery,
)
from services.budget.domain.allocation.commitments import (
    CloseContract,
    ContractCommitment,
    close_contract,
)
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
from services.budget.domain.allocation.numbers import claims
from services.budget.domain.allocation.payments import (
    DisbursePayment,
    OrderPayment,
    disburse_payment,
    order_payment,
)
from services.budget.domain.allocation.reservations import ReleaseReservation, RestoreReservation
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
    retract_delivery,
    return_payment,
    void_payment_order,
)
from services.budget.domain.allocation.state import Allocation, evolve
from shared.contracts.budget.allocation import AllocationEvent
from shared.kernel.decider import Context, Decider, absent

ContractCommand = AmendContract | CloseContract | RecordDelivery | RetractDelivery
PaymentCommand = OrderPayment | VoidPaymentOrder | DisbursePayment | ReturnPayment
CommandWithoutFacts = FirstCommand | LowerAllocation | ContractCommand | PaymentCommand
"""The commands that `decide` handles; the routes name the rules of the other commands."""

AllocationCommand = (
    CommandWithoutFacts | ContractCommitment | ReleaseReservation | RestoreReservation
)

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
        case AmendContract() | CloseContract() | RecordDelivery() | RetractDelivery():
            return _decide_contract(command, state, context)
        case _:
            return _decide_payment(command, state, context)


def _decide_contract(
    command: ContractCommand, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    match command:
        case AmendContract():
            return amend_contract(command, state, context)
        case CloseContract():
            return close_contract(command, state, context)
        case RecordDelivery():
            return record_delivery(command, state, context)
        case RetractDelivery():
            return retract_delivery(command, state, context)
        case _:
            assert_never(command)


def _decide_payment(
    command: PaymentCommand, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    match command:
        case OrderPayment():
            return order_payment(command, state, context)
        case VoidPaymentOrder():
            return void_payment_order(command, state, context)
        case DisbursePayment():
            return disburse_payment(command, state, context)
        case ReturnPayment():
            return return_payment(command, state, context)
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
    indexes=("programme", "scope"),
    claims=claims,
)
