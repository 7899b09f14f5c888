"""The rules of the pagu: open the envelope, revise its pagu, block an amount and unblock it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.envelope.state import Envelope, shortage
from services.budget.domain.money import rupiah
from shared.contracts.budget.envelope import (
    EnvelopeBlocked,
    EnvelopeEvent,
    EnvelopeOpened,
    EnvelopeRevised,
    EnvelopeUnblocked,
)
from shared.contracts.words import IDR_MAX, Delta, Positive, Scope, Text, Year
from shared.kernel.decider import Context, Refused, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class OpenEnvelope:
    """Open the envelope of a programme's scope, by the document (DIPA) that grants its pagu."""

    programme: Year
    scope: Scope
    pagu_idr: Positive
    document_number: Text


@dataclass(frozen=True, kw_only=True)
class ReviseEnvelope:
    """Change the pagu by `delta_idr`, up or down (Revisi: semula-menjadi)."""

    delta_idr: Delta
    document_number: Text
    reason: Text


@dataclass(frozen=True, kw_only=True)
class BlockEnvelope:
    """Block an amount, which then cannot be allotted (Blokir)."""

    amount_idr: Positive
    reason: Text


@dataclass(frozen=True, kw_only=True)
class UnblockEnvelope:
    """Unblock an amount, which is then free again."""

    amount_idr: Positive
    reason: Text


# Rules


def open_envelope(
    command: OpenEnvelope, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Open the envelope once."""
    if state is not None:
        return refuse_or_ignore(
            context, "already-opened", "This envelope is already open: revise its pagu instead."
        )
    opened = Envelope(programme=command.programme, scope=command.scope)
    return [
        EnvelopeOpened(
            document_number=command.document_number, **opened.balances(pagu=command.pagu_idr)
        )
    ]


def revise_envelope(command: ReviseEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    """Revise the pagu, never below the sum of the blocked and the allotted money."""
    if command.delta_idr == 0:
        raise Refused(
            "nothing-revised", "A revision must change the pagu: give a delta other than 0."
        )
    if state.free_idr + command.delta_idr < 0:
        raise Refused("pagu-below-use", shortage(state, -command.delta_idr))
    if state.pagu_idr + command.delta_idr > IDR_MAX:
        raise Refused(
            "pagu-too-large",
            f"A pagu is at most {rupiah(IDR_MAX)}, and this one is {rupiah(state.pagu_idr)}: "
            "give a smaller delta.",
        )
    return [
        EnvelopeRevised(
            delta_idr=command.delta_idr,
            document_number=command.document_number,
            reason=command.reason,
            **state.balances(pagu=command.delta_idr),
        )
    ]


def block_envelope(command: BlockEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    """Block free money."""
    if command.amount_idr > state.free_idr:
        raise Refused("pagu-exceeded", shortage(state, command.amount_idr))
    return [
        EnvelopeBlocked(
            amount_idr=command.amount_idr,
            reason=command.reason,
            **state.balances(blocked=command.amount_idr),
        )
    ]


def unblock_envelope(command: UnblockEnvelope, state: Envelope) -> Sequence[EnvelopeEvent]:
    """Unblock money that is blocked."""
    if command.amount_idr > state.blocked_idr:
        raise Refused(
            "block-exceeded",
            f"You cannot unblock {rupiah(command.amount_idr)}, because only "
            f"{rupiah(state.blocked_idr)} are blocked: unblock at most that amount.",
        )
    return [
        EnvelopeUnblocked(
            amount_idr=command.amount_idr,
            reason=command.reason,
            **state.balances(blocked=-command.amount_idr),
        )
    ]
