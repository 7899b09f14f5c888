"""The rules of a reservation that an officer releases: a participant came and costs nothing.

All other reservations are released by themselves, when a place is lost or not used. Another officer
restores a reservation that was released by mistake: the place then asks for money again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.allocation.funding import fund, use_free_money
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import AllocationEvent, ReleaseCode, ReservationReleased
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import RELEASE_AND_RESTORE, require_another_person

# Commands


@dataclass(frozen=True, kw_only=True)
class ReleaseReservation:
    """Release the reservation of a participant that came; `reason` stays private."""

    application: PairId
    code: ReleaseCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class RestoreReservation:
    """Ask again for the money of a place whose reservation was released by mistake."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class AttendanceFacts:
    """`attended` is True if the participant came, and its place was not lost."""

    attended: bool


# Rules


def release_reservation(
    command: ReleaseReservation,
    facts: AttendanceFacts,
    state: Allocation | None,
    context: Context,
) -> Sequence[AllocationEvent]:
    """Release a reservation that no contract binds; the money goes to the places that wait."""
    if state is None:
        return absent(context, "allocation", yet=True)
    application = command.application
    if application in state.contracted:
        raise Refused(
            "contracted",
            "A contract binds the money of this place: amend or close the contract instead.",
        )
    if application not in state.reserved:
        raise Refused("not-reserved", "No money is reserved for this place: check the application.")
    _require_attendance(facts)
    amount_idr = state.reserved[application]
    released = ReservationReleased(
        application=application,
        amount_idr=amount_idr,
        code=command.code,
        reason=command.reason,
        released_by=context.actor,
        **state.balances(reserved=-amount_idr),
    )
    return use_free_money(state, released)


def restore_reservation(
    command: RestoreReservation,
    facts: AttendanceFacts,
    state: Allocation | None,
    context: Context,
) -> Sequence[AllocationEvent]:
    """Ask for the money of a released place again; it waits behind those that wait already."""
    if state is None:
        return absent(context, "allocation", yet=True)
    officer = state.released.get(command.application)
    if officer is None:
        raise Refused(
            "not-released",
            "No officer has released the reservation of this place: check the application.",
        )
    require_another_person(RELEASE_AND_RESTORE, {officer}, context)
    _require_attendance(facts)
    return fund((command.application,), state)


def _require_attendance(facts: AttendanceFacts) -> None:
    if not facts.attended:
        raise Refused(
            "not-attended",
            "Only the reservation of a participant that came is released by an officer: "
            "record its attendance first, or try again in a moment.",
        )
