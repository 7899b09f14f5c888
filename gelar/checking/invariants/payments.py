"""Contracts and payments: invariants 6 and 8: two people, days in order, numbers used once."""

from collections import Counter
from collections.abc import Iterator

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.contracts import CONTRACT_WORDS, Contract, Order
from gelar.checking.invariants.recount.money import allocations
from gelar.checking.invariants.recount.rounds import rounds
from gelar.checking.invariants.topics import Fact

NUMBERS = (
    ("contract", "commitment-contracted", "contract"),
    ("addendum", "contract-amended", "addendum"),
    ("delivery", "delivery-recorded", "document_number"),
    ("SPM", "payment-ordered", "spm"),
    ("SP2D", "payment-disbursed", "sp2d"),
    ("return", "payment-returned", "return_number"),
)
"""The kind of each document, the event that uses its number, and the field of the number."""

BY_MISTAKE = "recorded-by-mistake"
"""The reason of a return that gives its SP2D number back, because no money came back."""

DAYS = {
    "commitment-contracted": "signed_on",
    "contract-amended": "signed_on",
    "delivery-recorded": "delivered_on",
    "payment-ordered": "ordered_on",
    "payment-disbursed": "paid_on",
}
"""The field of the day of each document, which is in the fiscal year."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=6,
        name="No person orders, pays, closes or takes back what it contracted, ordered or paid",
        compared=_payments_compared,
        differences=_four_eyes,
    )
    yield Check(
        invariant=8,
        name="Realised = paid by an SP2D used once, for one whole order within its contract",
        compared=_payments_compared,
        differences=_payments,
    )
    yield Check(
        invariant=8,
        name="The number of a contract, order, payment or return is used once",
        compared=_numbers_compared,
        differences=_numbers,
    )
    yield Check(
        invariant=8,
        name="Contracts, orders, deliveries and payments are in the fiscal year and in order",
        compared=_numbers_compared,
        differences=_days,
    )


def _payments_compared(evidence: Evidence) -> str:
    count = {
        word: len(list(evidence.topics.each("allocation", f"payment-{word}")))
        for word in ("ordered", "order-voided", "returned")
    }
    paid = list(evidence.topics.each("allocation", "payment-disbursed"))
    amount_idr = sum(fact.data["amount_idr"] for fact in paid)
    return (
        f"{count['ordered']:,} SPM ({count['order-voided']:,} void), {len(paid):,} SP2D over "
        f"Rp {amount_idr:,} ({count['returned']:,} returned)"
    )


def _numbers_compared(evidence: Evidence) -> str:
    return f"{sum(1 for _ in _documents(evidence)):,} documents"


def _documents(evidence: Evidence) -> Iterator[tuple[str, Fact, str]]:
    for kind, word, name in NUMBERS:
        for fact in evidence.topics.each("allocation", word):
            if fact.data[name]:
                yield kind, fact, fact.data[name]


def _numbers(evidence: Evidence) -> Iterator[str]:
    used: Counter[tuple[str, str]] = Counter()
    for kind, _, number in _documents(evidence):
        used[kind, "".join(number.split()).upper()] += 1
    for fact in evidence.topics.each("allocation", "delivery-retracted"):
        used["delivery", "".join(fact.data["document_number"].split()).upper()] -= 1
    for sp2d in _mistaken(evidence):
        used["SP2D", "".join(sp2d.split()).upper()] -= 1
    for (kind, number), count in used.items():
        if count > 1:
            yield f"{kind} {number} was used {count} times"


def _mistaken(evidence: Evidence) -> Iterator[str]:
    """Yield each SP2D number that was recorded by mistake, and is free again."""
    for fact in evidence.topics.each("allocation", "payment-returned"):
        if fact.data["code"] == BY_MISTAKE:
            yield fact.data["sp2d"]


def _steps(evidence: Evidence) -> Iterator[tuple[Fact, Contract]]:
    """Yield every event of a contract with the contract just before it."""
    for facts in evidence.topics.of("allocation").values():
        contracts: dict[str, Contract] = {}
        for fact in facts:
            if fact.word == "commitment-contracted":
                places = dict.fromkeys(fact.data["applications"], 1)
                contracts[fact.data["contract"]] = Contract.made(fact, places)
            elif fact.word in CONTRACT_WORDS:
                contract = contracts[fact.data["contract"]]
                yield fact, contract
                contract.apply(fact)


def _four_eyes(evidence: Evidence) -> Iterator[str]:
    for fact, contract in _steps(evidence):
        if fact.actor in _first_people(fact, contract):
            yield f"{fact.id}: {fact.word} by {fact.actor}, who did the act before it"
    yield from _restored_alone(evidence)


def _first_people(fact: Fact, contract: Contract) -> set[str]:
    """Return the people of the acts before this one, which none of them may do."""
    order = contract.orders.get(fact.data.get("spm", ""))
    ordered = {order.ordered.actor} if order else set()
    match fact.word:
        case "payment-ordered":
            return contract.people
        case "contract-closed":
            return {contract.last}
        case "payment-disbursed":
            return contract.people | ordered
        case "payment-order-voided":
            return contract.people | ordered | (order.returners if order else set())
        case "payment-returned":
            paid = {order.paid.actor} if order and order.paid else set()
            return contract.people | paid
        case "delivery-retracted":
            return {contract.deliveries[fact.data["document_number"]].actor}
        case "contract-amended":
            return set().union(*(item.people for item in contract.orders.values()))
        case _:
            return set()


def _restored_alone(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("allocation").values():
        released: dict[str, str] = {}
        for fact in facts:
            if fact.word == "reservation-released":
                released[fact.data["application"]] = fact.actor
            elif fact.word == "funding-requested":
                officers = {released.pop(place, "") for place in fact.data["applications"]}
                if fact.actor in officers:
                    yield f"{fact.id}: {fact.actor} restored what it had released"


def _payments(evidence: Evidence) -> Iterator[str]:
    for fact, contract in _steps(evidence):
        match fact.word:
            case "payment-disbursed":
                yield from _payment(fact, contract)
            case "payment-order-voided" | "payment-returned":
                yield from _reversal(fact, contract)
            case "payment-ordered" if contract.closed:
                yield f"{fact.id}: the contract was closed"
            case _:
                pass
    yield from _paid_twice(evidence)
    for id, allocation in allocations(evidence.topics).items():
        for number, contract in allocation.contracts.items():
            cost = sum(allocation.contracted.get(place, 0) for place in contract.reservations)
            yield from (f"{id} {number}: {fault}" for fault in _sums(contract, cost))


def _paid_twice(evidence: Evidence) -> Iterator[str]:
    paid = evidence.topics.each("allocation", "payment-disbursed")
    used = Counter(fact.data["sp2d"] for fact in paid)
    used.subtract(_mistaken(evidence))
    for sp2d, count in used.items():
        if count > 1:
            yield f"SP2D {sp2d} was used {count} times"


def _payment(fact: Fact, contract: Contract) -> Iterator[str]:
    order = contract.orders.get(fact.data["spm"])
    if order is None or order.voided or order.paid:
        yield f"{fact.id}: SPM {fact.data['spm']} does not wait for its payment"
    elif order.amount_idr != fact.data["amount_idr"]:
        yield f"{fact.id}: SPM {fact.data['spm']} was not paid as it was ordered"


def _reversal(fact: Fact, contract: Contract) -> Iterator[str]:
    order = contract.orders.get(fact.data["spm"])
    if order is None or order.voided or order.amount_idr != fact.data["amount_idr"]:
        yield f"{fact.id}: no order over Rp {fact.data['amount_idr']:,} stands"
    elif fact.word == "payment-order-voided" and order.paid:
        yield f"{fact.id}: the order was paid"
    elif fact.word == "payment-returned" and (
        order.paid is None or order.paid.data["sp2d"] != fact.data["sp2d"]
    ):
        yield f"{fact.id}: the order was not paid by SP2D {fact.data['sp2d']}"
    elif fact.word == "payment-returned" and (
        (fact.data["code"] == BY_MISTAKE) == bool(fact.data["return_number"])
    ):
        yield f"{fact.id}: a return has a number, unless the payment was a mistake"


def _sums(contract: Contract, cost: int) -> Iterator[str]:
    ordered = sum(contract.ordered.values())
    if contract.signed_idr > contract.bound_idr:
        yield "it was signed for more than the reservations of its places"
    if contract.amount_idr != cost:
        yield f"Rp {contract.amount_idr:,}, its places cost Rp {cost:,}"
    if ordered > contract.amount_idr:
        yield "more is ordered than contracted"
    if contract.closed and ordered != contract.amount_idr:
        yield "it is closed, and keeps money that is not ordered"


def _days(evidence: Evidence) -> Iterator[str]:
    decreed = {
        id: found.decree["signed_on"]
        for id, found in rounds(evidence.topics).items()
        if found.decree
    }
    for fact in evidence.topics.each("allocation", *DAYS):
        day = fact.data[DAYS[fact.word]]
        if day[:4] != fact.data["programme"]:
            yield f"{fact.id}: {day} is not in {fact.data['programme']}"
    for fact in evidence.topics.each("allocation", "commitment-contracted"):
        signed_on = decreed.get(fact.subject)
        if signed_on and fact.data["signed_on"] < signed_on:
            yield f"{fact.id}: it was signed before the decree of {signed_on}"
    for fact, contract in _steps(evidence):
        yield from _days_of_payment(fact, contract)
    yield from _overdrawn(evidence)


def _overdrawn(evidence: Evidence) -> Iterator[str]:
    for id, allocation in allocations(evidence.topics).items():
        for number, contract in allocation.contracts.items():
            if day := contract.overdrawn():
                yield f"{id} {number}: on {day} more was ordered than was signed"


def _days_of_payment(fact: Fact, contract: Contract) -> Iterator[str]:
    data, order = fact.data, contract.orders.get(fact.data.get("spm", ""))
    match fact.word:
        case "contract-amended" if data["signed_on"] < contract.signed_on:
            yield f"{fact.id}: the addendum is older than its contract"
        case "payment-ordered" if data["ordered_on"] < contract.signed_on:
            yield f"{fact.id}: it was ordered before its contract was signed"
        case "delivery-recorded" if data["delivered_on"] < contract.signed_on:
            yield f"{fact.id}: it was delivered before its contract was signed"
        case "delivery-retracted":
            yield from _days_without(fact, contract)
        case "payment-disbursed" if order:
            yield from _days_of_disbursement(fact, order, contract)
        case "payment-returned" if order and order.paid:
            if data["returned_on"] < order.paid.data["paid_on"]:
                yield f"{fact.id}: it came back before it was paid"
        case _:
            pass


def _days_without(fact: Fact, contract: Contract) -> Iterator[str]:
    """Yield each payment that has no delivery before it once this delivery is retracted."""
    left = [
        recorded.data["delivered_on"]
        for number, recorded in contract.deliveries.items()
        if number != fact.data["document_number"]
    ]
    for spm, order in contract.orders.items():
        if order.paid and order.paid.data["paid_on"] < min(left, default="9999-12-31"):
            yield f"{fact.id}: SPM {spm} was paid without another delivery"


def _days_of_disbursement(fact: Fact, order: Order, contract: Contract) -> Iterator[str]:
    paid_on = fact.data["paid_on"]
    if paid_on < order.ordered.data["ordered_on"]:
        yield f"{fact.id}: it was paid before its order"
    if paid_on < order.returned_on:
        yield f"{fact.id}: it was paid again before its return"
    if paid_on < contract.delivered_on:
        yield f"{fact.id}: it was paid before a delivery"
