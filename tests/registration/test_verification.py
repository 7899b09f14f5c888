"""The rules of verification: every rule that is not met is a reason; findings are read."""

from dataclasses import replace

import pytest

from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import ParticipationFacts
from services.registration.domain.application.state import Application
from services.registration.domain.application.verification import (
    FindingsFacts,
    RecordFindings,
    VerificationFacts,
    VerifyApplication,
    record_findings,
    verify_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationEvent,
    ApplicationRejected,
    ApplicationResubmitted,
    ApplicationSubmitted,
    ApplicationVerified,
    FindingsRecorded,
    ParticipantAbsent,
)
from shared.contracts.registration.application_codes import Finding, FindingCode
from shared.contracts.registration.rule_set import RuleVerdict, Source
from shared.contracts.words import Scope
from tests.given import When, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    ATTENDED,
    CONFIRMING,
    CORRECTION,
    ELIGIBLE,
    ENDS_ON,
    IUMK,
    OFFERING,
    REGISTERED,
    RELATIONS,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    enterprise_after,
)
from tests.registration.rule_sets import RULES, RULES_OF_2018

VERIFY = VerifyApplication()


def among(*others: Application) -> VerificationFacts:
    """Return the facts of an exhibition whose call is closed, with the enterprise's others."""
    return VerificationFacts(
        exhibition=ExhibitionStatus.CALL_CLOSED,
        last_day=ENDS_ON,
        enterprise=enterprise_after(REGISTERED),
        participations=ParticipationFacts(applications=others),
        rule_set=RULES,
    )


NO_OTHERS = among()
VERIFIED = ELIGIBLE.model_copy(update={"verified_by": "tester"})


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
    verifying.then(VERIFIED)
    assert application_after(SUBMITTED, VERIFIED).checks == ELIGIBLE.checks


UNMET = SUBMITTED.model_copy(
    update={"documents": (), "capacity": 0, "sectors": ("31",)},
)
NOT_LEGIBLE, NOT_GENUINE = (
    FindingsRecorded(
        applicant=APPLICANT,
        findings=(Finding(document=IUMK.document, code=code),),
        reason="blurred",
        recorded_by="tester",
    )
    for code in (FindingCode.NOT_LEGIBLE, FindingCode.NOT_GENUINE)
)


def rejection(*past: Event, facts: VerificationFacts = NO_OTHERS) -> ApplicationRejected:
    """Return the rejection of the application with these events."""
    verifying = given(application, *past).when(VERIFY, rule=verify_application, facts=facts)
    (event,) = verifying.events()
    assert isinstance(event, ApplicationRejected)
    return event


def test_every_rule_that_is_not_met_is_a_reason() -> None:
    event = rejection(UNMET)
    assert (event.rule_set, event.reasons) == (RULES_OF_2018, ("licence", "capacity", "sector"))
    assert [(check.rule, check.verdict) for check in event.checks] == [
        ("licence", RuleVerdict.MISSING),
        ("capacity", RuleVerdict.MISSING),
        ("sector", RuleVerdict.FAIL),
        ("participation-cap", RuleVerdict.PASS),
        ("sanction", RuleVerdict.PASS),
        ("size-class", RuleVerdict.PASS),
    ]
    state = application_after(UNMET, event)
    assert (state.checks, state.reasons) == (event.checks, event.reasons)


SHOWN = FindingsFacts(photographs=frozenset({"f-1", "f-2"}))


def found(command: RecordFindings, *past: Event) -> When:
    """Return the recording of these findings."""
    return given(application, *past).when(command, rule=record_findings, facts=SHOWN)


def test_findings_are_recorded_until_the_decision() -> None:
    command = RecordFindings(findings=NOT_LEGIBLE.findings, reason="blurred")
    for past in ((SUBMITTED,), (SUBMITTED, CORRECTION)):
        found(command, *past).then(NOT_LEGIBLE)
        state = application_after(*past, NOT_LEGIBLE)
        assert (state.findings, state.judged_by) == (NOT_LEGIBLE.findings, ("tester",))
    found(command, SUBMITTED, NOT_LEGIBLE).then()
    none = RecordFindings(findings=(), reason="it can be read now")
    (undone,) = found(none, SUBMITTED, NOT_LEGIBLE).events()
    assert application_after(SUBMITTED, NOT_LEGIBLE, undone).findings == ()
    found(command, SUBMITTED, ELIGIBLE).refused("not-submitted")
    found(command).refused("not-found")


