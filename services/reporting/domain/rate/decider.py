"""Exchange rate (Kurs, id = `CURRENCY-YYYY-MM-DD`): its commands, each passed to its rule."""

from collections.abc import Sequence

from services.reporting.domain.rate.correction import (
    ConfirmRate,
    CorrectRate,
    RejectRate,
    reject_rate,
)
from services.reporting.domain.rate.fixing import FixRate
from services.reporting.domain.rate.state import DailyRate, evolve
from shared.contracts.reporting.rate import RateEvent
from shared.kernel.decider import Context, Decider

RateCommand = FixRate | CorrectRate | ConfirmRate | RejectRate
"""A route names the rule of each command that needs facts: of all but `RejectRate`."""


def decide(command: RejectRate, state: DailyRate | None, context: Context) -> Sequence[RateEvent]:
    """Decide the command that needs no facts."""
    return reject_rate(command, state, context)


rate = Decider(
    kind="rate",
    commands=RateCommand,
    state=DailyRate | None,
    events=RateEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("currency", "status"),
)
