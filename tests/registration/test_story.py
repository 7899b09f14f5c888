"""The story of an application: each status in both languages, with who acts and until when."""

from datetime import date, timedelta

import pytest

from services.registration.domain.application.state import Application, Status
from services.registration.domain.exhibition.state import Exhibition
from services.registration.responses.application import Outcome, Result
from services.registration.responses.rules import RuleResponse
from services.registration.responses.story import STORIES, story_of
from services.registration.responses.telling import Actor, Story, Telling, moment, words
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationRescheduled,
    OfferExpired,
    ParticipantAbsent,
    PlaceDeclined,
    RenewalExpired,
)
from shared.contracts.registration.application_codes import (
    ClosingResult,
    CommitmentProblem,
    DeclineReason,
)
from shared.contracts.registration.check_in import ParticipantCheckedIn
from shared.contracts.registration.commitment import CommitmentExpired, CommitmentReturned
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.contracts.registration.rule_set import RuleVerdict, Source
from shared.contracts.words import Sentence
from shared.contracts.zones import JAKARTA
from tests.given import NOW
from tests.registration.examples import (
    ACCEPTED,
    APPLICANT,
    ATTENDED,
    CALLED,
    CALLING,
    CLOSES_AT,
    CONFIRMING,
    CORRECTION,
    CORRECTION_DUE_AT,
    DEADLINE_AT,
    ELIGIBLE,
    ENDED,
    HOLDING,
    OFFERING,
    STARTS_ON,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    exhibition_after,
)

OPEN, SHUT = exhibition_after(*CALLING), exhibition_after(*CALLED)
LICENCE = RuleResponse(
    rule="licence",
    verdict=RuleVerdict.MISSING,
    value="",
    source=Source.DOCUMENTS,
    wanted=(),
    text=Sentence(id="Ada izin usaha.", en="There is a licence."),
    sentence=Sentence(id="Unggah izin usaha.", en="File your licence."),
)
MET = RuleResponse(
    rule="capacity",
    verdict=RuleVerdict.PASS,
    value="300",
    source=Source.APPLICATION,
    wanted=(),
    text=Sentence(id="Kapasitas dinyatakan.", en="A capacity is declared."),
    sentence=None,
)
REJECTED = ApplicationRejected(applicant=APPLICANT, rule_set="r", reasons=("licence",))


def told(
    *events: Event,
    exhibition: Exhibition = SHUT,
    result: Result | None = None,
    booth: str | None = None,
) -> Story:
    """Return the story after these events; the licence is missing."""
    telling = Telling(
        state=application_after(*events),
        exhibition=exhibition,
        result=result,
        rules=(LICENCE, MET),
        booth=booth,
    )
    return story_of(telling)


def test_every_status_has_a_story() -> None:
    assert set(STORIES) == set(Status)


def test_while_the_call_is_open_the_applicant_learns_what_is_missing_and_until_when() -> None:
    story = told(SUBMITTED, exhibition=OPEN)
    assert (story.acts, story.due_at, story.because) == (Actor.APPLICANT, CLOSES_AT, ())
    assert story.help == (LICENCE.sentence,)
    assert "1 Maret 2018 pukul 23.59 WIB" in story.next.id
    assert "1 March 2018, 23:59 WIB" in story.next.en
    closed = told(SUBMITTED)
    assert (closed.due_at, closed.next.en) == (None, "An officer is checking it.")


def test_a_correction_names_its_fields_and_its_deadline() -> None:
    story = told(SUBMITTED, CORRECTION)
    assert (story.acts, story.due_at) == (Actor.APPLICANT, CORRECTION_DUE_AT)
    assert "dokumen" in story.now.id
    assert "documents" in story.now.en
    assert moment(CORRECTION_DUE_AT, JAKARTA)[0] in story.next.id


