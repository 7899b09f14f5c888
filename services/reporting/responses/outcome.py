"""The responses about outcomes: the fields that each reader may see.

The whole story is for reporting officers, auditors and the enterprise itself: who reported and
judged, the evidence and the words. Other readers see figures, statuses and codes. Each response
names its fields, so a field that is added to a state later stays hidden.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.reporting.domain.outcome.state import (
    Awaiting,
    Judgement,
    Outcome,
    Posting,
    Restatement,
    Status,
)
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Applicant


@dataclass(frozen=True, kw_only=True)
class JudgementResponse:
    """A judgement; `words` and `judged_by` are None for readers who may not see them."""

    status: Status
    code: str
    words: str | None
    judged_on: date
    judged_by: str | None


@dataclass(frozen=True, kw_only=True)
class PostingResponse:
    """A reported amount with its rate and its last judgements, in order."""

    status: Status
    occurred_on: date
    amount: Decimal
    currency: str
    buyer_country: str
    rate: Decimal
    rate_source: str
    rate_on: date
    amount_idr: int
    devisa: bool
    not_a_double: bool
    reported_by: str | None
    judgements: tuple[JudgementResponse, ...]


@dataclass(frozen=True, kw_only=True)
class OutcomeResponse(PostingResponse):
    """An outcome with its follow-ups by id, and what it counted before its rate was corrected."""

    programme: str
    exhibition: str
    enterprise: str
    applicant: Applicant
    rung: Rung
    confirmed: bool
    awaiting: Awaiting
    followed_up_idr: int
    restatements: tuple[Restatement, ...]
    follow_ups: dict[str, PostingResponse]


def outcome_response(state: Outcome, *, sees_private: bool) -> OutcomeResponse:
    """Return the outcome, with persons and their words only if the reader sees them."""
    own = _posting(state, sees_private=sees_private)
    return OutcomeResponse(
        **vars(own),
        programme=state.programme,
        exhibition=state.exhibition,
        enterprise=state.enterprise,
        applicant=state.applicant,
        rung=state.rung,
        confirmed=state.confirmed,
        awaiting=state.awaiting,
        followed_up_idr=state.followed_up_idr,
        restatements=state.restatements,
        follow_ups={
            id: _posting(each, sees_private=sees_private) for id, each in state.follow_ups.items()
        },
    )


def _posting(posting: Posting, *, sees_private: bool) -> PostingResponse:
    return PostingResponse(
        status=posting.status,
        occurred_on=posting.occurred_on,
        amount=posting.amount,
        currency=posting.currency,
        buyer_country=posting.buyer_country,
        rate=posting.rate,
        rate_source=posting.rate_source,
        rate_on=posting.rate_on,
        amount_idr=posting.amount_idr,
        devisa=posting.devisa,
        not_a_double=posting.not_a_double,
        reported_by=posting.reported_by if sees_private else None,
        judgements=tuple(
            _judgement(each, sees_private=sees_private) for each in posting.judgements
        ),
    )


def _judgement(judgement: Judgement, *, sees_private: bool) -> JudgementResponse:
    return JudgementResponse(
        status=judgement.status,
        code=judgement.code,
        words=judgement.words if sees_private else None,
        judged_on=judgement.judged_on,
        judged_by=judgement.judged_by if sees_private else None,
    )
