"""The rules of a recommendation: a channel proposes an enterprise by a letter of its documents."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.application.correction import (
    ResubmitApplication,
    resubmit_application,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import Recommendation
from services.registration.domain.application.submission import (
    ReviseApplication,
    SubmitApplication,
    revise_application,
    submit_application,
)
from services.registration.domain.application.verification import frozen_facts
from services.registration.domain.rule_set.interpreter import check_rules, unmet
from shared.contracts.event import Event
from shared.contracts.registration.application_codes import Channel
from shared.contracts.registration.document import DocumentFiled, DocumentKind
from tests.given import When, given
from tests.registration.examples import (
    APPLICATION,
    CORRECTION,
    FILED,
    SUBMITTED,
    application_after,
    document_after,
)
from tests.registration.rule_sets import RULES
from tests.registration.test_submission import FACTS, PAPERS, SUBMIT

LETTER = "d-8"
SIGNED = FILED.model_copy(
    update={"document_kind": DocumentKind.RECOMMENDATION, "file": "f-8", "sha256": "cd34"}
)
LICENCE = SIGNED.model_copy(update={"document_kind": DocumentKind.IUMK})
NAMED = Recommendation(channel=Channel.PROVINCIAL_OFFICE, office="Dinas Rahasia", letter=LETTER)
RECOMMENDED = {
    "channel": Channel.PROVINCIAL_OFFICE,
    "letter": LETTER,
    "office": "Dinas Rahasia",
}
ALONE = {"channel": Channel.ENTERPRISE, "letter": None, "office": ""}


def with_letter(filed: DocumentFiled = SIGNED) -> Any:
    """Return the facts of an enterprise that has filed this letter too."""
    return replace(FACTS, documents={**PAPERS, LETTER: document_after(filed)})


def said(when: When) -> dict[str, Any]:
    """Return what the only event says of the recommendation."""
    (event,) = when.events()
    return {name: getattr(event, name) for name in RECOMMENDED}


def submitting(facts: Any = None) -> When:
    """Submit an application that names the letter."""
    command = replace(SUBMIT, recommendation=NAMED)
    return given(application).when(
        command, rule=submit_application, facts=facts or with_letter(), subject=APPLICATION
    )


def test_a_submission_freezes_channel_office_and_letter() -> None:
    assert said(submitting()) == RECOMMENDED
    (event,) = submitting().events()
    state = application_after(event)
    assert (state.channel, state.letter, state.office) == tuple(RECOMMENDED.values())
    assert LETTER in {each.document for each in state.documents}
    assert LETTER in {each.document for each in state.files}


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "association"},
        {"channel": "enterprise", "office": "Dinas Rahasia", "letter": LETTER},
    ],
)
def test_a_recommendation_is_whole_and_of_another(wrong: dict[str, str]) -> None:
    body = {"enterprise": "e-1", "capacity": 5, "recommendation": wrong}
    with pytest.raises(ValidationError):
        TypeAdapter(SubmitApplication).validate_python(body)


def test_an_enterprise_that_names_no_channel_applies_alone() -> None:
    alone = given(application).when(
        SUBMIT, rule=submit_application, facts=with_letter(), subject=APPLICATION
    )
    assert said(alone) == ALONE


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (FACTS, "no-recommendation"),
        (with_letter(LICENCE), "no-recommendation"),
        (with_letter(SIGNED.model_copy(update={"file": "", "sha256": ""})), "letter-without-file"),
    ],
)
def test_the_letter_is_a_document_of_its_kind_with_its_file(facts: Any, refusal: str) -> None:
    submitting(facts).refused(refusal)


def revising(recommendation: Recommendation | None, *past: Event) -> When:
    """Revise an application with this recommendation."""
    command = ReviseApplication(capacity=500, recommendation=recommendation)
    return given(application, *past).when(
        command, rule=revise_application, facts=with_letter(), subject=APPLICATION
    )


def test_a_revision_says_it_again() -> None:
    recommended = SUBMITTED.model_copy(update=RECOMMENDED)
    assert said(revising(NAMED, SUBMITTED)) == RECOMMENDED
    assert said(revising(None, recommended)) == ALONE


def test_a_correction_without_a_recommendation_keeps_the_one_before() -> None:
    recommended = SUBMITTED.model_copy(update=RECOMMENDED)
    for named, past, expected in (
        (None, recommended, RECOMMENDED),
        (NAMED, SUBMITTED, RECOMMENDED),
        (None, SUBMITTED, ALONE),
    ):
        command = ResubmitApplication(capacity=500, recommendation=named)
        resubmitting = given(application, past, CORRECTION).when(
            command, rule=resubmit_application, facts=with_letter(), subject=APPLICATION
        )
        assert said(resubmitting) == expected


def test_a_call_may_require_a_recommendation() -> None:
    (event,) = submitting().events()
    missed = ("recommendation",)
    for state, missing in ((application_after(event), ()), (application_after(SUBMITTED), missed)):
        required = replace(state, requirements=("licence", "recommendation"))
        assert unmet(check_rules(RULES.document_rules, frozen_facts(required))) == missing
