"""The state of an outcome with its follow-ups, and the fold of its events into it.

The mirror of reporting's own topic uses the same fold, so the figures count exactly the decisions.
It has no private fields: no person, and no words.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from services.reporting.domain.outcome.exchange import Transaction, Valuation
from services.reporting.domain.rate.state import rate_id
from shared.contracts.codes import RUPIAH
from shared.contracts.reporting.outcome import (
    FollowUpReported,
    OutcomeDisputed,
    OutcomeEvent,
    OutcomeReported,
    OutcomeRestated,
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


class Awaiting(StrEnum):
    """The next act of the reporting officer: judge a report, resolve a dispute, or nothing."""

    JUDGEMENT = "judgement"
    RESOLUTION = "resolution"
    NOTHING = "nothing"


JUDGEMENTS_MAX = 20
"""So many of the last judgements are shown with a posting; history keeps all of them."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A judgement: the status that it gave, its code, and the officer with its private words."""

    status: Status
    code: str
    words: str
    judged_on: date
    judged_by: str


@dataclass(frozen=True, kw_only=True)
class Posting:
    """The reported amount of an outcome or of a follow-up, frozen with its rate."""

    status: Status = Status.REPORTED
    occurred_on: date
    amount: Decimal
    currency: str
    buyer_country: str
    rate: Decimal
    rate_source: str
    rate_on: date
    amount_idr: int
    devisa: bool
    not_a_double: bool = False
    reported_by: str = ""
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """The rate and rupiah of an outcome before its rate was corrected."""

    rate: Decimal
    amount_idr: int


@dataclass(frozen=True, kw_only=True)
class Outcome(Posting):
    """An outcome of a participation; `follow_ups`, by id, have realised a part of it.

    `rate_id` is the id of its rate (empty for rupiah), `sale` is equal for equal sales; `awaiting`
    follows from the statuses. They are stored because outcomes are looked up by them.
    """

    programme: str
    exhibition: str
    enterprise: str
    applicant: Applicant
    rung: Rung
    confirmed: bool = False
    rate_id: str = ""
    sale: str = ""
    awaiting: Awaiting = Awaiting.JUDGEMENT
    restatements: tuple[Restatement, ...] = ()
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

JudgementEvent = OutcomeVerified | OutcomeDisputed | OutcomeVoided

# Rules


def evolve(state: Outcome | None, event: OutcomeEvent) -> Outcome:
    """Fold an event."""
    after = _evolve(state, event)
    return replace(after, awaiting=_awaiting(after))


def _evolve(state: Outcome | None, event: OutcomeEvent) -> Outcome:
    match event:
        case OutcomeReported():
            return _reported(event)
        case _ if state is None:
            raise ValueError(f"the first event of an outcome was {type(event).__name__}")
        case FollowUpReported():
            follow_up = Posting(
                **_valuation(event), not_a_double=event.not_a_double, reported_by=event.reported_by
            )
            return replace(state, follow_ups={**state.follow_ups, event.follow_up: follow_up})
        case OutcomeRestated():
            return _restated(state, event)
        case OutcomeVerified():
            return _judged(state, event, Status.VERIFIED, event.kind_of_evidence)
        case OutcomeDisputed():
            return _judged(state, event, Status.DISPUTED, event.code)
        case OutcomeVoided():
            return _judged(state, event, Status.VOID, event.code)
        case _:
            assert_never(event)


def _reported(event: OutcomeReported) -> Outcome:
    return Outcome(
        programme=event.applicant.programme,
        exhibition=event.applicant.exhibition,
        enterprise=event.applicant.enterprise,
        applicant=event.applicant,
        rung=event.rung,
        confirmed=event.confirmed,
        not_a_double=event.not_a_double,
        reported_by=event.reported_by,
        rate_id="" if event.currency == RUPIAH else rate_id(event.currency, event.rate_on),
        sale=sale_of(event.applicant.application, event.rung, event),
        **_valuation(event),
    )


def _valuation(event: OutcomeReported | FollowUpReported) -> Valuation:
    return Valuation(
        occurred_on=event.occurred_on,
        amount=event.amount,
        currency=event.currency,
        buyer_country=event.buyer_country,
        rate=event.rate,
        rate_source=event.rate_source,
        rate_on=event.rate_on,
        amount_idr=event.amount_idr,
        devisa=event.devisa,
    )


def _restated(state: Outcome, event: OutcomeRestated) -> Outcome:
    before = Restatement(rate=state.rate, amount_idr=state.amount_idr)
    rupiah = {each.follow_up: each.amount_idr for each in event.follow_ups}
    follow_ups = {
        id: replace(each, rate=event.rate, rate_source=event.rate_source, amount_idr=rupiah[id])
        for id, each in state.follow_ups.items()
    }
    return replace(
        state,
        rate=event.rate,
        rate_source=event.rate_source,
        amount_idr=event.amount_idr,
        follow_ups=follow_ups,
        restatements=(*state.restatements, before),
    )


def _judged(state: Outcome, event: JudgementEvent, status: Status, code: str) -> Outcome:
    words = event.evidence if isinstance(event, OutcomeVerified) else event.reason
    judgement = Judgement(
        status=status,
        code=code,
        words=words,
        judged_on=event.judged_on,
        judged_by=event.judged_by,
    )
    if event.follow_up is None:
        judgements = (*state.judgements, judgement)[-JUDGEMENTS_MAX:]
        return replace(state, status=status, judgements=judgements)
    posting = state.follow_ups[event.follow_up]
    judgements = (*posting.judgements, judgement)[-JUDGEMENTS_MAX:]
    follow_up = replace(posting, status=status, judgements=judgements)
    return replace(state, follow_ups={**state.follow_ups, event.follow_up: follow_up})


def _awaiting(state: Outcome) -> Awaiting:
    statuses = {state.status, *(each.status for each in state.follow_ups.values())}
    if Status.REPORTED in statuses:
        return Awaiting.JUDGEMENT
    return Awaiting.RESOLUTION if Status.DISPUTED in statuses else Awaiting.NOTHING


def sale_of(application: str, rung: Rung, sale: Transaction) -> str:
    """Return a text that is equal for equal sales: one of them may be entered twice."""
    amount = f"{sale.amount.normalize():f}"
    parts = (application, rung, sale.buyer_country, sale.currency, amount)
    return "|".join((*parts, sale.occurred_on.isoformat()))
