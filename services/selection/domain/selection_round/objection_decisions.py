"""The decision on an objection: an approver without a part in the selection upholds or dismisses.

The decision is a signed document with an answer to the applicant. Upheld, the objector gets the
seat in escrow for it, or the next place; the holder of that seat becomes the first reserve. The
approved selection itself never changes: what is decided now supersedes it by events of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from services.selection.domain.selection_round.decree import check_signed
from services.selection.domain.selection_round.disputes import (
    fits_free_place,
    folded,
    seat_for,
)
from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.objection import Objection
from services.selection.domain.selection_round.reserves import promotions
from services.selection.domain.selection_round.seats import place_lost, too_late
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.documents import DocumentNumber
from shared.contracts.ids import enterprise_of
from shared.contracts.selection.objection import ObjectionDismissed, ObjectionUpheld
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import ObjectionDismissalCode, ObjectionGround
from shared.contracts.selection.round_seats import ReservePromoted
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    APPROVE_AND_DECIDE_OBJECTION,
    PROPOSE_AND_DECIDE_OBJECTION,
    SCORE_AND_DECIDE_OBJECTION,
    require_another_enterprise,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class UpholdObjection:
    """Uphold an objection on the ground that was found; its applicant alone reads the `answer`."""

    application: PairId
    ground: ObjectionGround
    answer: Text = field(repr=False)
    number: DocumentNumber
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class DismissObjection:
    """Dismiss an objection; its applicant alone reads the `answer`."""

    application: PairId
    code: ObjectionDismissalCode
    answer: Text = field(repr=False)
    number: DocumentNumber
    signed_on: date


# Rules


def decide_merits(
    command: UpholdObjection | DismissObjection, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Uphold or dismiss an objection that waits for it, in time or late."""
    objection = undecided(command.application, state)
    require_judge_of_objection(command.application, state, context)
    check_signed(command.signed_on, state, context)
    match command:
        case DismissObjection():
            return [_dismissed(command, state, context)]
        case UpholdObjection():
            upheld = _upheld(command, state, context)
            return [upheld, *_placing(objection, folded(state, [upheld]), context)]
        case _:
            assert_never(command)


def require_judge_of_objection(application: str, state: Round, context: Context) -> None:
    """Refuse who has a part or an interest in the selection, or belongs to the applicant."""
    require_another_enterprise(enterprise_of(application), context)
    require_another_person(APPROVE_AND_DECIDE_OBJECTION, state.approved_by, context)
    proposal = state.proposal
    if proposal is not None:
        require_another_person(PROPOSE_AND_DECIDE_OBJECTION, {proposal.proposed_by}, context)
        require_another_person(SCORE_AND_DECIDE_OBJECTION, proposal.scored_by, context)
        require_no_interest(proposal.conflicts, state, context)


def undecided(application: str, state: Round) -> Objection:
    """Return the objection of this application that waits for a decision, or refuse."""
    objection = state.objection_of(application)
    if state.status is not Status.APPROVED or objection is None or not objection.is_undecided:
        raise Refused(
            "no-open-objection",
            f"{application} has no objection that waits for a decision "
            f"(GET /rounds/{state.exhibition}/objections).",
        )
    return objection


def _dismissed(command: DismissObjection, state: Round, context: Context) -> ObjectionDismissed:
    return ObjectionDismissed(
        application=command.application,
        code=command.code,
        number=command.number,
        signed_on=command.signed_on,
        words=command.answer,
        decided_by=context.actor,
        **state.round_fields,
    )


def _upheld(command: UpholdObjection, state: Round, context: Context) -> ObjectionUpheld:
    return ObjectionUpheld(
        application=command.application,
        ground=command.ground,
        number=command.number,
        signed_on=command.signed_on,
        from_reserve=command.application in state.reserve,
        words=command.answer,
        decided_by=context.actor,
        **state.round_fields,
    )


def _placing(objection: Objection, state: Round, context: Context) -> Sequence[RoundEvent]:
    """Return the events that give the objector a seat, if there is one for it."""
    application = objection.application
    promoted = ReservePromoted(application=application, **state.round_fields)
    if too_late(state, context):
        return []
    placing: list[RoundEvent] = [promoted]
    if not fits_free_place(application, state):
        holder = seat_for(objection, state)
        if holder is None:
            return []
        placing = [place_lost(holder, "objection-upheld", state), promoted]
    return [*placing, *promotions(folded(state, placing))]