def test_a_rejection_says_why_and_what_would_help() -> None:
    story = told(SUBMITTED, REJECTED)
    assert (story.acts, story.because, story.help) == (
        Actor.NONE,
        (words(f"Tidak terpenuhi: {LICENCE.text.id}", f"Not met: {LICENCE.text.en}"),),
        (LICENCE.sentence,),
    )


@pytest.mark.parametrize(
    ("result", "english"),
    [
        (None, "The curators judge"),
        (Result(outcome=Outcome.SELECTED), "You are selected"),
        (Result(outcome=Outcome.RESERVE, place=4), "You are number 4"),
        (Result(outcome=Outcome.NOT_SELECTED), "below the threshold"),
        (Result(outcome=Outcome.GATE_NOT_PASSED), "a condition of the selection is not met"),
    ],
)
def test_who_waits_learns_how_it_stands(result: Result | None, english: str) -> None:
    story = told(SUBMITTED, ELIGIBLE, result=result)
    assert english in story.next.en
    assert story.acts is Actor.MINISTRY


@pytest.mark.parametrize(
    ("bound", "indonesian", "english"),
    [
        (Bound.MAXIMUM, "jumlah maksimumnya", "all the places of its maximum"),
        (Bound.MINIMUM, "jumlah minimum kuota jabar", "needed for the minimum of quota jabar"),
    ],
)
def test_who_is_passed_over_learns_by_which_quota(
    bound: Bound, indonesian: str, english: str
) -> None:
    stop = QuotaStop(quota="jabar", bound=bound)
    waits = Result(outcome=Outcome.RESERVE, place=1, passed_over=stop)
    (because,) = told(SUBMITTED, ELIGIBLE, result=waits).because
    assert indonesian in because.id
    assert english in because.en
    closed = ApplicationClosed(applicant=APPLICANT, result=ClosingResult.RESERVE)
    ended = Result(outcome=Outcome.RESERVE_NOT_REACHED, place=1, passed_over=stop)
    assert told(SUBMITTED, closed, result=ended).because == (because,)


def test_an_offer_says_until_when_it_must_be_answered() -> None:
    story = told(*OFFERING)
    assert (story.acts, story.due_at) == (Actor.APPLICANT, DEADLINE_AT)
    assert moment(DEADLINE_AT, JAKARTA)[1] in story.next.en


def test_who_must_renew_documents_learns_what_and_until_when() -> None:
    rescheduled = ApplicationRescheduled(
        applicant=APPLICANT,
        starts_on=date(2018, 6, 6),
        valid_through=date(2018, 6, 10),
        missing=("licence",),
        renewal_due_at=DEADLINE_AT,
    )
    story = told(*CONFIRMING, rescheduled)
    assert (story.acts, story.due_at) == (Actor.APPLICANT, DEADLINE_AT)
    assert "10 June 2018" in story.now.en
    assert moment(DEADLINE_AT, JAKARTA)[0] in story.next.id
    lost = told(*CONFIRMING, rescheduled, RenewalExpired(applicant=APPLICANT))
    assert (lost.acts, lost.due_at) == (Actor.NONE, None)
    assert "not renewed" in lost.now.en


def test_who_owes_its_commitment_letter_learns_until_when_and_why() -> None:
    accepted = ACCEPTED.model_copy(update={"commitment_due_at": DEADLINE_AT})
    story = told(*OFFERING, accepted)
    assert (story.acts, story.due_at, story.because) == (Actor.APPLICANT, DEADLINE_AT, ())
    assert moment(DEADLINE_AT, JAKARTA)[0] in story.next.id
    returned = CommitmentReturned(
        applicant=APPLICANT, code=CommitmentProblem.NOT_LEGIBLE, due_at=DEADLINE_AT
    )
    story = told(*CONFIRMING, returned)
    assert (story.acts, story.now.en) == (
        Actor.APPLICANT,
        "An officer has returned your commitment letter.",
    )
    assert [each.id for each in story.because] == ["Surat tidak terbaca."]
    lost = told(*OFFERING, accepted, CommitmentExpired(applicant=APPLICANT))
    assert (lost.acts, lost.due_at) == (Actor.NONE, None)
    assert "commitment letter was not delivered" in lost.now.en


