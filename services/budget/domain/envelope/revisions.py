"""The rules of revisions (Revisi: semula-menjadi): proposed by an officer, approved by another.

A revision waits between the two, one at a time, and changes nothing yet. A lowering is checked
when it is proposed and again when it is approved, because money may be blocked or allotted in
between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.envelope.postings import Reasoned, check_posting, reasoned
from services.budget.domain.envelope.state import Envelope, Posted, Revision, shortage
from services.budget.domain.money import rupiah
from shared.contracts.budget.envelope import (
    EnvelopeEvent,
    EnvelopeRevised,
    RevisionProposed,
    RevisionWithdrawn,
)
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.words import IDR_MAX, Delta
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import PROPOSE_AND_REVISE, require_another_person

# Commands


@dataclass(frozen=True, kw_only=True)
class ProposeRevision(Reasoned):
    """Propose to change the pagu by `delta_idr`, up or down."""

    delta_idr: Delta


@dataclass(frozen=True, kw_only=True)
class ReviseEnvelope:
    """Approve the proposed revision with this document: the pagu changes."""

    document_number: DocumentNumber


@dataclass(frozen=True, kw_only=True)
class WithdrawRevision:
    """Withdraw the proposed revision with this document."""

    document_number: DocumentNumber


# Rules


def propose_revision(
    command: ProposeRevision, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Propose a revision; it waits for another person."""
    if state.revision is not None:
        raise Refused(
            "revision-waits",
            f"Revision {state.revision.document_number} waits for approval: "
            "have it approved or withdraw it before you propose another revision.",
        )
    if command.delta_idr == 0:
        raise Refused(
            "nothing-revised", "A revision must change the pagu: give a delta other than 0."
        )
    check_posting(command, Posted.REVISION, state, context)
    _check_delta(command.delta_idr, state)
    return [
        RevisionProposed(
            delta_idr=command.delta_idr, **reasoned(command, context), **state.balances()
        )
    ]


def revise_envelope(
    command: ReviseEnvelope, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Revise the pagu, never below the sum of the blocked and the allotted money."""
    revision = _waiting(command.document_number, state)
    require_another_person(PROPOSE_AND_REVISE, {revision.proposed_by}, context)
    _check_delta(revision.delta_idr, state)
    return [
        EnvelopeRevised(
            document_number=revision.document_number,
            effective_on=revision.effective_on,
            posted_by=context.actor,
            proposed_by=revision.proposed_by,
            code=revision.code,
            reason=revision.reason,
            delta_idr=revision.delta_idr,
            **state.balances(pagu=revision.delta_idr),
        )
    ]


def withdraw_revision(
    command: WithdrawRevision, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    """Withdraw a proposed revision; its document can be proposed again."""
    revision = _waiting(command.document_number, state)
    return [
        RevisionWithdrawn(
            document_number=revision.document_number,
            withdrawn_by=context.actor,
            **state.balances(),
        )
    ]


def _waiting(number: str, state: Envelope) -> Revision:
    revision = state.revision
    if revision is None or comparable(revision.document_number) != comparable(number):
        raise Refused(
            "no-revision",
            f"No revision {number} waits for approval here: read the envelope again.",
        )
    return revision


def _check_delta(delta_idr: int, state: Envelope) -> None:
    if state.free_idr + delta_idr < 0:
        raise Refused("pagu-below-use", shortage(state, -delta_idr))
    if state.pagu_idr + delta_idr > IDR_MAX:
        raise Refused(
            "pagu-too-large",
            f"A pagu is at most {rupiah(IDR_MAX)}, and this one would be "
            f"{rupiah(state.pagu_idr + delta_idr)}: give a smaller delta.",
        )
