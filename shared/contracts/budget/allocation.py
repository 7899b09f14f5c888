"""Allocation (Alokasi, per exhibition): ceiling, reservations per place, contracts, payments.

Every event carries the balances after it; `contracted_idr` counts contracts whether paid or not.
Numbers of documents are kept as they were first written, and every event spells them so. A mistake
is put right by a further event (void, return, closing, addendum), never by an edit: a public code,
and the words of the officer in private.
"""

from datetime import date
from typing import ClassVar

from shared.contracts.budget.reasons import (
    ClosureCode,
    PaymentReturnCode,
    ReleaseCode,
    RetractionCode,
    VoidCode,
)
from shared.contracts.documents import DocumentNumber, TreasuryNumber
from shared.contracts.event import Event, Private
from shared.contracts.words import Delta, Id, PairId, Positive, Rupiah, Scope, Year


class _Allocation(Event):
    service: ClassVar[str] = "budget"
    kind: ClassVar[str] = "allocation"

    exhibition: Id
    programme: Year
    scope: Scope
    ceiling_idr: Rupiah
    reserved_idr: Rupiah
    contracted_idr: Rupiah
    realised_idr: Rupiah


class AllocationRaised(_Allocation):
    """The ceiling (Plafon Alokasi) grew by an allotment."""

    amount_idr: Positive
    unit_cost_idr: Positive


class AllocationLowered(_Allocation):
    """The ceiling shrank: the amount goes back to the envelope.

    An officer did it by a document, or a closed allocation by itself: then there is no document.
    """

    amount_idr: Positive
    document_number: DocumentNumber | None = None
    effective_on: date | None = None
    posted_by: Private[str] = ""


class AllocationRepriced(_Allocation):
    """The cost of a place was corrected: every reservation is now `unit_cost_idr`.

    `unfunded` had reservations that no longer fit: they wait for money again, with those that
    waited, in rank order: that in which they last asked for money.
    """

    unit_cost_idr: Positive
    unfunded: tuple[PairId, ...]


class FundingRequested(_Allocation):
    """These places need money, in this order."""

    applications: tuple[PairId, ...]


class PlaceFunded(_Allocation):
    """Money is reserved for a place."""

    application: PairId
    amount_idr: Positive


class FundingDeclined(_Allocation):
    """No money for now: the place waits in its rank."""

    application: PairId


class FundingReleased(_Allocation):
    """A place needs no money any more; `waited` is True if it had none and only waited for it."""

    application: PairId
    amount_idr: Rupiah
    waited: bool = False


class ReservationReleased(_Allocation):
    """An officer released the reservation of a participant that came and costs nothing.

    `waited` is True if it had none and only waited for money.
    """

    application: PairId
    amount_idr: Rupiah
    waited: bool = False
    code: ReleaseCode
    reason: Private[str] = ""
    released_by: Private[str] = ""


class CommitmentContracted(_Allocation):
    """A contract (Komitmen) binds the reservations of these places.

    Its amount is at most their sum; the difference is free again. The cost of each place is its
    part of the amount in proportion to its reservation, in whole rupiah rounded down, in the order
    of `applications`; the last place takes the rest. `contracted_by` is the officer who did it.
    """

    contract: DocumentNumber
    signed_on: date
    applications: tuple[PairId, ...]
    amount_idr: Positive
    contracted_by: Private[str] = ""


class ContractAmended(_Allocation):
    """An addendum changed the amount of a contract by `delta_idr`; the parts of places follow.

    It opens a closed contract again.
    """

    contract: DocumentNumber
    addendum: DocumentNumber
    signed_on: date
    delta_idr: Delta
    amount_idr: Positive
    amended_by: Private[str] = ""


class ContractClosed(_Allocation):
    """Nothing more is ordered on a contract; `released_idr` of it was not ordered and is released.

    If nothing was ordered, the contract binds no place any more: `applications` have their parts as
    reservations again, and `unreserved`, which were lost or not used, have no money any more.
    """

    contract: DocumentNumber
    released_idr: Rupiah
    applications: tuple[PairId, ...]
    unreserved: tuple[PairId, ...] = ()
    code: ClosureCode
    reason: Private[str] = ""


class DeliveryRecorded(_Allocation):
    """Goods or services of a contract were handed over (BAST): its payments can be disbursed."""

    contract: DocumentNumber
    document_number: DocumentNumber
    delivered_on: date
    recorded_by: Private[str] = ""


class DeliveryRetracted(_Allocation):
    """The record of a delivery was taken back: its number is free for the right contract.

    `first_delivered_on` is the day of the first delivery of the contract that is left.
    """

    contract: DocumentNumber
    document_number: DocumentNumber
    first_delivered_on: date | None
    code: RetractionCode
    reason: Private[str] = ""
    retracted_by: Private[str] = ""


class PaymentOrdered(_Allocation):
    """A payment on a contract was ordered (SPM)."""

    contract: DocumentNumber
    spm: DocumentNumber
    ordered_on: date
    amount_idr: Positive
    ordered_by: Private[str] = ""


class PaymentOrderVoided(_Allocation):
    """A payment order was taken back before it was paid, or after its payment was returned.

    On a closed contract its amount is released; otherwise it can be ordered again.
    """

    contract: DocumentNumber
    spm: DocumentNumber
    amount_idr: Positive
    code: VoidCode
    reason: Private[str] = ""
    voided_by: Private[str] = ""


class PaymentDisbursed(_Allocation):
    """The treasury paid (SP2D): this is Realisasi, and the SP2D number is unique."""

    contract: DocumentNumber
    spm: DocumentNumber
    sp2d: TreasuryNumber
    paid_on: date
    amount_idr: Positive
    disbursed_by: Private[str] = ""


class PaymentReturned(_Allocation):
    """The money of an SP2D came back to the treasury (retur): it is realised no more.

    Its order waits again: for another SP2D, or to be voided. If the payment was recorded by
    mistake, no money came back, so there is no `return_number`, and its SP2D can pay the right
    order.
    """

    contract: DocumentNumber
    spm: DocumentNumber
    sp2d: TreasuryNumber
    return_number: TreasuryNumber | None
    returned_on: date
    amount_idr: Positive
    code: PaymentReturnCode
    reason: Private[str] = ""
    returned_by: Private[str] = ""


class SunkCostRecognised(_Allocation):
    """A contracted place was lost or not used: its cost remains and is shown."""

    application: PairId
    amount_idr: Rupiah


class SunkCostReversed(_Allocation):
    """The sunk cost of a place is taken back.

    The place was used after all, its contract was dissolved, or its part of the contract changed:
    then it is recognised again with the new amount.
    """

    application: PairId
    amount_idr: Rupiah


class AllocationClosed(_Allocation):
    """The exhibition was cancelled: all that is free goes back, now and later."""


ContractEvent = (
    ContractAmended
    | ContractClosed
    | DeliveryRecorded
    | DeliveryRetracted
    | PaymentOrdered
    | PaymentOrderVoided
    | PaymentDisbursed
    | PaymentReturned
)
"""The events of a contract after it was made."""

AllocationEvent = (
    AllocationRaised
    | AllocationLowered
    | AllocationRepriced
    | FundingRequested
    | PlaceFunded
    | FundingDeclined
    | FundingReleased
    | ReservationReleased
    | CommitmentContracted
    | ContractEvent
    | SunkCostRecognised
    | SunkCostReversed
    | AllocationClosed
)
