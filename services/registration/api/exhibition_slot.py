"""Claim the slot of an exhibition around its plan: of its alternatives only one is planned.

A process that dies between the claim and the plan leaves a claim of an exhibition that is not
planned. It may claim again at once, and after some minutes an alternative takes it over
(`shared.store.claims`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.slot import SLOT_NOUN, wanted_slot
from shared.kernel.errors import Refused
from shared.service import Service

TAKEN = f"{SLOT_NOUN}-taken"


@asynccontextmanager
async def slot_claimed(service: Service, id: str) -> AsyncIterator[None]:
    """Claim the slot of this exhibition, if it is of one; `Refused` names who has it."""
    state = await service.load(exhibition, id)
    wanted = wanted_slot(state) if state else {}
    try:
        async with service.claimed(exhibition, id, wanted):
            yield
    except Refused as refusal:
        if state is None or refusal.code != TAKEN:
            raise
        (key,) = wanted
        raise _taken(str(state.slot), await service.owner(exhibition, key)) from refusal


def _taken(slot: str, holder: str | None) -> Refused:
    if holder is None:
        # Its plan is being written, or its process has died before that.
        return Refused(
            TAKEN,
            f"Another exhibition of the slot {slot} is being planned just now: read which one, or "
            "plan yours again in some minutes.",
        )
    return Refused(
        TAKEN,
        f"The exhibition {holder} has the slot {slot}, and one of its alternatives is planned at a "
        f"time: cancel {holder} before you plan this one.",
    )
