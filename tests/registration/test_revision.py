"""The rule of a revision: all is frozen again while the call is open and nothing is decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.state import Status
from services.registration.domain.application.submission import (
    ReviseApplication,
    revise_application,
)
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationRevised
from tests.given import When, given
from tests.registration.examples import (
    APPLICANT,
    APPLICATION,
    CALLED,
    CLOSES_AT,
    CORRECTION,
    ELIGIBLE,
    IUMK,
    OFFERING,
    RELATIONS,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    exhibition_after,
)
from tests.registration.test_submission import FACTS, KUKM

REVISE = ReviseApplication(capacity=500)
REVISED = ApplicationRevised(
    applicant=APPLICANT,
    capacity=500,
    documents=(IUMK,),
    relations=RELATIONS,
    revised_by="tester",
    declared_by=("registrar",),
    filed_by=("clerk",),
)


def revising(*past: Event, facts: SubmissionFacts = FACTS, **about: object) -> When:
    return given(application, *(past or (SUBMITTED,))).when(
        REVISE, rule=revise_application, facts=facts, subject=APPLICATION, **about
    )


def test_a_revision_freezes_profile_capacity_and_documents_again() -> None:
    moved = replace(KUKM, sector="13", revised_by=("colleague",))
    (event,) = revising(facts=replace(FACTS, enterprise=moved, documents={})).events()
    assert event == REVISED.model_copy(
        update={
            "applicant": APPLICANT.model_copy(update={"sector": "13"}),
            "documents": (),
            "declared_by": ("colleague", "registrar"),
            "filed_by": (),
        }
    )
    state = application_after(SUBMITTED, event)
    assert (state.applicant.sector, state.capacity, state.documents) == ("13", 500, ())
    assert (state.status, state.submitted_at) == (Status.SUBMITTED, SUBMITTED.submitted_at)
    assert state.declared_by == ("colleague", "registrar")
    assert (state.requirements, state.valid_through) == (
        SUBMITTED.requirements,
        SUBMITTED.valid_through,
    )


def test_an_application_is_revised_until_the_call_closes() -> None:
    revising(now=CLOSES_AT).then(REVISED)
    revising(now=CLOSES_AT + timedelta(milliseconds=1)).refused("call-closed")
    closed = replace(FACTS, exhibition=exhibition_after(*CALLED))
    revising(facts=closed).refused("call-not-open")


@pytest.mark.parametrize(
    "past", [(SUBMITTED, CORRECTION), (SUBMITTED, ELIGIBLE), OFFERING, (SUBMITTED, WITHDRAWN)]
)
def test_only_what_waits_for_verification_is_revised(past: tuple[Event, ...]) -> None:
    revising(*past).refused("not-submitted")
    given(application).when(REVISE, rule=revise_application, facts=FACTS).refused("not-found")


def test_an_enterprise_that_has_grown_too_large_is_refused_at_the_revision() -> None:
    large = replace(FACTS, enterprise=replace(KUKM, annual_sales_idr=50_000_000_001))
    revising(facts=large).refused("not-kukm")
