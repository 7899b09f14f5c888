"""The rules of the applicant's place: offer, answer, confirmation, or loss.

The round of selection owns the seats; the application holds the applicant's answers. An answer is
in time until `deadline_at`, which is counted from the arrival of the offer. Each rule compares that
instant with the clock itself, so an answer after it is refused even if the sweep has not expired
the offer yet. Commands that the round causes are never refused: a command that comes too late
changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from services.registration.domain.application.commitment import commitment_due
from services.registration.domain.application.judges import require_applicant
from services.registration.domain.application.participations import (
    AcceptanceFacts,
    count_participations,
    placed_duplicate,
)
from services.registration.domain.application.state import (
    TICK,
    Application,
    Status,
)
from shared.contracts.calendar import day_before_ends
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationLapsed,
    AttendanceContested,
    OfferExpired,
    OfferReceived,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.application_codes import DeclineReason
from shared.contracts.words import Instant, Text
from shared.kernel.decider import Context, Deadline, Refused, absent, refuse_or_ignore
from shared.kernel.errors import Busy

# Commands


@dataclass(frozen=True, kw_only=True)
class ReceiveOffer:
    """(reaction) Receive the round's offer of a funded seat, perhaps late."""

    deadline_at: Instant
    offer_hours: int
    latest_at: Instant


@dataclass(frozen=True, kw_only=True)
class AcceptOffer:
    """Accept the offered place as the applicant."""


@dataclass(frozen=True, kw_only=True)
class DeclineOffer:
    """Decline the offered place as the applicant."""


@dataclass(frozen=True, kw_only=True)
class ExpireOffer:
    """(sweep) Let the offer expire: no answer came in time."""


@dataclass(frozen=True, kw_only=True)
class ConfirmParticipation:
    """(reaction) Confirm the participation: the round has confirmed the accepted place."""


@dataclass(frozen=True, kw_only=True)
class LapseApplication:
    """(reaction) Let the application lapse: the round took the place away."""

    reason: Text


PlaceCommand = ReceiveOffer | DeclineOffer | ExpireOffer | ConfirmParticipation | LapseApplication
"""The commands about a place that need no facts."""

LAPSABLE = frozenset({Status.ELIGIBLE, Status.OFFERED, Status.ACCEPTED, Status.CONFIRMED})
RECORDED = frozenset({Status.ATTENDED, Status.ABSENT})

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
    command: AcceptOffer,
    facts: AcceptanceFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Accept an open offer; beyond the cap it is declined, so that its seat goes to a reserve.

    Raises `Busy` while another acceptance may have the last slot, or has just given it up.
    """
    if state is None:
        return absent(context, "application")
    require_open_offer(state, context)
    require_applicant(state, context)
    other = placed_duplicate(facts.participations, state)
    if other is not None:
        raise Refused(
            "duplicate-placed",
            f"Your enterprise is registered twice, and has a place at this exhibition as "
            f"{other.enterprise}: decline this offer.",
        )
    if count_participations(facts.participations, state) >= facts.places_max:
        return [_declined(state, context, DeclineReason.CAP_REACHED)]
    if facts.slot is None:
        raise Busy(
            "slots-busy",
            f"Each of your {facts.places_max} places in this programme and scope is being taken "
            "or given up just now: accept again, for up to five minutes.",
        )
    return [
        PlaceAccepted(
            applicant=state.applicant,
            slot=facts.slot,
            commitment_due_at=commitment_due(facts, state, context),
            accepted_by=context.actor,
        )
    ]


def offer_deadline(state: Application) -> Deadline | None:
    """Return the deadline of an open offer; no other service sweeps offers."""
    if state.status is not Status.OFFERED or state.deadline_at is None:
        return None
    return Deadline(at=state.deadline_at + TICK, command=ExpireOffer())


def _receive(
    command: ReceiveOffer, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    if state.status is not Status.ELIGIBLE:
        return refuse_or_ignore(
            context, "not-eligible", "A place can be offered only to an eligible application."
        )
    # An applicant cannot see the offer before it arrives here.
    latest_at = command.latest_at
    if state.starts_on is not None:
        # The round may not have known the new days when it made the offer.
        latest_at = min(latest_at, day_before_ends(state.starts_on, state.zone))
    from_now = min(context.now + timedelta(hours=command.offer_hours), latest_at)
    deadline_at = min(max(command.deadline_at, from_now), latest_at)
    return [OfferReceived(applicant=state.applicant, deadline_at=deadline_at)]


def _decline(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    require_open_offer(state, context)
    require_applicant(state, context)
    return [_declined(state, context, DeclineReason.DECLINED)]


def _declined(state: Application, context: Context, reason: DeclineReason) -> PlaceDeclined:
    return PlaceDeclined(applicant=state.applicant, reason=reason, declined_by=context.actor)


def require_open_offer(state: Application, context: Context) -> None:
    """Refuse an answer to an offer that is not open any more, or never was."""
    if state.status is Status.OFFER_EXPIRED or _is_late(state, context):
        raise Refused(
            "offer-expired", "The deadline of the offer has passed, so you cannot answer it."
        )
    if state.status is not Status.OFFERED:
        raise Refused(
            "no-offer",
            f"This application is {state.status}: "
            f"you can answer an offer only while it is {Status.OFFERED}.",
        )


def _expire(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    if not _is_late(state, context):
        return refuse_or_ignore(
            context, "no-late-offer", "This application has no offer whose deadline has passed."
        )
    return [OfferExpired(applicant=state.applicant)]


def _is_late(state: Application, context: Context) -> bool:
    if state.status is not Status.OFFERED or state.deadline_at is None:
        return False
    return context.now > state.deadline_at


def _confirm(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    if state.status is not Status.ACCEPTED:
        return refuse_or_ignore(
            context,
            "not-accepted",
            "A participation can be confirmed only after the applicant accepted the place.",
        )
    return [ParticipationConfirmed(applicant=state.applicant)]


def _lapse(
    command: LapseApplication, state: Application, context: Context
) -> Sequence[ApplicationEvent]:
    if state.status in LAPSABLE:
        return [ApplicationLapsed(applicant=state.applicant, reason=command.reason)]
    if state.status in RECORDED and not state.contested:
        return [AttendanceContested(applicant=state.applicant, reason=command.reason)]
    return refuse_or_ignore(
        context,
        "no-place",
        f"This application is {state.status}: it has no place that it could lose.",
    )
