"""The rules of the verdicts: an officer finds that two parties are one enterprise, or two.

A verdict is given by a person that has registered or revised neither of the two, and reversed by
another person than who gave it. It is remembered: the pair is never asked about again, whatever
profile either of the two has later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.registration.domain.suspicion.state import Status, Suspicion
from shared.contracts.registration.suspicion import (
    ConfirmationCode,
    DismissalCode,
    DuplicateConfirmed,
    DuplicateDismissed,
    SuspicionEvent,
)
from shared.contracts.words import Text
from shared.kernel.decider import Context, absent
from shared.kernel.four_eyes import (
    DECLARE_AND_DECIDE_DUPLICATE,
    GIVE_AND_REVERSE_VERDICT,
    require_another_enterprise,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class ConfirmDuplicate:
    """Find that the two are one enterprise; `reason` stays private."""

    code: ConfirmationCode
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DismissDuplicate:
    """Find that the two are two enterprises; `reason` stays private."""

    code: DismissalCode
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class VerdictFacts:
    """The people who registered one of the two parties, revised it or tried to register it."""

    declarers: frozenset[str]


# Rules


def confirm_duplicate(
    command: ConfirmDuplicate, facts: VerdictFacts, state: Suspicion | None, context: Context
) -> Sequence[SuspicionEvent]:
    """Confirm that the two are one enterprise; do nothing if that is the present verdict."""
    if state is None:
        return absent(context, "suspicion")
    if not _is_new_verdict(Status.CONFIRMED, facts, state, context):
        return []
    first, second = state.parties
    return [
        DuplicateConfirmed(
            first=first,
            second=second,
            code=command.code,
            reason=command.reason,
            confirmed_by=context.actor,
        )
    ]


def dismiss_duplicate(
    command: DismissDuplicate, facts: VerdictFacts, state: Suspicion | None, context: Context
) -> Sequence[SuspicionEvent]:
    """Dismiss the suspicion; do nothing if it is dismissed."""
    if state is None:
        return absent(context, "suspicion")
    if not _is_new_verdict(Status.DISMISSED, facts, state, context):
        return []
    first, second = state.parties
    return [
        DuplicateDismissed(
            first=first,
            second=second,
            code=command.code,
            reason=command.reason,
            dismissed_by=context.actor,
        )
    ]


def _is_new_verdict(
    verdict: Status, facts: VerdictFacts, state: Suspicion, context: Context
) -> bool:
    """Return False if this is the present verdict; refuse the person who gave the other one."""
    require_officer(state, facts, context)
    if state.status is verdict:
        return False
    require_another_person(GIVE_AND_REVERSE_VERDICT, {state.judged_by}, context)
    return True


def require_officer(state: Suspicion, facts: VerdictFacts, context: Context) -> None:
    """Refuse the people of the two parties (`own-enterprise`, `same-person`)."""
    for party in state.parties:
        require_another_enterprise(party, context)
    require_another_person(DECLARE_AND_DECIDE_DUPLICATE, facts.declarers, context)
