"""The money: allotments, a block and a revision, contracts, payment orders and disbursements.

What the rules forbid is tried too, and must be refused: a revision below what is in use, an
allotment that the block leaves no room for, a payment by whoever made the contract.
"""

from collections.abc import Sequence
from typing import Any

from demo.exhibitions import DOMESTIC, OVERSEAS, Exhibition
from demo.people import PAYMASTER, TREASURER, TREASURER_AS_PAYMASTER
from demo.play import Play
from demo.programme import PAGU_IDR, PLACE_COST_IDR, REVISION_IDR, YEAR
from demo.screen import counted

FIRST_PART_PERCENT = 70
"""Of a contract: paid before the exhibition; the rest after it (ours)."""


async def allot(play: Play, one: Exhibition) -> None:
    """Allot what the places of an exhibition cost, but for those whose money comes late."""
    await _allot(play, one, one.places - one.late_places, apart=one.id)


async def block(play: Play) -> str:
    """A part of the domestic envelope is blocked; a cut below what is left is refused."""
    blocked_idr = play.programme.blocked_idr
    address = f"budget/envelopes/{YEAR}.{DOMESTIC}"
    body = {"amount_idr": blocked_idr, "reason": "self-blocking for savings (ours)"}
    await play.api.command(TREASURER, f"{address}/blocks", body)
    too_much = {
        "delta_idr": -PAGU_IDR[DOMESTIC],
        "document_number": "none (ours)",
        "reason": "a cut that must be refused",
    }
    await play.api.refused(TREASURER, f"{address}/revisions", too_much, code="pagu-below-use")
    return f"Rp {blocked_idr:,} of the domestic envelope; a cut below what is left is refused"


async def revise(play: Play) -> str:
    """The pagu is revised: some of the domestic envelope goes to the overseas one."""
    for scope, delta_idr in ((DOMESTIC, -REVISION_IDR), (OVERSEAS, REVISION_IDR)):
        body = {
            "delta_idr": delta_idr,
            "document_number": "Revisi DIPA ke-1 (illustrative)",
            "reason": "an overseas exhibition was replaced (ours)",
        }
        address = f"budget/envelopes/{YEAR}.{scope}/revisions"
        await play.api.command(TREASURER, address, body)
    return f"Rp {REVISION_IDR:,} from domestic to overseas"


async def unblock(play: Play) -> str:
    """Places wait for money that the block holds; it is lifted, and they get it."""
    late = [one for one in play.programme.exhibitions if one.late_places]
    waiting = await _waiting(play, late)
    for one in late:
        await play.api.refused(*_allotment(one, one.late_places), code="pagu-exceeded")
    body = {"amount_idr": play.programme.unblocked_idr, "reason": "savings not needed (ours)"}
    await play.api.command(TREASURER, f"budget/envelopes/{YEAR}.{DOMESTIC}/unblocks", body)
    for one in late:
        await _allot(play, one, one.late_places, apart=f"{one.id}/late")
    await play.settle()
    funded = waiting - await _waiting(play, late)
    return (
        f"{counted(waiting, 'seat')} waited for money, and the block left too little; "
        f"Rp {play.programme.unblocked_idr:,} unblocked, {funded} got it"
    )


async def contract(play: Play, exhibitions: Sequence[Exhibition]) -> str:
    """Each decree's annex is contracted, and the first part ordered and paid by somebody else."""
    contracted = [one for one in exhibitions if one.replaced_by is None]
    await play.each(contracted, lambda one: _contract(play, one))
    amounts = [await _contract_idr(play, one) for one in contracted]
    told = f"{counted(len(contracted), 'contract')} over Rp {sum(amounts):,}"
    return f"{told}, {FIRST_PART_PERCENT} % paid; paying one's own contract was refused"


async def pay_rest(play: Play, exhibitions: Sequence[Exhibition]) -> None:
    """Order and pay what is left of each contract."""
    await play.each(exhibitions, lambda one: _pay(play, one, part=2))


async def return_unused(play: Play) -> str:
    """At the end of the year, money that nobody needs goes back to the envelopes."""
    allocations = await play.api.pages(TREASURER, "budget/allocations", programme=YEAR)
    free = [one for one in allocations if one["free_idr"] > 0]
    await play.each(free, lambda one: _lower(play, one))
    total_idr = sum(one["free_idr"] for one in free)
    return f"Rp {total_idr:,} of {counted(len(free), 'allocation')}"


async def _allot(play: Play, one: Exhibition, places: int, *, apart: str) -> None:
    who, address, body = _allotment(one, places)
    await play.api.command(who, address, body, apart=apart)


def _allotment(one: Exhibition, places: int) -> tuple[Any, str, dict[str, Any]]:
    cost_idr = PLACE_COST_IDR[one.scope]
    body = {"exhibition": one.id, "amount_idr": places * cost_idr, "unit_cost_idr": cost_idr}
    return TREASURER, f"budget/envelopes/{YEAR}.{one.scope}/allotments", body


async def _waiting(play: Play, exhibitions: Sequence[Exhibition]) -> int:
    shown = [await play.api.read(TREASURER, f"budget/allocations/{one.id}") for one in exhibitions]
    return sum(len(one["waiting"]) for one in shown)


async def _contract(play: Play, one: Exhibition) -> None:
    places = list((await play.api.read(TREASURER, f"budget/allocations/{one.id}"))["reserved"])
    if not places:
        return
    address = f"budget/allocations/{one.id}"
    body = {"contract": _contract_id(one), "applications": places}
    await play.api.command(TREASURER, f"{address}/contracts", body)
    await _pay(play, one, part=1)


async def _contract_idr(play: Play, one: Exhibition) -> int:
    shown = await play.api.read(TREASURER, f"budget/allocations/{one.id}")
    return int(shown["contracted_idr"])


async def _pay(play: Play, one: Exhibition, *, part: int) -> None:
    address = f"budget/allocations/{one.id}"
    contracts = (await play.api.read(PAYMASTER, address))["contracts"]
    if _contract_id(one) not in contracts:
        return
    total_idr = contracts[_contract_id(one)]["amount_idr"]
    first_idr = total_idr * FIRST_PART_PERCENT // 100
    spm = f"SPM-{one.id}-{part}"
    order = {
        "contract": _contract_id(one),
        "spm": spm,
        "amount_idr": first_idr if part == 1 else total_idr - first_idr,
    }
    orders = f"{address}/payment-orders"
    await play.api.refused(TREASURER_AS_PAYMASTER, orders, order, code="same-person", apart=spm)
    await play.api.command(PAYMASTER, orders, order, apart=spm)
    paid = {"contract": _contract_id(one), "spm": spm, "sp2d": f"SP2D-{one.id.upper()}-{part}"}
    await play.api.command(PAYMASTER, f"{address}/disbursements", paid, apart=spm)


async def _lower(play: Play, allocation: dict[str, Any]) -> None:
    address = f"budget/allocations/{allocation['id']}/lowerings"
    await play.api.command(TREASURER, address, {"amount_idr": allocation["free_idr"]})


def _contract_id(one: Exhibition) -> str:
    return f"K-{one.id}"
