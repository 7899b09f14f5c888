"""The fold of an application's events into its state."""

from dataclasses import replace
from typing import assert_never

from services.registration.domain.application.check_in import evolve_check_ins
from services.registration.domain.application.commitment import evolve_commitment
from services.registration.domain.application.renewal import evolve_renewal
from services.registration.domain.application.state import (
    UNDECIDED,
    Application,
    Decision,
    Status,
    with_people,
)
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
    CommitmentEvent,
    CommitmentExpired,
    CommitmentReturned,
)

NOT_SELECTED = frozenset({ClosingResult.RESERVE, ClosingResult.BELOW_THRESHOLD, ClosingResult.GATE})
"""The results of those who were judged and got no place."""


def evolve(state: Application | None, event: ApplicationEvent) -> Application:
    """Fold an event."""
    match event:
        case ApplicationSubmitted():
            return _new_application(event)
        case _ if state is None:
            raise ValueError(f"the first event of an application was {type(event).__name__}")
        case (
            ApplicationRevised()
            | FindingsRecorded()
            | CorrectionRequested()
            | ApplicationResubmitted()
            | ApplicationVerified()
            | ApplicationRejected()
        ):
            return _evolve_verification(state, event)
        case ApplicationRescheduled() | DocumentsRenewed() | RenewalExpired():
            return evolve_renewal(state, event)
        case OfferReceived() | PlaceAccepted() | PlaceDeclined() | OfferExpired():
            return _evolve_offer(state, event)
        case ApplicationWithdrawn() | ApplicationLapsed() | ApplicationClosed() | SlotReturned():
            return _evolve_end(state, event)
        case ParticipantCheckedIn() | CheckInUndone():
            return evolve_check_ins(state, event)
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
        declared_by=event.declared_by,
        filed_by=event.filed_by,
        submitted_by=(event.submitted_by,),
        capacity=event.capacity,
        documents=event.documents,
        files=event.files,
        rule_set=event.rule_set,
        requirements=event.requirements,
        standards=event.standards,
        sectors=event.sectors,
        valid_through=event.valid_through,
        zone=event.zone,
        channel=event.channel,
        letter=event.letter,
        office=event.office,
        relations=event.relations,
    )


def _evolve_verification(
    state: Application,
    event: ApplicationRevised
    | FindingsRecorded
    | CorrectionRequested
    | ApplicationResubmitted
    | ApplicationVerified
    | ApplicationRejected,
) -> Application:
    match event:
        case ApplicationRevised():
            return _frozen_again(state, event, event.revised_by)
        case FindingsRecorded():
            return _with_findings(state, event)
        case CorrectionRequested():
            return replace(
                _with_status(state, Status.NEEDS_CORRECTION),
                corrections=event.fields,
                wanted_rules=event.rules,
                deadline_at=event.deadline_at,
                words=event.reason,
                judged_by=with_people(state.judged_by, event.requested_by),
            )
        case ApplicationResubmitted():
            submitted = _with_status(state, Status.SUBMITTED)
            return _frozen_again(submitted, event, event.resubmitted_by)
        case ApplicationVerified():
            judged_by = with_people(state.judged_by, event.verified_by)
            eligible = replace(state, valid_through=event.valid_through, checks=event.checks)
            return replace(_with_status(eligible, Status.ELIGIBLE), judged_by=judged_by)
        case ApplicationRejected():
            judged_by = with_people(state.judged_by, event.rejected_by)
            rejected = _with_status(state, Status.INELIGIBLE, *event.reasons)
            return replace(_to_coach(rejected), judged_by=judged_by, checks=event.checks)
        case _:
            assert_never(event)


def _frozen_again(
    state: Application, event: ApplicationRevised | ApplicationResubmitted, person: str
) -> Application:
    return replace(
        state,
        applicant=event.applicant,
        capacity=event.capacity,
        documents=event.documents,
        files=event.files,
        channel=event.channel,
        letter=event.letter,
        office=event.office,
        relations=event.relations,
        declared_by=with_people(state.declared_by, *event.declared_by),
        filed_by=with_people(state.filed_by, *event.filed_by),
        submitted_by=with_people(state.submitted_by, person),
    )


def _with_findings(state: Application, event: FindingsRecorded) -> Application:
    return replace(
        state,
        findings=event.findings,
        nameless_photographs=event.nameless_photographs,
        judged_by=with_people(state.judged_by, event.recorded_by),
    )


def _evolve_offer(
    state: Application, event: OfferReceived | PlaceAccepted | PlaceDeclined | OfferExpired
) -> Application:
    match event:
        case OfferReceived():
            return replace(_with_status(state, Status.OFFERED), deadline_at=event.deadline_at)
        case PlaceAccepted():
            answered_by = with_people(state.answered_by, event.accepted_by)
            accepted = _with_status(state, Status.ACCEPTED)
            return replace(
                accepted,
                slot=event.slot,
                commitment_due_at=event.commitment_due_at,
                answered_by=answered_by,
            )
        case PlaceDeclined():
            answered_by = with_people(state.answered_by, event.declined_by)
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
                answered_by=with_people(state.answered_by, event.withdrawn_by),
            )
        case SlotReturned():
            return replace(state, after_decree=False)
        case ApplicationLapsed():
            return _with_status(state, Status.LAPSED, event.reason)
        case ApplicationClosed():
            closed = replace(
                _with_status(state, Status.CLOSED, event.result),
                place=event.place,
                passed_over=event.passed_over,
            )
            return _to_coach(closed) if event.result in NOT_SELECTED else closed
        case _:
            assert_never(event)


def _to_coach(state: Application) -> Application:
    return replace(state, coaching_province=state.applicant.province.iso)


def _evolve_participation(
    state: Application,
    event: ParticipationConfirmed
    | ParticipantAttended
    | ParticipantAbsent
    | AttendanceCorrected
    | AttendanceContested
    | AttendanceRetracted
    | CommitmentEvent,
) -> Application:
    match event:
        case CommitmentDelivered() | CommitmentReturned() | CommitmentExpired():
            return evolve_commitment(state, event)
        case ParticipationConfirmed():
            return _with_status(state, Status.CONFIRMED)
        case ParticipantAttended():
            attended = _with_status(state, Status.ATTENDED)
            return replace(
                attended, recorded_by=event.recorded_by, attended_by_check_in=event.checked_in
            )
        case ParticipantAbsent():
            return replace(_with_status(state, Status.ABSENT), recorded_by=event.recorded_by)
        case AttendanceCorrected():
            status = Status.ATTENDED if event.present else Status.ABSENT
            corrected = _with_status(state, status)
            return replace(
                corrected,
                recorded_by=event.corrected_by,
                words=event.reason,
                attended_by_check_in=False,
            )
        case AttendanceRetracted():
            confirmed = _with_status(state, Status.CONFIRMED)
            return replace(confirmed, recorded_by="", attended_by_check_in=False)
        case AttendanceContested():
            return replace(_with_status(state, state.status, event.reason), contested=True)
        case _:
            assert_never(event)


def _with_status(state: Application, status: Status, *reasons: str) -> Application:
    return replace(
        state,
        status=status,
        decision=Decision.PENDING if status in UNDECIDED else Decision.MADE,
        reasons=reasons,
        words="",
        corrections=(),
        wanted_rules=(),
        deadline_at=None,
    )
