"""The reaction of reporting: a corrected rate restates the outcomes that count at it.

| event | command |
|---|---|
| RateCorrected (own) | RestateOutcome on each outcome that it names |

The command is correct whenever it comes: an outcome that is void by then, or that has the corrected
rate already, ignores it.
"""

from collections.abc import Sequence
from typing import Any

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.restatement import RestateOutcome
from services.reporting.domain.rate.state import rate_id
from shared.contracts.reporting.rate import RateCorrected
from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction


def restate_outcomes(event: RateCorrected, _: object) -> Sequence[Addressed]:
    """Restate every outcome at the rate of this day."""
    command = RestateOutcome(
        rate_id=rate_id(event.currency, event.fixed_on), rate=event.rate, source=event.source
    )
    return [Addressed(decider=outcome, id=id, command=command) for id in event.outcomes]


reactions: tuple[Reaction[Any, Any], ...] = (
    Reaction(name="restate-outcomes", follows=RateCorrected, react=restate_outcomes),
)
