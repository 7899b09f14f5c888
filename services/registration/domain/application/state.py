"""The state of an application, and the fold of its events into it.

The state holds everything on which verification decides, frozen at the submission. A correction
replaces capacity and documents; each later event changes only the status with its reasons. Nothing
grows but the people who acted for the applicant: `judges` reads them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationEvent,
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationResubmitted,
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    AttendanceContested,
    AttendanceCorrected,
    CorrectionField,
    CorrectionRequested,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
    SlotReturned,
)
from shared.contracts.registration.enterprise import FiledDocument
from shared.contracts.words import Applicant, Requirement

# State


class Status(StrEnum):
    """The status of an application."""

    SUBMITTED = "SUBMITTED"
    NEEDS_CORRECTION = "NEEDS_CORRECTION"
    ELIGIBLE = "ELIGIBLE"
    INELIGIBLE = "INELIGIBLE"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    CONFIRMED = "CONFIRMED"
    ATTENDED = "ATTENDED"
    ABSENT = "ABSENT"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    CLOSED = "CLOSED"


class Decision(StrEnum):
    """PENDING until the application is verified or withdrawn, then MADE."""

    PENDING = "PENDING"
    MADE = "MADE"


TICK = timedelta(milliseconds=1)
"""The smallest step of the clock: an answer *at* a deadline is in time; the sweep comes after."""

UNDECIDED = frozenset({Status.SUBMITTED, Status.NEEDS_CORRECTION})
"""The statuses in which the decision is PENDING."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application (Permohonan).

    `decision` follows from `status`. It is stored too, so that one query counts all undecided
    applications: two queries, one for each status, could miss an application that changes from one
    status to the other in between. `valid_through` is the last day of the exhibition, through which
    documents must be valid. `deadline_at` is the end of a correction's time or of an offer's.
    `words` are the private words of a person beside the codes in `reasons`. `slot` is its slot of
    the cap since the acceptance, `place` its place on the reserve list at the decree.
    `after_decree`: it was withdrawn after the decree, of an exhibition that is not cancelled;
    `recorded_by` recorded or corrected its attendance last.

    People have acted for the applicant: `registered_by` registered the enterprise, `filed_by` filed
    a document that was ever frozen here, `submitted_by` submitted or resubmitted it, `answered_by`
    accepted or declined its offer or withdrew it. `judged_by` verified or rejected it, asked for a
    correction, or recorded its attendance.
    """

    exhibition: str
    enterprise: str
    status: Status
    decision: Decision
    applicant: Applicant
    submitted_at: datetime
    capacity: int
    documents: tuple[FiledDocument, ...]
    requirements: tuple[Requirement, ...]
    sectors: tuple[str, ...]
    valid_through: date
    reasons: tuple[str, ...] = ()
    words: str = ""
    corrections: tuple[CorrectionField, ...] = ()
    deadline_at: datetime | None = None
    slot: int | None = None
    place: int | None = None
    after_decree: bool = False
    registered_by: str = ""
    filed_by: tuple[str, ...] = ()
    submitted_by: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    judged_by: tuple[str, ...] = ()
    recorded_by: str = ""
    contested: bool = False


@dataclass(frozen=True, kw_only=True)
class ExhibitionFacts:
    """The status of the exhibition and its planned last day, if it is planned."""

    exhibition: ExhibitionStatus
    last_day: date | None = None


# Rules


def evolve(state: Application | None, event: ApplicationEvent) -> Application:
    """Fold an event."""
    match event:
        case ApplicationSubmitted():
            return _new_application(event)
        case _ if state is None:
            raise ValueError(f"the first event of an application was {type(event).__name__}")
        case (
            CorrectionRequested()
            | ApplicationResubmitted()
            | ApplicationVerified()
            | ApplicationRejected()
        ):
            return _evolve_verification(state, event)
        case OfferReceived() | PlaceAccepted() | PlaceDeclined() | OfferExpired():
            return _evolve_offer(state, event)
        case ApplicationWithdrawn() | ApplicationLapsed() | ApplicationClosed() | SlotReturned():
            return _evolve_end(state, event)
        case _:
            return _evolve_participation(state, event)


def _new_application(event: ApplicationSubmitted) -> Application:
    return Application(
        exhibition=event.applicant.exhibition,
        enterprise=event.applicant.enterprise,
        status=Status.SUBMITTED,
        decision=Decision.PENDING,
        applicant=event.applicant,
        submitted_at=event.submitted_at,
        registered_by=event.registered_by,
        filed_by=event.filed_by,
        submitted_by=(event.submitted_by,),
        capacity=event.capacity,
        documents=event.documents,
        requirements=event.requirements,
        sectors=event.sectors,
        valid_through=event.valid_through,
    )


def _evolve_verification(
    state: Application,
    event: CorrectionRequested | ApplicationResubmitted | ApplicationVerified | ApplicationRejected,
) -> Application:
    match event:
        case CorrectionRequested():
            return replace(
                _with_status(state, Status.NEEDS_CORRECTION),
                corrections=event.fields,
                deadline_at=event.deadline_at,
                words=event.reason,
                judged_by=_with(state.judged_by, event.requested_by),
            )
        case ApplicationResubmitted():
            submitted = _with_status(state, Status.SUBMITTED)
            return replace(
                submitted,
                capacity=event.capacity,
                documents=event.documents,
                filed_by=_with(state.filed_by, *event.filed_by),
                submitted_by=_with(state.submitted_by, event.resubmitted_by),
            )
        case ApplicationVerified():
            judged_by = _with(state.judged_by, event.verified_by)
            return replace(_with_status(state, Status.ELIGIBLE), judged_by=judged_by)
        case ApplicationRejected():
            judged_by = _with(state.judged_by, event.rejected_by)
            rejected = _with_status(state, Status.INELIGIBLE, *event.reasons)
            return replace(rejected, judged_by=judged_by)
        case _:
            assert_never(event)


def _evolve_offer(
    state: Application, event: OfferReceived | PlaceAccepted | PlaceDeclined | OfferExpired
) -> Application:
    match event:
        case OfferReceived():
            return replace(_with_status(state, Status.OFFERED), deadline_at=event.deadline_at)
        case PlaceAccepted():
            answered_by = _with(state.answered_by, event.accepted_by)
            accepted = _with_status(state, Status.ACCEPTED)
            return replace(accepted, slot=event.slot, answered_by=answered_by)
        case PlaceDeclined():
            answered_by = _with(state.answered_by, event.declined_by)
            declined = _with_status(state, Status.DECLINED, event.reason)
            return replace(declined, answered_by=answered_by)
        case OfferExpired():
            return _with_status(state, Status.OFFER_EXPIRED)
        case _:
            assert_never(event)


def _evolve_end(
    state: Application,
    event: ApplicationWithdrawn | ApplicationLapsed | ApplicationClosed | SlotReturned,
) -> Application:
    match event:
        case ApplicationWithdrawn():
            return replace(
                _with_status(state, Status.WITHDRAWN, event.code),
                words=event.reason,
                after_decree=event.after_decree,
                answered_by=_with(state.answered_by, event.withdrawn_by),
            )
        case SlotReturned():
            return replace(state, after_decree=False)
        case ApplicationLapsed():
            return _with_status(state, Status.LAPSED, event.reason)
        case ApplicationClosed():
            return replace(_with_status(state, Status.CLOSED, event.result), place=event.place)
        case _:
            assert_never(event)


def _evolve_participation(
    state: Application,
    event: ParticipationConfirmed
    | ParticipantAttended
    | ParticipantAbsent
    | AttendanceCorrected
    | AttendanceContested,
) -> Application:
    match event:
        case ParticipationConfirmed():
            return _with_status(state, Status.CONFIRMED)
        case ParticipantAttended():
            return replace(_with_status(state, Status.ATTENDED), recorded_by=event.recorded_by)
        case ParticipantAbsent():
            return replace(_with_status(state, Status.ABSENT), recorded_by=event.recorded_by)
        case AttendanceCorrected():
            status = Status.ATTENDED if event.present else Status.ABSENT
            corrected = _with_status(state, status)
            return replace(corrected, recorded_by=event.corrected_by, words=event.reason)
        case AttendanceContested():
            return replace(_with_status(state, state.status, event.reason), contested=True)
        case _:
            assert_never(event)


def _with(people: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*people, *filter(None, more))))


def _with_status(state: Application, status: Status, *reasons: str) -> Application:
    return replace(
        state,
        status=status,
        decision=Decision.PENDING if status in UNDECIDED else Decision.MADE,
        reasons=reasons,
        words="",
        corrections=(),
        deadline_at=None,
    )
