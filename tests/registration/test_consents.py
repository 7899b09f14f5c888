"""The rules of consent: for a purpose, in words that were read, withdrawn at once."""

from dataclasses import replace

import pytest

from services.registration.domain.enterprise.consents import GiveConsent, WithdrawConsent
from services.registration.domain.enterprise.decider import enterprise
from services.registration.responses.enterprise import ConsentResponse, enterprise_response
from shared.contracts.registration.enterprise import ConsentGiven, ConsentWithdrawn, Purpose
from tests.given import NOW, given
from tests.registration.examples import ENTERPRISE, REGISTERED, enterprise_after

GIVE = GiveConsent(purpose=Purpose.CATALOGUE, wording="2018-1")
GIVEN = ConsentGiven(
    enterprise=ENTERPRISE,
    purpose=Purpose.CATALOGUE,
    wording="2018-1",
    given_at=NOW,
    given_by="tester",
)
WITHDRAW = WithdrawConsent(purpose=Purpose.CATALOGUE)
WITHDRAWN = ConsentWithdrawn(
    enterprise=ENTERPRISE, purpose=Purpose.CATALOGUE, withdrawn_by="tester"
)


def test_a_consent_is_given_for_a_purpose_in_words_that_were_read() -> None:
    given(enterprise, REGISTERED).when(GIVE, subject=ENTERPRISE).then(GIVEN)
    state = enterprise_after(REGISTERED, GIVEN)
    shown = enterprise_response(state, sees_name=False, sees_private=False).consents
    assert shown == (ConsentResponse(purpose=Purpose.CATALOGUE, wording="2018-1", given_at=NOW),)


def test_the_same_consent_is_not_recorded_twice_and_other_words_are() -> None:
    given(enterprise, REGISTERED, GIVEN).when(GIVE, subject=ENTERPRISE).then()
    newer = replace(GIVE, wording="2019-1")
    given(enterprise, REGISTERED, GIVEN).when(newer, subject=ENTERPRISE).then(
        GIVEN.model_copy(update={"wording": "2019-1"})
    )


def test_a_consent_is_withdrawn_for_its_purpose_alone() -> None:
    surveys = GIVEN.model_copy(update={"purpose": Purpose.SURVEYS})
    given(enterprise, REGISTERED, GIVEN, surveys).when(WITHDRAW, subject=ENTERPRISE).then(WITHDRAWN)
    state = enterprise_after(REGISTERED, GIVEN, surveys, WITHDRAWN)
    assert set(state.consents) == {Purpose.SURVEYS}
    given(enterprise, REGISTERED).when(WITHDRAW, subject=ENTERPRISE).then()
    given(enterprise, REGISTERED, GIVEN, WITHDRAWN).when(GIVE, subject=ENTERPRISE).then(GIVEN)


@pytest.mark.parametrize("command", [GIVE, WITHDRAW])
def test_an_enterprise_that_does_not_exist_consents_to_nothing(
    command: GiveConsent | WithdrawConsent,
) -> None:
    given(enterprise).when(command, subject=ENTERPRISE).refused("not-found")


def test_the_person_is_private() -> None:
    assert "tester" not in GIVEN.public_json() + WITHDRAWN.public_json()
