"""The reactions of budget: the commands that each received event causes.

| event | command |
|---|---|
| SelectionApproved, ReservePromoted (round) | FundPlaces |
| PlaceLost (round), ParticipantAbsent, AttendanceContested (application) | ReleaseFunding |
| AttendanceCorrected (application) | ReleaseFunding, or ReinstateFunding if it was there |
| RoundCancelled (round) | CloseAllocation |
| AllotmentMade (own envelope) | RaiseAllocation |
| CostCorrected (own envelope) | RepriceAllocation |
| AllocationLowered (own allocation) | ReturnAllotment |

The commands may arrive in any order: the first of them makes the allocation.
"""

from collections.abc import Sequence
from typing import Any, assert_never

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import (
    CloseAllocation,
    FundPlaces,
    RaiseAllocation,
    ReinstateFunding,
    ReleaseFunding,
    RepriceAllocation,
)
from services.budget.domain.envelope.allotments import ReturnAllotment
from services.budget.domain.envelope.decider import envelope
from shared.contracts.budget.allocation import AllocationLowered
from shared.contracts.budget.envelope import AllotmentMade, CostCorrected
from shared.contracts.ids import envelope_id
from shared.contracts.registration.application import (
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAbsent,
)
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import (
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.words import Applicant
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def fund_places(event: SelectionApproved | ReservePromoted, _: object) -> Sequence[Addressed]:
    """Fund the seats of the selected in rank order, and that of a promoted reserve after them."""
    match event:
        case SelectionApproved():
            applications = event.selected
        case ReservePromoted():
            applications = (event.application,)
        case _:
            assert_never(event)
    command = FundPlaces(programme=event.programme, scope=event.scope, applications=applications)
    return [Addressed(decider=allocation, id=event.exhibition, command=command)]


def release_lost(event: PlaceLost, _: object) -> Sequence[Addressed]:
    """Release the money of a lost seat."""
    command = ReleaseFunding(
        programme=event.programme, scope=event.scope, application=event.application
    )
    return [Addressed(decider=allocation, id=event.exhibition, command=command)]


def release_absent(
    event: ParticipantAbsent | AttendanceContested, _: object
) -> Sequence[Addressed]:
    """Release the money of a participant that did not come; once contracted it is a sunk cost.

    So also of one whose place had been lost: the loss and a correction may have crossed.
    """
    return [_of_place(event.applicant, ReleaseFunding)]


def correct(event: AttendanceCorrected, _: object) -> Sequence[Addressed]:
    """Release the money of who was absent after all; give it back to who was there."""
    reinstated = event.present and not event.contested
    return [_of_place(event.applicant, ReinstateFunding if reinstated else ReleaseFunding)]


def _of_place(
    applicant: Applicant, command: type[ReleaseFunding] | type[ReinstateFunding]
) -> Addressed:
    about = command(
        programme=applicant.programme, scope=applicant.scope, application=applicant.application
    )
    return Addressed(decider=allocation, id=applicant.exhibition, command=about)


def close_allocation(event: RoundCancelled, _: object) -> Sequence[Addressed]:
    """Close the allocation of a cancelled round, which returns its free money."""
    command = CloseAllocation(programme=event.programme, scope=event.scope)
    return [Addressed(decider=allocation, id=event.exhibition, command=command)]


def raise_allocation(event: AllotmentMade, _: object) -> Sequence[Addressed]:
    """Raise the allocation by an allotment: money grows at the envelope first."""
    command = RaiseAllocation(
        programme=event.programme,
        scope=event.scope,
        amount_idr=event.amount_idr,
        unit_cost_idr=event.unit_cost_idr,
    )
    return [Addressed(decider=allocation, id=event.exhibition, command=command)]


def reprice_allocation(event: CostCorrected, _: object) -> Sequence[Addressed]:
    """Reprice the allocation at the cost that another person has confirmed."""
    command = RepriceAllocation(
        programme=event.programme, scope=event.scope, unit_cost_idr=event.unit_cost_idr
    )
    return [Addressed(decider=allocation, id=event.exhibition, command=command)]


def return_allotment(event: AllocationLowered, _: object) -> Sequence[Addressed]:
    """Return the amount of a lowering to the envelope: money shrinks at the allocation first."""
    command = ReturnAllotment(exhibition=event.exhibition, amount_idr=event.amount_idr)
    id = envelope_id(event.programme, event.scope)
    return [Addressed(decider=envelope, id=id, command=command)]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="fund-places", follows=SelectionApproved | ReservePromoted, react=fund_places),
    Reaction(name="release-lost", follows=PlaceLost, react=release_lost),
    Reaction(
        name="release-absent",
        follows=ParticipantAbsent | AttendanceContested,
        react=release_absent,
    ),
    Reaction(name="correct", follows=AttendanceCorrected, react=correct),
    Reaction(name="close-allocation", follows=RoundCancelled, react=close_allocation),
    Reaction(name="raise-allocation", follows=AllotmentMade, react=raise_allocation),
    Reaction(name="reprice-allocation", follows=CostCorrected, react=reprice_allocation),
    Reaction(name="return-allotment", follows=AllocationLowered, react=return_allotment),
)
