"""Concurrent commands in the budget: officers against officers, and against reactions.

In any order, no payment happens twice and no more money is spent than there is.
"""

import asyncio
from collections import Counter

import httpx

from shared.contracts.selection.round_seats import PlaceLost, ReservePromoted
from tests.budget.office import (
    ENVELOPE,
    IFEX,
    INACRAFT,
    Office,
    about,
    allotment,
    approved,
    contract,
    lowering,
    order,
    voiding,
)
from tests.conftest import DEADLINE_SECONDS
from tests.serving import code

PLACES = tuple(f"{INACRAFT}.e{number:02}" for number in range(20))


def outcomes(answers: list[httpx.Response]) -> Counter[str]:
    """Count the commands that succeeded (`done`), and the refusals by code."""
    return Counter("done" if answer.is_success else code(answer)[1] for answer in answers)


async def test_no_money_is_overdrawn_while_places_are_funded_and_an_officer_lowers(
    office: Office,
) -> None:
    await office.opened(10_000)
    await office.allotted(INACRAFT, 1_000)
    answers: list[httpx.Response] = []

    async def promote() -> None:
        # The events come one by one: so twenty reactions race with the officers, not one batch.
        for number, place in enumerate(PLACES, start=1):
            promoted = ReservePromoted(application=place, **about(INACRAFT))
            await office.publisher.publish(INACRAFT, promoted)
            await office.api.service.wait_until_applied("round", INACRAFT, number, DEADLINE_SECONDS)

    async def lower() -> None:
        for _ in range(30):
            path = f"/allocations/{INACRAFT}/lowerings"
            answers.append(await office.asks(path, lowering(10)))

    await asyncio.gather(promote(), lower(), lower())
    await office.settles()
    counts = outcomes(answers)
    body = await office.shows(f"/allocations/{INACRAFT}")
    funded, waiting = len(body["reserved"]), body["waiting"]
    assert set(counts) <= {"done", "ceiling-below-use"}
    assert body["ceiling_idr"] == 1_000 - 10 * counts["done"]
    assert (list(body["reserved"]), waiting) == ([*PLACES[:funded]], [*PLACES[funded:]])
    assert body["reserved_idr"] == 40 * funded
    assert body["free_idr"] in range(40 if waiting else 1_000)
    envelope = await office.shows(f"/envelopes/{ENVELOPE}")
    assert envelope["allotted"] == {INACRAFT: body["ceiling_idr"]}


async def test_released_money_goes_to_the_next_place_while_an_officer_requests_it(
    office: Office,
) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 400)
    await office.receives(INACRAFT, approved(INACRAFT, PLACES))

    async def lose(place: str) -> None:
        lost = PlaceLost(application=place, reason="declined", **about(INACRAFT))
        await office.publisher.publish(INACRAFT, lost)

    async def lower() -> httpx.Response:
        return await office.asks(f"/allocations/{INACRAFT}/lowerings", lowering(40))

    losses = asyncio.gather(*map(lose, PLACES[:10]))
    answers = await asyncio.gather(*(lower() for _ in range(30)))
    await losses
    await office.settles()
    assert outcomes(answers) == {"ceiling-below-use": 30}
    body = await office.shows(f"/allocations/{INACRAFT}")
    assert (body["reserved"], body["waiting"]) == (dict.fromkeys(PLACES[10:], 40), [])


async def test_twenty_allotments_at_once_never_exceed_the_pagu(office: Office) -> None:
    await office.opened(1_000)
    await office.allotted(INACRAFT, 130)
    await office.allotted(IFEX, 120)

    async def allot(number: int) -> httpx.Response:
        body = allotment((IFEX, INACRAFT)[number % 2], 100)
        return await office.asks(f"/envelopes/{ENVELOPE}/allotments", body)

    answers = await asyncio.gather(*map(allot, range(20)))
    assert outcomes(answers) == {"done": 7, "pagu-exceeded": 13}
    await office.settles()
    envelope = await office.shows(f"/envelopes/{ENVELOPE}")
    allocations = (await office.shows("/allocations"))["items"]
    assert (envelope["allotted_idr"], envelope["unallotted_idr"]) == (950, 50)
    assert envelope["allotted"] == {
        allocation["id"]: allocation["ceiling_idr"] for allocation in allocations
    }


