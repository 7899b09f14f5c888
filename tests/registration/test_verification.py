"""The rule set of verification: every requirement that is not met is a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import ParticipationFacts
from services.registration.domain.application.state import Application
from services.registration.domain.application.verification import (
    RULE_SET,
    VerificationFacts,
    VerifyApplication,
    verify_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationVerified,
    ParticipantAbsent,
)
from shared.contracts.registration.document import DocumentKind, FrozenDocument
from shared.contracts.words import Requirement, Scope
from tests.given import NOW, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    ATTENDED,
    CONFIRMING,
    CORRECTION,
    ELIGIBLE,
    ENDS_ON,
    OFFERING,
    REGISTERED,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    enterprise_after,
)

VERIFY = VerifyApplication()


def among(*others: Application) -> VerificationFacts:
    """Return the facts of an exhibition whose call is closed, with the enterprise's others."""
    return VerificationFacts(
        exhibition=ExhibitionStatus.CALL_CLOSED,
        enterprise=enterprise_after(REGISTERED),
        participations=ParticipationFacts(applications=others),
    )


NO_OTHERS = among()
VERIFIED = ELIGIBLE.model_copy(update={"verified_by": "tester"})


def document(kind: DocumentKind, expires_on: date | None = None) -> FrozenDocument:
    return FrozenDocument(
        document=kind.lower().replace("_", "-"),
        document_kind=kind,
        issuer="a ministry",
        issued_on=date(2017, 5, 2),
        expires_on=expires_on,
    )


def applied(sector: str = "14", **changes: object) -> ApplicationSubmitted:
    """Return a submission that meets every requirement, with changes."""
    applicant = APPLICANT.model_copy(update={"sector": sector})
    return SUBMITTED.model_copy(update={"applicant": applicant, "sectors": (), **changes})


def verdict(
    submitted: ApplicationSubmitted, facts: VerificationFacts = NO_OTHERS
) -> tuple[str, ...]:
    """Return the reasons of the rejection, or nothing if the application is eligible."""
    (event,) = (
        given(application, submitted).when(VERIFY, rule=verify_application, facts=facts).events()
    )
    match event:
        case ApplicationRejected():
            return event.reasons
        case ApplicationVerified():
            return ()
        case _:
            raise AssertionError(f"verification made {event}")


def test_an_application_that_meets_every_requirement_is_eligible_by_a_named_rule_set() -> None:
    verifying = given(application, SUBMITTED).when(VERIFY, rule=verify_application, facts=NO_OTHERS)
    verifying.then(
        ApplicationVerified(
            applicant=APPLICANT,
            rule_set=RULE_SET,
            submitted_at=NOW,
            participations=0,
            verified_by="tester",
        )
    )


def test_every_failure_is_a_reason() -> None:
    submitted = applied(
        sector="10",
        documents=(),
        capacity=0,
        requirements=tuple(Requirement),
        sectors=("14",),
    )
    verifying = given(application, submitted).when(VERIFY, rule=verify_application, facts=NO_OTHERS)
    verifying.then(
        ApplicationRejected(
            applicant=submitted.applicant,
            rule_set=RULE_SET,
            reasons=(
                "licence-missing",
                "product-permit-missing",
                "halal-missing",
                "capacity-missing",
                "sector-mismatch",
            ),
            rejected_by="tester",
            participations=0,
        )
    )


@pytest.mark.parametrize("past", [(SUBMITTED, ELIGIBLE), OFFERING])
def test_an_application_is_verified_once(past: tuple[Event, ...]) -> None:
    given(application, *past).when(VERIFY, rule=verify_application, facts=NO_OTHERS).refused(
        "not-submitted"
    )


@pytest.mark.parametrize("kind", [DocumentKind.NIB, DocumentKind.SIUP_TDP, DocumentKind.IUMK])
def test_a_licence_of_any_kind_is_enough(kind: DocumentKind) -> None:
    assert verdict(applied(documents=(document(kind),))) == ()


def test_a_certificate_is_no_licence() -> None:
    documents = (document(DocumentKind.ISO), document(DocumentKind.HALAL))
    assert verdict(applied(documents=documents)) == ("licence-missing",)


def test_a_document_is_valid_through_the_last_day() -> None:
    last = document(DocumentKind.NIB, expires_on=ENDS_ON)
    short = document(DocumentKind.NIB, expires_on=ENDS_ON - timedelta(days=1))
    assert verdict(applied(documents=(last,))) == ()
    assert verdict(applied(documents=(short,))) == ("licence-missing",)
    assert verdict(applied(documents=(short, document(DocumentKind.IUMK)))) == ()


