"""Money: invariants 7, 8 and 9; `payments` has the checks of contracts and payments."""

from collections import Counter
from collections.abc import Iterator

from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.recount.applications import applications
from gelar.checking.invariants.recount.money import (
    Allocation,
    Envelope,
    allocations,
    envelopes,
    steps,
)
from gelar.checking.invariants.recount.rounds import rounds

HAD_A_PLACE = frozenset({"CONFIRMED", "ATTENDED", "ABSENT"})


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=7,
        name="pagu - blocked >= allotted, and ceiling >= reserved + contracted, after every event",
        compared=_steps_compared,
        differences=_limits,
    )
    yield Check(
        invariant=8,
        name="Every balance that an event states is the sum of the amounts before it",
        compared=_steps_compared,
        differences=_balances,
    )
    yield Check(
        invariant=8,
        name="Every allotment is the ceiling of its allocation",
        compared=lambda evidence: f"{len(evidence.topics.of('allocation')):,} allocations",
        differences=_ceilings,
    )
    yield Check(
        invariant=9,
        name="Only places on the annex cost money; a no-show is a sunk cost",
        compared=_places_compared,
        differences=_places,
    )


def _steps_compared(evidence: Evidence) -> str:
    envelope, allocation = (evidence.topics.count(kind) for kind in ("envelope", "allocation"))
    return f"{envelope:,} + {allocation:,} events"


def _limits(evidence: Evidence) -> Iterator[str]:
    for fact, state in steps(evidence.topics):
        yield from (f"{fact.id}: {fault}" for fault in _over(state))


def _over(state: Envelope | Allocation) -> Iterator[str]:
    for name, amount in state.balances().items():
        if amount < 0:
            yield f"{name} is {amount:,}"
    if isinstance(state, Envelope):
        if state.allotted_idr > state.pagu_idr - state.blocked_idr:
            yield f"Rp {state.allotted_idr:,} are allotted, more than pagu - blocked"
        return
    if state.free_idr < 0:
        yield f"Rp {-state.free_idr:,} more than the ceiling are reserved and contracted"
    if state.realised_idr > sum(state.contracted.values()):
        yield "more is realised than contracted"


def _balances(evidence: Evidence) -> Iterator[str]:
    for fact, state in steps(evidence.topics):
        if fact.word == "place-funded" and isinstance(state, Allocation):
            yield from unequal(f"{fact.id} cost", state.unit_cost_idr, fact.data["amount_idr"])
        for name, amount in state.balances().items():
            if fact.data[name] != amount:
                yield f"{fact.id}: it states {name} {fact.data[name]:,}, the sum is {amount:,}"


def _ceilings(evidence: Evidence) -> Iterator[str]:
    # An envelope is `PROGRAMME.SCOPE`; its allotments and the ceilings are two services' events.
    allotted: Counter[str] = Counter()
    for envelope in envelopes(evidence.topics).values():
        allotted.update(envelope.allotted)
    found = allocations(evidence.topics)
    for id in sorted({*allotted, *found}):
        ceiling = found[id].ceiling_idr if id in found else 0
        if allotted[id] != ceiling:
            yield f"{id}: Rp {allotted[id]:,} are allotted, the ceiling is Rp {ceiling:,}"


def _places_compared(evidence: Evidence) -> str:
    found = allocations(evidence.topics).values()
    contracted = sum(len(allocation.contracted) for allocation in found)
    return f"{contracted:,} places contracted, {sum(len(state.sunk) for state in found):,} sunk"


def _places(evidence: Evidence) -> Iterator[str]:
    annexes = {id: found.annex for id, found in rounds(evidence.topics).items()}
    applied = applications(evidence.topics)
    for id, allocation in allocations(evidence.topics).items():
        for place, cost in allocation.contracted.items():
            status = applied[place].status
            if place in allocation.sunk:
                yield from unequal(f"{place} sunk", cost, allocation.sunk[place])
            elif place not in annexes[id]:
                yield f"{place} costs money and is not on the annex"
            elif status not in HAD_A_PLACE or status == "ABSENT":
                yield f"{place} is {status} and its cost is not sunk"
