"""The rules of overrides: an authority puts a candidate into the selection, or out of it.

An officer records the authority, a code, private words and the signed document, while the ranking
is to be proposed or awaits its approval; then the ranking is made again with it, and an approver
who is another person approves. No override passes a gate. It is shown wherever the selection is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.selection.domain.selection_round.decree import check_signed
from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.proposal import voided
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.documents import DocumentNumber
from shared.contracts.ids import enterprise_of
from shared.contracts.selection.approval import (
    Authority,
    Override,
    OverrideCode,
    OverrideEffect,
    VoidReason,
)
from shared.contracts.selection.round import OverrideRecorded, OverrideWithdrawn, RoundEvent
from shared.contracts.selection.round_seats import SignedDocument
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import require_another_enterprise

# Commands


@dataclass(frozen=True, kw_only=True)
class RecordOverride:
    """Record the override of an authority for a candidate; `reason` stays private."""

    application: PairId
    effect: OverrideEffect
    code: OverrideCode
    reason: Text
    authority: Authority
    number: DocumentNumber
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class WithdrawOverride:
    """Withdraw the override for a candidate; `reason` stays private."""

    application: PairId
    reason: Text


@dataclass(frozen=True, kw_only=True)
class OverrideFacts:
    """The gates that the candidate does not pass by its sealed sheets."""

    not_passed: tuple[str, ...] = ()


# Rules


def record_override(
    command: RecordOverride, facts: OverrideFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Record an override for a candidate that remains and passes each gate."""
    if state is None:
        return absent(context, "round", yet=True)
    _require_changeable(command.application, state, context)
    if command.application not in state.remaining:
        raise Refused(
            "not-a-candidate",
            f"{command.application} is no candidate that remains in this round: check the name.",
        )
    if command.application in state.overridden:
        raise Refused(
            "override-recorded",
            "There is an override for this candidate already: withdraw it first.",
        )
    if command.effect is OverrideEffect.ADMITTED and facts.not_passed:
        raise Refused(
            "gate-not-passed",
            f"The candidate does not pass {', '.join(facts.not_passed)}: "
            "no override passes a gate.",
        )
    check_signed(command.signed_on, state, context)
    override = Override(
        application=command.application,
        effect=command.effect,
        code=command.code,
        authority=command.authority,
        document=SignedDocument(number=command.number, signed_on=command.signed_on),
    )
    recorded = OverrideRecorded(
        override=override,
        words=command.reason,
        recorded_by=context.actor,
        **state.round_fields,
    )
    return [recorded, *voided(state, VoidReason.OVERRIDE_CHANGED)]


def withdraw_override(
    command: WithdrawOverride, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Withdraw an override, as long as the selection is not approved."""
    _require_changeable(command.application, state, context)
    if command.application not in state.overridden:
        raise Refused(
            "no-override", "There is no override for this candidate: nothing is to be withdrawn."
        )
    withdrawn = OverrideWithdrawn(
        application=command.application,
        words=command.reason,
        withdrawn_by=context.actor,
        **state.round_fields,
    )
    return [withdrawn, *voided(state, VoidReason.OVERRIDE_CHANGED)]


def _require_changeable(application: str, state: Round, context: Context) -> None:
    if state.status not in (Status.SCORING_CLOSED, Status.PROPOSED):
        raise Refused(
            "scoring-not-closed",
            f"The round is {state.status}: you can record or withdraw an override only while it "
            f"is {Status.SCORING_CLOSED} or {Status.PROPOSED}.",
        )
    require_another_enterprise(enterprise_of(application), context)
    require_no_interest(state.conflicts, state, context)
