"""Contracts of an allocation: amounts, parts of places, orders and payments, by their events.

The parts follow the rule of the contracts (proportional, rounded down, the last place takes the
rest), written a second time and without a service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gelar.checking.invariants.topics import Fact

CONTRACT_WORDS = frozenset(
    {
        *("contract-amended", "contract-closed", "delivery-recorded", "delivery-retracted"),
        "payment-ordered",
        *("payment-order-voided", "payment-disbursed", "payment-returned"),
    }
)
"""The events of a contract that was made before."""


def parts(amount_idr: int, reservations: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount by the reservations, rounded down; the last place takes the rest."""
    whole, left_idr = sum(reservations.values()), amount_idr
    divided: dict[str, int] = {}
    for number, (place, reserved_idr) in enumerate(reservations.items(), 1):
        part = int(Fraction(amount_idr) * reserved_idr / whole)
        divided[place] = left_idr if number == len(reservations) else part
        left_idr -= divided[place]
    return divided


@dataclass(kw_only=True)
class Order:
    """A payment order in rupiah; `paid` is the event of its payment, unless that came back.

    `people` ordered it, paid it or took it back; `returners` recorded that a payment came back.
    """

    amount_idr: int
    ordered: Fact
    people: set[str]
    voided: bool = False
    paid: Fact | None = None
    returners: set[str] = field(default_factory=set)
    returned_on: str = ""


@dataclass(kw_only=True)
class Contract:
    """A contract in rupiah; `people` made or amended it, `orders` are by payment order (SPM).

    It was signed for `signed_idr` over reservations of `bound_idr`. `last` made it or its last
    addendum; `amounts` are the days and amounts of the signatures, `deliveries` the events that
    recorded those that stand.
    """

    amount_idr: int
    signed_idr: int
    bound_idr: int
    signed_on: str
    reservations: dict[str, int]
    people: set[str]
    last: str
    amounts: list[tuple[str, int]]
    closed: bool = False
    deliveries: dict[str, Fact] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)

    @classmethod
    def made(cls, fact: Fact, reservations: dict[str, int]) -> "Contract":
        """Return the contract of this commitment, which binds these reservations."""
        data = fact.data
        return cls(
            amount_idr=data["amount_idr"],
            signed_idr=data["amount_idr"],
            bound_idr=sum(reservations.values()),
            signed_on=data["signed_on"],
            reservations=reservations,
            people={fact.actor},
            last=fact.actor,
            amounts=[(data["signed_on"], data["amount_idr"])],
        )

    @property
    def ordered(self) -> dict[str, int]:
        """Return the amounts of the orders that are not void."""
        return {spm: order.amount_idr for spm, order in self.orders.items() if not order.voided}

    @property
    def paid(self) -> dict[str, int]:
        """Return the amounts of the orders that are paid."""
        return {
            spm: order.paid.data["amount_idr"] for spm, order in self.orders.items() if order.paid
        }

    @property
    def delivered_on(self) -> str:
        """Return the day of the first delivery, or a day after all others."""
        days = (fact.data["delivered_on"] for fact in self.deliveries.values())
        return min(days, default="9999-12-31")

    def overdrawn(self) -> str | None:
        """Return a day on which more was ordered than was signed up to it, if there is one."""
        standing = [order for order in self.orders.values() if not order.voided]
        for day in sorted({order.ordered.data["ordered_on"] for order in standing}):
            signed = [amount for signed_on, amount in self.amounts if signed_on <= day]
            until = [item for item in standing if item.ordered.data["ordered_on"] <= day]
            if sum(item.amount_idr for item in until) > (signed[-1] if signed else 0):
                return str(day)
        return None

    def costs(self) -> dict[str, int]:
        """Return the part of each place."""
        return parts(self.amount_idr, self.reservations)

    def apply(self, fact: Fact) -> None:
        """Apply an event of this contract."""
        data = fact.data
        match fact.word:
            case "contract-amended":
                self.amount_idr += data["delta_idr"]
                self.people.add(fact.actor)
                self.last = fact.actor
                self.amounts.append((data["signed_on"], data["amount_idr"]))
                self.closed = False
            case "contract-closed":
                if not self.ordered:
                    self.reservations = {}
                self.amount_idr -= data["released_idr"]
                self.closed = True
            case "delivery-recorded":
                self.deliveries[data["document_number"]] = fact
            case "delivery-retracted":
                del self.deliveries[data["document_number"]]
            case _:
                self._apply_payment(fact)

    def _apply_payment(self, fact: Fact) -> None:
        spm = fact.data["spm"]
        if fact.word == "payment-ordered":
            amount_idr = fact.data["amount_idr"]
            self.orders[spm] = Order(amount_idr=amount_idr, ordered=fact, people={fact.actor})
            return
        self.orders[spm].people.add(fact.actor)
        match fact.word:
            case "payment-order-voided":
                self.orders[spm].voided = True
                # Nothing is ordered on a closed contract, so this part of it is released.
                self.amount_idr -= fact.data["amount_idr"] if self.closed else 0
            case "payment-disbursed":
                self.orders[spm].paid = fact
            case "payment-returned":
                self.orders[spm].paid = None
                self.orders[spm].returners.add(fact.actor)
                if fact.data["return_number"]:
                    self.orders[spm].returned_on = fact.data["returned_on"]
            case _:
                raise ValueError(f"the audit does not know {fact.word}")
