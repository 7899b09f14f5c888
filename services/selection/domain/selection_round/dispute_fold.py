"""The fold of the events of objections into the state of their round."""

from dataclasses import replace
from typing import assert_never

from services.selection.domain.choosing.problem import Codes
from services.selection.domain.selection_round.objection import (
    after_event,
    filed,
    in_escrow,
    without_seat,
)
from services.selection.domain.selection_round.state import Round, SeatStatus
from shared.contracts.ids import without
from shared.contracts.selection.objection import (
    ObjectionDismissed,
    ObjectionEvent,
    ObjectionExpired,
    ObjectionFiled,
    ObjectionFileRead,
    ObjectionUpheld,
    ObjectionWindowClosed,
    ObjectionWithdrawn,
    OfferPutOff,
    PlaceEscrowed,
    PlaceReleased,
)


def evolve_dispute(state: Round, event: ObjectionEvent) -> Round:
    """Fold an event of an objection, of a seat in dispute, or of the time for objections."""
    match event:
        case ObjectionFiled():
            counted = _counted(_owned(state, event), event.application, event.counts_for)
            return replace(counted, objections=filed(state.objections, event))
        case ObjectionUpheld():
            first = (event.application, *without(state.reserve, event.application))
            return replace(state, reserve=first, objections=after_event(state.objections, event))
        case ObjectionFileRead() | ObjectionWithdrawn() | ObjectionExpired() | ObjectionDismissed():
            return replace(state, objections=after_event(state.objections, event))
        case ObjectionWindowClosed():
            return replace(state, window_closed=True)
        case OfferPutOff():
            return replace(state, put_off=(*state.put_off, event.application))
        case PlaceEscrowed():
            objections = in_escrow(state.objections, event.objection, event.application)
            return _with_seat(replace(state, objections=objections), event, SeatStatus.ESCROWED)
        case PlaceReleased():
            objections = without_seat(state.objections, event.application)
            return _with_seat(replace(state, objections=objections), event, SeatStatus.WAITING)
        case _:
            assert_never(event)


def _with_seat(state: Round, event: PlaceEscrowed | PlaceReleased, seat: SeatStatus) -> Round:
    return replace(state, seats={**state.seats, event.application: seat})


def _owned(state: Round, event: ObjectionFiled) -> Round:
    """Return the round that knows the other applications of an objector's owner."""
    if not event.same_owner:
        return state
    others = tuple(each for each in state.same_owner if not set(each) & set(event.same_owner))
    return replace(state, same_owner=(*others, event.same_owner))


def _counted(state: Round, application: str, codes: Codes) -> Round:
    """Return the round that knows the quotas of an application, also of one in neither list."""
    if not codes or application in state.group_of:
        return state
    groups = state.groups if codes in state.groups else (*state.groups, codes)
    group_of = {**state.group_of, application: groups.index(codes)}
    return replace(state, groups=groups, group_of=group_of)
