"""Load the facts of a command from this service's mirrors, and claim SP2D numbers.

Programme and scope of an exhibition never change. Its end, its cancellation or an amendment of the
annex may be on its way here while a rule relies on these facts. That is harmless: money of an ended
exhibition can be returned, the allocation of a cancelled exhibition returns it by itself, and the
cost of a place that was lost is recorded as sunk.
"""

from services.budget.domain.allocation.commitments import CommitmentFacts
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.payments import (
    DisbursementFacts,
    DisbursePayment,
    may_disburse,
    sp2d_claim,
)
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.views import exhibitions, rounds
from shared.kernel.errors import Unknown
from shared.service import Service


async def exhibition_facts(service: Service, exhibition: str) -> ExhibitionFacts:
    """Return the facts of an exhibition that an officer names; raises `Unknown`."""
    mirror = await service.load(exhibitions, exhibition)
    if mirror is None:
        raise Unknown("exhibition", exhibition)
    return ExhibitionFacts(programme=mirror.programme, scope=mirror.scope, course=mirror.course)


async def commitment_facts(service: Service, exhibition: str) -> CommitmentFacts:
    """Return the annex of the decree of this exhibition."""
    mirror = await service.load(rounds, exhibition)
    return CommitmentFacts(annex=mirror.annex if mirror else None)


async def claim_sp2d(
    service: Service, exhibition: str, command: DisbursePayment, actor: str
) -> DisbursementFacts:
    """Claim the SP2D number for this payment; refuse with `sp2d-taken` if another payment has it.

    Only a payment that may be made claims its number. So neither a mistyped SPM nor the officer who
    made the contract keeps the number from the payment to which it belongs.
    """
    if not may_disburse(await service.load(allocation, exhibition), command, actor):
        return DisbursementFacts(claimed=False)
    await service.claim(allocation, exhibition, sp2d_claim(command.sp2d), command.spm)
    return DisbursementFacts(claimed=True)