def test_a_finding_is_about_a_document_that_the_application_froze() -> None:
    (finding,) = NOT_LEGIBLE.findings
    twice = RecordFindings(findings=(finding, finding), reason="blurred")
    found(twice, SUBMITTED).refused("finding-repeated")
    other = finding.model_copy(update={"document": "another"})
    command = RecordFindings(findings=(finding, other), reason="blurred")
    found(command, SUBMITTED).refused("document-not-frozen", "another")


def test_an_officer_names_the_photographs_without_a_name_and_takes_one_back() -> None:
    command = RecordFindings(findings=(), nameless_photographs=("f-2", "f-1", "f-2"), reason="seen")
    (both,) = found(command, SUBMITTED).events()
    assert application_after(SUBMITTED, both).nameless_photographs == ("f-1", "f-2")
    found(command, SUBMITTED, both).then()
    one_left = RecordFindings(findings=(), nameless_photographs=("f-1",), reason="a sign in it")
    (fewer,) = found(one_left, SUBMITTED, both).events()
    assert application_after(SUBMITTED, both, fewer).nameless_photographs == ("f-1",)
    silent = RecordFindings(findings=NOT_LEGIBLE.findings, reason="blurred")
    (kept,) = found(silent, SUBMITTED, both).events()
    assert application_after(SUBMITTED, both, kept).nameless_photographs == ("f-1", "f-2")
    none_left = RecordFindings(findings=(), nameless_photographs=(), reason="signs everywhere")
    (gone,) = found(none_left, SUBMITTED, both).events()
    assert application_after(SUBMITTED, both, gone).nameless_photographs == ()
    strange = RecordFindings(findings=(), nameless_photographs=("f-3",), reason="seen")
    found(strange, SUBMITTED).refused("photograph-unknown", "f-3")


def test_the_words_and_findings_of_an_officer_are_private() -> None:
    assert FindingsRecorded.private_fields() == {
        "findings",
        "nameless_photographs",
        "reason",
        "recorded_by",
    }


def test_the_rules_read_findings() -> None:
    unread, forged = rejection(SUBMITTED, NOT_LEGIBLE), rejection(SUBMITTED, NOT_GENUINE)
    verdicts = [event.checks[0].verdict for event in (unread, forged)]
    assert verdicts == [RuleVerdict.MISSING, RuleVerdict.FAIL]
    assert unread.reasons == forged.reasons == ("licence",)


def test_a_document_that_was_revoked_since_does_not_count() -> None:
    gone = frozenset({IUMK.document})
    event = rejection(SUBMITTED, facts=replace(NO_OTHERS, revoked=gone))
    assert (event.reasons, event.checks[0].source) == (("licence",), Source.FINDINGS)
    assert event.checks[0].verdict is RuleVerdict.MISSING
    forged = replace(NO_OTHERS, revoked=gone, not_genuine=gone)
    assert rejection(SUBMITTED, facts=forged).checks[0].verdict is RuleVerdict.FAIL


def test_a_better_copy_is_another_document_without_a_finding() -> None:
    better = IUMK.model_copy(update={"document": "better"})
    again = ApplicationResubmitted(
        applicant=APPLICANT, capacity=300, documents=(better,), relations=RELATIONS
    )
    given(application, SUBMITTED, NOT_GENUINE, CORRECTION, again).when(
        VERIFY, rule=verify_application, facts=NO_OTHERS
    ).then(VERIFIED)


@pytest.mark.parametrize("past", [(SUBMITTED, ELIGIBLE), OFFERING])
def test_an_application_is_verified_once(past: tuple[Event, ...]) -> None:
    given(application, *past).when(VERIFY, rule=verify_application, facts=NO_OTHERS).refused(
        "not-submitted"
    )


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
    event = rejection(SUBMITTED, facts=among(*two, third))
    assert (event.reasons, event.participations) == (("participation-cap",), 3)


def test_a_place_that_was_given_up_after_the_decree_counts() -> None:
    two = (elsewhere("ifex", *CAME), elsewhere("ifw", *CAME))
    assert verdict(SUBMITTED, among(*two, elsewhere("ntb", *GAVE_UP_LATE))) == (
        "participation-cap",
    )


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
