"""The slot that alternatives share: "Chibimart or Moscow" is one exhibition of the programme.

Of the exhibitions of a slot at most one is planned at any time, so a target counts the slot once.
The plan claims the slot (`services.registration.api.exhibition_slot`), and a cancellation gives it
back by itself: who is cancelled has no claim any more.
"""

from services.registration.domain.exhibition.state import Exhibition, Status

SLOT_NOUN = "programme-slot"
PLANNED_ENTRY = "plan"
FREE = frozenset({Status.PROPOSED, Status.CANCELLED})
"""The statuses in which an exhibition does not hold its slot."""


def slot_claims(state: Exhibition | None) -> dict[str, str]:
    """Return the slot that this exhibition holds and no other may have."""
    if state is None or state.status in FREE:
        return {}
    return wanted_slot(state)


def wanted_slot(state: Exhibition) -> dict[str, str]:
    """Return the claim of the slot of an exhibition that is to be planned, if it is of one."""
    if state.slot is None:
        return {}
    return {f"{SLOT_NOUN}/{state.programme}.{state.slot}": PLANNED_ENTRY}


def may_claim_slot(state: Exhibition | None) -> bool:
    """Return False of an exhibition that is cancelled: it claims nothing any more."""
    return state is None or state.status is not Status.CANCELLED
