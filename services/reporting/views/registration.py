"""The mirrors of registration: programmes and targets, exhibitions, enterprises, applications."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationEvent,
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationResubmitted,
    ApplicationRevised,
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    AttendanceContested,
    AttendanceCorrected,
    CorrectionRequested,
    FindingsRecorded,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
    SlotReturned,
)
from shared.contracts.registration.enterprise import EnterpriseRegistered, ProfileRevised
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionCancelled,
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionEvent,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
    ExhibitionReported,
    VerificationClosed,
)
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    ProgrammeEvent,
    TargetsRevised,
)
from shared.contracts.words import Applicant, Scope, Target
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class TargetSet:
    """The targets that a document set together; a revision has its reason's code."""

    items: tuple[Target, ...]
    document_number: str
    signed_on: date
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme with its original targets (semula) and each revision in order (menjadi)."""

    title: str
    original: TargetSet
    revisions: tuple[TargetSet, ...] = ()

    @property
    def present(self) -> TargetSet:
        """The targets that are in force now."""
        return self.revisions[-1] if self.revisions else self.original


def _programme(state: Programme | None, event: ProgrammeEvent) -> Programme:
    match event:
        case ProgrammeAnnounced():
            first = TargetSet(
                items=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
            )
            return Programme(title=event.title, original=first)
        case TargetsRevised():
            assert state is not None, "targets are revised after the announcement"
            revised = TargetSet(
                items=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
                code=event.code,
            )
            return replace(state, revisions=(*state.revisions, revised))
        case _:
            assert_never(event)


class Phase(StrEnum):
    """The phases of an exhibition that the figures distinguish."""

    PROPOSED = "PROPOSED"
    CALLED = "CALLED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition with its name and its phase, which is stored as `held`."""

    programme: str
    scope: Scope
    name: str = ""
    held: Phase = Phase.PROPOSED
    illustrative: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


def _exhibition(state: Exhibition | None, event: ExhibitionEvent) -> Exhibition:
    state = state or Exhibition(programme=event.programme, scope=event.scope)
    match event:
        case ExhibitionProposed():
            return replace(state, name=event.name, illustrative=event.illustrative)
        case ExhibitionPlanned():
            return replace(state, name=event.name, starts_on=event.starts_on, ends_on=event.ends_on)
        case CallOpened():
            return replace(state, held=Phase.CALLED)
        case ExhibitionOpened():
            return replace(state, held=Phase.HELD)
        case ExhibitionCancelled():
            return replace(state, held=Phase.CANCELLED)
        case (
            CallClosed()
            | VerificationClosed()
            | ExhibitionDecreed()
            | ExhibitionEnded()
            | ExhibitionReported()
        ):
            return state
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """An enterprise without personal data; `sector` is that of its present profile."""

    cooperative: bool
    sector: str


def _enterprise(
    state: Enterprise | None, event: EnterpriseRegistered | ProfileRevised
) -> Enterprise:
    match event:
        case EnterpriseRegistered():
            return Enterprise(cooperative=event.cooperative, sector=event.sector)
        case ProfileRevised():
            assert state is not None, "a profile is revised after the registration"
            return replace(state, sector=event.sector)
        case _:
            assert_never(event)


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
    correction changed it (None: it was not corrected).
    """

    applicant: Applicant
    enterprise: str
    stages: tuple[Stage, ...] = ()
    capacity: int = 0
    contested: bool = False
    corrected_to: Attendance | None = None

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
        case AttendanceContested():
            return replace(state, contested=True)
        case AttendanceCorrected():
            was, now = Stage.ABSENT, Stage.ATTENDED
            if not event.present:
                was, now = now, was
            stages = (now if stage is was else stage for stage in state.stages)
            return replace(state, stages=tuple(stages), corrected_to=Attendance(now.value))
        case ApplicationRevised() | ApplicationResubmitted():
            return replace(state, capacity=event.capacity)
        case FindingsRecorded() | CorrectionRequested() | ApplicationClosed() | SlotReturned():
            return state
        case ApplicationSubmitted():
            return _reached(replace(state, capacity=event.capacity), Stage.SUBMITTED)
        case _:
            return _reached(state, STAGES[type(event)])


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
    ParticipantAttended: Stage.ATTENDED,
    ParticipantAbsent: Stage.ABSENT,
}


programmes = Mirror(follows=ProgrammeEvent, state=Programme, evolve=_programme)
exhibitions = Mirror(
    follows=ExhibitionEvent,
    state=Exhibition,
    evolve=_exhibition,
    indexes=("programme", "scope", "held"),
)
enterprises = Mirror(
    follows=EnterpriseRegistered | ProfileRevised, state=Enterprise, evolve=_enterprise
)
applications = Mirror(
    follows=ApplicationEvent,
    state=Application,
    evolve=_application,
    indexes=("corrected_to", "enterprise"),
)