async def test_an_sp2d_number_pays_one_of_two_exhibitions_at_once(office: Office) -> None:
    await office.opened()
    for exhibition in (IFEX, INACRAFT):
        await office.contracted(exhibition, "ab")
        for number in range(8):
            await office.ordered(exhibition, f"{exhibition}/{number}", 10)

    async def pay(exhibition: str, number: int, sp2d: str) -> httpx.Response:
        spm, cashier = f"{exhibition}/{number}", f"cashier-of-{exhibition}"
        return await office.disburses(exhibition, spm, sp2d, actor=cashier)

    pairs = [(exhibition, number) for number in range(8) for exhibition in (IFEX, INACRAFT)]
    answers = await asyncio.gather(*(pay(*pair, f"SP2D-{pair[1]}") for pair in pairs))
    for number in range(8):
        both = answers[2 * number : 2 * number + 2]
        assert outcomes(both) == {"done": 1, "sp2d-taken": 1}
    lost = [pair for pair, item in zip(pairs, answers, strict=True) if not item.is_success]
    again = await asyncio.gather(*(pay(*pair, f"OTHER-{pair[1]}") for pair in lost))
    assert outcomes(again) == {"done": 8}
    figures = await office.figures()
    realised = [item["realised_idr"] for item in figures if "realised_idr" in item]
    assert realised == [160, 80, 80]


async def test_an_order_is_paid_once_by_twenty_payers_at_once(office: Office) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "spm-1", 30)

    async def pay(number: int) -> httpx.Response:
        return await office.disburses(
            INACRAFT, "spm-1", f"SP2D-{number}", actor=f"cashier-{number}"
        )

    answers = await asyncio.gather(*map(pay, range(20)))
    assert outcomes(answers) == {"done": 1, "already-paid": 19}
    assert (await office.shows(f"/allocations/{INACRAFT}"))["realised_idr"] == 30


async def test_orders_at_once_never_exceed_their_contract(office: Office) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")

    async def ask(number: int) -> httpx.Response:
        body = order(INACRAFT, f"spm-{number}", 30)
        return await office.pays(f"/allocations/{INACRAFT}/payment-orders", body)

    answers = await asyncio.gather(*map(ask, range(20)))
    assert outcomes(answers) == {"done": 2, "contract-exceeded": 18}


async def test_a_place_is_contracted_once_by_twenty_officers_at_once(office: Office) -> None:
    await office.opened()
    applications = await office.funded(INACRAFT, "ab")

    async def ask(number: int) -> httpx.Response:
        body = contract(INACRAFT, applications, contract=f"k-{number}")
        path = f"/allocations/{INACRAFT}/contracts"
        return await office.asks(path, body, actor=f"officer-{number}")

    answers = await asyncio.gather(*map(ask, range(20)))
    assert outcomes(answers) == {"done": 1, "not-reserved": 19}
    body = await office.shows(f"/allocations/{INACRAFT}")
    assert (body["reserved_idr"], body["contracted_idr"], len(body["contracts"])) == (0, 80, 1)


async def test_a_number_is_claimed_by_one_of_two_exhibitions_at_once(office: Office) -> None:
    await office.opened()
    for exhibition in (IFEX, INACRAFT):
        await office.contracted(exhibition, "ab")

    async def ask(exhibition: str, number: int) -> httpx.Response:
        path = f"/allocations/{exhibition}/payment-orders"
        return await office.pays(path, order(exhibition, f"spm-{number}", 1))

    pairs = [(exhibition, number) for number in range(8) for exhibition in (IFEX, INACRAFT)]
    answers = await asyncio.gather(*(ask(*pair) for pair in pairs))
    for number in range(8):
        assert outcomes(answers[2 * number : 2 * number + 2]) == {"done": 1, "spm-taken": 1}


async def test_an_order_is_paid_or_void_and_never_both(office: Office) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    for number in range(6):
        await office.ordered(INACRAFT, f"spm-{number}", 10)

    async def pay(number: int) -> httpx.Response:
        return await office.disburses(INACRAFT, f"spm-{number}", f"SP2D-{number}")

    async def void(number: int) -> httpx.Response:
        path = f"/allocations/{INACRAFT}/payment-order-voids"
        return await office.pays(path, voiding(INACRAFT, f"spm-{number}"), actor="cashier-3")

    paid, voided = await asyncio.gather(
        asyncio.gather(*map(pay, range(6))), asyncio.gather(*map(void, range(6)))
    )
    for number in range(6):
        assert {paid[number].is_success, voided[number].is_success} == {True, False}
    assert set(outcomes([*paid, *voided])) <= {"done", "already-paid", "order-voided"}
    body = await office.shows(f"/allocations/{INACRAFT}")
    assert body["realised_idr"] == 10 * outcomes(paid)["done"]
