"""Allocation (Alokasi, per exhibition): ceiling, reservations per place, contracts, payments.

Every event carries the balances after it; `contracted_idr` counts contracts whether paid or not.
"""

from datetime import date
from typing import ClassVar

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.words import Id, PairId, Positive, Rupiah, Scope, Text, Year


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

    `unfunded` had reservations that no longer fit: they wait for money again, in their order,
    before those that waited.
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
    """A place needs no money any more; 0 where it only waited."""

    application: PairId
    amount_idr: Rupiah


class CommitmentContracted(_Allocation):
    """A contract (Komitmen) binds the reservations of these places.

    `contracted_by` is the officer who did it: the one who never orders its payments.
    """

    contract: Id
    applications: tuple[PairId, ...]
    amount_idr: Positive
    contracted_by: Private[str] = ""


class PaymentOrdered(_Allocation):
    """A payment on a contract was ordered (SPM)."""

    contract: Id
    spm: Id
    amount_idr: Positive


class PaymentDisbursed(_Allocation):
    """The treasury paid (SP2D): this is Realisasi, and the SP2D number is unique."""

    contract: Id
    spm: Id
    sp2d: Text
    amount_idr: Positive


class SunkCostRecognised(_Allocation):
    """A contracted place was lost or not used: its cost remains and is shown."""

    application: PairId
    amount_idr: Positive


class SunkCostReversed(_Allocation):
    """A place whose cost was sunk was used after all: its attendance was corrected."""

    application: PairId
    amount_idr: Positive


class AllocationClosed(_Allocation):
    """The exhibition was cancelled: all that is free goes back, now and later."""


AllocationEvent = (
    AllocationRaised
    | AllocationLowered
    | AllocationRepriced
    | FundingRequested
    | PlaceFunded
    | FundingDeclined
    | FundingReleased
    | CommitmentContracted
    | PaymentOrdered
    | PaymentDisbursed
    | SunkCostRecognised
    | SunkCostReversed
    | AllocationClosed
)
