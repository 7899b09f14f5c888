"""The rules of the participants' decree (SK Penetapan Peserta) and of its amendments.

The decree's annex is the confirmed seats. An officer reads the annex with its digest, has the
decree signed, and sends that digest with the number and the day of the decree: if a seat has
changed since, the command is refused (`annex-changed`). A seat that is lost after the decree amends
the annex at once, because its place costs nothing from then on. The amendment is a document with a
number of its own: it is recorded as soon as it is signed, for all amendments that await a document.
A document may take several places away; it has one number and one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from services.selection.domain.digest import (
    Digest,
    canonical_text,
    digest_of_text,
)
from services.selection.domain.selection_round.annex import Decree
from services.selection.domain.selection_round.interests import require_no_interest
from services.selection.domain.selection_round.seats import place_lost
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.calendar import jakarta_date, local_date
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.selection.round import RoundEvent
from shared.contracts.selection.round_seats import AmendmentRecorded, ParticipantsDecreed
from shared.kernel.decider import Context, Refused, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class DecreeParticipants:
    """Record the decree that was signed for exactly the annex with this digest."""

    number: DocumentNumber
    signed_on: date
    annex_digest: Digest


@dataclass(frozen=True, kw_only=True)
class RecordAmendment:
    """Record the document that was signed for exactly the amended annex with this digest."""

    number: DocumentNumber
    signed_on: date
    annex_digest: Digest


DecreeCommand = DecreeParticipants | RecordAmendment

# Rules


def annex_digest(state: Round) -> str:
    """Return the digest of the round's annex as it is now."""
    content = {"annex": list(state.annex), "exhibition": state.exhibition}
    return digest_of_text(canonical_text(content))


def decide_decree(command: DecreeCommand, state: Round, context: Context) -> Sequence[RoundEvent]:
    """Decide a command about the decree or its amendments, as a person without an interest."""
    require_no_interest(state.conflicts, state, context)
    match command:
        case DecreeParticipants():
            return _decree(command, state, context)
        case RecordAmendment():
            return _record(command, state, context)
        case _:
            assert_never(command)


def _decree(command: DecreeParticipants, state: Round, context: Context) -> Sequence[RoundEvent]:
    if state.status is not Status.APPROVED:
        return refuse_or_ignore(
            context,
            "not-approved",
            f"The round is {state.status}: "
            f"you can record a decree only while it is {Status.APPROVED}.",
        )
    _check_show(state, context)
    check_signed(command.signed_on, state, context)
    if state.window_open or state.disputed:
        raise Refused(
            "objections-open",
            f"The time for objections is not over, or an objection is not decided yet "
            f"(GET /rounds/{state.exhibition}/objections): wait for it.",
        )
    open_offers = state.seats_with(SeatStatus.OFFERED)
    if open_offers:
        raise Refused(
            "offers-open",
            f"Offered places without an answer, or without a commitment letter: {len(open_offers)} "
            f"(GET /rounds/{state.exhibition}). Wait until each is confirmed or expires.",
        )
    if not state.annex:
        raise Refused(
            "nobody-confirmed",
            "No place is confirmed, so the annex is empty: wait until places have money, are "
            f"offered and accepted (GET /rounds/{state.exhibition}).",
        )
    _check_annex(command, state)
    decreed = ParticipantsDecreed(
        number=command.number,
        signed_on=command.signed_on,
        annex=state.annex,
        **state.round_fields,
    )
    unfunded = state.seats_with(SeatStatus.WAITING)
    return [decreed, *(place_lost(application, "no-funds", state) for application in unfunded)]


def _record(command: RecordAmendment, state: Round, context: Context) -> Sequence[RoundEvent]:
    decree = state.decree
    if state.status is not Status.DECREED or decree is None:
        return refuse_or_ignore(
            context,
            "not-decreed",
            f"The round is {state.status}: "
            f"you can record an amendment only while it is {Status.DECREED}.",
        )
    if not decree.undocumented:
        return refuse_or_ignore(
            context,
            "nothing-to-record",
            "No amendment of the annex awaits a document, so there is nothing to record.",
        )
    check_signed(command.signed_on, state, context)
    check_amendment(command.number, command.signed_on, decree)
    _check_annex(command, state)
    return [
        AmendmentRecorded(
            number=command.number,
            signed_on=command.signed_on,
            without=decree.undocumented,
            **state.round_fields,
        )
    ]


def check_amendment(number: str, signed_on: date, decree: Decree) -> None:
    """Refuse a document that was signed before the decree, or whose number another document has.

    The document of an earlier amendment, with the same day, may take further places away.
    """
    if signed_on < decree.signed_on:
        raise Refused(
            "signed-before-decree",
            f"The decree was signed on {decree.signed_on}, and its amendment is signed before "
            "that day: check the day.",
        )
    signed = ((amendment.number, amendment.signed_on) for amendment in decree.amendments)
    others = (number for number, day in signed if day != signed_on)
    if comparable(number) in map(comparable, (decree.number, *others)):
        raise Refused(
            "number-used",
            "The decree, or an amendment that was signed on another day, has this number: check "
            "the number and the day.",
        )


def check_signed(signed_on: date, state: Round, context: Context) -> None:
    """Refuse a document that was signed before the selection was approved, or is not signed yet."""
    if signed_on > jakarta_date(context.now):
        raise Refused(
            "signed-in-the-future",
            "The document is signed on a day in the future: record it once it has been signed.",
        )
    if state.approved_on is not None and signed_on < state.approved_on:
        raise Refused(
            "signed-before-approval",
            f"The selection was approved on {state.approved_on}, and the document is signed before "
            "that day: check the day.",
        )


def _check_show(state: Round, context: Context) -> None:
    if local_date(context.now, state.zone) > state.ends_on:
        raise Refused(
            "show-is-over",
            f"The exhibition was to end on {state.ends_on}, so it can be opened no more, and a "
            "decree leads nowhere: let a programme officer cancel the exhibition.",
        )


def _check_annex(command: DecreeCommand, state: Round) -> None:
    if command.annex_digest != annex_digest(state):
        raise Refused(
            "annex-changed",
            "The annex has another digest: read it again "
            f"(GET /rounds/{state.exhibition}/annex), and send the digest of what was signed.",
        )
