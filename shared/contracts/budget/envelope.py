"""Envelope (Pagu, per programme and scope): its ceiling, blocks, and what is allotted.

Every event carries the balances after it. Allotments travel as deltas, because two absolute
figures that cross in flight end wrong.
"""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.words import Delta, Id, Positive, Rupiah, Scope, Text, Year


class _Envelope(Event):
    service: ClassVar[str] = "budget"
    kind: ClassVar[str] = "envelope"

    programme: Year
    scope: Scope
    pagu_idr: Rupiah
    blocked_idr: Rupiah
    allotted_idr: Rupiah


class EnvelopeOpened(_Envelope):
    """The envelope was opened by this document (DIPA)."""

    document_number: Text


class EnvelopeRevised(_Envelope):
    """The pagu changed by `delta_idr` (Revisi, semula-menjadi)."""

    delta_idr: Delta
    document_number: Text
    reason: Text


class EnvelopeBlocked(_Envelope):
    """An amount may not be used for now (Blokir)."""

    amount_idr: Positive
    reason: Text


class EnvelopeUnblocked(_Envelope):
    """A blocked amount is free again."""

    amount_idr: Positive
    reason: Text


class AllotmentMade(_Envelope):
    """An exhibition was allotted `amount_idr` more; its places cost `unit_cost_idr` each."""

    exhibition: Id
    amount_idr: Positive
    unit_cost_idr: Positive


class AllotmentReturned(_Envelope):
    """`amount_idr` came back from an exhibition."""

    exhibition: Id
    amount_idr: Positive


EnvelopeEvent = (
    EnvelopeOpened
    | EnvelopeRevised
    | EnvelopeBlocked
    | EnvelopeUnblocked
    | AllotmentMade
    | AllotmentReturned
)
