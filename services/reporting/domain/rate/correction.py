"""The rules of a second person: a proposed rate is confirmed or rejected, a fixed rate corrected.

A correction replaces the rate of its day and restates the outcomes at that rate, all of them:

1. `CorrectRate` proposes the right rate. From then on no outcome is reported at the rate of this
   day (`rate-in-correction`).
2. `ConfirmRate` by another person comes a minute later at the earliest (ours). That is longer than
   any command takes, so every outcome at the old rate is written by then and is found.
3. `RateCorrected` names these outcomes, and the reaction to it restates each of them, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from services.reporting.domain.outcome.exchange import require_range, rupiah_of
from services.reporting.domain.rate.fixing import (
    NearestRate,
    require_nothing_proposed,
    require_plausible,
)
from services.reporting.domain.rate.sources import require_source
from services.reporting.domain.rate.state import DailyRate, Proposal, rate_id
from shared.contracts.reporting.rate import (
    CorrectionCode,
    Rate,
    RateCorrected,
    RateEvent,
    RateFixed,
    RateProposed,
    RateRejected,
)
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import PROPOSE_AND_CONFIRM, require_another_person

GRACE = timedelta(seconds=60)
"""A correction is confirmed so long after its proposal at the earliest (ours)."""

OUTCOMES_MAX = 10_000
"""The event of a correction names the outcomes, so their number is limited (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class CorrectRate:
    """Propose the right rate in the place of a fixed rate; `reason` stays private."""

    rate: Rate
    source: Text
    code: CorrectionCode
    reason: Text
    unusual: bool = False


@dataclass(frozen=True, kw_only=True)
class ConfirmRate:
    """Confirm the proposed rate as a second person, who reads it from its source again."""

    rate: Rate


@dataclass(frozen=True, kw_only=True)
class RejectRate:
    """Reject the proposed rate; `reason` stays private."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class OutcomesAtRate:
    """The amounts, in their currency, of all outcomes that count at this rate, by id."""

    amounts: Mapping[str, Decimal]


# Rules


def correct_rate(
    command: CorrectRate, facts: NearestRate, state: DailyRate | None, context: Context
) -> Sequence[RateEvent]:
    """Propose another rate for a day whose rate is fixed."""
    if state is None:
        return absent(context, "rate")
    if state.fixing is None:
        raise Refused("not-fixed", "This rate is not fixed, so it needs no correction.")
    require_nothing_proposed(state)
    if (command.rate, command.source) == (state.fixing.rate, state.fixing.source):
        return []
    require_source(command.source, state.currency, state.fixed_on)
    # Without a rate of another day it is compared with the one that it corrects.
    require_plausible(command.rate, facts.fixing or state.fixing, unusual=command.unusual)
    return [
        RateProposed(
            currency=state.currency,
            fixed_on=state.fixed_on,
            rate=command.rate,
            source=command.source,
            corrects=command.code,
            proposed_at=context.now,
            proposed_by=context.actor,
            reason=command.reason,
        )
    ]


def confirm_rate(
    command: ConfirmRate, facts: OutcomesAtRate, state: DailyRate | None, context: Context
) -> Sequence[RateEvent]:
    """Confirm the proposed rate: it is fixed, or takes the place of the rate of its day."""
    if state is None:
        return absent(context, "rate")
    proposal = _require_proposal(state)
    require_another_person(PROPOSE_AND_CONFIRM, {proposal.proposed_by}, context)
    if command.rate != proposal.rate:
        raise Refused(
            "another-rate",
            f"You confirm {command.rate:,}, but {proposal.rate:,} is proposed: compare both with "
            "the source, then confirm or reject what is proposed.",
        )
    if proposal.code is None or state.fixing is None:
        return [
            RateFixed(
                currency=state.currency,
                fixed_on=state.fixed_on,
                rate=proposal.rate,
                source=proposal.source,
                fixed_by=proposal.proposed_by,
            )
        ]
    _require_restatable(state, proposal, facts, context)
    return [
        RateCorrected(
            currency=state.currency,
            fixed_on=state.fixed_on,
            rate=proposal.rate,
            source=proposal.source,
            before=state.fixing.rate,
            code=proposal.code,
            outcomes=tuple(sorted(facts.amounts)),
            fixed_by=proposal.proposed_by,
        )
    ]


def reject_rate(
    command: RejectRate, state: DailyRate | None, context: Context
) -> Sequence[RateEvent]:
    """Reject the proposed rate: that of its day, if there is any, counts as before."""
    if state is None:
        return absent(context, "rate")
    proposal = _require_proposal(state)
    return [
        RateRejected(
            currency=state.currency,
            fixed_on=state.fixed_on,
            rate=proposal.rate,
            source=proposal.source,
            reason=command.reason,
        )
    ]


def _require_proposal(state: DailyRate) -> Proposal:
    if state.proposal is None:
        raise Refused(
            "nothing-proposed",
            f"No rate of {state.currency} on {state.fixed_on} waits for you: it is {state.status}.",
        )
    return state.proposal


def _require_restatable(
    state: DailyRate, proposal: Proposal, facts: OutcomesAtRate, context: Context
) -> None:
    if context.now < proposal.proposed_at + GRACE:
        raise Refused(
            "too-soon",
            f"Outcomes may still be on their way at the old rate: confirm the correction "
            f"{GRACE.seconds} seconds after it was proposed, or later.",
        )
    if len(facts.amounts) > OUTCOMES_MAX:
        raise Refused(
            "too-many-outcomes",
            f"{len(facts.amounts):,} outcomes count at this rate, and at most {OUTCOMES_MAX:,} "
            f"can be restated: GET /outcomes?rate={rate_id(state.currency, state.fixed_on)} lists "
            "them. Void those that are wrong, and have them reported again.",
        )
    for amount in facts.amounts.values():
        require_range(rupiah_of(amount, proposal.rate))
