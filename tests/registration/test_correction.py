"""The rules of corrections: asked for, delivered in time, or rejected by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.domain.application.correction import (
    ExpireCorrection,
    RequestCorrection,
    ResubmitApplication,
    request_correction,
    resubmit_application,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import TICK, Status
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationRejected, ApplicationResubmitted
from shared.contracts.registration.application_codes import CorrectionField
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    APPLICANT,
    APPLICATION,
    CORRECTION,
    CORRECTION_DUE_AT,
    ELIGIBLE,
    IUMK,
    OFFERING,
    RELATIONS,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)
from tests.registration.rule_sets import RULES_OF_2018
from tests.registration.test_submission import FACTS, KUKM
from tests.registration.test_verification import NO_OTHERS

REQUEST = RequestCorrection(
    fields=(CorrectionField.DOCUMENTS,), reason="The licence cannot be read."
)
RESUBMIT = ResubmitApplication(capacity=500)
RESUBMITTED = ApplicationResubmitted(
    applicant=APPLICANT,
    capacity=500,
    documents=(IUMK,),
    relations=RELATIONS,
    resubmitted_by="tester",
    declared_by=("registrar",),
    filed_by=("clerk",),
)
NOT_DELIVERED = ApplicationRejected(
    applicant=APPLICANT, rule_set=RULES_OF_2018, reasons=("correction-not-delivered",)
)
AWAITED = given(application, SUBMITTED, CORRECTION)


def requesting(command: RequestCorrection, *past: Event, **about: str) -> When:
    return given(application, *(past or (SUBMITTED,))).when(
        command, rule=request_correction, facts=NO_OTHERS, **about
    )


def test_a_correction_of_a_submitted_application_can_be_requested() -> None:
    requesting(REQUEST).then(CORRECTION.model_copy(update={"requested_by": "tester"}))
    requesting(REQUEST, SUBMITTED, ELIGIBLE).refused("not-submitted")
    requesting(REQUEST, SUBMITTED, CORRECTION).refused("not-submitted")
    given(application).when(REQUEST, rule=request_correction, facts=NO_OTHERS).refused("not-found")


def test_nobody_asks_its_own_enterprise_for_a_correction() -> None:
    requesting(REQUEST, enterprise="e-1").refused("own-enterprise")


def test_the_officer_says_how_long_the_applicant_has() -> None:
    command = RequestCorrection(fields=tuple(CorrectionField), reason="both", days=3)
    (event,) = requesting(command).events()
    assert event == CORRECTION.model_copy(
        update={
            "fields": tuple(CorrectionField),
            "reason": "both",
            "deadline_at": NOW + timedelta(days=3),
            "requested_by": "tester",
        }
    )


def test_a_field_is_named_once() -> None:
    twice = RequestCorrection(fields=(CorrectionField.CAPACITY,) * 2, reason="unclear")
    requesting(twice).refused("field-repeated")


def test_a_request_names_the_rules_for_which_something_is_missing() -> None:
    unlicensed = SUBMITTED.model_copy(update={"documents": ()})
    named = replace(REQUEST, rules=("licence",))
    asked = CORRECTION.model_copy(update={"requested_by": "tester", "rules": ("licence",)})
    requesting(named, unlicensed).then(asked)
    assert application_after(unlicensed, asked).wanted_rules == ("licence",)
    assert application_after(unlicensed, asked, RESUBMITTED).wanted_rules == ()
    requesting(named).refused("rule-not-missing", "licence")
    for other in ("sector", "beauty", "halal"):
        both = replace(REQUEST, rules=("licence", other))
        requesting(both, unlicensed).refused("rule-not-missing", f"missing for {other}: name rules")


def test_a_corrected_application_freezes_capacity_and_documents_again() -> None:
    AWAITED.when(RESUBMIT, rule=resubmit_application, facts=FACTS).then(RESUBMITTED)
    waiting = application_after(SUBMITTED, CORRECTION)
    assert (waiting.corrections, waiting.words) == (CORRECTION.fields, CORRECTION.reason)
    state = application_after(SUBMITTED, CORRECTION, RESUBMITTED)
    assert (state.capacity, state.documents, state.applicant) == (500, (IUMK,), APPLICANT)
    assert (state.corrections, state.words, state.deadline_at) == ((), "", None)


def test_the_profile_is_frozen_again_if_the_request_named_it() -> None:
    moved = replace(FACTS, enterprise=replace(KUKM, sector="13"))
    AWAITED.when(RESUBMIT, rule=resubmit_application, facts=moved).then(RESUBMITTED)
    named = CORRECTION.model_copy(update={"fields": (CorrectionField.PROFILE,)})
    (event,) = (
        given(application, SUBMITTED, named)
        .when(RESUBMIT, rule=resubmit_application, facts=moved, subject=APPLICATION)
        .events()
    )
    corrected = APPLICANT.model_copy(update={"sector": "13"})
    assert event == RESUBMITTED.model_copy(update={"applicant": corrected})
    assert application_after(SUBMITTED, named, event).applicant == corrected
    large = replace(FACTS, enterprise=replace(KUKM, annual_sales_idr=50_000_000_001))
    given(application, SUBMITTED, named).when(
        RESUBMIT, rule=resubmit_application, facts=large
    ).refused("not-kukm")


def test_no_correction_without_a_request() -> None:
    given(application, SUBMITTED).when(RESUBMIT, rule=resubmit_application, facts=FACTS).refused(
        "no-correction-requested"
    )


def test_a_correction_at_its_deadline_is_in_time() -> None:
    AWAITED.when(RESUBMIT, rule=resubmit_application, facts=FACTS, now=CORRECTION_DUE_AT).then(
        RESUBMITTED
    )
    AWAITED.when(
        RESUBMIT, rule=resubmit_application, facts=FACTS, now=CORRECTION_DUE_AT + TICK
    ).refused("correction-too-late")


def test_a_correction_that_is_not_delivered_is_rejected_by_itself() -> None:
    deadline = Deadline(at=CORRECTION_DUE_AT + TICK, command=ExpireCorrection())
    assert application.deadline(application_after(SUBMITTED, CORRECTION)) == deadline
    sweep = {"origin": Origin.SWEEP, "now": deadline.at}
    AWAITED.when(ExpireCorrection(), **sweep).then(NOT_DELIVERED)
    state = application_after(SUBMITTED, CORRECTION, NOT_DELIVERED)
    assert (state.status, state.reasons) == (Status.INELIGIBLE, ("correction-not-delivered",))
    given(application, SUBMITTED, CORRECTION, NOT_DELIVERED).when(
        RESUBMIT, rule=resubmit_application, facts=FACTS
    ).refused("correction-too-late", "not delivered in time")


def test_the_sweep_does_nothing_at_the_deadline() -> None:
    AWAITED.when(ExpireCorrection(), origin=Origin.SWEEP, now=CORRECTION_DUE_AT).then()


@pytest.mark.parametrize(
    "past",
    [(), (SUBMITTED,), (SUBMITTED, CORRECTION, RESUBMITTED), (SUBMITTED, WITHDRAWN), OFFERING],
)
def test_what_waits_for_no_correction_is_not_rejected(past: tuple[Event, ...]) -> None:
    sweep = {"origin": Origin.SWEEP, "now": CORRECTION_DUE_AT + TICK}
    given(application, *past).when(ExpireCorrection(), **sweep).then()


def test_no_person_rejects_a_correction_early() -> None:
    AWAITED.when(ExpireCorrection()).refused("no-late-correction")
