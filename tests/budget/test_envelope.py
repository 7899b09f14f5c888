"""Test the rules of the envelope: free money never falls below zero, for any caller."""

import pytest

from services.budget.domain.envelope.allotments import (
    AllotmentFacts,
    MakeAllotment,
    ReturnAllotment,
    make_allotment,
)
from services.budget.domain.envelope.decider import CommandWithoutFacts, envelope
from services.budget.domain.envelope.pagu import (
    BlockEnvelope,
    OpenEnvelope,
    ReviseEnvelope,
    UnblockEnvelope,
)
from shared.contracts.budget.envelope import (
    AllotmentReturned,
    EnvelopeBlocked,
    EnvelopeRevised,
    EnvelopeUnblocked,
)
from shared.contracts.words import IDR_MAX, Scope
from shared.kernel.decider import Origin, Refused
from tests.budget.examples import ALLOTTED, EXHIBITION, OPENED, pagu
from tests.given import given

OPEN = OpenEnvelope(
    programme="2018", scope=Scope.DOMESTIC, pagu_idr=1_000, document_number="DIPA-044/2018"
)
ALLOT = MakeAllotment(exhibition=EXHIBITION, amount_idr=100, unit_cost_idr=40)
DOMESTIC = AllotmentFacts(programme="2018", scope=Scope.DOMESTIC, cancelled=False)
BLOCKED = EnvelopeBlocked(amount_idr=300, reason="saving", **pagu(1_000, 300))


def revise(delta_idr: int) -> ReviseEnvelope:
    return ReviseEnvelope(delta_idr=delta_idr, document_number="REV-1", reason="revision")


def revised(delta_idr: int, **balances: int) -> EnvelopeRevised:
    return EnvelopeRevised(
        delta_idr=delta_idr, document_number="REV-1", reason="revision", **pagu(**balances)
    )


def test_an_envelope_is_opened_with_its_pagu() -> None:
    given(envelope).when(OPEN).then(OPENED)


def test_an_envelope_is_opened_once() -> None:
    given(envelope, OPENED).when(OPEN).refused("already-opened")


@pytest.mark.parametrize(
    "command",
    [
        revise(1),
        BlockEnvelope(amount_idr=1, reason="saving"),
        UnblockEnvelope(amount_idr=1, reason="saving"),
    ],
)
def test_nothing_happens_to_an_envelope_that_was_not_opened(command: CommandWithoutFacts) -> None:
    given(envelope).when(command).refused("not-found")


def test_nothing_is_allotted_from_an_envelope_that_was_not_opened() -> None:
    given(envelope).when(ALLOT, facts=DOMESTIC, rule=make_allotment).refused("not-found")


def test_a_return_to_an_envelope_that_was_not_opened_is_silent() -> None:
    command = ReturnAllotment(exhibition=EXHIBITION, amount_idr=1)
    given(envelope).when(command, origin=Origin.REACTION).then()


def test_the_pagu_is_revised_up() -> None:
    given(envelope, OPENED).when(revise(500)).then(revised(500, pagu_idr=1_500))


def test_the_pagu_is_revised_down_to_what_is_blocked_and_allotted() -> None:
    given(envelope, OPENED, BLOCKED, ALLOTTED).when(revise(-600)).then(
        revised(-600, pagu_idr=400, blocked_idr=300, allotted_idr=100)
    )


def test_the_pagu_is_not_revised_below_what_is_blocked_and_allotted() -> None:
    given(envelope, OPENED, BLOCKED, ALLOTTED).when(revise(-601)).refused("pagu-below-use")


def test_a_revision_by_zero_is_refused() -> None:
    given(envelope, OPENED).when(revise(0)).refused("nothing-revised")


def test_a_pagu_that_no_event_could_carry_is_refused() -> None:
    given(envelope, OPENED).when(revise(IDR_MAX - 1_000)).then(
        revised(IDR_MAX - 1_000, pagu_idr=IDR_MAX)
    )
    given(envelope, OPENED).when(revise(IDR_MAX - 999)).refused("pagu-too-large")


def test_a_free_amount_is_blocked() -> None:
    given(envelope, OPENED).when(BlockEnvelope(amount_idr=300, reason="saving")).then(BLOCKED)


def test_an_allotted_amount_is_not_blocked() -> None:
    command = BlockEnvelope(amount_idr=901, reason="saving")
    given(envelope, OPENED, ALLOTTED).when(command).refused("pagu-exceeded")


def test_a_blocked_amount_is_freed() -> None:
    given(envelope, OPENED, BLOCKED).when(UnblockEnvelope(amount_idr=300, reason="done")).then(
        EnvelopeUnblocked(amount_idr=300, reason="done", **pagu(1_000))
    )


def test_no_more_is_freed_than_is_blocked() -> None:
    command = UnblockEnvelope(amount_idr=301, reason="done")
    given(envelope, OPENED, BLOCKED).when(command).refused("block-exceeded")


def test_an_exhibition_of_the_same_programme_and_scope_gets_an_allotment() -> None:
    given(envelope, OPENED).when(ALLOT, facts=DOMESTIC, rule=make_allotment).then(ALLOTTED)


def test_no_more_is_allotted_than_is_free() -> None:
    command = MakeAllotment(exhibition=EXHIBITION, amount_idr=701, unit_cost_idr=40)
    given(envelope, OPENED, BLOCKED).when(command, facts=DOMESTIC, rule=make_allotment).refused(
        "pagu-exceeded"
    )


def test_a_refusal_names_the_figures() -> None:
    command = MakeAllotment(exhibition=EXHIBITION, amount_idr=1_000_000, unit_cost_idr=40)
    with pytest.raises(Refused) as refusal:
        given(envelope, OPENED, BLOCKED).when(command, facts=DOMESTIC, rule=make_allotment).events()
    assert refusal.value.sentence == (
        "You requested Rp 1,000,000, but only Rp 700 are free "
        "(pagu Rp 1,000, blocked Rp 300, allotted Rp 0): request at most the free amount."
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (
            AllotmentFacts(programme="2019", scope=Scope.DOMESTIC, cancelled=False),
            "another-programme",
        ),
        (AllotmentFacts(programme="2018", scope=Scope.OVERSEAS, cancelled=False), "another-scope"),
        (
            AllotmentFacts(programme="2018", scope=Scope.DOMESTIC, cancelled=True),
            "exhibition-cancelled",
        ),
    ],
)
def test_an_exhibition_that_is_cancelled_or_of_another_envelope_gets_nothing(
    facts: AllotmentFacts, code: str
) -> None:
    given(envelope, OPENED).when(ALLOT, facts=facts, rule=make_allotment).refused(code)


def test_money_that_an_allocation_returns_is_free_again() -> None:
    command = ReturnAllotment(exhibition=EXHIBITION, amount_idr=60)
    given(envelope, OPENED, ALLOTTED).when(command, origin=Origin.REACTION).then(
        AllotmentReturned(exhibition=EXHIBITION, amount_idr=60, **pagu(1_000, 0, 40))
    )
