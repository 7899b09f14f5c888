"""Envelope (Pagu, per programme and scope): its ceiling, blocks, and what is allotted.

Every event carries the balances after it. Allotments travel as deltas, because two absolute
figures that cross in flight end wrong. Every posting of a person names its document and the day
from which it is in effect, beside the time at which it was recorded.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.words import Delta, Id, Positive, Rupiah, Scope, Year


class PostingCode(StrEnum):
    """A reason for a posting (ours): the public code beside the officer's private words."""

    BUDGET_LAW = "budget-law"
    SHIFT = "shift"
    SAVING = "saving"
    NEED = "need"
    CORRECTION = "correction"
    OTHER = "other"


class _Envelope(Event):
    service: ClassVar[str] = "budget"
    kind: ClassVar[str] = "envelope"

    programme: Year
    scope: Scope
    pagu_idr: Rupiah
    blocked_idr: Rupiah
    allotted_idr: Rupiah


class _Posting(_Envelope):
    """A posting by this document, in effect from this day on; `posted_by` is its officer."""

    document_number: DocumentNumber
    effective_on: date
    posted_by: Private[str] = ""


class _Reasoned(_Posting):
    """A posting for a reason: a public code, and the officer's own words."""

    code: PostingCode
    reason: Private[str] = ""


class EnvelopeOpened(_Posting):
    """The envelope was opened by this document (DIPA)."""


class RevisionProposed(_Reasoned):
    """An officer proposed to change the pagu by `delta_idr`; it waits for another person."""

    delta_idr: Delta


class RevisionWithdrawn(_Envelope):
    """The proposed revision with this document is not wanted any more."""

    document_number: DocumentNumber
    withdrawn_by: Private[str] = ""


class EnvelopeRevised(_Reasoned):
    """The pagu changed by `delta_idr` (Revisi, semula-menjadi), as it was proposed.

    `posted_by` is the person who approved it, `proposed_by` the officer who proposed it.
    """

    delta_idr: Delta
    proposed_by: Private[str] = ""


class EnvelopeBlocked(_Reasoned):
    """An amount may not be used for now (Blokir)."""

    amount_idr: Positive


class EnvelopeUnblocked(_Reasoned):
    """A blocked amount is free again."""

    amount_idr: Positive


class AllotmentMade(_Posting):
    """An exhibition was allotted `amount_idr` more; its places cost `unit_cost_idr` each."""

    exhibition: Id
    amount_idr: Positive
    unit_cost_idr: Positive


class CostProposed(_Reasoned):
    """An officer proposed the cost of a place at an exhibition; it waits for another person."""

    exhibition: Id
    unit_cost_idr: Positive


class CostWithdrawn(_Envelope):
    """The proposed cost with this document is not wanted any more."""

    document_number: DocumentNumber
    withdrawn_by: Private[str] = ""


class CostCorrected(_Reasoned):
    """The places of an exhibition that are not contracted cost `unit_cost_idr` each.

    `posted_by` is the person who confirmed it, `proposed_by` the officer who proposed it.
    """

    exhibition: Id
    unit_cost_idr: Positive
    proposed_by: Private[str] = ""


class AllotmentReturned(_Envelope):
    """`amount_idr` came back from an exhibition."""

    exhibition: Id
    amount_idr: Positive


EnvelopeEvent = (
    EnvelopeOpened
    | RevisionProposed
    | RevisionWithdrawn
    | EnvelopeRevised
    | EnvelopeBlocked
    | EnvelopeUnblocked
    | AllotmentMade
    | CostProposed
    | CostWithdrawn
    | CostCorrected
    | AllotmentReturned
)
