"""The money: allotments, a block and a revision, contracts, payment orders and disbursements.

Forbidden acts are tried too, and must be refused: a revision below what is in use, an allotment
that the block leaves no room for, a mistyped cost of a place, a payment by the person who made the
contract or the order. Of each round of contracts a payment order is taken back, and a payment comes
back from the bank and is made again. The numbers of the documents have the usual form and are
fictional.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.player.people import (
    APPROVER,
    CASHIER,
    PAYMASTER,
    TREASURER,
    TREASURER_AS_PAYMASTER,
)
from demo.player.play import Play
from demo.player.screen import counted
from demo.programme_2018.exhibition import DOMESTIC, OVERSEAS, Exhibition
from demo.programme_2018.programme import (
    DIPA,
    PAGU_IDR,
    PLACE_COST_IDR,
    REVISION_IDR,
    YEAR,
)

FIRST_PART_PERCENT = 70
"""Of a contract: paid before the exhibition; the rest after it (ours)."""


async def allot(play: Play, exhibition: Exhibition) -> None:
    """Allot what the places of an exhibition cost, but for those whose money comes late."""
    await _allot(play, exhibition, exhibition.places - exhibition.late_places, apart=exhibition.id)


async def block(play: Play) -> str:
    """A part of the domestic envelope is blocked; a cut below what is left is refused."""
    blocked_idr = play.programme.blocked_idr
    address = f"budget/envelopes/{YEAR}.{DOMESTIC}"
    posting = _posting(play, "S-61/MK.02/2018", "saving", "self-blocking for savings (ours)")
    body = {"amount_idr": blocked_idr, **posting}
    await play.api.command(TREASURER, f"{address}/blocks", body)
    too_much = {
        "delta_idr": -PAGU_IDR[DOMESTIC],
        **_posting(play, f"{DIPA}/0", "other", "a cut that must be refused"),
    }
    await play.api.refused(
        TREASURER, f"{address}/revision-proposals", too_much, code="pagu-below-use"
    )
    return f"Rp {blocked_idr:,} of the domestic envelope; a cut below what is left is refused"


async def revise(play: Play) -> str:
    """The pagu is revised by two people: some of it goes from domestic to overseas shows."""
    for scope, delta_idr in ((DOMESTIC, -REVISION_IDR), (OVERSEAS, REVISION_IDR)):
        reason = "an overseas exhibition was replaced (ours)"
        body = {"delta_idr": delta_idr, **_posting(play, f"{DIPA}/1", "shift", reason)}
        address = f"budget/envelopes/{YEAR}.{scope}"
        await play.api.command(TREASURER, f"{address}/revision-proposals", body)
        approval = {"document_number": body["document_number"]}
        await play.api.refused(TREASURER, f"{address}/revisions", approval, code="same-person")
        await play.api.command(APPROVER, f"{address}/revisions", approval)
    return (
        f"Rp {REVISION_IDR:,} from domestic to overseas, approved by another person; "
        "approving one's own revision was refused"
    )


async def unblock(play: Play) -> str:
    """Places wait for money that the block holds; it is lifted, and they get it."""
    late = [exhibition for exhibition in play.programme.exhibitions if exhibition.late_places]
    waiting = await _waiting(play, late)
    for exhibition in late:
        who, address, body = _allotment(play, exhibition, exhibition.late_places)
        mistyped = body | {"unit_cost_idr": body["unit_cost_idr"] // 1_000}
        await play.api.refused(who, address, mistyped, code="implausible-amount", apart="mistyped")
        await play.api.refused(who, address, body, code="pagu-exceeded")
    posting = _posting(play, "S-588/MK.02/2018", "need", "savings not needed (ours)")
    body = {"amount_idr": play.programme.unblocked_idr, **posting}
    await play.api.command(TREASURER, f"budget/envelopes/{YEAR}.{DOMESTIC}/unblocks", body)
    for exhibition in late:
        await _allot(play, exhibition, exhibition.late_places, apart=f"{exhibition.id}/late")
    await play.wait_until_idle()
    funded = waiting - await _waiting(play, late)
    return (
        f"{counted(waiting, 'seat')} waited for money, and the block left too little; "
        f"Rp {play.programme.unblocked_idr:,} unblocked, {funded} got it; "
        "a mistyped cost of a place was refused"
    )


async def contract(play: Play, exhibitions: Sequence[Exhibition], day: date) -> str:
    """Contract each decree's annex; other people order and pay the first part."""
    contracted = [exhibition for exhibition in exhibitions if exhibition.replaced_by is None]
    await play.each(contracted, lambda item: _contract(play, item, day))
    amounts = [await _contract_idr(play, item) for item in contracted]
    figures = f"{counted(len(contracted), 'contract')} over Rp {sum(amounts):,}"
    put_right = await _take_back(play, contracted, day)
    refused = "paying one's own contract was refused"
    return f"{figures}, {FIRST_PART_PERCENT} % paid; {refused}{put_right}"


