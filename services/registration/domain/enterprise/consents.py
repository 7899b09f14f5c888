"""The rules of consent (UU PDP 27/2022): the enterprise gives and withdraws it for a purpose.

The programme itself needs none: it is the ministry's task by law. Each other use of an enterprise's
data is a purpose of its own. A withdrawal counts at once; the law allows three days for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.registration.domain.enterprise.state import Enterprise
from shared.contracts.registration.enterprise import (
    ConsentGiven,
    ConsentWithdrawn,
    EnterpriseEvent,
    Purpose,
)
from shared.contracts.words import PublicText
from shared.kernel.decider import Context

# Commands


@dataclass(frozen=True, kw_only=True)
class GiveConsent:
    """Agree to a use of your data; `wording` names the version of the words that you have read."""

    purpose: Purpose
    wording: PublicText


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent:
    """Agree no more to a use of your data."""

    purpose: Purpose


ConsentCommand = GiveConsent | WithdrawConsent

# Rules


def decide_consent(
    command: ConsentCommand, state: Enterprise, context: Context
) -> Sequence[EnterpriseEvent]:
    """Give a consent, or withdraw one."""
    match command:
        case GiveConsent():
            return _give(command, state, context)
        case WithdrawConsent():
            return _withdraw(command, state, context)
        case _:
            assert_never(command)


def _give(command: GiveConsent, state: Enterprise, context: Context) -> Sequence[EnterpriseEvent]:
    """Record the consent; do nothing if it stands in the same words."""
    present = state.consents.get(command.purpose)
    if present is not None and present.wording == command.wording:
        return []
    return [
        ConsentGiven(
            enterprise=context.subject,
            purpose=command.purpose,
            wording=command.wording,
            given_at=context.now,
            given_by=context.actor,
        )
    ]


def _withdraw(
    command: WithdrawConsent, state: Enterprise, context: Context
) -> Sequence[EnterpriseEvent]:
    """Record the withdrawal; do nothing if there is no consent."""
    if command.purpose not in state.consents:
        return []
    return [
        ConsentWithdrawn(
            enterprise=context.subject, purpose=command.purpose, withdrawn_by=context.actor
        )
    ]
