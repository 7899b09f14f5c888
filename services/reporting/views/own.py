"""The mirrors of reporting's own topic: its events are counted like those of other services.

The mirror of an outcome uses the fold of the outcome itself, so the figures count exactly the
decisions, with the status of each follow-up.
"""

from dataclasses import dataclass

from services.reporting.domain.outcome.state import Outcome, evolve
from shared.contracts.reporting.outcome import OutcomeEvent
from shared.contracts.reporting.rate import RateFixed
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The currency of a fixed rate."""

    currency: str


def _rate(state: Rate | None, event: RateFixed) -> Rate:
    return Rate(currency=event.currency)


outcomes = Mirror(follows=OutcomeEvent, state=Outcome, evolve=evolve)
rates = Mirror(follows=RateFixed, state=Rate, evolve=_rate)
