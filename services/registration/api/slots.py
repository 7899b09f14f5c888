"""Claim a slot of the cap for an acceptance, alone or in the turn of a group of duplicates.

`services.registration.domain.application.participations` says why the order of the steps matters.
"""

from collections.abc import Sequence
from contextlib import suppress

from services.registration.api.duplicates import group_of
from services.registration.api.facts import (
    load_exhibition,
    load_rule_set,
    participation_facts,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.participations import (
    SLOT_ENTRY,
    AcceptanceFacts,
    slot_claim,
    slots,
    turn_claim,
)
from services.registration.domain.application.place import require_open_offer
from services.registration.domain.application.state import Application
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.kernel.decider import Context
from shared.kernel.errors import Refused
from shared.service import Service


async def acceptance_facts(service: Service, id: str, context: Context) -> AcceptanceFacts:
    """Claim a slot of the cap for this application, and return it with all of the enterprise.

    An application that has no open offer claims none.
    """
    state = await service.load(application, id)
    slot, places_max = None, 0
    if state is not None:
        require_open_offer(state, context)
        places_max = (await load_rule_set(service, state.rule_set)).places_max
        slot = await _claimed_slot(service, state, id, slots(places_max))
    # They are read after the claims: an acceptance that had its turn before is seen.
    participations = await participation_facts(service, enterprise_of(id))
    held = await load_exhibition(service, exhibition_of(id))
    return AcceptanceFacts(
        participations=participations,
        places_max=places_max,
        slot=slot,
        commitment_days=held.call.commitment_days if held.call else None,
        starts_on=held.plan.starts_on if held.plan else None,
    )


async def _claimed_slot(
    service: Service, state: Application, id: str, of_the_cap: range
) -> int | None:
    """Claim a slot of the enterprise, or of its whole group in turn (`participations` says why)."""
    group = await group_of(service, state.enterprise)
    if len(group) == 1:
        slot = await _first_free(service, state, id, of_the_cap)
    else:
        slot = await _free_in_group(service, state, group, of_the_cap)
    unchanged = await group_of(service, state.enterprise) == group
    return slot if unchanged else None


async def _first_free(
    service: Service, state: Application, id: str, of_the_cap: range
) -> int | None:
    for slot in of_the_cap:
        if await _claims(service, id, slot_claim(state, slot)):
            return slot
    return None


async def _free_in_group(
    service: Service, state: Application, group: Sequence[str], of_the_cap: range
) -> int | None:
    """Claim all that is free in the group; return a slot of this enterprise if one is left."""
    id = application_id(state.exhibition, state.enterprise)
    if not await _claims(service, id, turn_claim(state, group[0])):
        return None
    free = {
        member: [
            slot
            for slot in of_the_cap
            if await _claims(service, id, slot_claim(state, slot, member))
        ]
        for member in group
    }
    taken = sum(len(of_the_cap) - len(found) for found in free.values())
    own = free[state.enterprise]
    return own[0] if own and taken < len(of_the_cap) else None


async def _claims(service: Service, id: str, key: str) -> bool:
    with suppress(Refused):
        await service.claim(application, id, key, SLOT_ENTRY)
        return True
    return False
