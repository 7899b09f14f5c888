"""Each followed event causes its commands, and mirrors and reactions follow the same events."""

from datetime import date
from typing import Literal

import pytest

from services.selection.app import service
from services.selection.domain.candidate.decider import (
    EndCandidate,
    EnterCandidate,
    SealSheets,
    UnsealSheets,
    WithdrawCandidate,
    candidate,
)
from services.selection.domain.selection_round.decider import RoundCommand, selection_round
from services.selection.domain.selection_round.scoring_phase import ListCandidates, OpenRound
from services.selection.domain.selection_round.seats import (
    CancelRound,
    ConfirmPlace,
    FreezeSeats,
    LosePlace,
    OfferPlace,
    RescheduleRound,
    StrikeCandidate,
)
from shared.contracts.budget.allocation import FundingReleased, PlaceFunded
from shared.contracts.event import Event, event_classes
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
    RenewalExpired,
)
from shared.contracts.registration.application_codes import (
    ClosingResult,
    DeclineReason,
    WithdrawalCode,
)
from shared.contracts.registration.commitment import CommitmentDelivered, CommitmentExpired
from shared.contracts.registration.exhibition import (
    CallOpened,
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionRescheduled,
    ReschedulingCode,
    VerificationClosed,
)
from shared.contracts.selection.candidate import CandidateEnd
from shared.contracts.selection.round import RoundEvent
from shared.contracts.words import Scope
from shared.kernel.decider import Addressed
from tests.given import NOW
from tests.selection.examples import (
    APPLICANT,
    APPROVED,
    CLOSED,
    ENTERED,
    EXHIBITION,
    RETURNED,
    ROUND_FIELDS,
    SUBMITTED_AT,
    A,
    B,
    C,
    D,
    E,
)

CALL = CallOpened(
    places=2,
    opened_at=SUBMITTED_AT,
    closes_at=SUBMITTED_AT,
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    rule_set="r",
    requirements=(),
    rubric="kukm-2018-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    **ROUND_FIELDS,
)
VERIFICATION = VerificationClosed(eligible=(A, B), **ROUND_FIELDS)
CALLED_OFF = ExhibitionCancelled(code=CancellationCode.REPLACED, **ROUND_FIELDS)
RUNNING = ExhibitionOpened(**ROUND_FIELDS)
VERIFIED = ApplicationVerified(
    applicant=APPLICANT,
    rule_set="2018-1",
    submitted_at=SUBMITTED_AT,
    valid_through=date(2018, 4, 29),
)
WITHDRAWN = ApplicationWithdrawn(applicant=APPLICANT, code=WithdrawalCode.OTHER)
ACCEPTED = PlaceAccepted(applicant=APPLICANT, slot=1)
DECLINED = PlaceDeclined(applicant=APPLICANT)
OVER_THE_CAP = PlaceDeclined(applicant=APPLICANT, reason=DeclineReason.CAP_REACHED)
EXPIRED = OfferExpired(applicant=APPLICANT)
FUNDED = PlaceFunded(
    application=A,
    amount_idr=1,
    ceiling_idr=1,
    reserved_idr=1,
    contracted_idr=0,
    realised_idr=0,
    **ROUND_FIELDS,
)


def closed(result: ClosingResult) -> ApplicationClosed:
    """Return the event that application A has ended with this result."""
    return ApplicationClosed(applicant=APPLICANT, result=result)


def lapsed(reason: str) -> ApplicationLapsed:
    """Return the event that the place of application A was lost for this reason."""
    return ApplicationLapsed(applicant=APPLICANT, reason=reason)


def caused(event: Event) -> list[Addressed]:
    """Return the commands that all reactions together make of the first event of a subject."""
    return [
        addressed
        for reaction in service.reactions
        if type(event) in event_classes(reaction.follows)
        for mirror in service.mirrors
        if type(event) in event_classes(mirror.follows)
        for addressed in reaction.react(event, mirror.evolve(None, event))
    ]


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (
            CALL,
            OpenRound(
                programme="2018",
                scope=Scope.OVERSEAS,
                places=2,
                rubric="kukm-2018-1",
                threshold=7_000,
                sheets_min=3,
                offer_hours=72,
                starts_on=date(2018, 4, 4),
                ends_on=date(2018, 4, 7),
            ),
        ),
        (VERIFICATION, ListCandidates(applications=(A, B))),
        (RUNNING, FreezeSeats(programme="2018", scope=Scope.OVERSEAS)),
        (CALLED_OFF, CancelRound(programme="2018", scope=Scope.OVERSEAS)),
        (ACCEPTED, ConfirmPlace(application=A)),
        (FUNDED, OfferPlace(application=A)),
    ],
)
def test_an_event_makes_one_command_on_the_round(event: Event, command: RoundCommand) -> None:
    assert caused(event) == [Addressed(decider=selection_round, id=EXHIBITION, command=command)]


