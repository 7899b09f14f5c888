"""The envelope (Pagu, id = `PROGRAMME.SCOPE`): the money to allot, and its allotments.

This module lists the commands and passes each of them to its rule in `pagu`, `revisions`,
`allotments` or `costs`. All rules keep one promise: `free = pagu - blocked - allotted` never falls
below zero, for any caller.
"""

from collections.abc import Sequence
from typing import assert_never

from services.budget.domain.envelope.allotments import (
    MakeAllotment,
    ReturnAllotment,
    return_allotment,
)
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    WithdrawCost,
    withdraw_cost,
)
from services.budget.domain.envelope.pagu import (
    BlockEnvelope,
    OpenEnvelope,
    UnblockEnvelope,
    block_envelope,
    open_envelope,
    unblock_envelope,
)
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
    propose_revision,
    revise_envelope,
    withdraw_revision,
)
from services.budget.domain.envelope.state import Envelope, evolve
from shared.contracts.budget.envelope import EnvelopeEvent
from shared.kernel.decider import Context, Decider, absent

OfTwoPeople = ProposeRevision | ReviseEnvelope | WithdrawRevision | WithdrawCost
CommandWithoutFacts = OpenEnvelope | OfTwoPeople | BlockEnvelope | UnblockEnvelope | ReturnAllotment
"""The commands that `decide` handles; the routes name the rules of the other commands."""

EnvelopeCommand = CommandWithoutFacts | MakeAllotment | ProposeCost | CorrectCost

# Rules


def decide(
    command: CommandWithoutFacts, state: Envelope | None, context: Context
) -> Sequence[EnvelopeEvent]:
    """Decide a command that needs no facts; all commands but the first need an open envelope."""
    match command:
        case OpenEnvelope():
            return open_envelope(command, state, context)
        case _ if state is None:
            return absent(context, "envelope")
        case ProposeRevision() | ReviseEnvelope() | WithdrawRevision() | WithdrawCost():
            return _decide_proposal(command, state, context)
        case BlockEnvelope():
            return block_envelope(command, state, context)
        case UnblockEnvelope():
            return unblock_envelope(command, state, context)
        case ReturnAllotment():
            return return_allotment(command, state)
        case _:
            assert_never(command)


def _decide_proposal(
    command: OfTwoPeople, state: Envelope, context: Context
) -> Sequence[EnvelopeEvent]:
    match command:
        case ProposeRevision():
            return propose_revision(command, state, context)
        case ReviseEnvelope():
            return revise_envelope(command, state, context)
        case WithdrawRevision():
            return withdraw_revision(command, state, context)
        case WithdrawCost():
            return withdraw_cost(command, state, context)
        case _:
            assert_never(command)


envelope = Decider(
    kind="envelope",
    commands=EnvelopeCommand,
    state=Envelope | None,
    events=EnvelopeEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "scope", "revision_status", "cost_status"),
)
