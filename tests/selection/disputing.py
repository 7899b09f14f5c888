"""Checks of the seats in dispute that hold after every command of a round."""

from services.selection.domain.selection_round.disputes import fits_free_place, seat_for
from services.selection.domain.selection_round.state import Round, SeatStatus, Status


def check_disputes(state: Round) -> None:
    """Check the seats in escrow, and that none is offered while it must not be."""
    held = [each.seat for each in state.disputed if each.seat]
    if state.status is Status.APPROVED:
        escrowed = state.seats_with(SeatStatus.ESCROWED)
        assert sorted(held) == sorted(escrowed), ("in escrow for nothing", state)
        for objection in state.disputed:
            suits = objection.seat or fits_free_place(objection.application, state)
            assert suits or seat_for(objection, state) is None, ("disputed without a seat", state)
    if state.window_open:
        assert set(state.seats.values()) <= {
            SeatStatus.WAITING,
            SeatStatus.ESCROWED,
            SeatStatus.LOST,
        }
    elif state.status is Status.APPROVED:
        assert not set(state.put_off) & set(state.seats_with(SeatStatus.WAITING))
