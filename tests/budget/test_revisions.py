"""Test the rules of revisions: two people, one revision at a time, never below what is in use."""

from typing import Any

import pytest

from services.budget.domain.envelope.decider import CommandWithoutFacts, envelope
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
)
from shared.contracts.budget.envelope import (
    EnvelopeRevised,
    PostingCode,
    RevisionProposed,
    RevisionWithdrawn,
)
from shared.contracts.words import IDR_MAX
from tests.budget.examples import ALLOTTED, DAY, OFFICER, OPENED, pagu
from tests.budget.test_envelope import BLOCKED
from tests.given import given

NUMBER = "SP DIPA-044.01/2018/1"
POSTING: dict[str, Any] = {
    "document_number": NUMBER,
    "effective_on": DAY,
    "code": PostingCode.SHIFT,
    "reason": "to the overseas envelope",
}
APPROVER = "approver-1"
APPROVE = ReviseEnvelope(document_number=NUMBER)
WITHDRAW = WithdrawRevision(document_number=NUMBER)


def propose(delta_idr: int) -> ProposeRevision:
    return ProposeRevision(delta_idr=delta_idr, **POSTING)


def proposed(delta_idr: int, **balances: int) -> RevisionProposed:
    return RevisionProposed(delta_idr=delta_idr, posted_by=OFFICER, **POSTING, **pagu(**balances))


def revised(delta_idr: int, **balances: int) -> EnvelopeRevised:
    return EnvelopeRevised(
        delta_idr=delta_idr,
        proposed_by=OFFICER,
        posted_by=APPROVER,
        **POSTING,
        **pagu(**balances),
    )


PROPOSED = proposed(500, pagu_idr=1_000)
REVISED = revised(500, pagu_idr=1_500)
WITHDRAWN = RevisionWithdrawn(document_number=NUMBER, withdrawn_by=OFFICER, **pagu(1_000))


def test_a_proposed_revision_changes_nothing_yet() -> None:
    given(envelope, OPENED).when(propose(500), actor=OFFICER).then(PROPOSED)


def test_a_revision_that_another_person_approves_changes_the_pagu() -> None:
    given(envelope, OPENED, PROPOSED).when(APPROVE, actor=APPROVER).then(REVISED)


def test_who_proposed_a_revision_does_not_approve_it_whatever_its_roles() -> None:
    roles = frozenset({"budget-officer", "approver"})
    given(envelope, OPENED, PROPOSED).when(APPROVE, actor=OFFICER, roles=roles).refused(
        "same-person", "You proposed this revision, so you cannot approve it"
    )


def test_a_proposed_revision_is_withdrawn_and_its_document_can_be_proposed_again() -> None:
    given(envelope, OPENED, PROPOSED).when(WITHDRAW, actor=OFFICER).then(WITHDRAWN)
    given(envelope, OPENED, PROPOSED, WITHDRAWN).when(propose(500), actor=OFFICER).then(PROPOSED)


@pytest.mark.parametrize("command", [APPROVE, WITHDRAW])
def test_only_the_revision_that_waits_is_approved_or_withdrawn(
    command: CommandWithoutFacts,
) -> None:
    for past in ((OPENED,), (OPENED, PROPOSED, WITHDRAWN), (OPENED, PROPOSED, REVISED)):
        given(envelope, *past).when(command, actor=APPROVER).refused("no-revision")
    other = PROPOSED.model_copy(update={"document_number": "SP DIPA-044.01/2018/2"})
    given(envelope, OPENED, other).when(command, actor=APPROVER).refused("no-revision")


def test_one_revision_waits_at_a_time() -> None:
    given(envelope, OPENED, PROPOSED).when(propose(1)).refused("revision-waits", NUMBER)


def test_the_pagu_is_revised_down_to_what_is_blocked_and_allotted() -> None:
    used = (OPENED, BLOCKED, ALLOTTED)
    lower = proposed(-600, pagu_idr=1_000, blocked_idr=300, allotted_idr=100)
    given(envelope, *used).when(propose(-600), actor=OFFICER).then(lower)
    given(envelope, *used, lower).when(APPROVE, actor=APPROVER).then(
        revised(-600, pagu_idr=400, blocked_idr=300, allotted_idr=100)
    )


def test_the_pagu_is_not_revised_below_what_is_blocked_and_allotted() -> None:
    given(envelope, OPENED, BLOCKED, ALLOTTED).when(propose(-601)).refused("pagu-below-use")


def test_money_that_was_blocked_after_the_proposal_stays_covered() -> None:
    lower = proposed(-701, pagu_idr=1_000)
    given(envelope, OPENED, lower, BLOCKED).when(APPROVE, actor=APPROVER).refused("pagu-below-use")


def test_a_revision_by_zero_is_refused() -> None:
    given(envelope, OPENED).when(propose(0)).refused("nothing-revised")


def test_a_pagu_that_no_event_could_carry_is_refused() -> None:
    given(envelope, OPENED).when(propose(IDR_MAX - 1_000), actor=OFFICER).then(
        proposed(IDR_MAX - 1_000, pagu_idr=1_000)
    )
    given(envelope, OPENED).when(propose(IDR_MAX - 999)).refused(
        "pagu-too-large", "would be Rp 1,000,000,000,000,001"
    )


@pytest.mark.parametrize("command", [propose(1), APPROVE, WITHDRAW])
def test_nothing_is_revised_in_an_envelope_that_was_not_opened(
    command: CommandWithoutFacts,
) -> None:
    given(envelope).when(command).refused("not-found")
