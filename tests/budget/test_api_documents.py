"""The lists of contracts and payment orders, and the tasks that wait for them."""

from tests.budget.office import (
    IFEX,
    INACRAFT,
    Office,
    approved,
    coming_back,
    contract,
    decreed,
    delivery,
    number,
)

ALLOCATION = f"/allocations/{INACRAFT}"
RETRACTION = {
    "contract": number(INACRAFT),
    "document_number": f"BAST/{INACRAFT}/1",
    "code": "wrong-day",
    "reason": "tanggal salah",
}


async def test_contracts_and_orders_are_listed_in_pages_and_by_status(office: Office) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    applications = await office.funded(IFEX, "a")
    await office.done(f"/allocations/{IFEX}/contracts", contract(IFEX, applications))
    for spm in ("c", "a", "b"):
        await office.ordered(INACRAFT, f"{spm}-1", 10)
    assert (await office.disburses(INACRAFT, "b-1", "1")).is_success
    await office.settles()
    first = await office.shows("/payment-orders", limit="2", exhibition=INACRAFT)
    second = await office.shows("/payment-orders" + first["next"])
    assert [item["id"] for item in (*first["items"], *second["items"])] == ["A-1", "B-1", "C-1"]
    waiting = await office.shows("/payment-orders", status="ORDERED", programme="2018")
    assert [item["spm"] for item in waiting["items"]] == ["a-1", "c-1"]
    assert (await office.shows("/payment-orders", exhibition=IFEX))["items"] == []
    undelivered = await office.shows("/contracts", status="UNDELIVERED", scope="DOMESTIC")
    assert [item["exhibition"] for item in undelivered["items"]] == [IFEX]
    assert (await office.shows("/contracts", scope="OVERSEAS"))["items"] == []


async def test_what_waits_of_contracts_and_payments_is_listed_as_tasks(office: Office) -> None:
    async def tasks(actor: str) -> list[tuple[str, str]]:
        await office.settles()
        token = office.api.token(actor.removesuffix("-1").removesuffix("-2"), actor=actor)
        headers = {"authorization": f"Bearer {token}"}
        items = (await office.api.client.get("/tasks", headers=headers)).json()["items"]
        return [(item["task"], item["id"]) for item in items]

    officer, payer, other = "budget-officer-1", "payment-officer-1", "payment-officer-2"
    key = number(INACRAFT).upper()

    await office.opened()
    applications = await office.funded(INACRAFT, "ab")
    assert await tasks(officer) == [("make-contract", INACRAFT)]
    await office.done(f"{ALLOCATION}/contracts", contract(INACRAFT, applications))
    assert await tasks(officer) == [("record-delivery", key)]
    assert await tasks(payer) == [("order-payment", key)]
    await office.ordered(INACRAFT, "spm-1", 70)
    await office.done(f"{ALLOCATION}/deliveries", delivery(INACRAFT))
    paying = ("disburse-payment", "SPM-1")
    assert await tasks(payer) == [("order-payment", key)], "who ordered it does not disburse it"
    assert await tasks(other) == [("order-payment", key), paying]
    closure = {"contract": number(INACRAFT), "code": "terminated", "reason": "Sisa tidak dipakai"}
    closed = await office.asks(f"{ALLOCATION}/contract-closures", closure, actor="budget-officer-2")
    assert closed.is_success, closed.text
    assert await tasks(payer) == []
    await office.done(f"{ALLOCATION}/delivery-retractions", RETRACTION, actor="budget-officer-2")
    assert await tasks(officer) == [("record-delivery", key)], "its order cannot be paid yet"
    assert await tasks(other) == [], "without a delivery nothing is disbursed"
    await office.done(f"{ALLOCATION}/deliveries", delivery(INACRAFT, document_number="BAST/2"))
    assert (await tasks(officer), await tasks(other)) == ([], [paying])
    assert (await office.disburses(INACRAFT, "spm-1", "1")).is_success
    assert await tasks(payer) == await tasks(other) == []
    body = coming_back(INACRAFT, "spm-1", "1")
    assert (await office.pays(f"{ALLOCATION}/payment-returns", body)).is_success
    assert (await tasks(payer), await tasks(other)) == ([], [("pay-again-or-void", "SPM-1")])


async def test_places_wait_for_a_contract_from_the_decree_until_they_have_one(
    office: Office,
) -> None:
    async def tasks() -> list[str]:
        await office.settles()
        items = (await office.api.query("budget-officer", "/tasks")).json()["items"]
        return [item["task"] for item in items]

    await office.opened()
    applications = [f"{INACRAFT}.a", f"{INACRAFT}.b"]
    await office.allotted(INACRAFT, 80)
    await office.receives(INACRAFT, approved(INACRAFT, applications))
    assert await tasks() == [], "there is no decree"
    await office.receives(INACRAFT, decreed(INACRAFT, applications))
    assert await tasks() == ["make-contract"]
    listed = (await office.shows("/allocations", waits_for="contract"))["items"]
    assert [(item["id"], item["places_reserved"]) for item in listed] == [(INACRAFT, 2)]
    await office.done(f"{ALLOCATION}/contracts", contract(INACRAFT, applications[:1]))
    assert "make-contract" in await tasks()
    body = contract(INACRAFT, applications[1:], contract="13/SPK/2018")
    await office.done(f"{ALLOCATION}/contracts", body)
    assert "make-contract" not in await tasks()
