"""The rules of the commitment letter (Surat Pernyataan Kesanggupan): delivered, returned, or late.

A call may ask for it. Then an acceptance sets a deadline, and the round confirms the place only
when the letter has been delivered: so a decree names no participant without one, and the seat of
who does not deliver goes to a reserve. A letter may be replaced until the exhibition runs. An
officer who finds it unfit returns it, with a new deadline: it passes by itself like that of an
offer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.application.judges import require_applicant, require_judge
from services.registration.domain.application.participations import AcceptanceFacts
from services.registration.domain.application.state import (
    NOT_COMMITTED,
    TICK,
    Application,
    Commitment,
    Status,
    with_people,
)
from services.registration.domain.document.state import Document
from services.registration.domain.document.state import Status as DocumentStatus
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import day_before_ends, jakarta_date, moment
from shared.contracts.registration.application import ApplicationEvent
from shared.contracts.registration.application_codes import CommitmentProblem
from shared.contracts.registration.commitment import (
    CommitmentDelivered,
    CommitmentEvent,
    CommitmentExpired,
    CommitmentReturned,
)
from shared.contracts.registration.document import DocumentKind
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Deadline, Refused, absent, refuse_or_ignore

# Commands


@dataclass(frozen=True, kw_only=True)
class DeliverCommitment:
    """Deliver your signed letter as the applicant: a document of your vault, with its file."""

    document: Id


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """The letter as it stands among the enterprise's documents, and the exhibition's status."""

    letter: Document
    exhibition: ExhibitionStatus


@dataclass(frozen=True, kw_only=True)
class ReturnCommitment:
    """Ask for another letter within so many days (seven, ours); `reason` stays private."""

    code: CommitmentProblem
    reason: Text = field(repr=False)
    days: Annotated[int, Field(ge=1, le=30)] = 7


@dataclass(frozen=True, kw_only=True)
class ReturnFacts:
    """The status of the exhibition and its first day."""

    exhibition: ExhibitionStatus
    starts_on: date | None


@dataclass(frozen=True, kw_only=True)
class ExpireCommitment:
    """(sweep) Let the application lapse: its letter was not delivered in time."""


PLACED = frozenset({Status.ACCEPTED, Status.CONFIRMED})
"""The statuses in which an applicant delivers its letter, or replaces it."""

COMING = frozenset({ExhibitionStatus.VERIFIED, ExhibitionStatus.DECREED})
"""The statuses of an exhibition that has participants and does not run yet."""

# Rules


def commitment_due(facts: AcceptanceFacts, state: Application, context: Context) -> datetime | None:
    """Return the deadline of the letter after an acceptance; None if the call asks for none."""
    if facts.commitment_days is None:
        return None
    due_at = context.now + timedelta(days=facts.commitment_days)
    if facts.starts_on is None:
        return due_at
    return min(due_at, day_before_ends(facts.starts_on, state.zone))


def deliver_commitment(
    command: DeliverCommitment,
    facts: DeliveryFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Deliver the letter until its deadline, or replace it until the exhibition runs."""
    if state is None:
        return absent(context, "application")
    _require_awaited(state, context)
    if facts.exhibition not in COMING:
        raise Refused(
            "exhibition-not-ahead",
            f"The exhibition is {facts.exhibition}, so you cannot deliver a letter any more.",
        )
    require_applicant(state, context)
    if state.commitment is not None and state.commitment.document == command.document:
        return []
    _require_letter(facts.letter, state)
    return [
        CommitmentDelivered(
            applicant=state.applicant,
            document=command.document,
            signed_on=facts.letter.issued_on,
            file=facts.letter.file,
            sha256=facts.letter.sha256,
            filed_by=facts.letter.filed_by,
            delivered_by=context.actor,
        )
    ]


