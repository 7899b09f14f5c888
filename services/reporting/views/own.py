"""The mirrors of reporting's own topic: its events are counted like those of other services.

They use the folds of the outcome and of the rate themselves, so the figures count exactly the
decisions, with the status of each follow-up.
"""

from services.reporting.domain.outcome.state import Outcome
from services.reporting.domain.outcome.state import evolve as evolve_outcome
from services.reporting.domain.rate.state import DailyRate
from services.reporting.domain.rate.state import evolve as evolve_rate
from shared.contracts.reporting.outcome import OutcomeEvent
from shared.contracts.reporting.rate import RateEvent
from shared.kernel.view import Mirror

outcomes = Mirror(follows=OutcomeEvent, state=Outcome, evolve=evolve_outcome)
rates = Mirror(follows=RateEvent, state=DailyRate, evolve=evolve_rate)
