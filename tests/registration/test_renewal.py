"""The rules of renewal: the applications of a rescheduled exhibition are checked again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import ParticipationFacts
from services.registration.domain.application.place import ExpireOffer, ReceiveOffer
from services.registration.domain.application.renewal import (
    RENEWAL_TIME,
    ExpireRenewal,
    RenewDocuments,
    RescheduleApplication,
    renew_documents,
)
from services.registration.domain.application.state import (
    NOT_RENEWED,
    TICK,
    ExhibitionFacts,
    Status,
)
from services.registration.domain.application.submission import (
    WithdrawApplication,
    withdraw_application,
)
from services.registration.domain.application.verification import (
    VerifyApplication,
    verify_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationRejected,
    ApplicationRescheduled,
    DocumentsRenewed,
    FindingsRecorded,
    RenewalExpired,
)
from shared.contracts.registration.application_codes import Finding, FindingCode
from shared.contracts.registration.document import DocumentFiled
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration import steps
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    APPLICATION,
    CALLED,
    CONFIRMING,
    CORRECTION,
    DEADLINE_AT,
    DOCUMENT,
    ELIGIBLE,
    ENDS_ON,
    FILED,
    IUMK,
    OFFERING,
    REGISTERED,
    STARTS_ON,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    document_after,
    enterprise_after,
    exhibition_after,
)
from tests.registration.rule_sets import RULES
from tests.registration.test_rescheduling import ENDS_LATER, RESCHEDULED, STARTS_LATER
from tests.relations import RELATION_KEYS

ENDING = IUMK.model_copy(update={"expires_on": date(2018, 5, 31)})
WITH_ENDING = SUBMITTED.model_copy(update={"documents": (ENDING,)})
LATER = RescheduleApplication(
    starts_on=STARTS_LATER, ends_on=ENDS_LATER, rules=RULES.document_rules
)
CHECKED = ApplicationRescheduled(
    applicant=APPLICANT, starts_on=STARTS_LATER, valid_through=ENDS_LATER
)
DUE_AT = NOW + RENEWAL_TIME
MISSING = CHECKED.model_copy(update={"missing": ("licence",), "renewal_due_at": DUE_AT})
EXPIRED = RenewalExpired(applicant=APPLICANT)
OWNER = "owner"


def checking(*past: Event, command: RescheduleApplication = LATER, now: datetime = NOW) -> When:
    """Check the application against the new days."""
    return given(application, *past).when(
        command, origin=Origin.REACTION, subject=APPLICATION, now=now
    )


def with_ending(*past: Event) -> tuple[Event, ...]:
    """Return these events, of an application whose licence ends on 31 May."""
    return (WITH_ENDING, *past[1:])


def test_documents_that_cover_the_new_last_day_need_no_renewal() -> None:
    checking(SUBMITTED, ELIGIBLE).then(CHECKED)
    state = application_after(SUBMITTED, ELIGIBLE, CHECKED)
    assert (state.status, state.valid_through) == (Status.ELIGIBLE, ENDS_LATER)
    assert application.deadline(state) is None


@pytest.mark.parametrize("past", [(SUBMITTED, ELIGIBLE), ACCEPTING, CONFIRMING])
def test_a_document_that_ends_too_early_must_be_renewed(past: tuple[Event, ...]) -> None:
    checking(*with_ending(*past)).then(MISSING)
    state = application_after(*with_ending(*past), MISSING)
    assert state.status is application_after(*past).status
    assert application.deadline(state) == Deadline(at=DUE_AT + TICK, command=ExpireRenewal())


def test_a_revoked_document_counts_no_more_for_the_new_days() -> None:
    revoking = replace(LATER, revoked=(DOCUMENT,))
    checking(SUBMITTED, ELIGIBLE, command=revoking).then(MISSING)
    another = replace(LATER, revoked=("another",))
    checking(SUBMITTED, ELIGIBLE, command=another).then(CHECKED)


def test_a_finding_of_an_officer_counts_for_the_new_days_too() -> None:
    found = FindingsRecorded(
        applicant=APPLICANT,
        findings=(Finding(document=DOCUMENT, code=FindingCode.NOT_LEGIBLE),),
        reason="blurred",
        recorded_by="officer",
    )
    checking(SUBMITTED, found, ELIGIBLE).then(MISSING)


def test_only_rules_that_read_documents_are_checked_against_the_new_days() -> None:
    incapable = SUBMITTED.model_copy(update={"capacity": 0, "sectors": ("31",)})
    checking(incapable, ELIGIBLE).then(CHECKED)


def test_who_accepted_a_place_for_other_days_withdraws_without_losing_a_slot() -> None:
    facts = ExhibitionFacts(exhibition=ExhibitionStatus.DECREED, last_day=ENDS_LATER)
    command = WithdrawApplication(code=WITHDRAWN.code, reason="the days do not suit")
    for past, after_decree in (
        (CONFIRMING, True),
        ((*CONFIRMING, CHECKED), False),
        ((*OFFERING, CHECKED, *CONFIRMING[len(OFFERING) :]), True),
    ):
        withdrawing = given(application, *past).when(
            command, rule=withdraw_application, facts=facts, subject=APPLICATION, actor=OWNER
        )
        (event,) = withdrawing.events()
        assert event.model_dump()["after_decree"] is after_decree


def test_the_time_to_renew_ends_before_the_first_day() -> None:
    soon = replace(LATER, starts_on=date(2018, 2, 5))
    due_at = datetime(2018, 2, 4, 16, 59, 59, 999_000, tzinfo=UTC)
    checking(WITH_ENDING, ELIGIBLE, command=soon).then(
        MISSING.model_copy(update={"starts_on": soon.starts_on, "renewal_due_at": due_at})
    )


def test_an_undecided_application_knows_the_days_and_is_checked_by_its_verification() -> None:
    checking(WITH_ENDING).then(CHECKED)
    corrected_until = CHECKED.model_copy(update={"deadline_at": CORRECTION.deadline_at})
    checking(WITH_ENDING, CORRECTION).then(corrected_until)
    facts = replace(steps.STANDING, last_day=ENDS_LATER)
    for past in ((WITH_ENDING, CHECKED), (WITH_ENDING,)):
        # The second was submitted in the same instant, so it does not know the new days.
        (event,) = (
            given(application, *past)
            .when(VerifyApplication(), rule=verify_application, facts=facts)
            .events()
        )
        assert isinstance(event, ApplicationRejected)
        assert event.reasons == ("licence",)


def test_an_open_offer_is_answered_before_the_new_first_day() -> None:
    checking(*OFFERING).then(CHECKED.model_copy(update={"deadline_at": DEADLINE_AT}))
    soon = RescheduleApplication(starts_on=date(2018, 2, 3), ends_on=ENDS_ON)
    latest_at = datetime(2018, 2, 2, 16, 59, 59, 999_000, tzinfo=UTC)
    earlier = CHECKED.model_copy(
        update={"starts_on": soon.starts_on, "valid_through": ENDS_ON, "deadline_at": latest_at}
    )
    checking(*OFFERING, command=soon).then(earlier)
    state = application_after(*OFFERING, earlier)
    assert application.deadline(state) == Deadline(at=latest_at + TICK, command=ExpireOffer())


def test_an_offer_that_arrives_after_the_news_is_answered_before_the_new_first_day() -> None:
    earlier = CHECKED.model_copy(update={"starts_on": date(2018, 2, 3), "valid_through": ENDS_ON})
    offer = ReceiveOffer(
        deadline_at=DEADLINE_AT, offer_hours=72, latest_at=datetime(2018, 4, 24, tzinfo=UTC)
    )
    (event,) = (
        given(application, SUBMITTED, ELIGIBLE, earlier)
        .when(offer, origin=Origin.REACTION)
        .events()
    )
    assert event.model_dump()["deadline_at"] == datetime(
        2018, 2, 2, 16, 59, 59, 999_000, tzinfo=UTC
    )


def test_the_earlier_of_two_deadlines_is_swept() -> None:
    state = application_after(
        *with_ending(*OFFERING), MISSING.model_copy(update={"deadline_at": DEADLINE_AT})
    )
    assert application.deadline(state) == Deadline(at=DEADLINE_AT + TICK, command=ExpireOffer())


def test_an_application_that_has_ended_ignores_other_days() -> None:
    checking(SUBMITTED, WITHDRAWN).then()


def test_days_that_come_back_end_the_renewal() -> None:
    back = replace(LATER, starts_on=STARTS_ON, ends_on=ENDS_ON)
    former = CHECKED.model_copy(update={"starts_on": STARTS_ON, "valid_through": ENDS_ON})
    checking(WITH_ENDING, ELIGIBLE, MISSING, command=back).then(former)
    state = application_after(WITH_ENDING, ELIGIBLE, MISSING, former)
    assert (state.missing, state.renewal_due_at, application.deadline(state)) == ((), None, None)


RENEWED = DocumentsRenewed(
    applicant=APPLICANT,
    documents=(IUMK,),
    renewed_by=OWNER,
    declared_by=("tester",),
    files=(),
    filed_by=("clerk",),
)


def renewing(*past: Event, filed: DocumentFiled = FILED, **about: Any) -> When:
    """Renew with this document as the applicant; another person has filed it."""
    facts = SubmissionFacts(
        exhibition=exhibition_after(*CALLED, RESCHEDULED),
        rule_set=RULES,
        enterprise=enterprise_after(REGISTERED),
        documents={DOCUMENT: document_after(filed.model_copy(update={"filed_by": "clerk"}))},
        participations=ParticipationFacts(applications=()),
        relation_keys=RELATION_KEYS,
    )
    about = {"actor": OWNER} | about
    return given(application, *past).when(
        RenewDocuments(), rule=renew_documents, facts=facts, subject=APPLICATION, **about
    )


LACKING = (WITH_ENDING, ELIGIBLE, MISSING)


def test_renewed_documents_are_frozen_and_end_the_wait() -> None:
    renewing(*LACKING).then(RENEWED)
    renewing(*LACKING, now=DUE_AT).then(RENEWED)
    state = application_after(*LACKING, RENEWED)
    assert (state.documents, state.missing, state.renewal_due_at) == ((IUMK,), (), None)
    assert ("clerk" in state.filed_by, OWNER in state.submitted_by) == (True, True)
    assert application.deadline(state) is None


def test_documents_that_still_end_too_early_are_no_renewal() -> None:
    ending = FILED.model_copy(update={"expires_on": ENDING.expires_on})
    renewing(*LACKING, filed=ending).refused("documents-missing", "licence")


def test_a_renewal_after_its_deadline_is_refused_whether_it_was_swept_or_not() -> None:
    renewing(*LACKING, now=DUE_AT + TICK).refused("renewal-too-late")
    renewing(*LACKING, EXPIRED, now=DUE_AT).refused("renewal-too-late")


def test_nothing_is_renewed_that_need_not_be() -> None:
    renewing(WITH_ENDING, ELIGIBLE).refused("no-renewal-due")
    renewing(*LACKING, RENEWED).refused("no-renewal-due")
    renewing().refused("not-found")


def test_who_verified_the_application_does_not_renew_it() -> None:
    verified = ELIGIBLE.model_copy(update={"verified_by": "officer"})
    renewing(WITH_ENDING, verified, MISSING, actor="officer").refused("same-person")


def expiring(*past: Event, now: datetime) -> When:
    """Let the renewal expire by the sweep."""
    return given(application, *past).when(
        ExpireRenewal(), origin=Origin.SWEEP, subject=APPLICATION, now=now
    )


def test_what_is_not_renewed_in_time_lapses() -> None:
    expiring(*LACKING, now=DUE_AT + TICK).then(EXPIRED)
    state = application_after(*LACKING, EXPIRED)
    assert (state.status, state.reasons) == (Status.LAPSED, (NOT_RENEWED,))
    assert application.deadline(state) is None


def test_a_renewal_expires_neither_early_nor_after_it_was_delivered() -> None:
    expiring(*LACKING, now=DUE_AT).then()
    expiring(*LACKING, RENEWED, now=DUE_AT + timedelta(days=1)).then()
    expiring(*LACKING, WITHDRAWN, now=DUE_AT + timedelta(days=1)).then()
