"""A loss of a seat that an officer has requested, and the fold of its events.

An approver approves or declines it. It is overtaken if the seat is lost otherwise, or if the
exhibition runs before it is decided.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from shared.contracts.selection.round_codes import LossCode
from shared.contracts.selection.round_seats import (
    LossDeclined,
    LossRequested,
    PlaceLost,
    SignedDocument,
)


class LossStatus(StrEnum):
    """A requested loss waits for an approver until it is decided or overtaken."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    OVERTAKEN = "OVERTAKEN"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A requested loss; `declined` are the words of the approver that has declined it."""

    application: str
    status: LossStatus
    code: LossCode
    words: str
    document: SignedDocument
    requested_by: str
    decided_by: str = ""
    declined: str = ""


def requested(losses: tuple[Loss, ...], event: LossRequested) -> tuple[Loss, ...]:
    """Return the losses with this request."""
    if event.code is None or event.document is None:
        return losses
    loss = Loss(
        application=event.application,
        status=LossStatus.REQUESTED,
        code=event.code,
        words=event.words,
        document=event.document,
        requested_by=event.requested_by,
    )
    return (*losses, loss)


def decided(losses: tuple[Loss, ...], event: PlaceLost | LossDeclined) -> tuple[Loss, ...]:
    """Return the losses after a decision on a seat, or after it was lost otherwise."""
    return tuple(
        _decided(loss, event)
        if (loss.application, loss.status) == (event.application, LossStatus.REQUESTED)
        else loss
        for loss in losses
    )


def overtaken(losses: tuple[Loss, ...]) -> tuple[Loss, ...]:
    """Return the losses once none is decided any more."""
    return tuple(
        replace(loss, status=LossStatus.OVERTAKEN) if loss.status is LossStatus.REQUESTED else loss
        for loss in losses
    )


def _decided(loss: Loss, event: PlaceLost | LossDeclined) -> Loss:
    match event:
        case LossDeclined():
            return replace(
                loss,
                status=LossStatus.DECLINED,
                decided_by=event.declined_by,
                declined=event.words,
            )
        case PlaceLost() if event.approved_by:
            return replace(loss, status=LossStatus.APPROVED, decided_by=event.approved_by)
        case _:
            return replace(loss, status=LossStatus.OVERTAKEN)
