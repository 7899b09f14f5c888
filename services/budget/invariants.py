"""The invariants of budget's money, counted for `/metrics`: each of these figures is always 0.

They are computed from the documents as they all are at one moment (`Snapshot`). Money grows at the
envelope first and shrinks at the allocation first, so they hold with events in flight too. `gelar
audit` checks the same from the topics alone, and much more.
"""

from collections import Counter

from services.budget.domain.envelope.decider import envelope
from services.budget.views.own import allocations, use
from shared.service.snapshot import Snapshot


async def broken_invariants(copies: Snapshot) -> dict[str, int]:
    """Return the number of envelopes and allocations that break each invariant."""
    broken = Counter(
        {
            "envelope-above-pagu": 0,
            "commitments-above-pagu": 0,
            "ceilings-above-allotments": 0,
            "allocation-above-ceiling": 0,
            "payments-above-contracts": 0,
        }
    )
    by_scope = await copies.tally(use)
    for found in await copies.find_all(envelope):
        state = found.state
        if state is None:
            continue
        used = by_scope.get((state.programme, state.scope.value), {})
        committed_idr = used.get("reserved_idr", 0) + used.get("contracted_idr", 0)
        effective_idr = state.pagu_idr - state.blocked_idr
        broken["envelope-above-pagu"] += state.allotted_idr > effective_idr
        broken["commitments-above-pagu"] += committed_idr > effective_idr
        broken["ceilings-above-allotments"] += used.get("ceiling_idr", 0) > state.allotted_idr
    for each in await copies.find_all(allocations):
        figures = each.state
        committed_idr = figures.reserved_idr + figures.contracted_idr
        broken["allocation-above-ceiling"] += committed_idr > figures.ceiling_idr
        broken["payments-above-contracts"] += figures.realised_idr > figures.contracted_idr
    return dict(broken)
