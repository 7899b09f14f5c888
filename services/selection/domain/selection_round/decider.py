"""The round (id = the exhibition's id): the selection, which owns the seats and the reserve list.

This module lists the commands and passes each of them to its rule: `scoring_phase` until the
scoring is closed, `proposal` (of a ranking) until the selection is approved, `seats`, `objections`,
`officer_losses` and `decree` from then on. `fold` folds the events.
"""

from collections.abc import Sequence
from typing import assert_never

from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
    decide_decree,
)
from services.selection.domain.selection_round.disputes import settled
from services.selection.domain.selection_round.fold import evolve
from services.selection.domain.selection_round.funds import FollowFunds, follow_funds
from services.selection.domain.selection_round.late_conflicts import (
    DeclareLateConflict,
    declare_late_conflict,
)
from services.selection.domain.selection_round.objection_window import deadlines
from services.selection.domain.selection_round.objections import (
    FileObjection,
    ObjectionCommand,
    decide_objection,
)
from services.selection.domain.selection_round.officer_losses import (
    ApproveLoss,
    DeclineLoss,
    RequestLoss,
    decide_officer_loss,
)
from services.selection.domain.selection_round.overrides import (
    RecordOverride,
    WithdrawOverride,
    withdraw_override,
)
from services.selection.domain.selection_round.panel import AppointPanel
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    ReturnSelection,
    return_selection,
)
from services.selection.domain.selection_round.scoring_phase import (
    CloseScoring,
    ListCandidates,
    OpenRound,
    list_candidates,
    open_round,
)
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    FreezeSeats,
    LosePlace,
    OfferPlace,
    RescheduleRound,
    StrikeCandidate,
    cancel_round,
    decide_seats,
    freeze_seats,
    strike_candidate,
)
from services.selection.domain.selection_round.state import Round
from shared.contracts.selection.round import RoundEvent
from shared.kernel.decider import Context, Decider, absent

FirstCommand = OpenRound | StrikeCandidate | FreezeSeats | FollowFunds | CancelRound
"""The commands that may come first: they carry all that a round must know of itself."""

CommandWithoutFacts = (
    FirstCommand
    | RescheduleRound
    | ListCandidates
    | ReturnSelection
    | LosePlace
    | OfferPlace
    | ConfirmPlace
    | DeclareLateConflict
    | WithdrawOverride
    | RequestLoss
    | ApproveLoss
    | DeclineLoss
    | DecreeParticipants
    | RecordAmendment
    | ObjectionCommand
)
"""The commands that `decide` handles; the routes name the rules of the other commands."""

RoundCommand = (
    CommandWithoutFacts
    | AppointPanel
    | CloseScoring
    | ProposeSelection
    | ApproveSelection
    | RecordOverride
    | FileObjection
)

OBJECTION_FILES = "objections.files.id"
"""The field by which the files of objections are found."""

# Rules


def decide(
    command: CommandWithoutFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Decide a command that needs no facts; what follows for seats in dispute is settled with it.

    A reaction may be the first command of a round; a person needs a round that exists.
    """
    return settled(_decide(command, state, context), state, context)


def _decide(
    command: CommandWithoutFacts, state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    match command:
        case OpenRound() | StrikeCandidate() | FreezeSeats() | FollowFunds() | CancelRound():
            return _decide_first(command, state or _awaited(command, context), context)
        case _ if state is None:
            return absent(context, "round", yet=True)
        case ListCandidates():
            return list_candidates(command, state)
        case ReturnSelection() | DeclareLateConflict() | WithdrawOverride():
            return _decide_judgement(command, state, context)
        case LosePlace() | OfferPlace() | ConfirmPlace() | RescheduleRound():
            return decide_seats(command, state, context)
        case RequestLoss() | ApproveLoss() | DeclineLoss():
            return decide_officer_loss(command, state, context)
        case DecreeParticipants() | RecordAmendment():
            return decide_decree(command, state, context)
        case _:
            return decide_objection(command, state, context)


def _decide_judgement(
    command: ReturnSelection | DeclareLateConflict | WithdrawOverride,
    state: Round,
    context: Context,
) -> Sequence[RoundEvent]:
    match command:
        case ReturnSelection():
            return return_selection(command, state, context)
        case DeclareLateConflict():
            return declare_late_conflict(command, state, context)
        case WithdrawOverride():
            return withdraw_override(command, state, context)
        case _:
            assert_never(command)


def _decide_first(command: FirstCommand, state: Round, context: Context) -> Sequence[RoundEvent]:
    match command:
        case OpenRound():
            return open_round(command, state)
        case StrikeCandidate():
            return strike_candidate(command, state, context)
        case FreezeSeats():
            return freeze_seats(state)
        case FollowFunds():
            return follow_funds(command, state, context)
        case CancelRound():
            return cancel_round(state)
        case _:
            assert_never(command)


def _awaited(command: FirstCommand, context: Context) -> Round:
    return Round(exhibition=context.subject, programme=command.programme, scope=command.scope)


selection_round = Decider(
    kind="round",
    commands=RoundCommand,
    state=Round | None,
    events=RoundEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    revision=6,
    indexes=("programme", "scope", "status", OBJECTION_FILES),
)
