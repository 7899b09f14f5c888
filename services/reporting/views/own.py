"""Mirrors of reporting's own topic: outcomes are counted like everybody else's events.

An outcome is mirrored by the fold of the outcome itself, so that the figures count exactly what was
decided, follow-ups with a status of their own included.
"""

from dataclasses import dataclass

from services.reporting.domain.outcome.state import Outcome, evolve
from shared.contracts.reporting.outcome import OutcomeEvent
from shared.contracts.reporting.rate import RateFixed
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A fixing by its currency."""

    currency: str


def _rate(state: Rate | None, event: RateFixed) -> Rate:
    return Rate(currency=event.currency)


outcomes = Mirror(follows=OutcomeEvent, state=Outcome, evolve=evolve)
rates = Mirror(follows=RateFixed, state=Rate, evolve=_rate)
