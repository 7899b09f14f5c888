"""The responses about exchange rates: the fields that each reader may see.

The people behind a rate, and the words of a correction, are for reporting officers and auditors.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.reporting.domain.rate.sources import SOURCES
from services.reporting.domain.rate.state import DailyRate, Proposal, Status
from shared.contracts.reporting.rate import CorrectionCode


@dataclass(frozen=True, kw_only=True)
class ProposalResponse:
    """A rate that waits for a second person; `code` is the reason of a correction."""

    rate: Decimal
    source: str
    source_name: str
    code: CorrectionCode | None
    reason: str | None
    proposed_at: datetime
    proposed_by: str | None


@dataclass(frozen=True, kw_only=True)
class RateResponse:
    """The rate of a day: `rate` is null until it is fixed; `before` are its corrected values."""

    currency: str
    fixed_on: date
    status: Status
    rate: Decimal | None
    source: str | None
    source_name: str | None
    fixed_by: str | None
    proposal: ProposalResponse | None
    before: tuple[Decimal, ...]


def rate_response(state: DailyRate, *, sees_private: bool) -> RateResponse:
    """Return the rate, with persons and their words only if the reader sees them."""
    fixing, proposal = state.fixing, state.proposal
    return RateResponse(
        currency=state.currency,
        fixed_on=state.fixed_on,
        status=state.status,
        rate=fixing.rate if fixing else None,
        source=fixing.source if fixing else None,
        source_name=_name(fixing.source) if fixing else None,
        fixed_by=fixing.fixed_by if fixing and sees_private else None,
        proposal=_proposal(proposal, sees_private=sees_private) if proposal else None,
        before=state.before,
    )


def _proposal(proposal: Proposal, *, sees_private: bool) -> ProposalResponse:
    return ProposalResponse(
        rate=proposal.rate,
        source=proposal.source,
        source_name=_name(proposal.source),
        code=proposal.code,
        reason=proposal.reason if sees_private else None,
        proposed_at=proposal.proposed_at,
        proposed_by=proposal.proposed_by if sees_private else None,
    )


def _name(source: str) -> str:
    # A source may leave the list; its rates stay.
    return SOURCES[source].name if source in SOURCES else source
