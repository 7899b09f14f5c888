"""The routes of budget on real servers: money from the envelope to its payment, and the refusals.

`test_api_payments` tests contracts, payments and their reversals; `test_calls` the roles and the
form of the calls, `test_races` concurrent calls.
"""

from typing import Any

from shared.contracts.selection.round_seats import (
    AnnexAmended,
    PlaceLost,
    ReservePromoted,
)
from shared.contracts.words import Scope
from tests.budget.examples import ABOUT, ABSENT, CANCELLED, A, B, C
from tests.budget.office import (
    ENVELOPE,
    INACRAFT,
    PAYER,
    Office,
    allotment,
    approved,
    coming_back,
    contract,
    decreed,
    delivery,
    lowering,
    order,
    proposed,
    reasoned,
    voiding,
)
from tests.serving import code, done

ALLOCATION = f"/allocations/{INACRAFT}"
BLOCK = {"amount_idr": 1, **reasoned("S-1/2018")}

PAID: dict[str, Any] = {
    "spm": "spm-1", "amount_idr": 50, "ordered_on": "2018-03-07", "paid_on": "2018-03-09",
    "ordered_by": "payment-officer-1", "disbursers": [PAYER], "sp2d": "180191302004512",
    "returners": [], "voided": False, "voided_by": "", "returned": [], "returns": [],
    "returned_on": None,
}  # fmt: skip
CONTRACTED: dict[str, Any] = {
    "number": "12/SPK/inacraft-2018", "signed_on": "2018-03-05", "amount_idr": 80,
    "officers": ["budget-officer-1"], "reservations": {A: 40, B: 40}, "closed": False,
    "amounts": [{"signed_on": "2018-03-05", "amount_idr": 80}],
    "addenda": [], "deliveries": {"BAST/INACRAFT-2018/1": {
        "number": "BAST/inacraft-2018/1", "delivered_on": "2018-03-08",
        "recorded_by": "budget-officer-1",
    }},
    "payments": {"SPM-1": PAID},
}  # fmt: skip


async def test_money_of_a_ceiling_is_reserved_contracted_and_paid(office: Office) -> None:
    await office.opened()
    await office.allotted(INACRAFT, 130)
    await office.receives(INACRAFT, approved(INACRAFT, (B, A, C)), decreed(INACRAFT, (A, B, C)))
    assert await office.done(f"{ALLOCATION}/lowerings", lowering(10)) == 6
    assert await office.done(f"{ALLOCATION}/contracts", contract(INACRAFT, [A, B])) == 7
    assert await office.done(f"{ALLOCATION}/deliveries", delivery(INACRAFT)) == 8
    answer = await office.pays(f"{ALLOCATION}/payment-orders", order(INACRAFT, "spm-1", 50))
    assert done(answer) == (200, INACRAFT, 9, ["payment-ordered.v1"])
    answer = await office.disburses(INACRAFT, "SPM-1", "180191302004512")
    assert done(answer) == (200, INACRAFT, 10, ["payment-disbursed.v1"])
    await office.settles()
    figures = {
        "id": INACRAFT, "version": 10, "exhibition": INACRAFT, "programme": "2018",
        "scope": "DOMESTIC", "closed": False, "ceiling_idr": 120, "unit_cost_idr": 40,
        "reserved_idr": 40, "contracted_idr": 80, "outstanding_idr": 30, "realised_idr": 50,
        "sunk_idr": 0, "free_idr": 0, "places_waiting": 0, "places_reserved": 1,
        "places_contracted": 2,
    }  # fmt: skip
    assert await office.shows(ALLOCATION) == figures | {
        "waiting": [], "reserved": {C: 40}, "contracted": {A: 40, B: 40}, "sunk": {},
        "released": {},
        "contracts": {"12/SPK/INACRAFT-2018": CONTRACTED},
    }  # fmt: skip
    assert (await office.shows("/allocations"))["items"] == [figures]
    (public,) = (await office.api.query("ministry-system", ALLOCATION)).json()["contracts"].values()
    hidden = {"ordered_by": "", "disbursers": []}
    delivered = CONTRACTED["deliveries"]["BAST/INACRAFT-2018/1"] | {"recorded_by": ""}
    assert public == CONTRACTED | {
        "officers": [],
        "deliveries": {"BAST/INACRAFT-2018/1": delivered},
        "payments": {"SPM-1": PAID | hidden},
    }
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
    await office.done(f"{ALLOCATION}/contracts", contract(INACRAFT, [A]))
    await office.receives(A, ABSENT)
    await office.receives(INACRAFT, CANCELLED)
    body = await office.shows(ALLOCATION)
    assert (body["closed"], body["ceiling_idr"], body["sunk"]) == (True, 80, {A: 40})
    await office.receives(INACRAFT, PlaceLost(application=C, reason="cancelled", **ABOUT))
    body = await office.shows(ALLOCATION)
    assert (body["ceiling_idr"], body["sunk_idr"], body["reserved"]) == (40, 40, {})
    envelope = await office.shows(f"/envelopes/{ENVELOPE}")
    assert (envelope["allotted"], envelope["sunk_idr"]) == ({INACRAFT: 40}, 40)
    late = contract(INACRAFT, [C], contract="13/SPK/2018")
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
        "contracts": await office.asks(f"{ALLOCATION}/contracts", contract(INACRAFT, [A])),
        "deliveries": await office.asks(f"{ALLOCATION}/deliveries", delivery(INACRAFT)),
        "payment-orders": await office.pays(
            f"{ALLOCATION}/payment-orders", order(INACRAFT, "spm-1", 1)
        ),
        "payment-order-voids": await office.pays(
            f"{ALLOCATION}/payment-order-voids", voiding(INACRAFT, "spm-1")
        ),
        "disbursements": await office.disburses(INACRAFT, "spm-1", "1"),
        "payment-returns": await office.pays(
            f"{ALLOCATION}/payment-returns", coming_back(INACRAFT, "spm-1", "1")
        ),
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
    second = contract(INACRAFT, [A], contract="13/SPK/2018")
    answer = await office.asks(f"{ALLOCATION}/contracts", second)
    assert code(answer) == (409, "not-decreed")
    amended = AnnexAmended(without=B, **ABOUT)
    await office.receives(INACRAFT, decreed(INACRAFT, (A, B, C)), amended)
    await office.done(f"{ALLOCATION}/contracts", contract(INACRAFT, [A]))
    figures, claims = await office.figures(), await office.claims()
    refused: list[tuple[str, str, dict[str, Any]]] = [
        ("ceiling-below-use", "lowerings", lowering(21)),
        ("contract-exists", "contracts", contract(INACRAFT, [A])),
        ("place-repeated", "contracts", {**second, "applications": [C, C]}),
        ("not-on-annex", "contracts", {**second, "applications": [B]}),
        ("not-reserved", "contracts", {**second, "applications": [C]}),
        ("not-reserved", "contracts", second),
    ]
    for expected, route, body in refused:
        answer = await office.asks(f"{ALLOCATION}/{route}", body)
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
