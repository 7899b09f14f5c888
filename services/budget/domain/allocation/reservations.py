"""The rules of a place that an officer takes out: a participant came and costs nothing.

Its reservation is released; if it still waits for money, it waits no more. All other places are
released by themselves, when they are lost or not used. Another officer restores a place that was
released by mistake: it then asks for money again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.budget.domain.allocation.funding import fund, use_free_money
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationEvent,
    ReservationReleased,
)
from shared.contracts.budget.reasons import ReleaseCode
from shared.contracts.words import PairId, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.errors import NotYet
from shared.kernel.four_eyes import (
    RELEASE_AND_RESTORE,
    require_another_person,
    require_other_enterprises,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class ReleaseReservation:
    """Release the money of a participant that came, or end its waiting; `reason` stays private."""

    application: PairId
    code: ReleaseCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class RestoreReservation:
    """Ask again for the money of a place that was released by mistake."""

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
    """Release a place that no contract binds; its money goes to the places that wait."""
    if state is None:
        return absent(context, "allocation", yet=True)
    application = command.application
    require_other_enterprises((application,), context)
    if application in state.contracted:
        raise Refused(
            "contracted",
            "A contract binds the money of this place: amend or close the contract instead.",
        )
    if not state.has_place(application):
        raise Refused(
            "not-reserved",
            "This place has no money reserved and waits for none: check the application.",
        )
    _require_attendance(facts)
    amount_idr = state.reserved.get(application, 0)
    released = ReservationReleased(
        application=application,
        amount_idr=amount_idr,
        waited=application in state.waiting,
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
    require_other_enterprises((command.application,), context)
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
        raise NotYet(
            "not-attended",
            "Only the place of a participant that came is released by an officer: "
            "record its attendance first, or try again in a moment.",
        )
