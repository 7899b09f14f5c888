"""The seats in dispute: which are in escrow, and which are offered once no objection holds them.

`settled` follows each decision on a round, by any command: an objection that ends releases its
seat, one that has none gets one, and a seat that has money is offered as soon as it may. So a
withdrawal, a loss or a promotion in between changes nothing in what an open objection can win.

The seat in escrow (ours) is the last in the order of the seats that waits, so it is offered to none
yet, and whose exchange for the objector breaks no quota and no bound of an owner; a
seat that an objection has won is taken
by no other. No seat is in escrow while a place is free that the objector may take, nor if no seat
suits: then the objector gets the next place.
"""

from collections import Counter
from collections.abc import Sequence

from services.selection.domain.choosing.choice import choose
from services.selection.domain.choosing.problem import limits_of
from services.selection.domain.selection_round.fold import evolve
from services.selection.domain.selection_round.objection import Objection, ObjectionStatus
from services.selection.domain.selection_round.seats import offer
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.selection.objection import PlaceEscrowed, PlaceReleased
from shared.contracts.selection.round import RoundEvent
from shared.kernel.decider import Context


def settled(
    events: Sequence[RoundEvent], state: Round | None, context: Context
) -> Sequence[RoundEvent]:
    """Return the events of a decision, and those that follow from them for seats in dispute."""
    after = _folded(state, events)
    if not events or after is None or after.status is not Status.APPROVED:
        return events
    released = _released(after)
    after = folded(after, released)
    escrowed = _escrowed(after)
    after = folded(after, escrowed)
    return [*events, *released, *escrowed, *_offered(after, context)]


def folded(state: Round, events: Sequence[RoundEvent]) -> Round:
    """Return the round after these events."""
    return _folded(state, events) or state


def fits_free_place(application: str, state: Round) -> bool:
    """Return True if a place is free that no quota keeps from this application."""
    return bool(_fitting([application], state))


def seat_for(objection: Objection, state: Round) -> str | None:
    """Return the application whose seat the objection can win: that in escrow, or a waiting one."""
    own = (objection.seat,) if objection.seat else ()
    waiting = reversed(state.seats_with(SeatStatus.WAITING))
    by_right = {
        each.application for each in state.objections if each.status is ObjectionStatus.UPHELD
    }
    holders = (holder for holder in (*own, *waiting) if holder not in by_right)
    return next((id for id in holders if _may_exchange(id, objection.application, state)), None)


def _released(state: Round) -> Sequence[RoundEvent]:
    held = {objection.seat for objection in state.disputed}
    return [
        PlaceReleased(application=application, **state.round_fields)
        for application in state.seats_with(SeatStatus.ESCROWED)
        if application not in held
    ]


def _escrowed(state: Round) -> Sequence[RoundEvent]:
    seatless = [objection for objection in state.disputed if not objection.seat]
    free = _fitting([objection.application for objection in seatless], state)
    events: list[RoundEvent] = []
    for position, objection in enumerate(seatless):
        seat = None if position in free else seat_for(objection, state)
        if seat is not None:
            escrowed = PlaceEscrowed(
                application=seat, objection=objection.application, **state.round_fields
            )
            events.append(escrowed)
            state = evolve(state, escrowed)
    return events


def _offered(state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.window_open:
        return []
    return [
        offer(application, state, context)
        for application in state.seats_with(SeatStatus.WAITING)
        if application in state.put_off
    ]


def _fitting(applications: Sequence[str], state: Round) -> Sequence[int]:
    """Return the positions of those who fit into the free places, one after the other."""
    live = [state.codes_of(application) for application in state.live]
    codes = [state.codes_of(application) for application in applications]
    limits = limits_of(state.quotas, state.owner_codes)
    return choose(codes, limits, state.places_with_money, live).chosen


def _may_exchange(holder: str, objector: str, state: Round) -> bool:
    """Return True if no maximum is passed, and no minimum missed, once they have changed places."""
    live = Counter(code for application in state.live for code in state.codes_of(application))
    loses, wins = frozenset(state.codes_of(holder)), frozenset(state.codes_of(objector))
    for limit in limits_of(state.quotas, state.owner_codes):
        after = live[limit.code] - (limit.code in loses) + (limit.code in wins)
        over = limit.maximum is not None and after > limit.maximum
        if over or after < min(live[limit.code], limit.minimum):
            return False
    return True


def _folded(state: Round | None, events: Sequence[RoundEvent]) -> Round | None:
    for event in events:
        state = evolve(state, event)
    return state
