"""The responses about objections: all for those who decide or audit, its own for an applicant."""

from dataclasses import dataclass
from datetime import date, datetime

from services.selection.domain.selection_round.objection import (
    Decision,
    Objection,
    ObjectionStatus,
)
from services.selection.domain.selection_round.objection_window import decide_by, window_ends
from services.selection.domain.selection_round.state import Round, SeatStatus
from shared.contracts.selection.objection import ObjectionFile
from shared.contracts.selection.round_codes import ObjectionGround


@dataclass(frozen=True, kw_only=True)
class ObjectionsResponse:
    """The objections of a round in the order of their filing, with the people and all words."""

    closes_at: datetime | None
    window_open: bool
    objections: tuple[Objection, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerResponse:
    """The decision on an objection as its applicant reads it, without the person."""

    code: str
    number: str
    signed_on: date
    answer: str


@dataclass(frozen=True, kw_only=True)
class OwnObjection:
    """An objection as its applicant reads it."""

    status: ObjectionStatus
    ground: ObjectionGround
    reason: str
    files: tuple[ObjectionFile, ...]
    decide_by: datetime
    decision: AnswerResponse | None


@dataclass(frozen=True, kw_only=True)
class OwnObjectionResponse:
    """Until when a candidate can object (null: no time for it), its objection, and its seat."""

    closes_at: datetime | None
    window_open: bool
    objection: OwnObjection | None
    seat: SeatStatus | None


def objections_response(state: Round) -> ObjectionsResponse:
    """Return the objections of a round for those who decide on them."""
    return ObjectionsResponse(
        closes_at=window_ends(state),
        window_open=state.window_open,
        objections=state.objections,
    )


def own_objection_response(state: Round, application: str) -> OwnObjectionResponse:
    """Return the objection of an applicant for itself."""
    objection = state.objection_of(application)
    return OwnObjectionResponse(
        closes_at=window_ends(state),
        window_open=state.window_open,
        objection=_own(objection, state) if objection else None,
        seat=state.seats.get(application),
    )


def _own(objection: Objection, state: Round) -> OwnObjection:
    return OwnObjection(
        status=objection.status,
        ground=objection.ground,
        reason=objection.words,
        files=objection.files,
        decide_by=decide_by(objection, state),
        decision=_answer(objection.decision) if objection.decision else None,
    )


def _answer(decision: Decision) -> AnswerResponse:
    return AnswerResponse(
        code=decision.code,
        number=decision.number,
        signed_on=decision.signed_on,
        answer=decision.answer,
    )
