"""Money: invariants 7, 8 and 9 of the domain, and rupiah in = rupiah out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from demo.reconciling.checks import Check, Evidence
from demo.reconciling.published import data_of

CAME_OR_NOT = frozenset({"CONFIRMED", "ATTENDED", "ABSENT"})


def checks() -> Iterator[Check]:
    """The checks of this module."""
    yield Check(
        invariant=7,
        name="pagu - blocked >= allotted; ceiling >= reserved + contracted, after every event",
        figures=_balances_counted,
        differences=_balances,
    )
    yield Check(
        invariant=8,
        name="Realised = paid by SP2D numbers that are used once",
        figures=_paid_counted,
        differences=_payments,
    )
    yield Check(
        invariant=6,
        name="Who contracted neither ordered nor paid",
        figures=lambda evidence: f"{len(list(_orders(evidence)))} payment orders and payments",
        differences=_four_eyes,
    )
    yield Check(
        invariant=9,
        name="Only places on the annex cost; a no-show is a sunk cost",
        figures=_places_counted,
        differences=_places,
    )
    yield Check(
        name="Rupiah in = rupiah out, in every envelope and allocation",
        figures=_rupiah_counted,
        differences=_rupiah,
    )


def rupiah(amount: int) -> str:
    """`Rp 1,000`."""
    return f"Rp {amount:,}"


def _balances_counted(evidence: Evidence) -> str:
    published = evidence.published
    return f"{published.count('envelope'):,} + {published.count('allocation'):,} events"


def _balances(evidence: Evidence) -> Iterator[str]:
    for events in evidence.published.of("envelope").values():
        for event in events:
            now = data_of(event)
            if now["pagu_idr"] - now["blocked_idr"] < now["allotted_idr"]:
                yield f"{event.id}: allotted more than there is"
    for events in evidence.published.of("allocation").values():
        for event in events:
            now = data_of(event)
            if not 0 <= now["realised_idr"] <= now["contracted_idr"]:
                yield f"{event.id}: realised more than contracted"
            if now["ceiling_idr"] < now["reserved_idr"] + now["contracted_idr"]:
                yield f"{event.id}: promised more than the ceiling"


def _paid(evidence: Evidence) -> list[dict[str, Any]]:
    return [data for _, data in evidence.published.each("allocation", "payment-disbursed")]


def _paid_counted(evidence: Evidence) -> str:
    paid = _paid(evidence)
    return f"{len(paid)} SP2D over {rupiah(sum(payment['amount_idr'] for payment in paid))}"


def _payments(evidence: Evidence) -> Iterator[str]:
    paid = _paid(evidence)
    for sp2d, count in Counter(item["sp2d"] for item in paid).items():
        if count > 1:
            yield f"SP2D {sp2d} was used {count} times"
    for id, allocation in evidence.books.states("allocation").items():
        by_sp2d = sum(each["amount_idr"] for each in paid if each["exhibition"] == id)
        if by_sp2d != allocation.realised_idr:
            yield f"{id}: realised {rupiah(allocation.realised_idr)}, paid {rupiah(by_sp2d)}"


def _orders(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    for word in ("payment-ordered", "payment-disbursed"):
        for event, data in evidence.published.each("allocation", word):
            yield event.subject, data["contract"], event.actor


def _four_eyes(evidence: Evidence) -> Iterator[str]:
    allocations = evidence.books.states("allocation")
    for id, contract, actor in _orders(evidence):
        if allocations[id].contracts[contract].contracted_by == actor:
            yield f"{id}: {actor} contracted {contract} and ordered or paid it"


def _places_counted(evidence: Evidence) -> str:
    allocations = evidence.books.states("allocation").values()
    contracted = sum(len(allocation.contracted) for allocation in allocations)
    return f"{contracted} places contracted, {sum(len(state.sunk) for state in allocations)} sunk"


def _places(evidence: Evidence) -> Iterator[str]:
    rounds = evidence.books.states("round")
    applications = evidence.books.states("application")
    for id, allocation in evidence.books.states("allocation").items():
        decree = rounds[id].decree
        annex = set(decree.annex) if decree else set()
        for place in allocation.contracted:
            if place not in annex and place not in allocation.sunk:
                yield f"{place} costs money and is not on the annex"
            if (applications[place].status not in CAME_OR_NOT) and place not in allocation.sunk:
                yield f"{place} is {applications[place].status} and its cost is not sunk"
            if applications[place].status == "ABSENT" and place not in allocation.sunk:
                yield f"{place} did not come and its cost is not sunk"


def _rupiah_counted(evidence: Evidence) -> str:
    envelopes = evidence.books.states("envelope").values()
    pagu = sum(envelope.pagu_idr for envelope in envelopes)
    realised = sum(
        allocation.realised_idr for allocation in evidence.books.states("allocation").values()
    )
    return f"pagu {rupiah(pagu)}, realised {rupiah(realised)}"


def _rupiah(evidence: Evidence) -> Iterator[str]:
    allocations = evidence.books.states("allocation")
    for id, envelope in evidence.books.states("envelope").items():
        own = {
            k: allocation
            for k, allocation in allocations.items()
            if allocation.scope == envelope.scope
        }
        yield from _deltas(evidence, id, envelope)
        for exhibition, amount in envelope.allotted.items():
            ceiling = own[exhibition].ceiling_idr
            if ceiling != amount:
                yield f"{exhibition}: allotted {rupiah(amount)}, ceiling {rupiah(ceiling)}"
        reserved = sum(item.reserved_idr for item in own.values())
        contracted = sum(item.contracted_idr for item in own.values())
        free = sum(item.free_idr for item in own.values())
        spent = envelope.free_idr + envelope.blocked_idr + free + reserved + contracted
        if spent != envelope.pagu_idr:
            yield f"{id}: pagu {rupiah(envelope.pagu_idr)}, accounted for {rupiah(spent)}"
    for id, allocation in allocations.items():
        yield from _contracts(id, allocation)


def _deltas(evidence: Evidence, id: str, envelope: Any) -> Iterator[str]:
    moved: Counter[str] = Counter()
    for item in evidence.published.of("envelope")[id]:
        data = data_of(item)
        word = item.type.split(".")[-2]
        moved[word] += data.get("delta_idr", data.get("amount_idr", 0))
        if word == "envelope-opened":
            moved[word] += data["pagu_idr"]
    pagu = moved["envelope-opened"] + moved["envelope-revised"]
    blocked = moved["envelope-blocked"] - moved["envelope-unblocked"]
    allotted = moved["allotment-made"] - moved["allotment-returned"]
    kept = (envelope.pagu_idr, envelope.blocked_idr, envelope.allotted_idr)
    if (pagu, blocked, allotted) != kept:
        yield f"{id}: its events make {(pagu, blocked, allotted)}, its state is {kept}"


def _contracts(id: str, item: Any) -> Iterator[str]:
    for name, contract in item.contracts.items():
        places = sum(item.contracted[place] for place in contract.applications)
        if not contract.paid_idr <= contract.ordered_idr <= contract.amount_idr == places:
            yield f"{id}: contract {name} does not add up"
    if sum(each.amount_idr for each in item.contracts.values()) != item.contracted_idr:
        yield f"{id}: its contracts are not what is contracted"
