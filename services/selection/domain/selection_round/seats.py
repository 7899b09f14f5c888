"""The seats: offered, confirmed, lost, passed on to the reserve, decreed; and the round's end.

Live seats never exceed the places, because a seat is given only where one was lost, in the same
write. Until the decree a lost seat goes to the next of the reserve list; after it nobody is
promoted, and the annex is amended instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.calendar import jakarta_date
from shared.contracts.selection.round import (
    AnnexAmended,
    CandidateStruck,
    LossReason,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ProposalVoided,
    ReservePromoted,
    RoundCancelled,
    RoundEvent,
)
from shared.contracts.words import PairId, Scope, Text, Year
from shared.kernel.decider import Context, Origin, Refused, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class StrikeCandidate:
    """(reaction) The applicant has given up, perhaps before the round was opened."""

    programme: Year
    scope: Scope
    application: PairId


@dataclass(frozen=True, kw_only=True)
class LosePlace:
    """A live seat is lost.

    An applicant's answer makes it declined or expired (reactions say so); an officer takes it by a
    sanction, or for another reason.
    """

    application: PairId
    reason: Literal["declined", "expired", "sanction", "other"]


@dataclass(frozen=True, kw_only=True)
class OfferPlace:
    """(reaction) The seat has money: offer it."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class ConfirmPlace:
    """(reaction) The applicant has taken the place."""

    application: PairId


@dataclass(frozen=True, kw_only=True)
class DecreeParticipants:
    """The participants' decree (SK Penetapan Peserta) is signed."""

    number: Text
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class CancelRound:
    """(reaction) The exhibition is cancelled, perhaps before the round was opened."""

    programme: Year
    scope: Scope


SeatCommand = LosePlace | OfferPlace | ConfirmPlace | DecreeParticipants

# Rules


def strike_candidate(command: StrikeCandidate, state: Round) -> Sequence[RoundEvent]:
    """Whoever gives up leaves the lists, loses a seat if it has one, and voids a proposal."""
    application = command.application
    if state.holds(application):
        return _lost(application, "withdrawn", state)
    gone = application in state.seats or application in state.struck
    if gone or state.status is Status.CANCELLED:
        return []
    struck = CandidateStruck(application=application, **state.about)
    if state.status is Status.PROPOSED:
        return [struck, ProposalVoided(**state.about)]
    return [struck]


def cancel_round(state: Round) -> Sequence[RoundEvent]:
    """No seat is given any more, and every live one is lost."""
    if state.status is Status.CANCELLED:
        return []
    lost = [_place_lost(one, "cancelled", state) for one in state.live]
    return [RoundCancelled(**state.about), *lost]


def decide_seats(command: SeatCommand, state: Round, context: Context) -> Sequence[RoundEvent]:
    """What a seat goes through once the selection is approved."""
    match command:
        case LosePlace():
            return _lose(command, state, context)
        case OfferPlace():
            return _offer(command, state, context)
        case ConfirmPlace():
            return _confirm(command, state)
        case DecreeParticipants():
            return _decree(command, state, context)
        case _:
            assert_never(command)


def _lose(command: LosePlace, state: Round, context: Context) -> Sequence[RoundEvent]:
    if not state.holds(command.application):
        return refuse_or_ignore(
            context, "no-live-seat", f"{command.application} has no seat that could be lost."
        )
    own = command.reason in ("declined", "expired")
    if own and context.origin is Origin.PERSON:
        raise Refused(
            "reason-of-the-applicant", "Only the applicant's answer makes a place declined."
        )
    return _lost(command.application, command.reason, state)


def _offer(command: OfferPlace, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.seats.get(command.application) is not SeatStatus.WAITING:
        return []
    deadline_at = context.now + timedelta(hours=state.offer_hours)
    offered = PlaceOffered(application=command.application, deadline_at=deadline_at, **state.about)
    return [offered]


def _confirm(command: ConfirmPlace, state: Round) -> Sequence[RoundEvent]:
    if state.seats.get(command.application) is not SeatStatus.OFFERED:
        return []
    return [PlaceConfirmed(application=command.application, **state.about)]


def _decree(command: DecreeParticipants, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.status is not Status.APPROVED:
        return refuse_or_ignore(
            context, "not-approved", f"This round is {state.status}: nothing to decree."
        )
    if command.signed_on > jakarta_date(context.now):
        raise Refused("signed-in-the-future", "A decree is entered once it has been signed.")
    open_offers = _seats_that_are(SeatStatus.OFFERED, state)
    if open_offers:
        raise Refused("offers-open", f"Offered places without an answer: {len(open_offers)}.")
    decreed = ParticipantsDecreed(
        number=command.number,
        signed_on=command.signed_on,
        annex=_seats_that_are(SeatStatus.CONFIRMED, state),
        **state.about,
    )
    unfunded = _seats_that_are(SeatStatus.WAITING, state)
    return [decreed, *(_place_lost(one, "no-funds", state) for one in unfunded)]


def _lost(application: str, reason: LossReason, state: Round) -> Sequence[RoundEvent]:
    lost = _place_lost(application, reason, state)
    if state.status is Status.DECREED:
        return [lost, AnnexAmended(without=application, **state.about)]
    if state.reserve:
        return [lost, ReservePromoted(application=state.reserve[0], **state.about)]
    return [lost]


def _place_lost(application: str, reason: LossReason, state: Round) -> PlaceLost:
    return PlaceLost(application=application, reason=reason, **state.about)


def _seats_that_are(status: SeatStatus, state: Round) -> tuple[str, ...]:
    return tuple(application for application, seat in state.seats.items() if seat is status)
