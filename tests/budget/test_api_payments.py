"""The routes of contracts and payments on real servers: reversals, numbers, lists and refusals."""

from typing import Any

from shared.contracts.registration.application import ParticipantAttended
from tests.budget.examples import APPLICANT, A, B, C
from tests.budget.office import (
    IFEX,
    INACRAFT,
    PAYER,
    Office,
    coming_back,
    contract,
    delivery,
    disbursement,
    number,
    order,
    voiding,
)
from tests.serving import code, done

ALLOCATION = f"/allocations/{INACRAFT}"
SECOND = "budget-officer-2"
AMENDMENT = {"contract": number(INACRAFT), "addendum": "1/ADD/2018", "signed_on": "2018-03-06"}
CLOSURE = {"contract": number(INACRAFT), "code": "terminated", "reason": "Pemasok mundur"}
RETRACTION = {
    "contract": number(INACRAFT),
    "document_number": f"BAST/{INACRAFT}/1",
    "code": "wrong-contract",
    "reason": "BAST kontrak lain",
}
RELEASE = {"application": A, "code": "paid-by-others", "reason": "Sponsor"}


async def test_a_void_order_and_a_returned_payment_leave_the_money_as_it_was(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "00123A/412345/2018", 50)
    body = voiding(INACRAFT, "00123a/412345/2018")
    answer = await office.pays(f"{ALLOCATION}/payment-order-voids", body, actor=PAYER)
    assert done(answer) == (200, INACRAFT, 8, ["payment-order-voided.v1"])
    await office.ordered(INACRAFT, "00124A/412345/2018", 80)
    assert (await office.disburses(INACRAFT, "00124A/412345/2018", "180191302004512")).is_success
    assert (await office.shows(ALLOCATION))["realised_idr"] == 80
    body = coming_back(INACRAFT, "00124A/412345/2018", "180191302004512")
    answer = await office.pays(f"{ALLOCATION}/payment-returns", body)
    assert done(answer) == (200, INACRAFT, 11, ["payment-returned.v1"])
    assert (await office.shows(ALLOCATION))["realised_idr"] == 0
    again = disbursement(INACRAFT, "00124A/412345/2018", "180191302004513", paid_on="2018-03-12")
    assert (await office.pays(f"{ALLOCATION}/disbursements", again, actor=PAYER)).is_success
    await office.settles()
    orders = (await office.shows("/payment-orders"))["items"]
    assert [(item["spm"], item["status"], item["sp2d"]) for item in orders] == [
        ("00123A/412345/2018", "VOIDED", None),
        ("00124A/412345/2018", "PAID", "180191302004513"),
    ]


