"""The rule of a restatement: the rate of an outcome was corrected, so its rupiah are posted again.

The amount in its currency stays. The event reverses the old rupiah and names the new, of the
outcome and of each of its follow-ups; a posting is never edited. Statuses stay: evidence proves an
amount in its currency, not its rate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.reporting.domain.outcome.exchange import rupiah_of
from services.reporting.domain.outcome.state import Outcome, Status
from shared.contracts.reporting.outcome import (
    OutcomeEvent,
    OutcomeRestated,
    RestatedFollowUp,
)
from shared.contracts.reporting.rate import Rate
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context


@dataclass(frozen=True, kw_only=True)
class RestateOutcome:
    """Count the outcome at the corrected rate of its day (a reaction sends it)."""

    rate_id: Id
    rate: Rate
    source: Text


def restate_outcome(
    command: RestateOutcome, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Post the outcome and its follow-ups again; a void outcome, or the same rate, stays quiet."""
    if state is None or state.status is Status.VOID or state.rate_id != command.rate_id:
        return []
    if (state.rate, state.rate_source) == (command.rate, command.source):
        return []
    amount_idr = rupiah_of(state.amount, command.rate)
    return [
        OutcomeRestated(
            outcome=context.subject,
            applicant=state.applicant,
            rung=state.rung,
            amount_idr=amount_idr,
            devisa=state.devisa,
            currency=state.currency,
            rate=command.rate,
            rate_source=command.source,
            rate_on=state.rate_on,
            before_rate=state.rate,
            before_idr=state.amount_idr,
            follow_ups=tuple(_follow_ups(state, command.rate, amount_idr)),
        )
    ]


def _follow_ups(state: Outcome, rate: Decimal, left_idr: int) -> Iterator[RestatedFollowUp]:
    # As at their reports: each takes its share, and the last takes the rupiah that are left.
    left = state.amount
    for id, follow_up in state.follow_ups.items():
        amount_idr = rupiah_of(follow_up.amount, rate)
        if follow_up.status is not Status.VOID:
            left -= follow_up.amount
            amount_idr = left_idr if not left else min(amount_idr, left_idr)
            left_idr -= amount_idr
        yield RestatedFollowUp(follow_up=id, before_idr=follow_up.amount_idr, amount_idr=amount_idr)
