"""The rules of the losses that officers request: two people, a document, never once the show runs.

An officer names the reason as a code, in private words, and by a signed document. An approver, who
is another person, takes the seat or declines. After the decree the document is the amendment of the
annex; it has a number of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from services.selection.domain.selection_round.decree import check_amendment, check_signed
from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.loss import Loss
from services.selection.domain.selection_round.seats import after_loss
from services.selection.domain.selection_round.state import Round
from shared.contracts.documents import DocumentNumber
from shared.contracts.ids import enterprise_of
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_codes import LossCode
from shared.contracts.selection.round_seats import (
    LossDeclined,
    LossRequested,
    PlaceLost,
    SignedDocument,
)
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    REQUEST_AND_DECIDE_LOSS,
    require_another_enterprise,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class RequestLoss:
    """Request that a live seat is taken away; `reason` stays private."""

    application: PairId
    code: LossCode
    reason: Text
    number: DocumentNumber
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class ApproveLoss:
    """Take the seat whose loss an officer has requested."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class DeclineLoss:
    """Leave the seat whose loss an officer has requested; `reason` stays private."""

    application: PairId
    reason: Text


OfficerLossCommand = RequestLoss | ApproveLoss | DeclineLoss

# Rules


def decide_officer_loss(
    command: OfficerLossCommand, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Decide a person's command about the loss of a live seat."""
    _require_no_part(command.application, state, context)
    if not state.holds(command.application):
        raise Refused(
            "no-live-seat",
            f"{command.application} has no live seat, so no seat can be taken from it.",
        )
    if state.frozen:
        raise Refused(
            "exhibition-running",
            "The exhibition runs, so no seat is taken any more: record the attendance instead.",
        )
    match command:
        case RequestLoss():
            return _request(command, state, context)
        case ApproveLoss():
            return _approve(_requested(command, state, context), state, context)
        case DeclineLoss():
            _requested(command, state, context)
            return [
                LossDeclined(
                    application=command.application,
                    words=command.reason,
                    declined_by=context.actor,
                    **state.round_fields,
                )
            ]
        case _:
            assert_never(command)


def require_judge_of_loss(loss: Loss, state: Round, context: Context) -> None:
    """Refuse who requested the loss, or has an interest in the selection or the place."""
    _require_no_part(loss.application, state, context)
    require_another_person(REQUEST_AND_DECIDE_LOSS, {loss.requested_by}, context)


def _require_no_part(application: str, state: Round, context: Context) -> None:
    require_another_enterprise(enterprise_of(application), context)
    # A seat that is taken goes to the first reserve.
    require_no_interest(state.conflicts, state, context)


def _request(command: RequestLoss, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.requested_loss(command.application) is not None:
        raise Refused(
            "loss-requested",
            "The loss of this seat is requested already: an approver decides on it "
            f"(GET /rounds/{state.exhibition}/losses).",
        )
    check_signed(command.signed_on, state, context)
    if state.decree is not None:
        check_amendment(command.number, command.signed_on, state.decree)
    document = SignedDocument(number=command.number, signed_on=command.signed_on)
    return [
        LossRequested(
            application=command.application,
            code=command.code,
            words=command.reason,
            document=document,
            requested_by=context.actor,
            **state.round_fields,
        )
    ]


def _approve(loss: Loss, state: Round, context: Context) -> Sequence[RoundEvent]:
    # The decree may have been recorded since the request: then its document must amend the decree.
    if state.decree is not None:
        check_amendment(loss.document.number, loss.document.signed_on, state.decree)
    lost = PlaceLost(
        application=loss.application,
        reason=loss.code,
        document=loss.document,
        words=loss.words,
        requested_by=loss.requested_by,
        approved_by=context.actor,
        **state.round_fields,
    )
    return after_loss(lost, state, context)


def _requested(command: ApproveLoss | DeclineLoss, state: Round, context: Context) -> Loss:
    loss = state.requested_loss(command.application)
    if loss is None:
        raise Refused(
            "no-loss-requested",
            "No officer has requested the loss of this seat: an officer requests it first "
            f"(GET /rounds/{state.exhibition}/losses).",
        )
    require_another_person(REQUEST_AND_DECIDE_LOSS, {loss.requested_by}, context)
    return loss
