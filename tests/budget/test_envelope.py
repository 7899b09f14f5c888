"""Test the rules of the envelope: free money never falls below zero, for any caller."""

from typing import Any

import pytest

from services.budget.domain.course import Course
from services.budget.domain.envelope.allotments import (
    MakeAllotment,
    ReturnAllotment,
    make_allotment,
)
from services.budget.domain.envelope.decider import CommandWithoutFacts, envelope
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.pagu import (
    BlockEnvelope,
    OpenEnvelope,
    UnblockEnvelope,
)
from shared.contracts.budget.envelope import (
    AllotmentReturned,
    EnvelopeBlocked,
    EnvelopeUnblocked,
    PostingCode,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Origin, Refused
from tests.budget.examples import ALLOTTED, DAY, EXHIBITION, OFFICER, OPENED, pagu
from tests.given import Given, When, given

OPEN = OpenEnvelope(
    programme="2018",
    scope=Scope.DOMESTIC,
    pagu_idr=1_000,
    document_number="SP DIPA-044.01/2018",
    effective_on=DAY,
)
DOMESTIC = ExhibitionFacts(programme="2018", scope=Scope.DOMESTIC, course=Course.AHEAD)
SAVING: dict[str, Any] = {
    "document_number": "S-12/MK.02/2018",
    "effective_on": DAY,
    "code": PostingCode.SAVING,
    "reason": "efficiency",
}
BLOCKED = EnvelopeBlocked(amount_idr=300, posted_by=OFFICER, **SAVING, **pagu(1_000, 300))


def allot(amount_idr: int = 100) -> MakeAllotment:
    return MakeAllotment(
        document_number="ND-7/Dep.3/2018",
        effective_on=DAY,
        exhibition=EXHIBITION,
        amount_idr=amount_idr,
        unit_cost_idr=40,
    )


def allotting(past: Given, command: MakeAllotment, facts: ExhibitionFacts = DOMESTIC) -> When:
    return past.when(command, facts=facts, rule=make_allotment, actor=OFFICER)


def block(amount_idr: int) -> BlockEnvelope:
    return BlockEnvelope(amount_idr=amount_idr, **SAVING)


def unblock(amount_idr: int) -> UnblockEnvelope:
    return UnblockEnvelope(amount_idr=amount_idr, **SAVING)


def test_an_envelope_is_opened_with_its_pagu() -> None:
    given(envelope).when(OPEN, actor=OFFICER).then(OPENED)


def test_an_envelope_is_opened_once() -> None:
    given(envelope, OPENED).when(OPEN).refused("already-opened")


@pytest.mark.parametrize("command", [block(1), unblock(1)])
def test_nothing_happens_to_an_envelope_that_was_not_opened(command: CommandWithoutFacts) -> None:
    given(envelope).when(command).refused("not-found")


def test_nothing_is_allotted_from_an_envelope_that_was_not_opened() -> None:
    allotting(given(envelope), allot()).refused("not-found")


def test_a_return_to_an_envelope_that_was_not_opened_is_silent() -> None:
    command = ReturnAllotment(exhibition=EXHIBITION, amount_idr=1)
    given(envelope).when(command, origin=Origin.REACTION).then()


def test_a_free_amount_is_blocked() -> None:
    given(envelope, OPENED).when(block(300), actor=OFFICER).then(BLOCKED)


def test_an_allotted_amount_is_not_blocked() -> None:
    given(envelope, OPENED, ALLOTTED).when(block(901)).refused("pagu-exceeded")


def test_a_blocked_amount_is_freed() -> None:
    given(envelope, OPENED, BLOCKED).when(unblock(300), actor=OFFICER).then(
        EnvelopeUnblocked(amount_idr=300, posted_by=OFFICER, **SAVING, **pagu(1_000))
    )


def test_no_more_is_freed_than_is_blocked() -> None:
    given(envelope, OPENED, BLOCKED).when(unblock(301)).refused("block-exceeded")


def test_an_exhibition_of_the_same_programme_and_scope_gets_an_allotment() -> None:
    allotting(given(envelope, OPENED), allot()).then(ALLOTTED)


def test_a_running_exhibition_may_still_get_an_allotment() -> None:
    running = ExhibitionFacts(programme="2018", scope=Scope.DOMESTIC, course=Course.RUNNING)
    allotting(given(envelope, OPENED), allot(), running).then(ALLOTTED)


def test_no_more_is_allotted_than_is_free() -> None:
    allotting(given(envelope, OPENED, BLOCKED), allot(701)).refused("pagu-exceeded")


def test_a_refusal_names_the_figures() -> None:
    with pytest.raises(Refused) as refusal:
        allotting(given(envelope, OPENED, BLOCKED), allot(1_000_000)).events()
    assert refusal.value.sentence == (
        "You requested Rp 1,000,000, but only Rp 700 are free "
        "(pagu Rp 1,000, blocked Rp 300, allotted Rp 0): request at most the free amount."
    )


@pytest.mark.parametrize(
    ("programme", "scope", "course", "code"),
    [
        ("2019", Scope.DOMESTIC, Course.AHEAD, "another-programme"),
        ("2018", Scope.OVERSEAS, Course.AHEAD, "another-scope"),
        ("2018", Scope.DOMESTIC, Course.CANCELLED, "exhibition-cancelled"),
        ("2018", Scope.DOMESTIC, Course.ENDED, "exhibition-ended"),
    ],
)
def test_an_exhibition_that_is_over_or_of_another_envelope_gets_nothing(
    programme: str, scope: Scope, course: Course, code: str
) -> None:
    facts = ExhibitionFacts(programme=programme, scope=scope, course=course)
    allotting(given(envelope, OPENED), allot(), facts).refused(code)


def test_money_that_an_allocation_returns_is_free_again() -> None:
    command = ReturnAllotment(exhibition=EXHIBITION, amount_idr=60)
    given(envelope, OPENED, ALLOTTED).when(command, origin=Origin.REACTION).then(
        AllotmentReturned(exhibition=EXHIBITION, amount_idr=60, **pagu(1_000, 0, 40))
    )
