"""The rules of the seats: offer, confirm, lose, promote a reserve; and of the cancellation.

Live seats never exceed the places or a quota, because a reserve gets a seat only in the write in
which another seat is lost. Until the decree a lost seat goes to the next reserve (`reserves`);
after the decree no reserve is promoted, and the annex is amended instead. No seat is offered and
no reserve is promoted once the first day of the exhibition has come, or the exhibition runs.
`officer_losses` has the losses that officers request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from services.selection.domain.selection_round.reserves import promotions
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.calendar import day_before_ends
from shared.contracts.selection.objection import OfferPutOff
from shared.contracts.selection.round import (
    CandidateStruck,
    ProposalVoided,
    RoundEvent,
    RoundRescheduled,
)
from shared.contracts.selection.round_codes import LossReason
from shared.contracts.selection.round_seats import (
    AnnexAmended,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    RoundCancelled,
    SeatsFrozen,
)
from shared.contracts.words import PairId, Scope, Year
from shared.kernel.decider import Context

# Commands


@dataclass(frozen=True, kw_only=True)
class StrikeCandidate:
    """(reaction) Strike the candidate of an applicant that gave up, or owes a paper too long.

    It may come before the round is opened.
    """

    programme: Year
    scope: Scope
    application: PairId
    reason: Literal["withdrawn", "not-renewed", "not-committed"] = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class RescheduleRound:
    """(reaction) Take the new days of the exhibition over."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class LosePlace:
    """(reaction) Take the seat of an applicant that declined, or did not answer in time."""

    application: PairId
    reason: Literal["declined", "expired"]


@dataclass(frozen=True, kw_only=True)
class OfferPlace:
    """(reaction) Offer a seat that has money; `releases` counts how often it was released before.

    Money of a seat that was lost to an objection is none of the same applicant's next seat.
    """

    application: PairId
    releases: int = 0


@dataclass(frozen=True, kw_only=True)
class ConfirmPlace:
    """(reaction) Confirm the seat of an applicant that accepted its place."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class CancelRound:
    """(reaction) Cancel the round of a cancelled exhibition, perhaps before the round opened."""

    programme: Year
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class FreezeSeats:
    """(reaction) Freeze the seats of an exhibition that runs, whenever that is received."""

    programme: Year
    scope: Scope


SeatCommand = LosePlace | OfferPlace | ConfirmPlace | RescheduleRound

# Rules


def strike_candidate(
    command: StrikeCandidate, state: Round, context: Context
) -> Sequence[RoundEvent]:
    """Take the candidate off the lists, take its live seat if it has any, and void a proposal.

    Only what was listed counts: an application that is not on the final list changes nothing.
    """
    application = command.application
    if state.holds(application):
        return after_loss(place_lost(application, command.reason, state), state, context)
    has_left = application in state.seats or application in state.struck
    unlisted = state.listed is not None and application not in state.listed
    if has_left or unlisted or state.status is Status.CANCELLED:
        return []
    struck = CandidateStruck(
        application=application,
        from_reserve=application in state.reserve,
        **state.round_fields,
    )
    if state.status is Status.PROPOSED:
        return [struck, ProposalVoided(**state.round_fields)]
    return [struck]


def cancel_round(state: Round) -> Sequence[RoundEvent]:
    """Cancel the round once; every live seat is lost, and no seat is given any more."""
    if state.status is Status.CANCELLED:
        return []
    lost = [place_lost(application, "cancelled", state) for application in state.live]
    return [RoundCancelled(**state.round_fields), *lost]


def decide_seats(command: SeatCommand, state: Round, context: Context) -> Sequence[RoundEvent]:
    """Decide a command about a seat of an approved selection, or about the days of the show."""
    match command:
        case LosePlace():
            return _lose(command, state, context)
        case OfferPlace():
            return _offer(command, state, context)
        case ConfirmPlace():
            return _confirm(command, state)
        case RescheduleRound():
            return _reschedule(command, state, context)
        case _:
            assert_never(command)


def freeze_seats(state: Round) -> Sequence[RoundEvent]:
    """Freeze the seats once; those of a cancelled round are lost already."""
    if state.frozen or state.status is Status.CANCELLED:
        return []
    return [SeatsFrozen(**state.round_fields)]


def _lose(command: LosePlace, state: Round, context: Context) -> Sequence[RoundEvent]:
    if not state.holds(command.application):
        return []
    return after_loss(place_lost(command.application, command.reason, state), state, context)


def _offer(command: OfferPlace, state: Round, context: Context) -> Sequence[RoundEvent]:
    seat = state.seats.get(command.application)
    is_late_money = command.releases < state.displaced.count(command.application)
    if seat not in (SeatStatus.WAITING, SeatStatus.ESCROWED) or is_late_money:
        return []
    if seat is SeatStatus.WAITING and not state.window_open:
        return [offer(command.application, state, context)]
    if command.application in state.put_off:
        return []
    return [OfferPutOff(application=command.application, **state.round_fields)]


def offer(application: str, state: Round, context: Context) -> PlaceOffered | PlaceLost:
    """Return the offer of a seat that has money, or its loss once it is too late for an offer."""
    latest_at = day_before_ends(state.starts_on, state.zone)
    if context.now > latest_at:
        return place_lost(application, "too-late", state)
    return PlaceOffered(
        application=application,
        deadline_at=min(context.now + timedelta(hours=state.offer_hours), latest_at),
        offer_hours=state.offer_hours,
        latest_at=latest_at,
        **state.round_fields,
    )


def _confirm(command: ConfirmPlace, state: Round) -> Sequence[RoundEvent]:
    if state.seats.get(command.application) is not SeatStatus.OFFERED:
        return []
    return [PlaceConfirmed(application=command.application, **state.round_fields)]


def _reschedule(command: RescheduleRound, state: Round, context: Context) -> Sequence[RoundEvent]:
    # A seat that was lost on the former first day gets its reserve now.
    if state.status in (Status.AWAITED, Status.CANCELLED):
        return []
    rescheduled = RoundRescheduled(
        starts_on=command.starts_on, ends_on=command.ends_on, **state.round_fields
    )
    latest_at = day_before_ends(command.starts_on, state.zone)
    if state.status is not Status.APPROVED or context.now > latest_at:
        return [rescheduled]
    return [rescheduled, *promotions(state)]


def after_loss(lost: PlaceLost, state: Round, context: Context) -> Sequence[RoundEvent]:
    """Return the loss of a live seat, with the promotion or the amendment that follows it."""
    if state.status is Status.DECREED:
        amended = AnnexAmended(
            without=lost.application, document=lost.document, **state.round_fields
        )
        return [lost, amended]
    if too_late(state, context):
        return [lost]
    return [lost, *promotions(state, lost.application)]


def too_late(state: Round, context: Context) -> bool:
    """Return True from the first day of the exhibition on: no seat is given any more."""
    return state.frozen or context.now > day_before_ends(state.starts_on, state.zone)


def place_lost(application: str, reason: LossReason, state: Round) -> PlaceLost:
    """Return the event that this seat is lost."""
    return PlaceLost(application=application, reason=reason, **state.round_fields)