@pytest.mark.parametrize("sector", ["10", "11", "20"])
def test_food_drinks_and_cosmetics_need_a_product_permit(sector: str) -> None:
    required = (Requirement.PRODUCT_PERMIT,)
    assert verdict(applied(sector, requirements=required)) == ("product-permit-missing",)
    for kind in (DocumentKind.BPOM_MD, DocumentKind.SPP_IRT):
        permitted = applied(sector, requirements=required, documents=(document(kind),))
        assert verdict(permitted) == ()


def test_other_sectors_need_no_product_permit() -> None:
    assert verdict(applied("31", requirements=(Requirement.PRODUCT_PERMIT,), documents=())) == ()


def test_only_the_requirements_of_the_call_are_checked() -> None:
    assert verdict(applied("10", requirements=(), documents=(), capacity=0)) == ()


def test_a_show_without_sectors_is_for_all() -> None:
    assert verdict(applied("31", sectors=("13", "14"))) == ("sector-mismatch",)
    assert verdict(applied("31", sectors=())) == ()


def elsewhere(
    exhibition: str, *after: ApplicationEvent, scope: Scope = Scope.DOMESTIC, year: str = "2018"
) -> Application:
    """Return the same enterprise's application to another exhibition."""
    applicant = APPLICANT.model_copy(
        update={"exhibition": exhibition, "scope": scope, "programme": year}
    )
    events = [item.model_copy(update={"applicant": applicant}) for item in after]
    return application_after(*events)


CAME = (*CONFIRMING, ATTENDED)
STAYED_AWAY = (*CONFIRMING, ParticipantAbsent(applicant=APPLICANT))
GAVE_UP = (*CONFIRMING, WITHDRAWN)
GAVE_UP_LATE = (*CONFIRMING, WITHDRAWN.model_copy(update={"after_decree": True}))


def test_three_participations_in_the_scope_are_the_cap() -> None:
    two = (elsewhere("ifex", *CAME), elsewhere("ifw", *ACCEPTING))
    third = elsewhere("tei", *STAYED_AWAY)
    assert verdict(SUBMITTED, among(*two)) == ()
    full = among(*two, third)
    verifying = given(application, SUBMITTED).when(VERIFY, rule=verify_application, facts=full)
    verifying.then(
        ApplicationRejected(
            applicant=APPLICANT,
            rule_set=RULE_SET,
            reasons=("cap-exceeded",),
            participations=3,
            rejected_by="tester",
        )
    )


def test_a_place_that_was_given_up_after_the_decree_counts() -> None:
    two = (elsewhere("ifex", *CAME), elsewhere("ifw", *CAME))
    assert verdict(SUBMITTED, among(*two, elsewhere("ntb", *GAVE_UP_LATE))) == ("cap-exceeded",)


def test_an_application_that_waits_for_a_correction_is_verified_as_it_stands() -> None:
    waiting = given(application, SUBMITTED, CORRECTION)
    waiting.when(VERIFY, rule=verify_application, facts=NO_OTHERS).then(VERIFIED)


def test_nothing_is_verified_after_a_cancellation() -> None:
    cancelled = replace(NO_OTHERS, exhibition=ExhibitionStatus.CANCELLED)
    for past in (SUBMITTED,), (SUBMITTED, CORRECTION):
        given(application, *past).when(VERIFY, rule=verify_application, facts=cancelled).refused(
            "exhibition-cancelled"
        )


def test_the_applicant_itself_verifies_nothing() -> None:
    verifying = given(application, SUBMITTED)
    about = {"rule": verify_application, "facts": NO_OTHERS}
    verifying.when(VERIFY, **about, enterprise="e-1").refused("own-enterprise")
    verifying.when(VERIFY, **about, enterprise="e-2").then(VERIFIED)


def test_neither_another_scope_nor_another_year_nor_a_place_not_taken_counts() -> None:
    two = (elsewhere("ifex", *CAME), elsewhere("ifw", *CAME))
    others = (
        elsewhere("mihas", *CAME, scope=Scope.OVERSEAS),
        elsewhere("inacraft-2017", *CAME, year="2017"),
        elsewhere("malang", *OFFERING),
        elsewhere("ntb", *GAVE_UP),
        application_after(SUBMITTED),
    )
    assert verdict(SUBMITTED, among(*two, *others)) == ()