async def pay_rest(play: Play, exhibitions: Sequence[Exhibition], day: date) -> None:
    """Order and pay the rest of each contract."""
    await play.each(exhibitions, lambda exhibition: _pay(play, exhibition, day, part=2))


async def return_unused(play: Play) -> str:
    """Return unused money to the envelopes at the end of the year."""
    allocations = await play.api.pages(TREASURER, "budget/allocations", programme=YEAR)
    free = [allocation for allocation in allocations if allocation["free_idr"] > 0]
    await play.each(free, lambda item: _lower(play, item))
    total_idr = sum(item["free_idr"] for item in free)
    return f"Rp {total_idr:,} of {counted(len(free), 'allocation')}"


async def _allot(play: Play, exhibition: Exhibition, places: int, *, apart: str) -> None:
    who, address, body = _allotment(play, exhibition, places)
    await play.api.command(who, address, body, apart=apart)


def _allotment(play: Play, exhibition: Exhibition, places: int) -> tuple[Any, str, dict[str, Any]]:
    cost_idr = PLACE_COST_IDR[exhibition.scope]
    body = {
        "exhibition": exhibition.id,
        "amount_idr": places * cost_idr,
        "unit_cost_idr": cost_idr,
        "document_number": f"ND-{exhibition.id}-{play.today}/Dep.3",
        "effective_on": play.today,
    }
    return TREASURER, f"budget/envelopes/{YEAR}.{exhibition.scope}/allotments", body


def _posting(play: Play, number: str, code: str, reason: str) -> dict[str, Any]:
    return {
        "document_number": number,
        "effective_on": play.today,
        "code": code,
        "reason": reason,
    }


async def _waiting(play: Play, exhibitions: Sequence[Exhibition]) -> int:
    allocations = [
        await play.api.read(TREASURER, f"budget/allocations/{exhibition.id}")
        for exhibition in exhibitions
    ]
    return sum(len(row["waiting"]) for row in allocations)


async def _contract(play: Play, exhibition: Exhibition, day: date) -> None:
    address = f"budget/allocations/{exhibition.id}"
    reserved = (await play.api.read(TREASURER, address))["reserved"]
    if not reserved:
        return
    body = {"contract": _contract_number(exhibition), "signed_on": str(day)}
    places = {"applications": list(reserved), "amount_idr": sum(reserved.values())}
    await play.api.command(TREASURER, f"{address}/contracts", body | places)
    delivery = {
        "contract": _contract_number(exhibition),
        "document_number": f"BAST/{exhibition.id}/1",
        "delivered_on": str(day),
    }
    await play.api.command(TREASURER, f"{address}/deliveries", delivery)
    await _pay(play, exhibition, day, part=1)


async def _contract_idr(play: Play, exhibition: Exhibition) -> int:
    allocation = await play.api.read(TREASURER, f"budget/allocations/{exhibition.id}")
    return int(allocation["contracted_idr"])


