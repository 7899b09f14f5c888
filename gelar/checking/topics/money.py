"""Replay the money: every balance that an event names is what the events before it make.

Of each envelope the pagu, the blocked and the allotted money; of each allocation the ceiling, the
reservations, the contracts and the payments. At no moment is more allotted than is there, reserved
and contracted than the ceiling holds, realised than is contracted, nor a number of the treasury
(SP2D) used twice. At the end no ceiling is higher than what its envelope has allotted.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gelar.checking.findings import Concern, Finding
from gelar.checking.invariants.recount.contracts import parts
from gelar.checking.topics.log import Line

Data = dict[str, Any]


@dataclass(kw_only=True)
class Envelope:
    """The balances of an envelope by its events so far, in rupiah."""

    pagu: int = 0
    blocked: int = 0
    allotted: int = 0


@dataclass(kw_only=True)
class Contract:
    """A contract: its amount, the reservations that it bound, its orders and what was paid of each.

    A void order is in neither; `closed` is True if nothing more is ordered.
    """

    amount: int
    bound: dict[str, int]
    closed: bool = False
    ordered: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Allocation:
    """The balances of an allocation by its events so far, in rupiah.

    `raised` holds the amount of each raise by the event of the envelope that caused it.
    """

    ceiling: int = 0
    reserved: dict[str, int] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    raised: dict[str, int] = field(default_factory=dict)

    @property
    def contracted(self) -> int:
        """The sum of all contracts."""
        return sum(contract.amount for contract in self.contracts.values())

    @property
    def realised(self) -> int:
        """The sum of all payments."""
        return sum(sum(contract.paid.values()) for contract in self.contracts.values())


@dataclass(kw_only=True)
class Money:
    """The money of the programme; call `take` for each event, then read `faults`."""

    events: int = 0
    _found: list[Finding] = field(default_factory=list)
    _envelopes: dict[str, Envelope] = field(default_factory=lambda: defaultdict(Envelope))
    _allocations: dict[str, Allocation] = field(default_factory=lambda: defaultdict(Allocation))
    _allotments: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _sp2d: dict[str, str] = field(default_factory=dict)

    @property
    def faults(self) -> list[Finding]:
        """All that was found so far, and each ceiling that is higher than its allotments."""
        return self._found + [_finding("budget", text) for text in self._unbacked()]

    def take(self, line: Line) -> None:
        """Replay an event of an envelope or an allocation; ignore other events."""
        replay: Callable[[Line, Data], Iterator[str]] | None = {
            "envelope": self._replay_envelope,
            "allocation": self._replay_allocation,
        }.get(line.kind)
        if replay is None or line.service != "budget":
            return
        self.events += 1
        try:
            texts = list(replay(line, json.loads(line.data)))
        except (KeyError, TypeError, ValueError, RecursionError):
            article = "an" if line.kind[0] in "aeiou" else "a"
            texts = [f"{line.id} at {line.where} is no event of {article} {line.kind}"]
        self._found += [_finding(line.service, text) for text in texts]

    def _replay_envelope(self, line: Line, data: Data) -> Iterator[str]:
        envelope = self._envelopes[line.subject]
        self._move(envelope, line, data)
        for name in ("pagu", "blocked", "allotted"):
            yield from _unequal(line, data, name, getattr(envelope, name))
        if envelope.allotted > envelope.pagu - envelope.blocked:
            yield f"{line.id}: allotted money exceeds the pagu without what is blocked"

    def _move(self, envelope: Envelope, line: Line, data: Data) -> None:
        match _name(line):
            case "envelope-opened":
                envelope.pagu = data["pagu_idr"]
            case "envelope-revised":
                envelope.pagu += data["delta_idr"]
            case "envelope-blocked":
                envelope.blocked += data["amount_idr"]
            case "envelope-unblocked":
                envelope.blocked -= data["amount_idr"]
            case "allotment-made":
                envelope.allotted += data["amount_idr"]
                self._allotments[data["exhibition"]][line.id] = data["amount_idr"]
            case "allotment-returned":
                envelope.allotted -= data["amount_idr"]
                self._allotments[data["exhibition"]][line.id] = -data["amount_idr"]
            case _:
                pass

    def _replay_allocation(self, line: Line, data: Data) -> Iterator[str]:
        allocation = self._allocations[line.subject]
        _reserve(allocation, line, data)
        _bind(allocation, line, data)
        yield from self._pay(allocation, line, data)
        yield from _unequal(line, data, "ceiling", allocation.ceiling)
        reserved = sum(allocation.reserved.values())
        if data["reserved_idr"] != reserved:
            yield (
                f"{line.id}: the event says Rp {data['reserved_idr']:,} reserved, the active "
                f"reservations are Rp {reserved:,}"
            )
        yield from _unequal(line, data, "contracted", allocation.contracted)
        yield from _unequal(line, data, "realised", allocation.realised)
        if allocation.ceiling < reserved + allocation.contracted:
            yield f"{line.id}: reserved and contracted money exceed the ceiling"
        if allocation.realised > allocation.contracted:
            yield f"{line.id}: realised money exceeds the contracted money"

    def _pay(self, allocation: Allocation, line: Line, data: Data) -> Iterator[str]:
        if "spm" not in data:
            return
        contract, spm = allocation.contracts[data["contract"]], data["spm"]
        match _name(line):
            case "payment-ordered":
                yield from _order(contract, line, data)
            case "payment-order-voided":
                yield from _void(contract, line, data)
            case "payment-disbursed":
                yield from self._disburse(contract, line, data)
            case "payment-returned":
                if contract.paid.pop(spm, None) != data["amount_idr"]:
                    yield f"{line.id}: SPM {spm} comes back with another amount than was paid"
                if data.get("code") == "recorded-by-mistake":
                    # Its SP2D pays another order.
                    self._sp2d.pop(data["sp2d"], None)
            case _:
                pass

    def _disburse(self, contract: Contract, line: Line, data: Data) -> Iterator[str]:
        spm, sp2d = data["spm"], data["sp2d"]
        if contract.ordered.get(spm) != data["amount_idr"]:
            yield f"{line.id}: SPM {spm} is paid with another amount than was ordered"
        if spm in contract.paid:
            yield f"{line.id}: SPM {spm} is paid a second time"
        first = self._sp2d.setdefault(sp2d, line.id)
        if first != line.id:
            yield f"{line.id}: SP2D {sp2d} has paid before, in {first}"
        contract.paid[spm] = data["amount_idr"]

    def _unbacked(self) -> Iterator[str]:
        for exhibition, allocation in sorted(self._allocations.items()):
            allotments = self._allotments[exhibition]
            # An allotment may have come after its topic was read: its raise does not count either.
            unseen = sum(
                amount for cause, amount in allocation.raised.items() if cause not in allotments
            )
            if unseen and not allotments:
                yield f"allocation {exhibition}: its ceiling was raised without an allotment"
            elif allocation.ceiling - unseen > allotments.total():
                yield (
                    f"allocation {exhibition}: its ceiling of Rp {allocation.ceiling:,} is higher "
                    f"than its allotments of Rp {allotments.total():,}"
                )


def _reserve(allocation: Allocation, line: Line, data: Data) -> None:
    match _name(line):
        case "allocation-raised":
            allocation.ceiling += data["amount_idr"]
            allocation.raised[line.causation] = data["amount_idr"]
        case "allocation-lowered":
            allocation.ceiling -= data["amount_idr"]
        case "allocation-repriced":
            for application in data["unfunded"]:
                del allocation.reserved[application]
            allocation.reserved = dict.fromkeys(allocation.reserved, int(data["unit_cost_idr"]))
        case "place-funded":
            allocation.reserved[data["application"]] = data["amount_idr"]
        case "funding-released" | "reservation-released":
            allocation.reserved.pop(data["application"], None)
        case _:
            pass


def _bind(allocation: Allocation, line: Line, data: Data) -> None:
    match _name(line):
        case "commitment-contracted":
            bound = {
                application: allocation.reserved.pop(application, 0)
                for application in data["applications"]
            }
            contract = Contract(amount=data["amount_idr"], bound=bound)
            allocation.contracts[data["contract"]] = contract
        case "contract-amended":
            contract = allocation.contracts[data["contract"]]
            contract.amount += data["delta_idr"]
            contract.closed = False
        case "contract-closed":
            contract = allocation.contracts[data["contract"]]
            given_back = parts(contract.amount, contract.bound)
            for application in data["applications"]:
                allocation.reserved[application] = given_back[application]
            contract.amount -= data["released_idr"]
            contract.closed = True
        case _:
            pass


def _void(contract: Contract, line: Line, data: Data) -> Iterator[str]:
    spm, amount = data["spm"], data["amount_idr"]
    if spm in contract.paid:
        yield f"{line.id}: SPM {spm} is paid, and is made void"
    if contract.ordered.pop(spm, None) != amount:
        yield f"{line.id}: SPM {spm} is made void with another amount than was ordered"
    contract.amount -= amount if contract.closed else 0


def _order(contract: Contract, line: Line, data: Data) -> Iterator[str]:
    contract.ordered[data["spm"]] = data["amount_idr"]
    if sum(contract.ordered.values()) > contract.amount:
        yield f"{line.id}: the orders of contract {data['contract']} exceed its amount"


def _unequal(line: Line, data: Data, name: str, replayed: int) -> Iterator[str]:
    stated = data[f"{name}_idr"]
    if stated != replayed:
        yield (
            f"{line.id}: the event says Rp {stated:,} {name}, the events before it make "
            f"Rp {replayed:,}"
        )


def _name(line: Line) -> str:
    return line.type.split(".")[-2]


def _finding(service: str, text: str) -> Finding:
    return Finding(concern=Concern.LOG, service=service, text=text)
