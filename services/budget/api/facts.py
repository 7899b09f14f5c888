"""Load the facts of a command from this service's mirrors.

Programme and scope of an exhibition never change. Its end, its cancellation or an amendment of the
annex may be on its way here while a rule relies on these facts. That is harmless: money of an ended
exhibition can be returned, the allocation of a cancelled exhibition returns it by itself, and the
cost of a place that was lost is recorded as sunk.
"""

from dataclasses import replace

from services.budget.domain.allocation.commitments import CommitmentFacts
from services.budget.domain.allocation.contract import Contract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.reservations import AttendanceFacts
from services.budget.domain.course import OVER
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.views.followed import applications, exhibitions, rounds
from shared.contracts.documents import comparable
from shared.kernel.errors import Unknown
from shared.service import Service


async def exhibition_facts(service: Service, exhibition: str) -> ExhibitionFacts:
    """Return the facts of an exhibition that an officer names; raises `Unknown`."""
    mirror = await service.load(exhibitions, exhibition)
    if mirror is None:
        raise Unknown("exhibition", exhibition)
    return ExhibitionFacts(programme=mirror.programme, scope=mirror.scope, course=mirror.course)


async def cost_facts(service: Service, exhibition: str) -> ExhibitionFacts:
    """Return the facts of an exhibition with its money, for a cost; raises `Unknown`.

    Another officer may use money of an ended exhibition while a cost is on its way to it: places
    that no longer fit then wait, and an officer takes them out.
    """
    facts = await exhibition_facts(service, exhibition)
    return replace(facts, allocation=await service.load(allocation, exhibition))


async def correction_facts(service: Service, id: str) -> ExhibitionFacts | None:
    """Return the facts for the cost that waits in an envelope, or None if none waits."""
    state = await service.load(envelope, id)
    if state is None or state.cost is None:
        return None
    return await cost_facts(service, state.cost.exhibition)


async def commitment_facts(service: Service, exhibition: str) -> CommitmentFacts:
    """Return the annex and the day of the decree of this exhibition."""
    mirror = await service.load(rounds, exhibition)
    if mirror is None:
        return CommitmentFacts(annex=None, decreed_on=None)
    return CommitmentFacts(annex=mirror.annex, decreed_on=mirror.decreed_on)


async def attendance_facts(service: Service, application: str) -> AttendanceFacts:
    """Return if this participant came and kept its place."""
    mirror = await service.load(applications, application)
    return AttendanceFacts(attended=mirror is not None and mirror.attended)


async def is_over(service: Service, exhibition: str) -> bool:
    """Return True if the end or the cancellation of this exhibition has been received."""
    mirror = await service.load(exhibitions, exhibition)
    return mirror is not None and mirror.course in OVER


async def places_left_waiting(service: Service, exhibition: str) -> tuple[str, ...]:
    """Return the places that wait for money in vain: the exhibition is over, and they were used."""
    state = await service.load(allocation, exhibition)
    if state is None or not await is_over(service, exhibition):
        return ()
    facts = [(place, await attendance_facts(service, place)) for place in state.waiting]
    return tuple(place for place, each in facts if each.attended)


async def listed_contract(service: Service, exhibition: str, number: str) -> Contract:
    """Return a contract that a list has: the aggregate is never behind its list."""
    state = await service.load(allocation, exhibition)
    assert state is not None, "a contract that is listed belongs to an allocation"
    return state.contracts[comparable(number)]
