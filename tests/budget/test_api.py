"""The routes of budget on real servers: money from the envelope to its payment, and the refusals.

`test_calls` tests the roles and the form of the calls, `test_races` concurrent calls.
"""

from typing import Any

from shared.contracts.selection.round import AnnexAmended, PlaceLost, ReservePromoted
from shared.contracts.words import Scope
from tests.budget.examples import ABOUT, ABSENT, CANCELLED, A, B, C
from tests.budget.office import (
    ENVELOPE,
    INACRAFT,
    Office,
    allotment,
    approved,
    decreed,
    lowering,
    proposed,
    reasoned,
)
from tests.serving import code, done

ALLOCATION = f"/allocations/{INACRAFT}"
BLOCK = {"amount_idr": 1, **reasoned("S-1/2018")}


async def test_money_of_a_ceiling_is_reserved_contracted_and_paid(office: Office) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 130)
    await office.receives(INACRAFT, approved(INACRAFT, (B, A, C)), decreed(INACRAFT, (A, B, C)))
    assert await office.done(f"{ALLOCATION}/lowerings", lowering(10)) == 6
    contract = {"contract": "k-1", "applications": [A, B]}
    assert await office.done(f"{ALLOCATION}/contracts", contract) == 7
    order = {"contract": "k-1", "spm": "spm-1", "amount_idr": 50}
    answer = await office.pays(f"{ALLOCATION}/payment-orders", order)
    assert done(answer) == (200, INACRAFT, 8, ["payment-ordered.v1"])
    payment = {"contract": "k-1", "spm": "spm-1", "sp2d": "180191302004512"}
    answer = await office.pays(f"{ALLOCATION}/disbursements", payment)
    assert done(answer) == (200, INACRAFT, 9, ["payment-disbursed.v1"])
    await office.settles()
    figures = {
        "id": INACRAFT, "version": 9, "exhibition": INACRAFT, "programme": "2018",
        "scope": "DOMESTIC", "closed": False, "ceiling_idr": 120, "unit_cost_idr": 40,
        "reserved_idr": 40, "contracted_idr": 80, "outstanding_idr": 30, "realised_idr": 50,
        "sunk_idr": 0, "free_idr": 0, "places_waiting": 0, "places_reserved": 1,
        "places_contracted": 2,
    }  # fmt: skip
    paid = {"amount_idr": 50, "sp2d": "180191302004512"}
    commitment = {"contracted_by": "budget-officer-1", "applications": [A, B], "amount_idr": 80}
    assert await office.shows(ALLOCATION) == figures | {
        "waiting": [], "reserved": {C: 40}, "contracted": {A: 40, B: 40}, "sunk": [],
        "contracts": {"k-1": {**commitment, "payments": {"spm-1": paid}}},
    }  # fmt: skip
    assert (await office.shows("/allocations"))["items"] == [figures]
    envelope = await office.shows(f"/envelopes/{ENVELOPE}")
    assert envelope["allotted"] == {INACRAFT: 120}
    assert (envelope["outstanding_idr"], envelope["available_idr"]) == (30, 880)


async def test_a_lost_place_frees_or_sinks_its_money_and_a_cancelled_round_returns_the_rest(
    office: Office,
) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 100)
    await office.receives(
        INACRAFT, approved(INACRAFT, (A, B)), ReservePromoted(application=C, **ABOUT)
    )
    assert (await office.shows(ALLOCATION))["waiting"] == [C]
    await office.receives(INACRAFT, PlaceLost(application=B, reason="declined", **ABOUT))
    assert (await office.shows(ALLOCATION))["reserved"] == {A: 40, C: 40}
    await office.receives(INACRAFT, decreed(INACRAFT, (A, C)))
    await office.done(f"{ALLOCATION}/contracts", {"contract": "k-1", "applications": [A]})
    await office.receives(A, ABSENT)
    await office.receives(INACRAFT, CANCELLED)
    body = await office.shows(ALLOCATION)
    assert (body["closed"], body["ceiling_idr"], body["sunk"]) == (True, 80, [A])
    await office.receives(INACRAFT, PlaceLost(application=C, reason="cancelled", **ABOUT))
    body = await office.shows(ALLOCATION)
    assert (body["ceiling_idr"], body["sunk_idr"], body["reserved"]) == (40, 40, {})
    envelope = await office.shows(f"/envelopes/{ENVELOPE}")
    assert (envelope["allotted"], envelope["sunk_idr"]) == ({INACRAFT: 40}, 40)
    late = {"contract": "k-2", "applications": [C]}
    answer = await office.asks(f"{ALLOCATION}/contracts", late)
    assert code(answer) == (409, "allocation-closed")


async def test_an_event_that_is_delivered_again_has_no_further_effect(office: Office) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 100)
    published = await office.publisher.publish(INACRAFT, approved(INACRAFT, (A, B)))
    await office.settles()
    figures = await office.figures()
    await office.publisher.repeat("selection", published * 3)
    await office.settles()
    assert await office.figures() == figures


async def test_seats_that_are_approved_before_an_allotment_wait_for_it(
    office: Office,
) -> None:
    await office.receives(INACRAFT, approved(INACRAFT, (B, A, C)))
    assert (await office.shows(ALLOCATION))["waiting"] == [B, A, C]
    await office.opened()
    await office.allotted(INACRAFT, 90)
    body = await office.shows(ALLOCATION)
    assert (body["reserved"], body["waiting"]) == ({B: 40, A: 40}, [C])


