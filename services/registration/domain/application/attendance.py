"""The rules of attendance: recorded once the exhibition runs, corrected until it is reported.

Another officer than the one who recorded it corrects it, in either direction; history keeps both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.state import (
    Application,
    ExhibitionFacts,
    Status,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.registration.application import (
    ApplicationEvent,
    AttendanceCorrected,
    ParticipantAbsent,
    ParticipantAttended,
)
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import (
    RECORD_AND_CORRECT,
    require_another_person,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class RecordAttendance:
    """Record the presence or absence of the participant."""

    present: bool


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance:
    """Correct a recorded attendance; `reason` stays private."""

    present: bool
    reason: Text


RUNNING_OR_ENDED = frozenset({ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED})
RECORDED = frozenset({Status.ATTENDED, Status.ABSENT})

# Rules


def record_attendance(
    command: RecordAttendance,
    facts: ExhibitionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Record the attendance of a confirmed participant, once the exhibition runs."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    if state.status in RECORDED:
        raise Refused(
            "already-recorded",
            f"This application is {state.status}: correct the attendance if that is wrong.",
        )
    if state.status is not Status.CONFIRMED:
        raise Refused(
            "not-confirmed",
            f"This application is {state.status}: "
            f"you can record its attendance only while it is {Status.CONFIRMED}.",
        )
    require_held(facts)
    if command.present:
        return [ParticipantAttended(applicant=state.applicant, recorded_by=context.actor)]
    return [ParticipantAbsent(applicant=state.applicant, recorded_by=context.actor)]


def correct_attendance(
    command: CorrectAttendance,
    facts: ExhibitionFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Correct a recorded attendance as another officer; do nothing if it is so already."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    if state.status not in RECORDED:
        raise Refused(
            "not-recorded",
            f"This application is {state.status}: its attendance is not recorded yet.",
        )
    require_held(facts)
    if command.present == (state.status is Status.ATTENDED):
        return []
    if state.check_ins:
        days = ", ".join(str(each.day) for each in state.check_ins)
        raise Refused(
            "checked-in",
            f"This participant was checked in on {days}: undo these check-ins first.",
        )
    require_another_person(RECORD_AND_CORRECT, {state.recorded_by}, context)
    return [
        AttendanceCorrected(
            applicant=state.applicant,
            present=command.present,
            contested=state.contested,
            reason=command.reason,
            corrected_by=context.actor,
        )
    ]


def require_held(facts: ExhibitionFacts) -> None:
    """Refuse what is recorded before an exhibition runs or after its report (`not-held`)."""
    if facts.exhibition not in RUNNING_OR_ENDED:
        raise Refused(
            "not-held",
            f"The exhibition is {facts.exhibition}: you can record and correct attendance "
            "only while it runs, or after its end and before its report.",
        )
