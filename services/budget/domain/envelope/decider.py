"""The envelope (Pagu, id = `PROGRAMME.SCOPE`): the money to allot, and its allotments.

This module lists the commands and passes each of them to its rule in `pagu` or `allotments`. All
rules keep one promise: `free = pagu - blocked - allotted` never falls below zero, for any caller.
"""

from collections.abc import Sequence
from typing import assert_never

from services.budget.domain.envelope.allotments import (
    MakeAllotment,
    ReturnAllotment,
    return_allotment,
)
from services.budget.domain.envelope.pagu import (
    BlockEnvelope,
    OpenEnvelope,
    ReviseEnvelope,
    UnblockEnvelope,
    block_envelope,
    open_envelope,
    revise_envelope,
    unblock_envelope,
)
from services.budget.domain.envelope.state import Envelope, evolve
from shared.contracts.budget.envelope import EnvelopeEvent
from shared.kernel.decider import Context, Decider, absent

CommandWithoutFacts = (
    OpenEnvelope | ReviseEnvelope | BlockEnvelope | UnblockEnvelope | ReturnAllotment
)
"""The commands that `decide` handles; the route names the rule of the other command."""

EnvelopeCommand = CommandWithoutFacts | MakeAllotment

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
        case ReviseEnvelope():
            return revise_envelope(command, state, context)
        case BlockEnvelope():
            return block_envelope(command, state, context)
        case UnblockEnvelope():
            return unblock_envelope(command, state, context)
        case ReturnAllotment():
            return return_allotment(command, state)
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
    indexes=("programme", "scope"),
)
