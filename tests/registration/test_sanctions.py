"""The rules of sanctions: term, authority, lifting, and what a sanction in force prevents."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.submission import (
    ReviseApplication,
    SubmitApplication,
    revise_application,
    submit_application,
)
from services.registration.domain.application.verification import (
    VerifyApplication,
    verify_application,
)
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.sanctions import ImposeSanction, LiftSanction
from services.registration.domain.enterprise.state import Enterprise
from services.registration.responses.enterprise import enterprise_response
from shared.contracts.registration.application import ApplicationRejected
from shared.contracts.registration.enterprise import (
    LiftingCode,
    SanctionCode,
    SanctionImposed,
    SanctionLifted,
)
from shared.contracts.registration.rule_set import RuleVerdict
from tests.given import NOW, When, given
from tests.registration.examples import (
    APPLICATION,
    ENTERPRISE,
    REGISTERED,
    SUBMITTED,
    enterprise_after,
)
from tests.registration.test_submission import FACTS
from tests.registration.test_verification import NO_OTHERS

TODAY = NOW.date()
IMPOSER = "imposer"
IMPOSE = ImposeSanction(
    code=SanctionCode.NO_SHOW,
    starts_on=TODAY,
    ends_on=TODAY + timedelta(days=364),
    authority="Deputi Bidang Produksi dan Pemasaran",
    document_number="SK-9/2018",
    signed_on=TODAY,
    reason="Two empty stands.",
)
IMPOSED = SanctionImposed(
    enterprise=ENTERPRISE,
    sanction=1,
    code=SanctionCode.NO_SHOW,
    starts_on=TODAY,
    ends_on=TODAY + timedelta(days=364),
    authority="Deputi Bidang Produksi dan Pemasaran",
    document_number="SK-9/2018",
    signed_on=TODAY,
    reason="Two empty stands.",
    imposed_by=IMPOSER,
)
OPEN_ENDED = IMPOSED.model_copy(update={"ends_on": None})
LIFT = LiftSanction(
    sanction=1,
    code=LiftingCode.OBJECTION_UPHELD,
    authority="Deputi Bidang Produksi dan Pemasaran",
    document_number="SK-12/2018",
    signed_on=TODAY,
    reason="The hall was closed.",
)
LIFTED = SanctionLifted(
    enterprise=ENTERPRISE,
    sanction=1,
    code=LiftingCode.OBJECTION_UPHELD,
    authority="Deputi Bidang Produksi dan Pemasaran",
    document_number="SK-12/2018",
    signed_on=TODAY,
    reason="The hall was closed.",
    lifted_by="tester",
)


def imposing(command: ImposeSanction = IMPOSE, *past: SanctionImposed, **about: object) -> When:
    return given(enterprise, REGISTERED, *past).when(
        command, **{"subject": ENTERPRISE, "actor": IMPOSER, **about}
    )


def lifting(
    actor: str = "tester", command: LiftSanction = LIFT, imposed: SanctionImposed = IMPOSED
) -> When:
    return given(enterprise, REGISTERED, imposed).when(command, subject=ENTERPRISE, actor=actor)


def under(*events: SanctionImposed | SanctionLifted) -> Enterprise:
    return enterprise_after(REGISTERED, *events)


def test_a_sanction_is_imposed_with_its_term_and_its_authority() -> None:
    imposing().then(IMPOSED)
    second = replace(IMPOSE, document_number="SK-10/2018")
    (event,) = imposing(second, IMPOSED).events()
    assert event == IMPOSED.model_copy(update={"sanction": 2, "document_number": "SK-10/2018"})
    imposing(replace(IMPOSE, ends_on=None)).then(OPEN_ENDED)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts-before-signing"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends-before-start"),
        ({"signed_on": TODAY + timedelta(days=1)}, "signed-in-the-future"),
    ],
)
def test_a_sanction_with_impossible_days_is_refused(changes: dict[str, date], code: str) -> None:
    imposing(replace(IMPOSE, **changes)).refused(code)  # type: ignore[arg-type]  # days only


def test_a_document_imposes_a_sanction_once() -> None:
    imposing(replace(IMPOSE, document_number="sk-9/2018"), IMPOSED).refused("document-repeated")


def test_no_token_of_an_enterprise_decides_on_its_sanctions() -> None:
    imposing(enterprise=ENTERPRISE).refused("own-enterprise")
    given(enterprise, REGISTERED, IMPOSED).when(
        LIFT, subject=ENTERPRISE, enterprise=ENTERPRISE
    ).refused("own-enterprise")


def test_an_enterprise_that_does_not_exist_has_no_sanctions() -> None:
    given(enterprise).when(IMPOSE, subject=ENTERPRISE).refused("not-found")
    given(enterprise).when(LIFT, subject=ENTERPRISE).refused("not-found")


def test_another_person_lifts_a_sanction_once() -> None:
    lifting().then(LIFTED)
    lifting(IMPOSER).refused("same-person")
    given(enterprise, REGISTERED, IMPOSED, LIFTED).when(LIFT, subject=ENTERPRISE).refused(
        "already-lifted"
    )


def test_only_a_sanction_that_there_is_and_that_goes_on_is_lifted() -> None:
    lifting(command=replace(LIFT, sanction=2)).refused("no-such-sanction")
    over = IMPOSED.model_copy(update={"ends_on": TODAY - timedelta(days=1)})
    lifting(imposed=over).refused("sanction-over")
    lifting(imposed=IMPOSED.model_copy(update={"ends_on": TODAY})).then(LIFTED)
    future = replace(LIFT, signed_on=TODAY + timedelta(days=1))
    lifting(command=future).refused("signed-in-the-future")


def test_a_sanction_is_in_force_from_its_first_day_through_its_last_unless_lifted() -> None:
    state = under(IMPOSED)
    last_day = TODAY + timedelta(days=364)
    for day, in_force in (
        (TODAY - timedelta(days=1), False),
        (TODAY, True),
        (last_day, True),
        (last_day + timedelta(days=1), False),
    ):
        assert (state.sanction_on(day) is not None) == in_force, day
    assert under(OPEN_ENDED).sanction_on(date(2050, 1, 1)) is not None
    assert under(IMPOSED, LIFTED).sanction_on(TODAY) is None


def test_an_enterprise_under_a_sanction_neither_applies_nor_revises() -> None:
    facts = replace(FACTS, enterprise=under(IMPOSED))
    submit = SubmitApplication(enterprise=ENTERPRISE, capacity=5)
    given(application).when(
        submit, rule=submit_application, facts=facts, subject=APPLICATION
    ).refused("sanctioned", "SK-9/2018")
    given(application, SUBMITTED).when(
        ReviseApplication(capacity=6), rule=revise_application, facts=facts, subject=APPLICATION
    ).refused("sanctioned")
    free = replace(FACTS, enterprise=under(IMPOSED, LIFTED))
    assert (
        given(application)
        .when(submit, rule=submit_application, facts=free, subject=APPLICATION)
        .events()
    )


def test_a_sanction_in_force_is_a_reason_of_the_rejection() -> None:
    facts = replace(NO_OTHERS, enterprise=under(IMPOSED))
    (event,) = (
        given(application, SUBMITTED)
        .when(VerifyApplication(), rule=verify_application, facts=facts)
        .events()
    )
    assert isinstance(event, ApplicationRejected)
    (check,) = [check for check in event.checks if check.rule == "sanction"]
    assert (event.reasons, check.verdict) == (("sanction",), RuleVerdict.FAIL)
    assert check.value == f"{IMPOSED.code} {IMPOSED.starts_on}/{IMPOSED.ends_on}"
    lifted = replace(NO_OTHERS, enterprise=under(IMPOSED, LIFTED))
    (event,) = (
        given(application, SUBMITTED)
        .when(VerifyApplication(), rule=verify_application, facts=lifted)
        .events()
    )
    assert not isinstance(event, ApplicationRejected)


def test_words_are_private() -> None:
    public = IMPOSED.public_json() + LIFTED.public_json()
    for private in ("empty stands", "hall was closed", IMPOSER, "tester"):
        assert private not in public
    assert "empty stands" not in repr(IMPOSE)
    state = under(IMPOSED, LIFTED)
    (full,) = enterprise_response(state, sees_name=True, sees_private=True).sanctions
    (bare,) = enterprise_response(state, sees_name=True, sees_private=False).sanctions
    assert (full.words, full.lifted_because) == ("Two empty stands.", LiftingCode.OBJECTION_UPHELD)
    assert bare == replace(full, words=None)
