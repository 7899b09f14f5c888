"""Envelopes and allocations: running balances from the amounts that their events move.

The balances that an event states are not used: they are what is checked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gelar.checking.invariants.recount.contracts import CONTRACT_WORDS, Contract
from gelar.checking.invariants.topics import Fact, Topics

WITHOUT_MONEY = frozenset(
    {
        *("revision-proposed", "revision-withdrawn"),
        *("cost-proposed", "cost-withdrawn", "cost-corrected"),
    }
)
"""The events of an envelope that move none of its money."""


@dataclass(kw_only=True)
class Envelope:
    """An envelope in rupiah; `allotted` by exhibition."""

    id: str
    programme: str = ""
    scope: str = ""
    pagu_idr: int = 0
    blocked_idr: int = 0
    allotted: dict[str, int] = field(default_factory=dict)

    @property
    def allotted_idr(self) -> int:
        """Return the sum of what is allotted to exhibitions."""
        return sum(self.allotted.values())

    def apply(self, fact: Fact) -> None:
        """Apply an event."""
        data = fact.data
        self.programme, self.scope = data["programme"], data["scope"]
        match fact.word:
            case "envelope-opened":
                self.pagu_idr = data["pagu_idr"]
            case word if word in WITHOUT_MONEY:
                pass
            case "envelope-revised":
                self.pagu_idr += data["delta_idr"]
            case "envelope-blocked":
                self.blocked_idr += data["amount_idr"]
            case "envelope-unblocked":
                self.blocked_idr -= data["amount_idr"]
            case "allotment-made":
                self._allot(data["exhibition"], data["amount_idr"])
            case "allotment-returned":
                self._allot(data["exhibition"], -data["amount_idr"])
            case _:
                raise ValueError(f"the audit does not know {fact.word}")

    def balances(self) -> dict[str, int]:
        """Return the balances that each event states."""
        return {
            "pagu_idr": self.pagu_idr,
            "blocked_idr": self.blocked_idr,
            "allotted_idr": self.allotted_idr,
        }

    def _allot(self, exhibition: str, amount_idr: int) -> None:
        self.allotted[exhibition] = self.allotted.get(exhibition, 0) + amount_idr


@dataclass(kw_only=True)
class Allocation:
    """An allocation in rupiah: places that wait, are reserved or contracted; contracts by number.

    `ranked` are all places in the order in which they last asked for money.
    `sunk` has the cost of places that were lost or not used after the contract; `unfunded` has the
    places that ever lost their reservation to a corrected cost, `released` those whose reservation
    an officer has released.
    """

    id: str
    programme: str = ""
    scope: str = ""
    ceiling_idr: int = 0
    unit_cost_idr: int = 0
    closed: bool = False
    ranked: dict[str, None] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    reserved: dict[str, int] = field(default_factory=dict)
    contracted: dict[str, int] = field(default_factory=dict)
    sunk: dict[str, int] = field(default_factory=dict)
    released: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    unfunded: set[str] = field(default_factory=set)

    @property
    def realised_idr(self) -> int:
        """Return the sum that the treasury has paid."""
        return sum(sum(contract.paid.values()) for contract in self.contracts.values())

    @property
    def free_idr(self) -> int:
        """Return the part of the ceiling that is neither reserved nor contracted."""
        return self.ceiling_idr - sum(self.reserved.values()) - sum(self.contracted.values())

    def apply(self, fact: Fact) -> None:
        """Apply an event."""
        data = fact.data
        self.programme, self.scope = data["programme"], data["scope"]
        if fact.word.startswith("allocation-"):
            self._apply_ceiling(fact)
        elif fact.word.startswith(("funding-", "place-", "reservation-")):
            self._apply_places(fact)
        elif fact.word in CONTRACT_WORDS:
            self._apply_contract(fact)
        else:
            self._apply_costs(fact)

    def balances(self) -> dict[str, int]:
        """Return the balances that each event states."""
        return {
            "ceiling_idr": self.ceiling_idr,
            "reserved_idr": sum(self.reserved.values()),
            "contracted_idr": sum(self.contracted.values()),
            "realised_idr": self.realised_idr,
        }

    def _apply_ceiling(self, fact: Fact) -> None:
        match fact.word:
            case "allocation-raised":
                self.ceiling_idr += fact.data["amount_idr"]
                self.unit_cost_idr = fact.data["unit_cost_idr"]
            case "allocation-lowered":
                self.ceiling_idr -= fact.data["amount_idr"]
            case "allocation-repriced":
                self._reprice(fact.data)
            case "allocation-closed":
                self.closed = True
            case _:
                raise ValueError(f"the audit does not know {fact.word}")

    def _reprice(self, data: dict[str, Any]) -> None:
        self.unit_cost_idr = data["unit_cost_idr"]
        for place in data["unfunded"]:
            del self.reserved[place]
        waiting = {*data["unfunded"], *self.waiting}
        self.waiting = [place for place in self.ranked if place in waiting]
        self.unfunded.update(data["unfunded"])
        self.reserved = dict.fromkeys(self.reserved, self.unit_cost_idr)

    def _apply_places(self, fact: Fact) -> None:
        data = fact.data
        match fact.word:
            case "funding-requested":
                self.waiting += data["applications"]
                for application in data["applications"]:
                    self.released.pop(application, None)
                    self.ranked.pop(application, None)
                    self.ranked[application] = None
            case "place-funded":
                self.waiting.remove(data["application"])
                self.reserved[data["application"]] = data["amount_idr"]
            case "funding-released":
                self._take_out(data)
            case "reservation-released":
                self._take_out(data)
                self.released[data["application"]] = fact.actor
            case "funding-declined":
                pass
            case _:
                raise ValueError(f"the audit does not know {fact.word}")

    def _take_out(self, data: dict[str, Any]) -> None:
        """Take out a place, from the list in which the event says that it was."""
        if data["waited"]:
            self.waiting.remove(data["application"])
        else:
            del self.reserved[data["application"]]

    def _apply_contract(self, fact: Fact) -> None:
        contract = self.contracts[fact.data["contract"]]
        before = contract.costs()
        contract.apply(fact)
        after = contract.costs()
        for application in before:
            del self.contracted[application]
        self.contracted |= after
        for application in fact.data.get("applications", []):
            # A contract that is closed without an order gives these places their parts back.
            self.reserved[application] = before[application]

    def _apply_costs(self, fact: Fact) -> None:
        data = fact.data
        match fact.word:
            case "commitment-contracted":
                bound = {place: self.reserved.pop(place) for place in data["applications"]}
                contract = Contract.made(fact, bound)
                self.contracts[data["contract"]] = contract
                self.contracted |= contract.costs()
            case "sunk-cost-recognised":
                self.sunk[data["application"]] = data["amount_idr"]
            case "sunk-cost-reversed":
                del self.sunk[data["application"]]
            case _:
                raise ValueError(f"the audit does not know {fact.word}")


def envelope_of(id: str, facts: Iterable[Fact]) -> Envelope:
    """Return an envelope after these events."""
    envelope = Envelope(id=id)
    for fact in facts:
        envelope.apply(fact)
    return envelope


def allocation_of(id: str, facts: Iterable[Fact]) -> Allocation:
    """Return an allocation after these events."""
    allocation = Allocation(id=id)
    for fact in facts:
        allocation.apply(fact)
    return allocation


@lru_cache(maxsize=2)
def envelopes(topics: Topics) -> dict[str, Envelope]:
    """Return all envelopes by id."""
    return {id: envelope_of(id, facts) for id, facts in topics.of("envelope").items()}


@lru_cache(maxsize=2)
def allocations(topics: Topics) -> dict[str, Allocation]:
    """Return all allocations by exhibition."""
    return {id: allocation_of(id, facts) for id, facts in topics.of("allocation").items()}


def steps(topics: Topics) -> Iterator[tuple[Fact, Envelope | Allocation]]:
    """Yield every event of the money with its envelope or allocation just after it."""
    for id, facts in topics.of("envelope").items():
        envelope = Envelope(id=id)
        for fact in facts:
            envelope.apply(fact)
            yield fact, envelope
    for id, facts in topics.of("allocation").items():
        allocation = Allocation(id=id)
        for fact in facts:
            allocation.apply(fact)
            yield fact, allocation
