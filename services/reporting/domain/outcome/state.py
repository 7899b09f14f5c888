"""The state of an outcome with its follow-ups, and the fold of its events into it.

The mirror of reporting's own topic uses the same fold, so the figures count what was decided.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never

from services.reporting.domain.outcome.exchange import Worth
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
from shared.kernel.decider import Context, refuse_or_ignore

# State


class Status(StrEnum):
    """The status of a reported outcome or follow-up."""

    REPORTED = "REPORTED"
    VERIFIED = "VERIFIED"
    DISPUTED = "DISPUTED"
    VOID = "VOID"


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One reported amount, frozen with its rate; an outcome's own, or that of a follow-up."""

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
    """An outcome of a participation, with the follow-ups that have realised a part of it, by id."""

    programme: str
    exhibition: str
    enterprise: str
    applicant: Applicant
    rung: Rung
    follow_ups: dict[str, Posting] = field(default_factory=dict)

    @property
    def followed_up_idr(self) -> int:
        """The sum realised by follow-ups that are not void: never above `amount_idr`."""
        follow_ups = self.follow_ups.values()
        return sum(each.amount_idr for each in follow_ups if each.status is not Status.VOID)


STANDING = frozenset({Status.REPORTED, Status.VERIFIED})

# Rules


def refuse_absent_outcome(context: Context) -> list[Any]:
    """Refuse a person who names an outcome that does not exist; ignore a reaction."""
    return refuse_or_ignore(context, "not-reported", "There is no such outcome: check the id.")


def evolve(state: Outcome | None, event: OutcomeEvent) -> Outcome:
    """Fold an event."""
    match event:
        case OutcomeReported():
            return _reported(event)
        case _ if state is None:
            raise ValueError(f"the first event of an outcome was {type(event).__name__}")
        case FollowUpReported():
            follow_up = Posting(**_worth(event))
            return replace(state, follow_ups={**state.follow_ups, event.follow_up: follow_up})
        case OutcomeVerified():
            return _judged(state, event, Status.VERIFIED)
        case OutcomeDisputed():
            return _judged(state, event, Status.DISPUTED)
        case OutcomeVoided():
            return _judged(state, event, Status.VOID)
        case _:
            assert_never(event)


def _reported(event: OutcomeReported) -> Outcome:
    return Outcome(
        programme=event.applicant.programme,
        exhibition=event.applicant.exhibition,
        enterprise=event.applicant.enterprise,
        applicant=event.applicant,
        rung=event.rung,
        **_worth(event),
    )


def _worth(event: OutcomeReported | FollowUpReported) -> Worth:
    return Worth(
        amount=event.amount,
        currency=event.currency,
        buyer_country=event.buyer_country,
        rate=event.rate,
        rate_source=event.rate_source,
        rate_on=event.rate_on,
        amount_idr=event.amount_idr,
        devisa=event.devisa,
    )


def _judged(
    state: Outcome, event: OutcomeVerified | OutcomeDisputed | OutcomeVoided, status: Status
) -> Outcome:
    if event.follow_up is None:
        return replace(state, status=status)
    judged = replace(state.follow_ups[event.follow_up], status=status)
    return replace(state, follow_ups={**state.follow_ups, event.follow_up: judged})