async def test_an_absent_envelope_or_allocation_is_not_found_and_refuses_commands(
    office: Office,
) -> None:
    await office.receives(INACRAFT, proposed(INACRAFT))
    revision, number = {"delta_idr": 1, **reasoned("R1")}, {"document_number": "R1"}
    contract = {"contract": "k-1", "applications": [A]}
    order = {"contract": "k-1", "spm": "spm-1", "amount_idr": 1}
    payment = {"contract": "k-1", "spm": "spm-1", "sp2d": "1"}
    answers = {
        "revision-proposals": await office.asks(
            f"/envelopes/{ENVELOPE}/revision-proposals", revision
        ),
        "revisions": await office.asks(f"/envelopes/{ENVELOPE}/revisions", number),
        "revision-withdrawals": await office.asks(
            f"/envelopes/{ENVELOPE}/revision-withdrawals", number
        ),
        "blocks": await office.asks(f"/envelopes/{ENVELOPE}/blocks", BLOCK),
        "unblocks": await office.asks(f"/envelopes/{ENVELOPE}/unblocks", BLOCK),
        "allotments": await office.asks(
            f"/envelopes/{ENVELOPE}/allotments", allotment(INACRAFT, 1)
        ),
        "lowerings": await office.asks(f"{ALLOCATION}/lowerings", lowering(1)),
        "contracts": await office.asks(f"{ALLOCATION}/contracts", contract),
        "payment-orders": await office.pays(f"{ALLOCATION}/payment-orders", order),
        "disbursements": await office.pays(f"{ALLOCATION}/disbursements", payment),
    }
    found = {route: code(answer) for route, answer in answers.items()}
    assert found == dict.fromkeys(answers, (404, "not-found"))
    for path in (f"/envelopes/{ENVELOPE}", ALLOCATION):
        answer = await office.api.query("auditor", path)
        assert code(answer) == (404, "not-found")
        assert ("retry-after" in answer.headers) == path.startswith("/allocations")
    assert (await office.figures(), await office.claims()) == ([], [])


async def test_an_allocation_refuses_commands_that_its_money_or_the_decree_does_not_allow(
    office: Office,
) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 100)
    await office.receives(INACRAFT, approved(INACRAFT, (A, B, C)))
    contract = {"contract": "k-2", "applications": [A]}
    answer = await office.asks(f"{ALLOCATION}/contracts", contract)
    assert code(answer) == (409, "not-decreed")
    amended = AnnexAmended(without=B, **ABOUT)
    await office.receives(INACRAFT, decreed(INACRAFT, (A, B, C)), amended)
    await office.done(f"{ALLOCATION}/contracts", {**contract, "contract": "k-1"})
    figures = await office.figures()
    refused: list[tuple[str, str, dict[str, Any]]] = [
        ("ceiling-below-use", "lowerings", lowering(21)),
        ("contract-exists", "contracts", {**contract, "contract": "k-1"}),
        ("place-repeated", "contracts", {**contract, "applications": [C, C]}),
        ("not-on-annex", "contracts", {**contract, "applications": [B]}),
        ("not-reserved", "contracts", {**contract, "applications": [C]}),
        ("not-reserved", "contracts", contract),
    ]
    for expected, route, body in refused:
        answer = await office.asks(f"{ALLOCATION}/{route}", body)
        assert code(answer) == (409, expected)
    assert await office.figures() == figures


async def test_a_payment_is_refused_without_an_order_money_or_a_second_person(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "spm-1", 50)
    await office.ordered(INACRAFT, "spm-2", 10)
    payment = {"contract": "k-1", "spm": "spm-1", "sp2d": "SP2D-1"}
    assert (await office.pays(f"{ALLOCATION}/disbursements", payment)).is_success
    figures, claims = await office.figures(), await office.claims()
    order = {"contract": "k-1", "spm": "spm-3", "amount_idr": 20}
    payment = {"contract": "k-1", "spm": "spm-2", "sp2d": "SP2D-2"}
    contractor = "budget-officer-1"
    refused: list[tuple[str, str, dict[str, Any], str]] = [
        ("no-contract", "payment-orders", {**order, "contract": "k-9"}, "p"),
        ("same-person", "payment-orders", order, contractor),
        ("spm-exists", "payment-orders", {**order, "spm": "spm-1"}, "p"),
        ("contract-exceeded", "payment-orders", {**order, "amount_idr": 21}, "p"),
        ("no-contract", "disbursements", {**payment, "contract": "k-9"}, "p"),
        ("same-person", "disbursements", payment, contractor),
        ("not-ordered", "disbursements", {**payment, "spm": "spm-9"}, "p"),
        ("already-paid", "disbursements", {**payment, "spm": "spm-1"}, "p"),
        ("sp2d-taken", "disbursements", {**payment, "sp2d": "SP2D-1"}, "p"),
    ]
    for expected, route, body, actor in refused:
        answer = await office.pays(f"{ALLOCATION}/{route}", body, actor=actor)
        assert code(answer) == (409, expected)
    assert (await office.figures(), await office.claims()) == (figures, claims)


async def test_lists_come_in_pages_and_by_programme_and_scope(office: Office) -> None:
    await office.opened()
    for name in ("a", "b", "c"):
        await office.publisher.publish(name, approved(name, (f"{name}.x",)))
    abroad = approved("d", ("d.x",)).model_copy(update={"scope": Scope.OVERSEAS})
    await office.receives("d", abroad)
    first = await office.shows("/allocations", limit="2", scope="DOMESTIC")
    second = await office.shows("/allocations" + first["next"])
    assert [item["id"] for item in (*first["items"], *second["items"])] == ["a", "b", "c"]
    assert second["next"] is None
    abroad_only = await office.shows("/allocations", programme="2018", scope="OVERSEAS")
    assert [item["id"] for item in abroad_only["items"]] == ["d"]