@dataclass(frozen=True, kw_only=True)
class _Payment:
    """The address of an allocation, the fields that every body of a payment has, and its day."""

    address: str
    about: dict[str, str]
    day: date


def _payment(exhibition: Exhibition, day: date, part: int | str) -> _Payment:
    spm = f"SPM-{exhibition.id}-{part}"
    about = {"contract": _contract_number(exhibition), "spm": spm}
    return _Payment(address=f"budget/allocations/{exhibition.id}", about=about, day=day)


async def _pay(play: Play, exhibition: Exhibition, day: date, *, part: int) -> None:
    contract = await _contract_of(play, exhibition)
    if contract is None:
        return
    total_idr = contract["amount_idr"]
    first_idr = total_idr * FIRST_PART_PERCENT // 100
    payment = _payment(exhibition, day, part)
    await _order(play, payment, first_idr if part == 1 else total_idr - first_idr)
    await _disburse(play, payment, f"SP2D-{exhibition.id.upper()}-{part}")


async def _order(play: Play, payment: _Payment, amount_idr: int) -> None:
    address, spm = f"{payment.address}/payment-orders", payment.about["spm"]
    order = {**payment.about, "ordered_on": str(payment.day), "amount_idr": amount_idr}
    await play.api.refused(TREASURER_AS_PAYMASTER, address, order, code="same-person", apart=spm)
    await play.api.command(PAYMASTER, address, order, apart=spm)


async def _disburse(play: Play, payment: _Payment, sp2d: str) -> None:
    address = f"{payment.address}/disbursements"
    paid = {**payment.about, "sp2d": sp2d, "paid_on": str(payment.day)}
    await play.api.refused(PAYMASTER, address, paid, code="same-person", apart=sp2d)
    await play.api.command(CASHIER, address, paid, apart=sp2d)


async def _take_back(play: Play, exhibitions: Sequence[Exhibition], day: date) -> str:
    """Void a wrong order of the first contract; let its payment come back, and pay it again."""
    for exhibition in exhibitions:
        if await _contract_of(play, exhibition) is not None:
            await _void(play, _payment(exhibition, day, "0"))
            await _come_back(play, exhibition, day)
            return "; a wrong SPM is void, an SP2D came back and was paid again"
    return ""


async def _void(play: Play, payment: _Payment) -> None:
    await _order(play, payment, 1)
    voids = f"{payment.address}/payment-order-voids"
    body = {**payment.about, "code": "wrong-amount", "reason": "one rupiah (ours)"}
    await play.api.refused(PAYMASTER, voids, body, code="same-person")
    await play.api.command(CASHIER, voids, body)


async def _come_back(play: Play, exhibition: Exhibition, day: date) -> None:
    payment, sp2d = _payment(exhibition, day, 1), f"SP2D-{exhibition.id.upper()}-1"
    returned = {"sp2d": sp2d, "return_number": f"RETUR-{exhibition.id}-1", "returned_on": str(day)}
    body = {**payment.about, **returned, "code": "wrong-account", "reason": "a digit (ours)"}
    await play.api.command(PAYMASTER, f"{payment.address}/payment-returns", body)
    await _disburse(play, payment, f"{sp2d}-REPEATED")


async def _contract_of(play: Play, exhibition: Exhibition) -> dict[str, Any] | None:
    allocation = await play.api.read(PAYMASTER, f"budget/allocations/{exhibition.id}")
    contract: dict[str, Any] | None = next(iter(allocation["contracts"].values()), None)
    return contract


async def _lower(play: Play, allocation: dict[str, Any]) -> None:
    address = f"budget/allocations/{allocation['id']}/lowerings"
    document = {"document_number": f"ND-{allocation['id']}/KU", "effective_on": play.today}
    body = {"amount_idr": allocation["free_idr"], **document}
    await play.api.command(TREASURER, address, body)


def _contract_number(exhibition: Exhibition) -> str:
    return f"K/{exhibition.id}"