async def test_a_contract_is_amended_and_closed_and_frees_money_for_those_that_wait(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.allotted(INACRAFT, 10)
    body = {**AMENDMENT, "amount_idr": 90}
    assert await office.done(f"{ALLOCATION}/contract-amendments", body) == 8
    assert (await office.shows(ALLOCATION))["contracted"] == {A: 45, B: 45}
    await office.ordered(INACRAFT, "1", 60)
    assert await office.done(f"{ALLOCATION}/contract-closures", CLOSURE, actor=SECOND) == 10
    body = await office.shows(ALLOCATION)
    assert (body["contracted"], body["free_idr"]) == ({A: 30, B: 30}, 30)
    await office.settles()
    (listed,) = (await office.shows("/contracts", status="CLOSED"))["items"]
    assert (listed["number"], listed["amount_idr"], listed["ordered_idr"]) == (
        number(INACRAFT),
        60,
        60,
    )


async def test_a_contract_without_orders_ends_and_its_places_are_contracted_again(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.done(f"{ALLOCATION}/contract-closures", CLOSURE, actor=SECOND)
    assert (await office.shows(ALLOCATION))["reserved"] == {A: 40, B: 40}
    again = contract(INACRAFT, [A, B], contract="13/SPK/2018")
    taken = await office.asks(f"{ALLOCATION}/contracts", contract(INACRAFT, [A, B]))
    assert code(taken) == (409, "contract-exists")
    assert (await office.asks(f"{ALLOCATION}/contracts", again)).is_success


async def test_a_reservation_that_is_not_needed_is_released_and_restored(office: Office) -> None:
    await office.opened()
    await office.funded(INACRAFT, "ab")
    path = f"{ALLOCATION}/reservation-releases"
    early = await office.asks(path, RELEASE)
    assert (*code(early), early.headers["retry-after"]) == (409, "not-attended", "1")
    await office.receives(A, ParticipantAttended(applicant=APPLICANT))
    assert await office.done(path, RELEASE) == 5
    assert (await office.shows(ALLOCATION))["reserved"] == {B: 40}
    restoring = f"{ALLOCATION}/reservation-restorations"
    alone = await office.asks(restoring, {"application": A})
    assert code(alone) == (409, "same-person")
    await office.done(restoring, {"application": A}, actor=SECOND)
    assert (await office.shows(ALLOCATION))["reserved"] == {B: 40, A: 40}
    assert code(await office.asks(path, {**RELEASE, "application": C})) == (409, "not-reserved")


async def test_a_delivery_that_is_retracted_can_be_recorded_at_the_right_exhibition(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    applications = await office.funded(IFEX, "a")
    await office.done(f"/allocations/{IFEX}/contracts", contract(IFEX, applications))
    right = delivery(IFEX, document_number=f"BAST/{INACRAFT}/1")
    taken = await office.asks(f"/allocations/{IFEX}/deliveries", right)
    assert code(taken) == (409, "delivery-taken")
    path = f"{ALLOCATION}/delivery-retractions"
    assert code(await office.asks(path, RETRACTION)) == (409, "same-person")
    await office.done(path, RETRACTION, actor=SECOND, key="r-1")
    await office.done(f"/allocations/{IFEX}/deliveries", right)
    repeated = await office.asks(path, RETRACTION, actor=SECOND, key="r-1")
    assert repeated.is_success, "the same request has the same answer"
    again = await office.asks(path, RETRACTION, actor=SECOND)
    assert code(again) == (409, "no-delivery")
    await office.settles()
    undelivered = (await office.shows("/contracts", status="UNDELIVERED"))["items"]
    assert [item["exhibition"] for item in undelivered] == [INACRAFT]


async def test_an_sp2d_of_the_wrong_order_pays_the_right_one_of_another_exhibition(
    office: Office,
) -> None:
    await office.opened()
    for exhibition in (INACRAFT, IFEX):
        await office.contracted(exhibition, "ab")
        await office.ordered(exhibition, f"spm-{exhibition}", 50)
    wrong, right = f"spm-{INACRAFT}", f"spm-{IFEX}"
    assert (await office.disburses(INACRAFT, wrong, "1")).is_success
    assert code(await office.disburses(IFEX, right, "1")) == (409, "sp2d-taken")
    path = f"{ALLOCATION}/payment-returns"
    given = coming_back(INACRAFT, wrong, "1", code="recorded-by-mistake")
    assert code(await office.pays(path, given)) == (409, "return-given")
    missing = {**given, "code": "wrong-name", "return_number": None}
    assert code(await office.pays(path, missing)) == (409, "return-missing")
    mistake = {**given, "return_number": None, "returned_on": None}
    assert (await office.pays(path, mistake)).is_success
    assert (await office.disburses(IFEX, right, "1")).is_success
    await office.settles()
    orders = (await office.shows("/payment-orders"))["items"]
    assert [(item["spm"], item["status"], item["sp2d"]) for item in orders] == [
        (right, "PAID", "1"),
        (wrong, "ORDERED", None),
    ]
    assert (await office.shows(ALLOCATION))["realised_idr"] == 0


async def paid_and_waiting(office: Office) -> None:
    """Order two payments of a contract, and disburse the first of them."""
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "spm-1", 50)
    await office.ordered(INACRAFT, "spm-2", 10)
    assert (await office.disburses(INACRAFT, "spm-1", "1")).is_success


LATER, PAYING = order(INACRAFT, "spm-3", 20), disbursement(INACRAFT, "spm-2", "2")
BACK = coming_back(INACRAFT, "spm-1", "1")
CONTRACTOR, ORDERER = "budget-officer-1", "payment-officer-1"
REFUSED_PAYMENTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("no-contract", "payment-orders", {**LATER, "contract": "k-9"}, "p"),
    ("same-person", "payment-orders", LATER, CONTRACTOR),
    ("spm-exists", "payment-orders", {**LATER, "spm": "SPM -1"}, "p"),
    ("contract-exceeded", "payment-orders", {**LATER, "amount_idr": 21}, "p"),
    ("outside-fiscal-year", "payment-orders", {**LATER, "ordered_on": "2019-01-01"}, "p"),
    ("ordered-before-signed", "payment-orders", {**LATER, "ordered_on": "2018-03-04"}, "p"),
    ("no-contract", "disbursements", {**PAYING, "contract": "k-9"}, "p"),
    ("same-person", "disbursements", PAYING, CONTRACTOR),
    ("same-person", "disbursements", PAYING, ORDERER),
    ("not-ordered", "disbursements", {**PAYING, "spm": "spm-9"}, "p"),
    ("already-paid", "disbursements", {**PAYING, "spm": "spm-1"}, "p"),
    ("sp2d-taken", "disbursements", {**PAYING, "sp2d": "1"}, "p"),
    ("paid-before-ordered", "disbursements", {**PAYING, "paid_on": "2018-03-06"}, "p"),
    ("not-delivered", "disbursements", {**PAYING, "paid_on": "2018-03-07"}, "p"),
    ("already-paid", "payment-order-voids", voiding(INACRAFT, "spm-1"), "p"),
    ("same-person", "payment-order-voids", voiding(INACRAFT, "spm-2"), ORDERER),
    ("same-person", "payment-order-voids", voiding(INACRAFT, "spm-2"), CONTRACTOR),
    ("same-person", "payment-returns", BACK, PAYER),
    ("same-person", "payment-returns", BACK, CONTRACTOR),
    ("return-missing", "payment-returns", {**BACK, "return_number": None}, "p"),
    ("return-given", "payment-returns", {**BACK, "code": "recorded-by-mistake"}, "p"),
    ("not-paid-by-sp2d", "payment-returns", {**BACK, "sp2d": "2"}, "p"),
    ("returned-before-paid", "payment-returns", {**BACK, "returned_on": "2018-03-08"}, "p"),
]
CHANGED = {**AMENDMENT, "amount_idr": 80}
REFUSED_CONTRACTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("nothing-amended", "contract-amendments", CHANGED, CONTRACTOR),
    ("same-person", "contract-amendments", CHANGED, ORDERER),
    ("ceiling-exceeded", "contract-amendments", {**CHANGED, "amount_idr": 81}, "b"),
    ("amount-below-ordered", "contract-amendments", {**CHANGED, "amount_idr": 59}, "b"),
    ("same-person", "contract-closures", CLOSURE, CONTRACTOR),
    ("delivery-exists", "deliveries", delivery(INACRAFT), "b"),
    ("same-person", "delivery-retractions", RETRACTION, CONTRACTOR),
    ("already-paid", "delivery-retractions", RETRACTION, "b"),
    ("no-delivery", "delivery-retractions", {**RETRACTION, "document_number": "BAST/9"}, "b"),
    ("no-contract", "delivery-retractions", {**RETRACTION, "contract": "k-9"}, "b"),
]


