"""Round (id = exhibition): an exhibition's selection, which owns the seats and the reserve list.

This module is the door: it tells the commands apart. Until its scoring is closed a round is in
`scoring`, its proposal in `proposal` (ranked by `ranking`), its seats in `seats`; what is kept of
it, in `round_record`.
"""

from collections.abc import Sequence
from typing import assert_never

from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
    decide_selection,
)
from services.selection.domain.selection_round.scoring_phase import (
    AppointPanel,
    CloseScoring,
    ListCandidates,
    OpenRound,
    decide_scoring,
    open_round,
)
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    DecreeParticipants,
    LosePlace,
    OfferPlace,
    StrikeCandidate,
    cancel_round,
    decide_seats,
    strike_candidate,
)
from services.selection.domain.selection_round.state import Round, evolve
from shared.contracts.selection.round import RoundEvent
from shared.kernel.decider import Context, Decider, refuse_or_ignore

Foreseen = OpenRound | StrikeCandidate | CancelRound
"""What may come first: these carry all that a round needs to know of itself."""

RoundCommand = (
    Foreseen
    | AppointPanel
    | ListCandidates
    | CloseScoring
    | ProposeSelection
    | ReturnSelection
    | ApproveSelection
    | LosePlace
    | OfferPlace
    | ConfirmPlace
    | DecreeParticipants
)

# Rules


def decide(
    command: RoundCommand, facts: object, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """A reaction may be the first to name a round; a person needs one that is there."""
    match command:
        case OpenRound() | StrikeCandidate() | CancelRound():
            return _foreseen(command, state or _awaited(command, context))
        case _ if state is None:
            return refuse_or_ignore(
                context, "no-round", "No call of this exhibition was heard (yet)."
            )
        case AppointPanel() | ListCandidates() | CloseScoring():
            return decide_scoring(command, facts, state, context)
        case ProposeSelection() | ReturnSelection() | ApproveSelection():
            return decide_selection(command, facts, state, context)
        case LosePlace() | OfferPlace() | ConfirmPlace() | DecreeParticipants():
            return decide_seats(command, state, context)
        case _:
            assert_never(command)


def _foreseen(command: Foreseen, state: Round) -> Sequence[RoundEvent]:
    match command:
        case OpenRound():
            return open_round(command, state)
        case StrikeCandidate():
            return strike_candidate(command, state)
        case CancelRound():
            return cancel_round(state)
        case _:
            assert_never(command)


def _awaited(command: Foreseen, context: Context) -> Round:
    return Round(exhibition=context.subject, programme=command.programme, scope=command.scope)


selection_round = Decider(
    kind="round",
    commands=RoundCommand,
    state=Round | None,
    events=RoundEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("programme", "scope", "status"),
)