def return_commitment(
    command: ReturnCommitment,
    facts: ReturnFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Return the letter of a confirmed participant, before the first day of the exhibition."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    if state.status is not Status.CONFIRMED or state.commitment is None:
        raise Refused(
            "no-commitment",
            f"This application is {state.status} and has no commitment letter that you could "
            "return: the place must be confirmed by one.",
        )
    if facts.starts_on is None or facts.exhibition not in COMING:
        raise Refused(
            "exhibition-not-ahead",
            f"The exhibition is {facts.exhibition}, so you cannot return a letter any more.",
        )
    latest_at = day_before_ends(facts.starts_on, state.zone)
    if context.now > latest_at:
        raise Refused(
            "first-day-has-come",
            f"The exhibition begins on {facts.starts_on}, and another letter must come before: "
            "you cannot return this one any more.",
        )
    return [
        CommitmentReturned(
            applicant=state.applicant,
            code=command.code,
            due_at=min(context.now + timedelta(days=command.days), latest_at),
            reason=command.reason,
            returned_by=context.actor,
        )
    ]


def expire_commitment(state: Application, context: Context) -> Sequence[ApplicationEvent]:
    """Let an application lapse whose letter was not delivered in time."""
    due_at = commitment_due_at(state)
    if due_at is None or context.now <= due_at:
        return refuse_or_ignore(
            context,
            "no-late-commitment",
            "This application has no commitment letter whose deadline has passed.",
        )
    return [CommitmentExpired(applicant=state.applicant)]


def evolve_commitment(state: Application, event: CommitmentEvent) -> Application:
    """Fold an event of the letter; called by the fold of the application."""
    match event:
        case CommitmentDelivered():
            letter = Commitment(
                document=event.document,
                file=event.file,
                sha256=event.sha256,
                signed_on=event.signed_on,
            )
            return replace(
                state,
                reasons=(),
                words="",
                commitment=letter,
                commitment_due_at=None,
                filed_by=with_people(state.filed_by, event.filed_by),
                answered_by=with_people(state.answered_by, event.delivered_by),
            )
        case CommitmentReturned():
            return replace(
                state,
                reasons=(event.code,),
                words=event.reason,
                commitment=None,
                commitment_due_at=event.due_at,
                judged_by=with_people(state.judged_by, event.returned_by),
            )
        case CommitmentExpired():
            return replace(state, status=Status.LAPSED, reasons=(NOT_COMMITTED,), words="")
        case _:
            assert_never(event)


def commitment_deadline(state: Application) -> Deadline | None:
    """Return the moment just after the deadline of a letter that is awaited."""
    due_at = commitment_due_at(state)
    return None if due_at is None else Deadline(at=due_at + TICK, command=ExpireCommitment())


def commitment_due_at(state: Application) -> datetime | None:
    """Return the deadline of the letter that an applicant with a place must deliver, if any."""
    return state.commitment_due_at if state.status in PLACED else None


def _require_awaited(state: Application, context: Context) -> None:
    due_at = commitment_due_at(state)
    if NOT_COMMITTED in state.reasons or (due_at is not None and context.now > due_at):
        raise Refused(
            "commitment-too-late",
            "The commitment letter did not come in time, so you cannot deliver it any more.",
        )
    if state.status not in PLACED or (due_at is None and state.commitment is None):
        raise Refused(
            "no-commitment-due",
            f"This application is {state.status} and awaits no commitment letter, so there is no "
            "need to deliver one.",
        )


def _require_letter(letter: Document, state: Application) -> None:
    if letter.document_kind is not DocumentKind.COMMITMENT_LETTER:
        raise Refused(
            "no-letter",
            f"This document is a {letter.document_kind}: name a document of kind "
            f"{DocumentKind.COMMITMENT_LETTER}.",
        )
    if letter.status is not DocumentStatus.FILED:
        raise Refused(
            "letter-counts-no-more",
            f"This letter is {letter.status}: file it again, and name the new document.",
        )
    if not letter.file:
        raise Refused(
            "letter-without-file",
            "This letter has no file: file it again with its signed copy (`file`).",
        )
    applied_on = jakarta_date(state.submitted_at)
    if letter.issued_on < applied_on:
        raise Refused(
            "signed-before-application",
            f"This letter was signed on {letter.issued_on}, before you applied on {applied_on} "
            f"({moment(state.submitted_at)}): deliver one for this exhibition.",
        )
