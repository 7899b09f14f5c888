"""The rules that open the envelope with its pagu, block an amount and unblock it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from services.budget.domain.envelope.postings import (
    Reasoned,
    check_posting,
    reasoned,
)
from services.budget.domain.envelope.state import Envelope, Posted, shortage
from services.budget.domain.money import rupiah
from services.budget.domain.posting import Posting, check_day
from shared.contracts.budget.envelope import (
    EnvelopeBlocked,
    EnvelopeEvent,
    EnvelopeOpened,
    EnvelopeUnblocked,
)
from shared.contracts.words import Positive, Scope
from shared.kernel.decider import Context, Refused, refuse_or_ignore

# Commands

FiscalYear = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")]
"""A year that can have an envelope (ours: this century)."""


@dataclass(frozen=True, kw_only=True)
class OpenEnvelope(Posting):
    """Open the envelope of a programme's scope, by the document (DIPA) that grants its pagu."""

    programme: FiscalYear
    scope: Scope
    pagu_idr: Positive


@dataclass(frozen=True, kw_only=True)
class BlockEnvelope(Reasoned):
    """Block an amount, which then cannot be allotted (Blokir)."""

    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class UnblockEnvelope(Reasoned):
    """Unblock an amount, which is then free again."""

    amount_idr: Positive


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
    check_day(command, command.programme, context)
    return [
        EnvelopeOpened(
            document_number=command.document_number,
            effective_on=command.effective_on,
            posted_by=context.actor,
            **opened.balances(pagu=command.pagu_idr),
        )
    ]


def block_envelope(
    command: BlockEnvelope, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Block free money."""
    check_posting(command, Posted.BLOCK, state, context)
    if command.amount_idr > state.free_idr:
        raise Refused("pagu-exceeded", shortage(state, command.amount_idr))
    return [
        EnvelopeBlocked(
            amount_idr=command.amount_idr,
            **reasoned(command, context),
            **state.balances(blocked=command.amount_idr),
        )
    ]


def unblock_envelope(
    command: UnblockEnvelope, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Unblock money that is blocked."""
    check_posting(command, Posted.UNBLOCK, state, context)
    if command.amount_idr > state.blocked_idr:
        raise Refused(
            "block-exceeded",
            f"You cannot unblock {rupiah(command.amount_idr)}, because only "
            f"{rupiah(state.blocked_idr)} are blocked: unblock at most that amount.",
        )
    return [
        EnvelopeUnblocked(
            amount_idr=command.amount_idr,
            **reasoned(command, context),
            **state.balances(blocked=-command.amount_idr),
        )
    ]
