"""The envelopes and allocations that budget's API shows, beside their events."""

from collections.abc import Iterator, Sequence

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.money import Allocation, allocation_of, envelope_of
from gelar.checking.invariants.topics import Fact


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Budget's envelopes = their events",
        compared=lambda evidence: f"{len(evidence.answers.envelopes):,} envelopes",
        differences=_envelopes,
    )
    yield Check(
        name="Budget's allocations = their events",
        compared=lambda evidence: f"{len(evidence.answers.allocations):,} allocations",
        differences=_allocations,
    )


def _envelopes(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.envelopes
    yield from unlisted(evidence.topics.of("envelope"), shown)
    for id, facts, item in paired(evidence.topics.of("envelope"), shown):
        state = envelope_of(id, facts)
        used = _used(evidence, state.programme, state.scope)
        effective = state.pagu_idr - state.blocked_idr
        expected = state.balances() | {
            "effective_idr": effective,
            "unallotted_idr": effective - state.allotted_idr,
            "reserved_idr": used["reserved_idr"],
            "contracted_idr": used["contracted_idr"],
            "outstanding_idr": used["contracted_idr"] - used["realised_idr"],
            "realised_idr": used["realised_idr"],
            "sunk_idr": used["sunk_idr"],
            "available_idr": effective - used["reserved_idr"] - used["contracted_idr"],
            "remaining_idr": state.pagu_idr - used["realised_idr"],
        }
        for name, amount in expected.items():
            yield from unequal(f"{id} {name}", amount, item[name])
        allotted = {name: amount for name, amount in item["allotted"].items() if amount}
        yield from unequal(
            f"{id} allotted", {k: v for k, v in state.allotted.items() if v}, allotted
        )


def _used(evidence: Evidence, programme: str, scope: str) -> dict[str, int]:
    used = dict.fromkeys(("reserved_idr", "contracted_idr", "realised_idr", "sunk_idr"), 0)
    for id, facts in evidence.topics.of("allocation").items():
        state = allocation_of(id, facts)
        if (state.programme, state.scope) == (programme, scope):
            for name, amount in (state.balances() | {"sunk_idr": sum(state.sunk.values())}).items():
                if name in used:
                    used[name] += amount
    return used


def _allocations(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.allocations
    yield from unlisted(evidence.topics.of("allocation"), shown)
    for id, facts, item in paired(evidence.topics.of("allocation"), shown):
        yield from _allocation(id, facts, item)


def _allocation(id: str, facts: Sequence[Fact], item: Item) -> Iterator[str]:
    state = allocation_of(id, facts)
    for name, value in _expected(state).items():
        yield from unequal(f"{id} {name}", value, item[name])
    contracts = {
        number: [
            contract.amount_idr,
            contract.closed,
            contract.reservations,
            contract.ordered,
            contract.paid,
        ]
        for number, contract in state.contracts.items()
    }
    yield from unequal(
        f"{id} contracts",
        contracts,
        {contract["number"]: _contract(contract) for contract in item["contracts"].values()},
    )


def _contract(contract: Item) -> list[object]:
    payments = contract["payments"].values()
    ordered = {item["spm"]: item["amount_idr"] for item in payments if not item["voided"]}
    paid = {item["spm"]: item["amount_idr"] for item in payments if item["sp2d"]}
    amount_idr, reservations = contract["amount_idr"], contract["reservations"]
    return [amount_idr, contract["closed"], reservations, ordered, paid]


def _expected(state: Allocation) -> dict[str, object]:
    balances = state.balances()
    return {
        **balances,
        "programme": state.programme,
        "scope": state.scope,
        "closed": state.closed,
        "unit_cost_idr": state.unit_cost_idr,
        "outstanding_idr": balances["contracted_idr"] - balances["realised_idr"],
        "free_idr": state.free_idr,
        "sunk_idr": sum(state.sunk.values()),
        "places_waiting": len(state.waiting),
        "places_reserved": len(state.reserved),
        "places_contracted": len(state.contracted),
        "waiting": state.waiting,
        "reserved": state.reserved,
        "contracted": state.contracted,
        "sunk": state.sunk,
    }
