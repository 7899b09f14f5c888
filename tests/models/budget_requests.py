"""The requests of the officers of `test_budget_machine`: each with a key and a document of its own.

Ani sends all commands but the approvals, which Budi sends.
"""

from datetime import date
from itertools import count
from typing import Any

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.course import Course
from services.budget.domain.envelope.allotments import MakeAllotment, make_allotment
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    correct_cost,
    propose_cost,
)
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.revisions import ProposeRevision, ReviseEnvelope
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.ids import envelope_id
from shared.contracts.words import Scope
from tests.models.replicas import Request

UNIT = 40
RULES: dict[type, Any] = {
    MakeAllotment: make_allotment,
    ProposeCost: propose_cost,
    CorrectCost: correct_cost,
}


class Officers:
    """The officers of the envelope of a year."""

    def __init__(self, year: str) -> None:
        self.year = year
        self.envelope = envelope_id(year, Scope.DOMESTIC)
        self._keys = map("key-{}".format, count())
        self._numbers = map("S-{}".format, count())

    def document(self) -> dict[str, Any]:
        """Return the fields of a posting by another document."""
        return {"document_number": next(self._numbers), "effective_on": date(int(self.year), 1, 1)}

    def posting(self) -> dict[str, Any]:
        """Return the fields of a posting by another document, with its reason."""
        return {**self.document(), "code": PostingCode.OTHER, "reason": "luck"}

    def allotment(self, exhibition: str, amount: int) -> MakeAllotment:
        """Return an allotment, whose places cost 40 each."""
        document = self.document()
        return MakeAllotment(
            exhibition=exhibition, amount_idr=amount, unit_cost_idr=UNIT, **document
        )

    def revision(self, delta: int) -> ProposeRevision:
        """Return a proposed revision."""
        return ProposeRevision(delta_idr=delta, **self.posting())

    def cost(self, exhibition: str, unit_cost: int) -> ProposeCost:
        """Return a proposed cost."""
        return ProposeCost(exhibition=exhibition, unit_cost_idr=unit_cost, **self.posting())

    def ask(self, command: object, *, actor: str | None = None) -> Request:
        """Return the request of a command to the envelope, by the person who may send it."""
        approval = isinstance(command, ReviseEnvelope | CorrectCost)
        about: dict[str, Any] = {"actor": actor or ("budi" if approval else "ani")}
        if isinstance(command, MakeAllotment | ProposeCost | CorrectCost):
            about["rule"] = RULES[type(command)]
            about["facts"] = ExhibitionFacts(
                programme=self.year, scope=Scope.DOMESTIC, course=Course.AHEAD
            )
        return Request(
            decider=envelope, id=self.envelope, command=command, key=next(self._keys), **about
        )

    def ask_allocation(self, exhibition: str, command: object) -> Request:
        """Return the request of a command to the allocation of an exhibition."""
        return Request(decider=allocation, id=exhibition, command=command, key=next(self._keys))
