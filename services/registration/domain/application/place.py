"""The applicant's side of a place: offered, answered, confirmed, attended, or lost.

The round owns the seats; the applicant answers its offers here. An answer counts until
`deadline_at`, which each decision compares with the clock: it makes no difference when the sweep
of expired offers runs. Commands of the round are never refused; one that comes late changes
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from services.registration.domain.application.participation_cap import (
    PARTICIPATIONS_MAX,
    participations,
)
from services.registration.domain.application.state import (
    Application,
    Status,
    refuse_absent_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationLapsed,
    AttendanceContested,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.words import Instant, Text
from shared.kernel.decider import Context, Deadline, Refused, refuse_or_ignore

TICK = timedelta(milliseconds=1)
"""The least step of the clock: an answer *at* the deadline is in time, so the sweep comes after."""

# Commands


@dataclass(frozen=True, kw_only=True)
class ReceiveOffer:
    """(reaction) The round offers a funded seat."""

    deadline_at: Instant


@dataclass(frozen=True, kw_only=True)
class AcceptOffer:
    """The applicant takes the place."""


@dataclass(frozen=True, kw_only=True)
class AcceptanceFacts:
    """All applications of the same enterprise, this one included."""

    applications: tuple[Application, ...]


@dataclass(frozen=True, kw_only=True)
class DeclineOffer:
    """The applicant does not take the place."""


@dataclass(frozen=True, kw_only=True)
class ExpireOffer:
    """(sweep) No answer came in time."""


@dataclass(frozen=True, kw_only=True)
class ConfirmParticipation:
    """(reaction) The round has confirmed the accepted place."""


@dataclass(frozen=True, kw_only=True)
class LapseApplication:
    """(reaction) The place was lost on the round's side."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class RecordAttendance:
    """Record the presence or absence of the participant."""

    present: bool


@dataclass(frozen=True, kw_only=True)
class AttendanceFacts:
    """The status of the exhibition."""

    exhibition: ExhibitionStatus


PlaceCommand = ReceiveOffer | DeclineOffer | ExpireOffer | ConfirmParticipation | LapseApplication
"""The commands that need no facts."""

LAPSABLE = frozenset({Status.ELIGIBLE, Status.OFFERED, Status.ACCEPTED, Status.CONFIRMED})
HELD = frozenset({ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED})

# Rules


def decide_place(
    command: PlaceCommand, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    """Decide a command about the place of an application that needs no facts."""
    match command:
        case ReceiveOffer():
            return _receive(command, state, context)
        case DeclineOffer():
            return _decline(state, context)
        case ExpireOffer():
            return _expire(state, context)
        case ConfirmParticipation():
            return _confirm(state, context)
        case LapseApplication():
            return _lapse(command, state, context)
        case _:
            assert_never(command)


def accept_offer(
    command: AcceptOffer, facts: AcceptanceFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Accept the offered place, until its deadline and while the cap leaves room."""
    if state is None:
        return refuse_absent_application(context)
    _require_open_offer(state, context)
    if participations(facts.applications, state) >= PARTICIPATIONS_MAX:
        raise Refused(
            "cap-reached",
            f"This enterprise has taken {PARTICIPATIONS_MAX} places in this programme and scope, "
            "and no more are allowed.",
        )
    return [PlaceAccepted(applicant=state.applicant)]


def record_attendance(
    command: RecordAttendance,
    facts: AttendanceFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Record once that a confirmed participant was there, or was not."""
    if state is None:
        return refuse_absent_application(context)
    if state.status is not Status.CONFIRMED:
        raise Refused(
            "not-confirmed",
            f"This application is {state.status}: attendance is recorded once, "
            "of a confirmed participant.",
        )
    if facts.exhibition not in HELD:
        raise Refused(
            "not-held", "Attendance can be recorded once the exhibition runs or has ended."
        )
    if command.present:
        return [ParticipantAttended(applicant=state.applicant)]
    return [ParticipantAbsent(applicant=state.applicant)]


def offer_deadline(state: Application | None) -> Deadline | None:
    """An offer expires by itself; this is the only sweep of an offer in any service."""
    if state is None or state.status is not Status.OFFERED or state.deadline_at is None:
        return None
    return Deadline(at=state.deadline_at + TICK, command=ExpireOffer())


def _receive(
    command: ReceiveOffer, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    if state.status is not Status.ELIGIBLE:
        return refuse_or_ignore(context, "not-eligible", "Only an eligible application is offered.")
    return [OfferReceived(applicant=state.applicant, deadline_at=command.deadline_at)]


def _decline(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    _require_open_offer(state, context)
    return [PlaceDeclined(applicant=state.applicant)]


def _require_open_offer(state: Application, context: Context) -> None:
    if state.status is Status.OFFER_EXPIRED or _is_late(state, context):
        raise Refused("offer-expired", "The offer waited for an answer only until its deadline.")
    if state.status is not Status.OFFERED:
        raise Refused("no-offer", "No offer waits for an answer here.")


def _expire(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    if not _is_late(state, context):
        return refuse_or_ignore(context, "no-late-offer", "No offer has waited past its deadline.")
    return [OfferExpired(applicant=state.applicant)]


def _is_late(state: Application, context: Context) -> bool:
    if state.status is not Status.OFFERED or state.deadline_at is None:
        return False
    return context.now > state.deadline_at


def _confirm(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    if state.status is not Status.ACCEPTED:
        return refuse_or_ignore(context, "not-accepted", "Only an accepted place is confirmed.")
    return [ParticipationConfirmed(applicant=state.applicant)]


def _lapse(
    command: LapseApplication, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    if state.status in LAPSABLE:
        return [ApplicationLapsed(applicant=state.applicant, reason=command.reason)]
    if state.status is Status.ATTENDED and not state.contested:
        return [AttendanceContested(applicant=state.applicant, reason=command.reason)]
    return refuse_or_ignore(context, "no-place", "There is no place to lose here.")
