"""Steps of officers on the envelope of a treasury, for `test_money_in_flight`: each by its luck."""

from random import Random
from typing import Any

from services.budget.domain.course import Course
from services.budget.domain.envelope import allotments, costs
from services.budget.domain.envelope.allotments import MakeAllotment
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    WithdrawCost,
    propose_cost,
)
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.pagu import BlockEnvelope, UnblockEnvelope
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
)
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.words import Scope
from tests.budget.examples import DAY
from tests.budget.treasury import ENVELOPE, Treasury

FACTS = ExhibitionFacts(programme="2018", scope=Scope.DOMESTIC, course=Course.AHEAD)


def allot(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Allot money, at costs that are plausible beside each other."""
    command = MakeAllotment(
        exhibition=exhibition,
        amount_idr=luck.randint(1, 50),
        unit_cost_idr=luck.choice([10, 10, 15]),
        document_number=f"ND-{luck.randint(1, 10**9)}",
        effective_on=DAY,
    )
    # The rule is looked up in its module, where a test may break it.
    treasury.do(envelope, ENVELOPE, command, facts=FACTS, rule=allotments.make_allotment)


def change_envelope(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Propose a revision, block or unblock."""
    delta_idr, amount_idr = luck.randint(-60, 60), luck.randint(1, 40)
    posting: dict[str, Any] = {
        "document_number": f"S-{luck.randint(1, 10**9)}",
        "effective_on": DAY,
        "code": PostingCode.OTHER,
        "reason": "luck",
    }
    command = luck.choice(
        [
            ProposeRevision(delta_idr=delta_idr, **posting),
            BlockEnvelope(amount_idr=amount_idr, **posting),
            UnblockEnvelope(amount_idr=amount_idr, **posting),
        ]
    )
    treasury.do(envelope, ENVELOPE, command)


def revise(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Approve the revision that waits, or withdraw it."""
    if revision := treasury.envelope.revision:
        number = revision.document_number
        approve = ReviseEnvelope(document_number=number)
        command = luck.choice([approve, approve, WithdrawRevision(document_number=number)])
        treasury.do(envelope, ENVELOPE, command, actor=luck.choice(["officer", "approver"]))


def correct_cost(treasury: Treasury, exhibition: str, luck: Random) -> None:
    """Confirm the cost that waits or withdraw it, or propose another cost."""
    if cost := treasury.envelope.cost:
        number = cost.document_number
        actor = luck.choice(["officer", "approver"])
        if luck.random() < 0.3:
            withdraw = WithdrawCost(document_number=number)
            treasury.do(envelope, ENVELOPE, withdraw, actor=actor)
            return
        confirm = CorrectCost(document_number=number)
        treasury.do(envelope, ENVELOPE, confirm, facts=FACTS, rule=costs.correct_cost, actor=actor)
        return
    proposal = ProposeCost(
        exhibition=exhibition,
        unit_cost_idr=luck.choice([8, 12, 30]),
        document_number=f"ND-{luck.randint(1, 10**9)}",
        effective_on=DAY,
        code=PostingCode.CORRECTION,
        reason="luck",
    )
    treasury.do(envelope, ENVELOPE, proposal, facts=FACTS, rule=propose_cost)