def test_a_participant_learns_the_place_and_the_days() -> None:
    story = told(*CONFIRMING)
    assert "Hadirlah di JCC, 25 April 2018 sampai 29 April 2018" in story.next.id
    assert "Be at JCC, 25 April 2018 to 29 April 2018" in story.next.en
    story = told(*CONFIRMING, booth="A-12")
    assert story.next == Sentence(
        id="Hadirlah di JCC, stan A-12, 25 April 2018 sampai 29 April 2018, dan tunjukkan kode "
        "kehadiran Anda setiap hari.",
        en="Be at JCC, booth A-12, 25 April 2018 to 29 April 2018, and show your check-in code "
        "every day.",
    )
    assert told(*OFFERING, ACCEPTED).acts is Actor.MINISTRY
    assert told(*CONFIRMING, ATTENDED).acts is Actor.APPLICANT


def test_a_participant_learns_its_days_while_the_show_runs() -> None:
    days = [
        ParticipantCheckedIn(applicant=APPLICANT, day=day, scanned_at=NOW)
        for day in (STARTS_ON, STARTS_ON + timedelta(days=1))
    ]
    running, over = exhibition_after(*HOLDING), exhibition_after(*HOLDING, ENDED)
    story = told(*CONFIRMING, ATTENDED, *days, exhibition=running, booth="A-12")
    assert story.now == Sentence(
        id="Kehadiran Anda tercatat: 25 April 2018, 26 April 2018.",
        en="You are recorded as present: 25 April 2018, 26 April 2018.",
    )
    assert "stan A-12, 25 April 2018 sampai 29 April 2018" in story.next.id
    ended = told(*CONFIRMING, ATTENDED, *days, exhibition=over)
    assert "Report your transactions" in ended.next.en
    by_hand = told(*CONFIRMING, ATTENDED, exhibition=running)
    assert "Report your transactions" in by_hand.next.en


RESERVE = Result(outcome=Outcome.RESERVE_NOT_REACHED, place=7)


@pytest.mark.parametrize(
    ("events", "result", "english"),
    [
        ((SUBMITTED, WITHDRAWN), None, "You withdrew"),
        ((*OFFERING, OfferExpired(applicant=APPLICANT)), None, "expired"),
        ((*OFFERING, PlaceDeclined(applicant=APPLICANT)), None, "You declined"),
        (
            (*OFFERING, PlaceDeclined(applicant=APPLICANT, reason=DeclineReason.CAP_REACHED)),
            None,
            "as often as this programme",
        ),
        ((*OFFERING, ApplicationLapsed(applicant=APPLICANT, reason="no-funds")), None, "was lost"),
        ((*CONFIRMING, ParticipantAbsent(applicant=APPLICANT)), None, "absent"),
        (
            (SUBMITTED, ApplicationClosed(applicant=APPLICANT, result=ClosingResult.RESERVE)),
            RESERVE,
            "number 7",
        ),
        (
            (SUBMITTED, ApplicationClosed(applicant=APPLICANT, result=ClosingResult.CANCELLED)),
            Result(outcome=Outcome.EXHIBITION_CANCELLED),
            "cancelled",
        ),
        (
            (SUBMITTED, ApplicationClosed(applicant=APPLICANT, result=ClosingResult.NOT_DECIDED)),
            Result(outcome=Outcome.NOT_DECIDED),
            "not decided",
        ),
    ],
)
def test_an_end_is_told_as_an_end(
    events: tuple[Event, ...], result: Result | None, english: str
) -> None:
    story = told(*events, result=result)
    assert english in story.now.en
    assert (story.acts, story.due_at) == (Actor.NONE, None)
    assert isinstance(application_after(*events), Application)
