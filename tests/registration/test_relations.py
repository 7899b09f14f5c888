"""The relations of an applicant: hashed at the registration, frozen with each submission."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.domain.application.correction import (
    ResubmitApplication,
    resubmit_application,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.submission import submit_application
from services.registration.domain.application.verification import (
    VerifyApplication,
    verify_application,
)
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.profile import (
    ProfileFacts,
    ReviseProfile,
    RevisionForm,
    hash_revision,
    revise_profile,
)
from services.registration.domain.enterprise.registration import (
    RegisterEnterprise,
    RegistrationForm,
    hash_form,
)
from services.registration.responses.enterprise import enterprise_response
from shared.contracts.registration.application import (
    ApplicationResubmitted,
    ApplicationSubmitted,
    ApplicationVerified,
)
from shared.contracts.registration.enterprise import ProfileRevised
from shared.contracts.relations import RelationKind
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys
from tests.given import When, given
from tests.registration.examples import (
    APPLICATION,
    CORRECTION,
    ENTERPRISE,
    REGISTERED,
    RELATIONS,
    SUBMITTED,
    enterprise_after,
)
from tests.registration.registry import form, numbers
from tests.registration.spreadsheets import csv_of, row
from tests.registration.test_import_rows import read
from tests.registration.test_recommendation import NAMED, with_letter
from tests.registration.test_submission import FACTS, SUBMIT
from tests.registration.test_verification import NO_OTHERS
from tests.relations import (
    RELATION_KEYS,
    SARI,
    TONO,
    board_member,
    itself,
    owner,
    proposer,
)

KEYS = HashKeys((b"a key of a test, 32 bytes at the least",))
NEWER = HashKeys((*RELATION_KEYS.keys, b"the key that replaces it, 32 bytes too"))
NPWP = numbers(0)["npwp"]
COOPERATIVE = {
    **form(0),
    "cooperative": True,
    "identifiers": {"npwp": NPWP, "nik_koperasi": "3273010010001"},
}
COOPERATIVE_REGISTERED = REGISTERED.model_copy(
    update={"cooperative": True, "relations": (itself(), board_member(SARI))}
)


def registering(body: dict[str, Any], **more: Any) -> RegisterEnterprise:
    declared = TypeAdapter(RegistrationForm).validate_python(body | more)
    return hash_form(declared, KEYS, relation_keys=RELATION_KEYS)


def revision(**more: Any) -> ReviseProfile:
    """Return the command of a revision that moves the enterprise."""
    declared = {name: value for name, value in form(0).items() if name in PROFILE}
    body = declared | {"name": "Koperasi Fiktif", "code": "renamed", "reason": "a new name"} | more
    read_form = TypeAdapter(RevisionForm).validate_python(body)
    return hash_revision(read_form, KEYS, relation_keys=RELATION_KEYS)


PROFILE = frozenset(RevisionForm.__dataclass_fields__)


def revising(command: ReviseProfile, *past: Any) -> When:
    facts = ProfileFacts(no_pictures=())
    return given(enterprise, *past).when(
        command, rule=revise_profile, facts=facts, subject=ENTERPRISE
    )


def submitting(facts: SubmissionFacts, **said: Any) -> When:
    return given(application).when(
        replace(SUBMIT, **said), rule=submit_application, facts=facts, subject=APPLICATION
    )


def test_a_registration_hashes_its_owner_and_itself() -> None:
    relations = registering(form(0)).relations
    assert [each.kind for each in relations] == [RelationKind.OWNER, RelationKind.ENTERPRISE]
    assert relations[0] == owner(numbers(0)["nik"])
    assert registering(form(1)).relations[0] != relations[0]


def test_a_cooperative_registers_its_board_each_person_once() -> None:
    relations = registering(COOPERATIVE, board_niks=[SARI, TONO, SARI]).relations
    assert relations[1:] == (board_member(SARI), board_member(TONO))
    assert relations[0].kind is RelationKind.ENTERPRISE
    assert registering(COOPERATIVE).relations == relations[:1]


def test_only_a_cooperative_has_a_board() -> None:
    with pytest.raises(Refused, match="no-board"):
        registering(form(0), board_niks=[SARI])
    revising(revision(board_niks=[SARI]), REGISTERED).refused("no-board")
    assert revising(revision(board_niks=[]), REGISTERED).events()


def test_an_implausible_number_of_a_board_is_no_body_and_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as refusal:
        registering(COOPERATIVE, board_niks=["3171015708850000"])
    (error,) = refusal.value.errors()
    assert error["loc"] == ("board_niks", 0)
    assert "3171015708850000" not in error["msg"]


def test_a_revision_keeps_the_board_or_replaces_all_of_it() -> None:
    past = COOPERATIVE_REGISTERED
    for board, expected in (
        ({}, (itself(), board_member(SARI))),
        ({"board_niks": [TONO]}, (itself(), board_member(TONO))),
        ({"board_niks": []}, (itself(),)),
    ):
        (revised,) = revising(revision(**board), past).events()
        assert isinstance(revised, ProfileRevised)
        assert revised.relations == expected
        assert enterprise_after(past, revised).relations == expected


def test_nothing_that_is_stored_published_or_printed_has_a_number() -> None:
    command = registering(COOPERATIVE, board_niks=[SARI])
    (event,) = given(enterprise).when(command, subject=ENTERPRISE).events()
    changed = revision(board_niks=[SARI])
    for text in (repr(command), repr(changed), event.public_json(), event.private_json() or ""):
        assert SARI not in text
        assert NPWP not in text
    assert board_member(SARI).hash not in event.public_json()


def test_readers_see_how_many_members_a_board_has_and_not_who() -> None:
    state = enterprise_after(COOPERATIVE_REGISTERED)
    response = enterprise_response(state, sees_name=True, sees_private=True)
    assert response.board_members == 1
    assert board_member(SARI).hash not in repr(response)
    assert enterprise_response(state, sees_name=True, sees_private=False).board_members is None
    alone = enterprise_response(enterprise_after(REGISTERED), sees_name=True, sees_private=True)
    assert alone.board_members is None


def test_a_submission_freezes_the_relations_with_those_of_its_proposer() -> None:
    (alone,) = submitting(FACTS).events()
    (proposed,) = submitting(with_letter(), recommendation=NAMED).events()
    assert isinstance(alone, ApplicationSubmitted)
    assert isinstance(proposed, ApplicationSubmitted)
    assert alone.relations == RELATIONS
    assert proposed.relations == (*RELATIONS, proposer("Dinas Rahasia"))
    assert not any(each.hash in proposed.public_json() for each in proposed.relations)


def test_a_submission_freezes_with_the_newest_key() -> None:
    (event,) = submitting(replace(FACTS, relation_keys=NEWER)).events()
    assert isinstance(event, ApplicationSubmitted)
    assert event.relations[0] == owner(SARI, NEWER)


def test_a_correction_keeps_the_proposer_and_freezes_the_board_of_today() -> None:
    (proposed,) = submitting(with_letter(), recommendation=NAMED).events()
    today = replace(FACTS, enterprise=enterprise_after(COOPERATIVE_REGISTERED))
    correcting = given(application, proposed, CORRECTION).when(
        ResubmitApplication(capacity=500),
        rule=resubmit_application,
        facts=today,
        subject=APPLICATION,
    )
    (resubmitted,) = correcting.events()
    assert isinstance(resubmitted, ApplicationResubmitted)
    assert resubmitted.relations == (itself(), board_member(SARI), proposer("Dinas Rahasia"))


def test_the_verification_carries_them_to_the_topic() -> None:
    verifying = given(application, SUBMITTED).when(
        VerifyApplication(), rule=verify_application, facts=NO_OTHERS
    )
    (event,) = verifying.events()
    assert isinstance(event, ApplicationVerified)
    assert event.relations == RELATIONS
    assert owner(SARI).hash in event.public_json()
    assert SARI not in event.public_json()


def test_a_row_of_an_import_may_have_a_board() -> None:
    cooperative = {"cooperative": "Ya", "nik": "", "nik_koperasi": "3273010010001"}
    (good, wrong, stranger) = read(
        csv_of(
            [
                row(0, **cooperative, board_niks=f"{SARI}; {TONO}"),
                row(1, **cooperative, board_niks=f"{SARI}; 12"),
                row(2, board_niks=SARI),
            ]
        )
    )
    assert good.commands is not None
    assert good.commands.registration.relations[1:] == (board_member(SARI), board_member(TONO))
    assert wrong.faults == (("NIK Pengurus", "malformed"),)
    assert stranger.faults == (("NIK Pengurus", "no-board"),)