async def test_a_command_that_is_refused_changes_nothing_and_keeps_no_number(
    office: Office,
) -> None:
    await paid_and_waiting(office)
    figures, claims = await office.figures(), await office.claims()
    for expected, route, body, actor in REFUSED_PAYMENTS:
        answer = await office.pays(f"{ALLOCATION}/{route}", body, actor=actor)
        assert code(answer) == (409, expected)
    for expected, route, body, actor in REFUSED_CONTRACTS:
        answer = await office.asks(f"{ALLOCATION}/{route}", body, actor=actor)
        assert code(answer) == (409, expected)
    assert (await office.figures(), await office.claims()) == (figures, claims)


async def test_a_number_belongs_to_a_single_exhibition_however_it_is_written(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "spm-1", 10)
    applications = await office.funded(IFEX, "ab")
    body = contract(IFEX, applications, contract=number(INACRAFT).upper())
    answer = await office.asks(f"/allocations/{IFEX}/contracts", body)
    assert code(answer) == (409, "contract-taken")
    await office.done(f"/allocations/{IFEX}/contracts", contract(IFEX, applications))
    for spm in ("spm-1", "SPM-1"):
        answer = await office.pays(f"/allocations/{IFEX}/payment-orders", order(IFEX, spm, 10))
        assert code(answer) == (409, "spm-taken")
    body = delivery(IFEX, document_number=f"BAST/{INACRAFT}/1")
    answer = await office.asks(f"/allocations/{IFEX}/deliveries", body)
    assert code(answer) == (409, "delivery-taken")
    assert await office.claims() == [
        f"contract/12/SPK/{IFEX.upper()}",
        f"contract/12/SPK/{INACRAFT.upper()}",
        f"delivery/BAST/{INACRAFT.upper()}/1",
        "spm/SPM-1",
    ]
