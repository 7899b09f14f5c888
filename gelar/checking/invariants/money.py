"""Money: invariants 6, 7, 8 and 9, and the envelopes and allocations that budget's API shows."""

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
        invariant=6,
        name="The people of a contract neither ordered nor disbursed its payments",
        compared=_payments_compared,
        differences=_four_eyes,
    )
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
        name="Realised = paid by an SP2D used once, for one whole order within its contract",
        compared=_payments_compared,
        differences=_payments,
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


def _payments_compared(evidence: Evidence) -> str:
    ordered = list(evidence.topics.each("allocation", "payment-ordered"))
    paid = list(evidence.topics.each("allocation", "payment-disbursed"))
    amount_idr = sum(fact.data["amount_idr"] for fact in paid)
    return f"{len(ordered):,} SPM, {len(paid):,} SP2D over Rp {amount_idr:,}"


def _steps_compared(evidence: Evidence) -> str:
    envelope, allocation = (evidence.topics.count(kind) for kind in ("envelope", "allocation"))
    return f"{envelope:,} + {allocation:,} events"


def _four_eyes(evidence: Evidence) -> Iterator[str]:
    found = allocations(evidence.topics)
    for fact in evidence.topics.each("allocation", "payment-ordered", "payment-disbursed"):
        if fact.actor in found[fact.subject].contracts[fact.data["contract"]].people:
            yield f"{fact.id}: {fact.actor} made contract {fact.data['contract']}"


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


def _payments(evidence: Evidence) -> Iterator[str]:
    used = Counter(
        fact.data["sp2d"] for fact in evidence.topics.each("allocation", "payment-disbursed")
    )
    yield from (f"SP2D {sp2d} was used {count} times" for sp2d, count in used.items() if count > 1)
    payments = Counter(
        (fact.subject, fact.data["contract"], fact.data["spm"])
        for fact in evidence.topics.each("allocation", "payment-disbursed")
    )
    yield from (f"{key} was paid {count} times" for key, count in payments.items() if count > 1)
    for id, allocation in allocations(evidence.topics).items():
        for number, contract in allocation.contracts.items():
            cost = sum(allocation.contracted[place] for place in contract.applications)
            if contract.amount_idr != cost:
                yield f"{id} {number}: Rp {contract.amount_idr:,}, its places cost Rp {cost:,}"
            if sum(contract.ordered.values()) > contract.amount_idr:
                yield f"{id} {number}: more is ordered than contracted"
            for spm, amount in contract.paid.items():
                if contract.ordered.get(spm) != amount:
                    yield f"{id} {number}: SPM {spm} was not paid as it was ordered"


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
