"""No person judges an application for which, or for whose enterprise, it has acted."""

from collections.abc import Callable

import pytest

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
    correct_attendance,
    record_attendance,
)
from services.registration.domain.application.correction import (
    RequestCorrection,
    ResubmitApplication,
    request_correction,
    resubmit_application,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import AcceptanceFacts
from services.registration.domain.application.place import AcceptOffer, DeclineOffer, accept_offer
from services.registration.domain.application.state import ExhibitionFacts
from services.registration.domain.application.submission import (
    ReviseApplication,
    WithdrawApplication,
    revise_application,
    withdraw_application,
)
from services.registration.domain.application.verification import (
    FindingsFacts,
    RecordFindings,
    VerifyApplication,
    record_findings,
    verify_application,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import jakarta_midnight
from shared.contracts.event import Event
from shared.contracts.registration.application import ApplicationResubmitted, ParticipantAbsent
from shared.contracts.registration.application_codes import (
    CorrectionField,
    Finding,
    FindingCode,
    WithdrawalCode,
)
from tests.given import When, given
from tests.registration.examples import (
    ACCEPTED,
    APPLICANT,
    APPLICATION,
    CONFIRMED,
    CORRECTION,
    ELIGIBLE,
    IUMK,
    OFFERED,
    RELATIONS,
    STARTS_ON,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)
from tests.registration.registry import APPLICANT as ENTERPRISE
from tests.registration.registry import (
    APPLYING,
    EXHIBITION_PATH,
    LICENCE,
    PLANNER,
    VERIFIER,
    Registry,
    form,
    place,
)
from tests.registration.test_submission import FACTS
from tests.registration.test_verification import NO_OTHERS
from tests.serving import code

REGISTRAR, CLERK, OWNER, SECOND_CLERK, ANI, COLLEAGUE = (
    "registrar",
    "clerk",
    "owner",
    "second-clerk",
    "ani-lestari",
    "colleague",
)
OFFICER = "officer-1"
HELD = ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING)
ABSENT = ParticipantAbsent(applicant=APPLICANT, recorded_by="recorder")
APPLIED = SUBMITTED.model_copy(
    update={"declared_by": (REGISTRAR,), "filed_by": (CLERK,), "submitted_by": OWNER}
)
RESUBMITTED = ApplicationResubmitted(
    applicant=APPLICANT,
    capacity=500,
    documents=(IUMK,),
    relations=RELATIONS,
    resubmitted_by=ANI,
    filed_by=(SECOND_CLERK,),
)
WAITING = (APPLIED, CORRECTION, RESUBMITTED)
CONFIRMING = (
    *WAITING,
    ELIGIBLE,
    OFFERED,
    ACCEPTED.model_copy(update={"accepted_by": COLLEAGUE}),
    CONFIRMED,
)


def verifying(actor: str, *past: Event, **about: object) -> When:
    return given(application, *(past or WAITING)).when(
        VerifyApplication(), rule=verify_application, facts=NO_OTHERS, actor=actor, **about
    )


def requesting(actor: str) -> When:
    command = RequestCorrection(fields=(CorrectionField.CAPACITY,), reason="unclear")
    return given(application, *WAITING).when(
        command, rule=request_correction, facts=NO_OTHERS, actor=actor
    )


def finding(actor: str) -> When:
    finding = Finding(document=IUMK.document, code=FindingCode.NOT_LEGIBLE)
    command = RecordFindings(findings=(finding,), reason="blurred")
    facts = FindingsFacts(photographs=frozenset())
    return given(application, *WAITING).when(
        command, rule=record_findings, facts=facts, actor=actor
    )


def recording(actor: str, *past: Event, **about: object) -> When:
    return given(application, *(past or CONFIRMING)).when(
        RecordAttendance(present=True), rule=record_attendance, facts=HELD, actor=actor, **about
    )


def correcting(actor: str) -> When:
    command = CorrectAttendance(present=True, reason="the list was read wrongly")
    return given(application, *CONFIRMING, ABSENT).when(
        command, rule=correct_attendance, facts=HELD, actor=actor
    )


@pytest.mark.parametrize("judging", [verifying, requesting, finding, recording, correcting])
@pytest.mark.parametrize("person", [REGISTRAR, CLERK, OWNER, SECOND_CLERK, ANI])
def test_who_acted_for_the_applicant_judges_nothing_of_it(
    judging: Callable[[str], When], person: str
) -> None:
    judging(person).refused("same-person")
    assert judging("officer").events()


def resubmitting(actor: str) -> When:
    command = ResubmitApplication(capacity=500)
    asked = CORRECTION.model_copy(update={"requested_by": OFFICER})
    return given(application, APPLIED, asked).when(
        command, rule=resubmit_application, facts=FACTS, actor=actor
    )


def revising(actor: str) -> When:
    asked = CORRECTION.model_copy(update={"requested_by": OFFICER})
    return given(application, APPLIED, asked, RESUBMITTED).when(
        ReviseApplication(capacity=500),
        rule=revise_application,
        facts=FACTS,
        subject=APPLICATION,
        actor=actor,
    )


VERIFIED = ELIGIBLE.model_copy(update={"verified_by": OFFICER})


def accepting(actor: str, **about: object) -> When:
    facts = AcceptanceFacts(participations=NO_OTHERS.participations, places_max=3, slot=1)
    return given(application, *WAITING, VERIFIED, OFFERED).when(
        AcceptOffer(), rule=accept_offer, facts=facts, actor=actor, **about
    )


def declining(actor: str) -> When:
    return given(application, *WAITING, VERIFIED, OFFERED).when(DeclineOffer(), actor=actor)


def withdrawing(actor: str) -> When:
    command = WithdrawApplication(code=WithdrawalCode.OTHER, reason="no time")
    facts = ExhibitionFacts(exhibition=ExhibitionStatus.VERIFIED)
    return given(application, *WAITING, VERIFIED).when(
        command, rule=withdraw_application, facts=facts, actor=actor
    )


@pytest.mark.parametrize("acting", [resubmitting, revising, accepting, declining, withdrawing])
def test_who_judged_an_application_does_not_act_for_its_applicant(
    acting: Callable[[str], When],
) -> None:
    acting(OFFICER).refused("same-person", "judged this application")
    assert acting(COLLEAGUE).events()


def test_who_accepted_declined_or_withdrew_records_no_attendance() -> None:
    recording(COLLEAGUE).refused("same-person")
    correcting(COLLEAGUE).refused("same-person")
    withdrawn = WITHDRAWN.model_copy(update={"withdrawn_by": "budi"})
    for person in COLLEAGUE, "budi":
        recording(person, *CONFIRMING, withdrawn).refused("same-person")
    recording("officer", *CONFIRMING, withdrawn).refused("not-confirmed")


def test_a_document_binds_who_filed_it_once_an_application_freezes_it() -> None:
    verified = ELIGIBLE.model_copy(update={"verified_by": SECOND_CLERK})
    verifying(SECOND_CLERK, APPLIED, CORRECTION).then(verified)
    verifying(SECOND_CLERK, *WAITING).refused("same-person")


def test_each_person_is_kept_once() -> None:
    again = (CORRECTION, RESUBMITTED.model_copy(update={"filed_by": (CLERK,)}))
    state = application_after(*WAITING, *again, *again)
    assert (state.filed_by, state.submitted_by) == ((CLERK, SECOND_CLERK), (OWNER, ANI))


async def test_the_people_of_an_applicant_judge_it_with_no_token(registry: Registry) -> None:
    await registry.calling()
    enterprise = await registry.done(VERIFIER, "/enterprises", form(1), actor=REGISTRAR)
    path, own = place(enterprise), {"enterprise": enterprise}
    body = {"enterprise": enterprise, "capacity": 5}
    await registry.done(ENTERPRISE, APPLYING, body, **own, actor=OWNER)
    correction = {"fields": ["DOCUMENTS"], "reason": "no licence"}
    # An officer asks for the licence and files it itself.
    await registry.done(VERIFIER, f"{path}/correction-request", correction, actor=CLERK)
    await registry.done(VERIFIER, f"/enterprises/{enterprise}/documents", LICENCE, actor=CLERK)
    await registry.done(ENTERPRISE, f"{path}/resubmission", {"capacity": 6}, **own, actor=ANI)
    judging: list[tuple[str, object]] = [
        ("verification", {}),
        ("correction-request", correction),
        ("attendance", {"present": True}),
        ("attendance-correction", {"present": True, "reason": "mistaken"}),
    ]
    first = (REGISTRAR, CLERK, OWNER, ANI)
    await refused(registry, path, judging[:2], first)
    await registry.done(VERIFIER, f"{path}/verification", actor="officer")
    await registry.verified()
    await registry.offered(enterprise)
    await registry.done(ENTERPRISE, f"{path}/acceptance", **own, actor=COLLEAGUE)
    await registry.confirmed([enterprise])
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    await refused(registry, path, judging[2:], (*first, COLLEAGUE))
    await registry.done(VERIFIER, f"{path}/attendance", {"present": False}, actor="officer")
    await refused(registry, path, judging[2:], (*first, COLLEAGUE))
    await registry.done(VERIFIER, f"{path}/attendance-correction", judging[3][1], actor="another")
    # History knows them, no topic names them.
    published = await registry.published()
    assert not [text for text in published for person in (*first, COLLEAGUE) if person in text]


async def refused(
    registry: Registry, path: str, judging: list[tuple[str, object]], people: tuple[str, ...]
) -> None:
    """Check that each of these people is refused each of these judgements."""
    for person in people:
        for step, body in judging:
            answer = await registry.sends(VERIFIER, f"{path}/{step}", body, actor=person)
            assert code(answer) == (409, "same-person"), (person, step)
