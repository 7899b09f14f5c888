"""The officers of the envelope: they allot, block, revise and price again; `payers` contract."""

from typing import Any

from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.envelope.allotments import (
    MakeAllotment,
    make_allotment,
)
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    WithdrawCost,
    correct_cost,
    propose_cost,
)
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.pagu import BlockEnvelope, UnblockEnvelope
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
)
from services.budget.domain.envelope.state import Cost
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.calendar import jakarta_date
from tests.journey.payers import Payers
from tests.journey.stage import (
    ENVELOPE,
    UNIT,
)


class Treasurers(Payers):
    """The persons who send commands about money to a world."""

    def allot(self, ex: str, amount: int) -> bool:
        """Allot money to an exhibition that budget knows."""
        mirror = self.world.mirror("budget", "exhibition", ex)
        if mirror is None:
            return False
        facts = ExhibitionFacts(
            programme=mirror.programme, scope=mirror.scope, course=mirror.course
        )
        command = MakeAllotment(
            exhibition=ex, amount_idr=amount, unit_cost_idr=UNIT, **self._document()
        )
        return self.world.do("envelope", ENVELOPE, command, facts, rule=make_allotment)

    def correct_cost(self, ex: str) -> bool:
        """Propose the cost of a place, or let another person confirm the cost that waits."""
        cost = self.world.state("envelope", ENVELOPE).cost
        if cost is not None:
            return self._decide_cost(cost)
        facts = self._cost_facts(ex)
        if facts is None:
            return False
        proposal = ProposeCost(
            exhibition=ex,
            unit_cost_idr=self.dice.choice((UNIT // 2, UNIT, 2 * UNIT)),
            code=PostingCode.CORRECTION,
            reason="by chance",
            **self._document(),
        )
        return self.world.do("envelope", ENVELOPE, proposal, facts, rule=propose_cost)

    def _decide_cost(self, cost: Cost) -> bool:
        """Confirm the cost that waits, or withdraw it."""
        number, actor = cost.document_number, "approver"
        if self.dice.choice((True, True, False)):
            facts, confirm = self._cost_facts(cost.exhibition), CorrectCost(document_number=number)
            return self.world.do(
                "envelope", ENVELOPE, confirm, facts, rule=correct_cost, actor=actor
            )
        withdraw = WithdrawCost(document_number=number)
        return self.world.do("envelope", ENVELOPE, withdraw, actor=actor)

    def _cost_facts(self, ex: str) -> ExhibitionFacts | None:
        mirror = self.world.mirror("budget", "exhibition", ex)
        if mirror is None:
            return None
        return ExhibitionFacts(
            programme=mirror.programme,
            scope=mirror.scope,
            course=mirror.course,
            allocation=self.world.state("allocation", ex),
        )

    def lower(self, ex: str) -> bool:
        """Return money of an allocation."""
        number = f"ND-{len(self.world.log['allocation', ex])}"
        day = jakarta_date(self.world.now)
        command = LowerAllocation(amount_idr=5, document_number=number, effective_on=day)
        return self.world.do("allocation", ex, command)

    def move_money(self) -> bool:
        """Block, unblock or revise the envelope."""
        posting = {**self._document(), "code": PostingCode.OTHER, "reason": "by chance"}
        command: Any = self.dice.choice(
            (
                BlockEnvelope(amount_idr=5, **posting),
                UnblockEnvelope(amount_idr=5, **posting),
                ProposeRevision(delta_idr=5, **posting),
                ProposeRevision(delta_idr=-10, **posting),
            )
        )
        return self._revise() or self.world.do("envelope", ENVELOPE, command)

    def _revise(self) -> bool:
        revision = self.world.state("envelope", ENVELOPE).revision
        if revision is None:
            return False
        choices = (ReviseEnvelope, ReviseEnvelope, WithdrawRevision)
        command = self.dice.choice(choices)(document_number=revision.document_number)
        return self.world.do("envelope", ENVELOPE, command, actor="approver")

    def _document(self) -> dict[str, Any]:
        number = len(self.world.log["envelope", ENVELOPE])
        return {"document_number": f"ND-{number}", "effective_on": jakarta_date(self.world.now)}
