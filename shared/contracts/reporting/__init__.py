"""The events of reporting (pelaporan): outcomes and exchange rates."""

from shared.contracts.reporting.outcome import OutcomeEvent
from shared.contracts.reporting.rate import RateEvent

ReportingEvent = OutcomeEvent | RateEvent
