"""The rule that closes an application: every application ends with a result for its applicant.

The decree closes who was not selected, a cancellation closes all that wait. A cancellation also
gives back the slot of the cap that a withdrawal after the decree had taken. An application that was
submitted in the same instant as its exhibition was cancelled, and one that is never decided, closes
by itself after the last day of the exhibition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.registration.domain.application.state import Application, Status
from shared.contracts.calendar import local_midnight
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationEvent,
    SlotReturned,
)
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.quota import QuotaStop
from shared.kernel.decider import Context, Deadline, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class CloseApplication:
    """(reaction, sweep) Close the application with its result and its place on the reserve list.

    `passed_over` is the quota because of which it got no place before a lower rank.
    """

    result: ClosingResult
    place: int | None = None
    passed_over: QuotaStop | None = None


CLOSABLE = frozenset({Status.SUBMITTED, Status.NEEDS_CORRECTION, Status.ELIGIBLE})

# Rules


def close_application(
    command: CloseApplication, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    """Close an application that waits; one that has a place, or has ended, is not closed.

    One that was withdrawn after the decree gets its slot back if the exhibition is cancelled.
    """
    if state.after_decree and command.result is ClosingResult.CANCELLED:
        return [SlotReturned(applicant=state.applicant)]
    if state.status not in CLOSABLE:
        return refuse_or_ignore(
            context,
            "not-closable",
            f"This application is {state.status}: it is not closed without a place.",
        )
    return [
        ApplicationClosed(
            applicant=state.applicant,
            result=command.result,
            place=command.place,
            passed_over=command.passed_over,
        )
    ]


def closing_deadline(state: Application) -> Deadline | None:
    """Return the deadline of an application that was never decided: the end of the last day."""
    if state.status is not Status.SUBMITTED:
        return None
    after = local_midnight(state.valid_through + timedelta(days=1), state.zone)
    return Deadline(at=after, command=CloseApplication(result=ClosingResult.NOT_DECIDED))
