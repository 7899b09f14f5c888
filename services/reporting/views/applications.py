"""The mirror of applications: the stages that each has reached, and its attendance."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationEvent,
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationRescheduled,
    ApplicationResubmitted,
    ApplicationRevised,
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    AttendanceContested,
    AttendanceCorrected,
    CorrectionRequested,
    DocumentsRenewed,
    FindingsRecorded,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
    RenewalExpired,
    SlotReturned,
)
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.check_in import (
    AttendanceRetracted,
    CheckInUndone,
    ParticipantCheckedIn,
)
from shared.contracts.registration.commitment import (
    CommitmentDelivered,
    CommitmentExpired,
    CommitmentReturned,
)
from shared.contracts.registration.quota import Bound
from shared.contracts.words import Applicant
from shared.kernel.view import Mirror


class Stage(StrEnum):
    """The stages that an application can reach; only a corrected attendance loses one."""

    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    REJECTED = "rejected"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Attendance(StrEnum):
    """The recorded attendance as every figure counts it: always exactly one of these.

    ATTENDED (Hadir) is a realised participation. CONTESTED is an attendance after the place was
    lost: it is shown apart and is in no other figure.
    """

    ATTENDED = "attended"
    CONTESTED = "contested"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application: the frozen facts of its applicant, and the stages it reached, in order.

    `enterprise` is that of the applicant, by which applications are looked up. `capacity` is the
    declared one, in units a month (0: none). `corrected_to` is the attendance to which the last
    correction changed it (None: it was not corrected); an attendance by mistaken check-ins is
    corrected to ABSENT, until another check-in. `result` is that of an application which ended
    without a place, `stopped_by` the bound that kept a reserve from one; `lapsed_for` is the
    reason of a lost place.
    """

    applicant: Applicant
    enterprise: str
    stages: tuple[Stage, ...] = ()
    capacity: int = 0
    contested: bool = False
    corrected_to: Attendance | None = None
    result: ClosingResult | None = None
    stopped_by: Bound | None = None
    lapsed_for: str = ""

    @property
    def attendance(self) -> Attendance | None:
        """The recorded attendance; None while none is recorded."""
        if Stage.ABSENT in self.stages:
            return Attendance.ABSENT
        if Stage.ATTENDED not in self.stages:
            return None
        return Attendance.CONTESTED if self.contested else Attendance.ATTENDED

    @property
    def counted_stages(self) -> list[str]:
        """The stages as the funnel counts them: a contested attendance has a row of its own."""
        recorded = {Stage.ATTENDED: self.attendance, Stage.ABSENT: self.attendance}
        return [recorded.get(stage) or stage for stage in self.stages]


def _application(state: Application | None, event: ApplicationEvent) -> Application:
    new = Application(applicant=event.applicant, enterprise=event.applicant.enterprise)
    state = replace(state or new, applicant=event.applicant)
    match event:
        case AttendanceContested() | AttendanceCorrected() | AttendanceRetracted():
            return _changed(state, event)
        case ParticipantAttended() if state.corrected_to is not None:
            again = replace(state, corrected_to=Attendance.ATTENDED)
            return _reached(again, Stage.ATTENDED)
        case ApplicationRevised() | ApplicationResubmitted():
            return replace(state, capacity=event.capacity)
        case (
            FindingsRecorded()
            | CorrectionRequested()
            | ApplicationRescheduled()
            | DocumentsRenewed()
            | CommitmentDelivered()
            | CommitmentReturned()
            | SlotReturned()
            | ParticipantCheckedIn()
            | CheckInUndone()
        ):
            return state
        case ApplicationClosed():
            stop = event.passed_over
            return replace(state, result=event.result, stopped_by=stop.bound if stop else None)
        case ApplicationLapsed():
            return _reached(replace(state, lapsed_for=event.reason), Stage.LAPSED)
        case ApplicationSubmitted():
            return _reached(replace(state, capacity=event.capacity), Stage.SUBMITTED)
        case _:
            return _reached(state, STAGES[type(event)])


def _changed(
    state: Application, event: AttendanceContested | AttendanceCorrected | AttendanceRetracted
) -> Application:
    """Fold what changes a recorded attendance."""
    match event:
        case AttendanceContested():
            return replace(state, contested=True)
        case AttendanceCorrected():
            was, now = Stage.ABSENT, Stage.ATTENDED
            if not event.present:
                was, now = now, was
            stages = (now if stage is was else stage for stage in state.stages)
            return replace(state, stages=tuple(stages), corrected_to=Attendance(now.value))
        case AttendanceRetracted():
            stages = (stage for stage in state.stages if stage is not Stage.ATTENDED)
            return replace(state, stages=tuple(stages), corrected_to=Attendance.ABSENT)
        case _:
            assert_never(event)


def _reached(state: Application, stage: Stage) -> Application:
    return state if stage in state.stages else replace(state, stages=(*state.stages, stage))


StageEvent = (
    ApplicationSubmitted
    | ApplicationVerified
    | ApplicationRejected
    | ApplicationWithdrawn
    | OfferReceived
    | PlaceAccepted
    | PlaceDeclined
    | OfferExpired
    | ParticipationConfirmed
    | RenewalExpired
    | CommitmentExpired
    | ApplicationLapsed
    | ParticipantAttended
    | ParticipantAbsent
)
STAGES: dict[type[StageEvent], Stage] = {
    ApplicationSubmitted: Stage.SUBMITTED,
    ApplicationVerified: Stage.ELIGIBLE,
    ApplicationRejected: Stage.REJECTED,
    ApplicationWithdrawn: Stage.WITHDRAWN,
    OfferReceived: Stage.OFFERED,
    PlaceAccepted: Stage.ACCEPTED,
    PlaceDeclined: Stage.DECLINED,
    OfferExpired: Stage.EXPIRED,
    ParticipationConfirmed: Stage.CONFIRMED,
    ApplicationLapsed: Stage.LAPSED,
    RenewalExpired: Stage.LAPSED,
    CommitmentExpired: Stage.LAPSED,
    ParticipantAttended: Stage.ATTENDED,
    ParticipantAbsent: Stage.ABSENT,
}


applications = Mirror(
    follows=ApplicationEvent,
    state=Application,
    evolve=_application,
    indexes=("corrected_to", "enterprise"),
)
