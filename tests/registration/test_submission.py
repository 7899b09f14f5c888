"""The rules of a submission, and of a withdrawal until the exhibition runs."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import ParticipationFacts
from services.registration.domain.application.state import Decision, ExhibitionFacts, Status
from services.registration.domain.application.submission import (
    SubmitApplication,
    WithdrawApplication,
    submit_application,
    withdraw_application,
)
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_date
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationResubmitted,
    ApplicationSubmitted,
    ParticipantAbsent,
    PlaceDeclined,
)
from shared.contracts.registration.application_codes import WithdrawalCode
from shared.contracts.words import SizeClass
from shared.kernel.decider import Refused
from tests.given import NOW, When, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    APPLICATION,
    ATTENDED,
    CALLED,
    CALLING,
    CLOSES_AT,
    CONFIRMING,
    CORRECTION,
    DOCUMENT,
    ELIGIBLE,
    ENTERPRISE,
    EXHIBITION,
    FILED,
    IUMK,
    OFFERING,
    PLANNING,
    REGISTERED,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    document_after,
    enterprise_after,
    exhibition_after,
)
from tests.registration.rule_sets import RULES
from tests.relations import RELATION_KEYS

SUBMIT = SubmitApplication(enterprise=ENTERPRISE, capacity=300)
KUKM = enterprise_after(REGISTERED.model_copy(update={"registered_by": "registrar"}))
PAPERS = {DOCUMENT: document_after(FILED.model_copy(update={"filed_by": "clerk"}))}
FACTS = SubmissionFacts(
    exhibition=exhibition_after(*CALLING),
    enterprise=KUKM,
    participations=ParticipationFacts(applications=()),
    documents=PAPERS,
    rule_set=RULES,
    relation_keys=RELATION_KEYS,
)

MADE = SUBMITTED.model_copy(
    update={"submitted_by": "tester", "declared_by": ("registrar",), "filed_by": ("clerk",)}
)
GIVEN_UP = WITHDRAWN.model_copy(update={"withdrawn_by": "tester"})
ABSENT = ParticipantAbsent(applicant=APPLICANT)
WITHDRAW = WithdrawApplication(code=WithdrawalCode.NO_CAPACITY, reason="too busy")
RESUBMITTED = ApplicationResubmitted(applicant=APPLICANT, capacity=500, documents=(IUMK,))
REJECTED = ApplicationRejected(applicant=APPLICANT, rule_set="kukm-2018-1", reasons=("licence",))


def submitting(*, enterprise: Enterprise = KUKM, now: datetime = NOW) -> When:
    facts = replace(FACTS, enterprise=enterprise)
    return given(application).when(
        SUBMIT, rule=submit_application, facts=facts, subject=APPLICATION, now=now
    )


def test_a_submission_freezes_applicant_documents_and_terms() -> None:
    submitting().then(MADE)


def test_an_enterprise_applies_once_to_an_exhibition() -> None:
    again = given(application, SUBMITTED).when(
        SUBMIT, rule=submit_application, facts=FACTS, subject=APPLICATION
    )
    again.refused("already-submitted")
    after_withdrawal = given(application, SUBMITTED, WITHDRAWN).when(
        SUBMIT, rule=submit_application, facts=FACTS
    )
    after_withdrawal.refused("withdrawn-for-good")


@pytest.mark.parametrize("past", [PLANNING, CALLED])
def test_it_applies_while_the_call_is_open(past: tuple[Event, ...]) -> None:
    facts = replace(FACTS, exhibition=exhibition_after(*past))
    submission = given(application).when(
        SUBMIT, rule=submit_application, facts=facts, subject=APPLICATION
    )
    submission.refused("call-not-open")


def test_the_closing_instant_is_the_last_that_is_in_time() -> None:
    (event,) = submitting(now=CLOSES_AT).events()
    assert event == MADE.model_copy(update={"submitted_at": CLOSES_AT})
    late = CLOSES_AT + timedelta(milliseconds=1)
    submitting(now=late).refused("call-closed")


def test_a_refusal_names_a_time_in_utc_and_in_wib() -> None:
    with pytest.raises(Refused, match=f"closed at {CLOSES_AT:%F %T}Z = .* WIB, so you can no"):
        submitting(now=CLOSES_AT + timedelta(days=1)).events()


def test_the_size_class_is_computed() -> None:
    micro = replace(KUKM, net_assets_idr=50_000_000, annual_sales_idr=300_000_000)
    (event,) = submitting(enterprise=micro).events()
    assert event == MADE.model_copy(
        update={"applicant": APPLICANT.model_copy(update={"size_class": SizeClass.MICRO})}
    )


def test_an_enterprise_that_is_too_large_is_no_kukm() -> None:
    large = replace(KUKM, net_assets_idr=0, annual_sales_idr=50_000_000_001)
    submitting(enterprise=large).refused("not-kukm")


def test_an_enterprise_that_took_part_before_is_no_first_timer() -> None:
    (event,) = submitting(enterprise=replace(KUKM, earlier_participations=1)).events()
    assert event == MADE.model_copy(
        update={"applicant": APPLICANT.model_copy(update={"first_timer": False})}
    )


@pytest.mark.parametrize(
    ("year", "end", "first_timer"),
    [
        ("2017", ATTENDED, False),
        ("2017", ParticipantAbsent(applicant=APPLICANT), True),
        ("2018", ATTENDED, True),
    ],
)
def test_who_attended_in_an_earlier_programme_is_no_first_timer(
    year: str, end: Event, *, first_timer: bool
) -> None:
    applicant = APPLICANT.model_copy(update={"exhibition": "other", "programme": year})
    past = (event.model_copy(update={"applicant": applicant}) for event in (*CONFIRMING, end))
    facts = replace(
        FACTS, participations=ParticipationFacts(applications=(application_after(*past),))
    )
    (event,) = (
        given(application)
        .when(SUBMIT, rule=submit_application, facts=facts, subject=APPLICATION)
        .events()
    )
    assert isinstance(event, ApplicationSubmitted)
    assert event.applicant.first_timer is first_timer


def applying_beside(*past: Event, exhibition: str = EXHIBITION, declared: int = 0) -> When:
    """Apply as an enterprise whose confirmed duplicate has this application."""
    other = replace(application_after(*past), exhibition=exhibition, enterprise="e-2")
    facts = replace(
        FACTS, participations=ParticipationFacts(applications=(other,), declared=declared)
    )
    about = {"rule": submit_application, "facts": facts, "subject": APPLICATION}
    return given(application).when(SUBMIT, **about)


def test_confirmed_duplicates_apply_once_to_an_exhibition() -> None:
    for past in ((SUBMITTED,), OFFERING, CONFIRMING):
        applying_beside(*past).refused("duplicate-applied", "applied as e-2")
    for events in (
        applying_beside(SUBMITTED, WITHDRAWN).events(),
        applying_beside(SUBMITTED, exhibition="other").events(),
    ):
        assert len(events) == 1


@pytest.mark.parametrize(("declared", "first_timer"), [(0, True), (2, False)])
def test_what_a_duplicate_declares_counts_for_a_first_timer(
    declared: int, *, first_timer: bool
) -> None:
    (event,) = applying_beside(SUBMITTED, exhibition="other", declared=declared).events()
    assert isinstance(event, ApplicationSubmitted)
    assert event.applicant.first_timer is first_timer


def withdrawing(
    *past: Event,
    status: ExhibitionStatus = ExhibitionStatus.VERIFIED,
    last_day: date | None = None,
) -> When:
    """Withdraw after these events, while the exhibition has this status and last day."""
    facts = ExhibitionFacts(exhibition=status, last_day=last_day)
    return given(application, *past).when(WITHDRAW, rule=withdraw_application, facts=facts)


@pytest.mark.parametrize(
    "past",
    [
        (SUBMITTED,),
        (SUBMITTED, CORRECTION),
        (SUBMITTED, ELIGIBLE),
        OFFERING,
        ACCEPTING,
        CONFIRMING,
    ],
)
def test_an_applicant_may_withdraw_until_the_exhibition_runs(
    past: tuple[Event, ...],
) -> None:
    withdrawing(*past).then(GIVEN_UP)
    for status in ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED, ExhibitionStatus.REPORTED:
        withdrawing(*past, status=status).refused("exhibition-running")
    # It was never opened, though its days are over.
    today = jakarta_date(NOW)
    decreed = ExhibitionStatus.DECREED
    withdrawing(*past, status=decreed, last_day=today - timedelta(days=1)).refused("show-is-over")
    withdrawing(*past, last_day=today).then(GIVEN_UP)


@pytest.mark.parametrize(
    "past",
    [
        (SUBMITTED, REJECTED),
        (*OFFERING, PlaceDeclined(applicant=APPLICANT)),
        (SUBMITTED, ELIGIBLE, ApplicationLapsed(applicant=APPLICANT, reason="no-funds")),
        (*CONFIRMING, ATTENDED),
        (*CONFIRMING, ParticipantAbsent(applicant=APPLICANT)),
    ],
)
def test_an_application_that_has_ended_cannot_be_withdrawn(past: tuple[Event, ...]) -> None:
    withdrawing(*past).refused("not-withdrawable")


def test_a_second_withdrawal_changes_nothing() -> None:
    withdrawing(SUBMITTED, WITHDRAWN).then()
    withdrawing(SUBMITTED, WITHDRAWN, status=ExhibitionStatus.RUNNING).then()


@pytest.mark.parametrize(
    ("past", "status", "after_decree"),
    [
        (CONFIRMING, ExhibitionStatus.DECREED, True),
        (ACCEPTING, ExhibitionStatus.DECREED, True),
        (CONFIRMING, ExhibitionStatus.VERIFIED, False),
        ((SUBMITTED, ELIGIBLE), ExhibitionStatus.DECREED, False),
    ],
)
def test_a_place_that_the_decree_named_has_been_taken(
    past: tuple[Event, ...], status: ExhibitionStatus, after_decree: bool
) -> None:
    withdrawn = GIVEN_UP.model_copy(update={"after_decree": after_decree})
    withdrawing(*past, status=status).then(withdrawn)
    state = application_after(*past, withdrawn)
    assert (state.after_decree, state.reasons) == (after_decree, ("no-capacity",))


@pytest.mark.parametrize(
    ("past", "decision"),
    [
        ((SUBMITTED,), Decision.PENDING),
        ((SUBMITTED, CORRECTION), Decision.PENDING),
        ((SUBMITTED, CORRECTION, RESUBMITTED), Decision.PENDING),
        ((SUBMITTED, ELIGIBLE), Decision.MADE),
        ((SUBMITTED, REJECTED), Decision.MADE),
        ((SUBMITTED, WITHDRAWN), Decision.MADE),
        ((SUBMITTED, CORRECTION, WITHDRAWN), Decision.MADE),
    ],
)
def test_the_undecided_are_counted_by_one_field(
    past: tuple[Event, ...], decision: Decision
) -> None:
    assert application_after(*past).decision is decision


def test_a_history_begins_with_a_submission() -> None:
    with pytest.raises(ValueError, match="ApplicationVerified"):
        application_after(ELIGIBLE)
    assert application_after(SUBMITTED).status is Status.SUBMITTED