@pytest.mark.parametrize(
    ("event", "reason", "end"),
    [
        (DECLINED, "declined", CandidateEnd.DECLINED),
        (OVER_THE_CAP, "declined", CandidateEnd.CAP_REACHED),
        (EXPIRED, "expired", CandidateEnd.EXPIRED),
    ],
)
def test_an_offer_that_is_not_taken_frees_the_seat_and_ends_the_candidate(
    event: Event, reason: Literal["declined", "expired"], end: CandidateEnd
) -> None:
    assert caused(event) == [
        Addressed(
            decider=selection_round,
            id=EXHIBITION,
            command=LosePlace(application=A, reason=reason),
        ),
        Addressed(decider=candidate, id=A, command=EndCandidate(code=end)),
    ]


@pytest.mark.parametrize(
    ("event", "end"),
    [
        *((closed(result), CandidateEnd(result.value)) for result in ClosingResult),
        (lapsed("cancelled"), CandidateEnd.CANCELLED),
        (lapsed("no-funds"), CandidateEnd.PLACE_LOST),
    ],
)
def test_an_application_that_ends_without_a_place_ends_its_candidate(
    event: Event, end: CandidateEnd
) -> None:
    assert caused(event) == [Addressed(decider=candidate, id=A, command=EndCandidate(code=end))]


def test_every_reason_of_a_declined_offer_has_its_end() -> None:
    assert {CandidateEnd(reason.value) for reason in DeclineReason}


def test_an_eligible_application_enters() -> None:
    command = EnterCandidate(applicant=APPLICANT, submitted_at=SUBMITTED_AT)
    assert caused(VERIFIED) == [Addressed(decider=candidate, id=A, command=command)]


def test_a_withdrawal_withdraws_the_candidate_and_strikes_it_from_the_round() -> None:
    struck = StrikeCandidate(programme="2018", scope=Scope.OVERSEAS, application=A)
    assert caused(WITHDRAWN) == [
        Addressed(decider=candidate, id=A, command=WithdrawCandidate(applicant=APPLICANT)),
        Addressed(decider=selection_round, id=EXHIBITION, command=struck),
    ]


def test_documents_that_were_not_renewed_end_the_candidate_and_strike_it() -> None:
    struck = StrikeCandidate(
        programme="2018",
        scope=APPLICANT.scope,
        application=APPLICANT.application,
        reason="not-renewed",
    )
    assert caused(RenewalExpired(applicant=APPLICANT)) == [
        Addressed(
            decider=candidate,
            id=APPLICANT.application,
            command=EndCandidate(code=CandidateEnd.NOT_RENEWED),
        ),
        Addressed(decider=selection_round, id=EXHIBITION, command=struck),
    ]


def test_a_commitment_letter_that_did_not_come_ends_the_candidate_and_strikes_it() -> None:
    struck = StrikeCandidate(
        programme="2018",
        scope=APPLICANT.scope,
        application=APPLICANT.application,
        reason="not-committed",
    )
    assert caused(CommitmentExpired(applicant=APPLICANT)) == [
        Addressed(
            decider=candidate,
            id=APPLICANT.application,
            command=EndCandidate(code=CandidateEnd.NOT_COMMITTED),
        ),
        Addressed(decider=selection_round, id=EXHIBITION, command=struck),
    ]


def test_a_place_whose_letter_is_awaited_is_confirmed_by_its_delivery() -> None:
    awaiting = PlaceAccepted(applicant=APPLICANT, slot=1, commitment_due_at=NOW)
    delivered = CommitmentDelivered(applicant=APPLICANT, document="d-9", signed_on=date(2018, 2, 1))
    confirmed = Addressed(
        decider=selection_round,
        id=EXHIBITION,
        command=ConfirmPlace(application=APPLICANT.application),
    )
    assert (caused(awaiting), caused(delivered)) == ([], [confirmed])


def test_other_days_of_an_exhibition_are_taken_over_into_its_round() -> None:
    event = ExhibitionRescheduled(
        code=ReschedulingCode.VENUE,
        starts_on=date(2018, 5, 1),
        ends_on=date(2018, 5, 4),
        **ROUND_FIELDS,
    )
    command = RescheduleRound(starts_on=date(2018, 5, 1), ends_on=date(2018, 5, 4))
    assert caused(event) == [Addressed(decider=selection_round, id=EXHIBITION, command=command)]


def test_a_closing_seals_every_candidate_and_its_return_unseals_them() -> None:
    seal, unseal = SealSheets(closing=1, sheets_min=3), UnsealSheets(closing=1)
    assert [(addressed.id, addressed.command) for addressed in caused(CLOSED)] == [
        (application, seal) for application in (A, B, C, D, E)
    ]
    assert [(addressed.id, addressed.command) for addressed in caused(RETURNED)] == [
        (application, unseal) for application in (A, B, C, D, E)
    ]


@pytest.mark.parametrize("event", [APPROVED, ENTERED])
def test_other_events_cause_no_command(event: Event) -> None:
    assert caused(event) == []


def test_every_event_that_is_reacted_to_is_mirrored_and_little_beside() -> None:
    mirrored = {event for mirror in service.mirrors for event in event_classes(mirror.follows)}
    reacted = {event for reaction in service.reactions for event in event_classes(reaction.follows)}
    # Rounds are listed by their figures, releases tell money apart, papers name the exhibition.
    beside = {*event_classes(RoundEvent), FundingReleased, ExhibitionPlanned}
    assert reacted | beside == mirrored
