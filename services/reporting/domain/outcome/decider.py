"""Outcome (Hasil, id derived): its commands, each passed to its rule.

Amounts of different rungs are never added.
"""

from collections.abc import Sequence
from typing import assert_never

from services.reporting.domain.outcome.follow_ups import ReportFollowUp
from services.reporting.domain.outcome.judgements import (
    DisputeOutcome,
    VerifyOutcome,
    VoidOutcome,
    dispute_outcome,
    void_outcome,
)
from services.reporting.domain.outcome.reports import ReportOutcome
from services.reporting.domain.outcome.restatement import RestateOutcome, restate_outcome
from services.reporting.domain.outcome.state import Outcome, evolve
from shared.contracts.reporting.outcome import OutcomeEvent
from shared.kernel.decider import Context, Decider

CommandWithoutFacts = DisputeOutcome | VoidOutcome | RestateOutcome
"""The commands that `decide` handles; the route names the rule of each other command."""

OutcomeCommand = CommandWithoutFacts | ReportOutcome | ReportFollowUp | VerifyOutcome


def decide(
    command: CommandWithoutFacts, state: Outcome | None, context: Context
) -> Sequence[OutcomeEvent]:
    """Pass a command that needs no facts to its rule."""
    match command:
        case DisputeOutcome():
            return dispute_outcome(command, state, context)
        case VoidOutcome():
            return void_outcome(command, state, context)
        case RestateOutcome():
            return restate_outcome(command, state, context)
        case _:
            assert_never(command)


outcome = Decider(
    kind="outcome",
    commands=OutcomeCommand,
    state=Outcome | None,
    events=OutcomeEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=(
        *("programme", "exhibition", "enterprise", "rung", "status"),
        *("awaiting", "rate_id", "sale"),
    ),
)
