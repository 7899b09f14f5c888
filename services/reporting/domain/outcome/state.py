"""The state of an outcome with its follow-ups, and the fold of its events into it.

The mirror of reporting's own topic uses the same fold, so the figures count exactly the decisions.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from services.reporting.domain.outcome.exchange import Valuation
from shared.contracts.reporting.outcome import (
    FollowUpReported,
    OutcomeDisputed,
    OutcomeEvent,
    OutcomeReported,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.contracts.words import Applicant

# State


class Status(StrEnum):
    """The status of a reported outcome or follow-up."""

    REPORTED = "REPORTED"
    VERIFIED = "VERIFIED"
    DISPUTED = "DISPUTED"
    VOID = "VOID"


@dataclass(frozen=True, kw_only=True)
class Posting:
    """The reported amount of an outcome or of a follow-up, frozen with its rate."""

    status: Status = Status.REPORTED
    amount: Decimal
    currency: str
    buyer_country: str
    rate: Decimal
    rate_source: str
    rate_on: date
    amount_idr: int
    devisa: bool


@dataclass(frozen=True, kw_only=True)
class Outcome(Posting):
    """An outcome of a participation; `follow_ups`, by id, have realised a part of it."""

    programme: str
    exhibition: str
    enterprise: str
    applicant: Applicant
    rung: Rung
    follow_ups: dict[str, Posting] = field(default_factory=dict)

    @property
    def counted_follow_ups(self) -> list[Posting]:
        """The follow-ups that are not void."""
        return [each for each in self.follow_ups.values() if each.status is not Status.VOID]

    @property
    def followed_up(self) -> Decimal:
        """The amount of the follow-ups in the outcome's currency: never more than `amount`."""
        return sum((each.amount for each in self.counted_follow_ups), Decimal(0))

    @property
    def followed_up_idr(self) -> int:
        """The rupiah of the follow-ups: never more than `amount_idr`."""
        return sum(each.amount_idr for each in self.counted_follow_ups)


STANDING = frozenset({Status.REPORTED, Status.VERIFIED})
"""A figure with one of these statuses stands: it is neither disputed nor void."""

# Rules


def evolve(state: Outcome | None, event: OutcomeEvent) -> Outcome:
    """Fold an event."""
    match event:
        case OutcomeReported():
            return _reported(event)
        case _ if state is None:
            raise ValueError(f"the first event of an outcome was {type(event).__name__}")
        case FollowUpReported():
            follow_up = Posting(**_valuation(event))
            return replace(state, follow_ups={**state.follow_ups, event.follow_up: follow_up})
        case OutcomeVerified():
            return _judge(state, event, Status.VERIFIED)
        case OutcomeDisputed():
            return _judge(state, event, Status.DISPUTED)
        case OutcomeVoided():
            return _judge(state, event, Status.VOID)
        case _:
            assert_never(event)


def _reported(event: OutcomeReported) -> Outcome:
    return Outcome(
        programme=event.applicant.programme,
        exhibition=event.applicant.exhibition,
        enterprise=event.applicant.enterprise,
        applicant=event.applicant,
        rung=event.rung,
        **_valuation(event),
    )


def _valuation(event: OutcomeReported | FollowUpReported) -> Valuation:
    return Valuation(
        amount=event.amount,
        currency=event.currency,
        buyer_country=event.buyer_country,
        rate=event.rate,
        rate_source=event.rate_source,
        rate_on=event.rate_on,
        amount_idr=event.amount_idr,
        devisa=event.devisa,
    )


def _judge(
    state: Outcome, event: OutcomeVerified | OutcomeDisputed | OutcomeVoided, status: Status
) -> Outcome:
    if event.follow_up is None:
        return replace(state, status=status)
    follow_up = replace(state.follow_ups[event.follow_up], status=status)
    return replace(state, follow_ups={**state.follow_ups, event.follow_up: follow_up})
