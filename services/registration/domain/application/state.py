"""The state of an application, and the fold of its events into it.

The state holds everything on which verification decides, frozen at the submission, and nothing in
it grows: a correction replaces capacity and documents; each later event changes only the status
with its reasons.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, assert_never

from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationResubmitted,
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    AttendanceContested,
    CorrectionRequested,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.enterprise import FiledDocument
from shared.contracts.words import Applicant, Requirement
from shared.kernel.decider import Context, refuse_or_ignore

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


class Decision(StrEnum):
    """PENDING until the application is verified or withdrawn, then MADE."""

    PENDING = "PENDING"
    MADE = "MADE"


UNDECIDED = frozenset({Status.SUBMITTED, Status.NEEDS_CORRECTION})
"""The statuses in which the decision is PENDING."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application (Permohonan).

    `decision` follows from `status`. It is stored too, so that one query counts all undecided
    applications: two queries, one for each status, could miss an application that changes from one
    status to the other in between. `valid_through` is the last day of the exhibition, through which
    documents must be valid.
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
    deadline_at: datetime | None = None
    contested: bool = False


# Rules


def refuse_absent_application(context: Context) -> list[Any]:
    """Refuse a person who names an application that does not exist; ignore a reaction."""
    return refuse_or_ignore(
        context, "not-submitted", "No such application was submitted: check the id."
    )


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
        case ApplicationWithdrawn():
            return _with_status(state, Status.WITHDRAWN, event.reason)
        case ApplicationLapsed():
            return _with_status(state, Status.LAPSED, event.reason)
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
            return _with_status(state, Status.NEEDS_CORRECTION, event.reason)
        case ApplicationResubmitted():
            submitted = _with_status(state, Status.SUBMITTED)
            return replace(submitted, capacity=event.capacity, documents=event.documents)
        case ApplicationVerified():
            return _with_status(state, Status.ELIGIBLE)
        case ApplicationRejected():
            return _with_status(state, Status.INELIGIBLE, *event.reasons)
        case _:
            assert_never(event)


def _evolve_offer(
    state: Application, event: OfferReceived | PlaceAccepted | PlaceDeclined | OfferExpired
) -> Application:
    match event:
        case OfferReceived():
            return replace(_with_status(state, Status.OFFERED), deadline_at=event.deadline_at)
        case PlaceAccepted():
            return _with_status(state, Status.ACCEPTED)
        case PlaceDeclined():
            return _with_status(state, Status.DECLINED)
        case OfferExpired():
            return _with_status(state, Status.OFFER_EXPIRED)
        case _:
            assert_never(event)


def _evolve_participation(
    state: Application,
    event: ParticipationConfirmed | ParticipantAttended | ParticipantAbsent | AttendanceContested,
) -> Application:
    match event:
        case ParticipationConfirmed():
            return _with_status(state, Status.CONFIRMED)
        case ParticipantAttended():
            return _with_status(state, Status.ATTENDED)
        case ParticipantAbsent():
            return _with_status(state, Status.ABSENT)
        case AttendanceContested():
            return replace(_with_status(state, Status.ATTENDED, event.reason), contested=True)
        case _:
            assert_never(event)


def _with_status(state: Application, status: Status, *reasons: str) -> Application:
    decision = Decision.PENDING if status in UNDECIDED else Decision.MADE
    return replace(state, status=status, decision=decision, reasons=reasons)
