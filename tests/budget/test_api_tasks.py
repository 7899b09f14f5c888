"""The tasks of each role in budget: the commands that wait for it, each with its link."""

from shared.contracts.registration.application import ParticipantAttended
from shared.contracts.registration.exhibition import ExhibitionEnded
from shared.contracts.selection.round_seats import RoundCancelled
from tests.budget.examples import APPLICANT, A
from tests.budget.office import (
    ENVELOPE,
    INACRAFT,
    PAYER,
    Office,
    about,
    approved,
    contract,
    delivery,
    number,
    proposed,
    reasoned,
)
from tests.serving import code

PATH = f"/envelopes/{ENVELOPE}"


async def tasks(
    office: Office, role: str, actor: str | None = None, enterprise: str | None = None
) -> list[tuple[str, str, str]]:
    """Return the tasks of an officer with this role: name, id, link."""
    token = office.api.token(role, actor=actor, enterprise=enterprise)
    headers = {"authorization": f"Bearer {token}"}
    answer = await office.api.client.get("/tasks", headers=headers)
    assert answer.is_success, answer.text
    return [(item["task"], item["id"], item["href"]) for item in answer.json()["items"]]


async def test_a_proposal_waits_for_the_officers_that_may_approve_it(office: Office) -> None:
    await office.opened(1_000)
    await office.allotted(INACRAFT, 100)
    assert await tasks(office, "budget-officer") == await tasks(office, "approver") == []
    await office.done(f"{PATH}/revision-proposals", {"delta_idr": 1, **reasoned("R-1")})
    cost = {"exhibition": INACRAFT, "unit_cost_idr": 50, **reasoned("ND-C1")}
    await office.done(f"{PATH}/cost-proposals", cost)
    expected = [
        ("revise-envelope", ENVELOPE, f"{PATH}/revisions"),
        ("correct-cost", ENVELOPE, f"{PATH}/cost-corrections"),
    ]
    assert await tasks(office, "approver") == expected
    approver = "budget-officer-2"
    assert await tasks(office, "budget-officer", approver) == expected
    assert await tasks(office, "budget-officer") == [], "another person must approve it"
    await office.done(f"{PATH}/revisions", {"document_number": "R-1"}, actor=approver)
    await office.done(f"{PATH}/cost-corrections", {"document_number": "ND-C1"}, actor=approver)
    assert await tasks(office, "approver") == []


async def test_places_that_wait_for_money_are_a_task_until_they_have_it(office: Office) -> None:
    await office.receives(INACRAFT, approved(INACRAFT, [f"{INACRAFT}.{name}" for name in "abc"]))
    waiting = [("make-allotment", INACRAFT, f"/allocations/{INACRAFT}")]
    assert await tasks(office, "budget-officer") == waiting
    assert await tasks(office, "approver") == []
    await office.opened(1_000)
    await office.allotted(INACRAFT, 80)
    assert await tasks(office, "budget-officer") == waiting
    listed = (await office.shows("/allocations", waits_for="money"))["items"]
    assert [(item["id"], item["places_waiting"]) for item in listed] == [(INACRAFT, 1)]
    await office.allotted(INACRAFT, 40)
    assert await tasks(office, "budget-officer") == []
    assert (await office.shows("/allocations", waits_for="money"))["items"] == []


async def test_a_cancelled_exhibition_waits_for_no_money(office: Office) -> None:
    await office.receives(INACRAFT, approved(INACRAFT, [f"{INACRAFT}.a"]))
    await office.receives(INACRAFT, RoundCancelled(**about(INACRAFT)))
    assert await tasks(office, "budget-officer") == []


async def test_a_role_without_tasks_and_a_wrong_parameter_are_refused(office: Office) -> None:
    answer = await office.api.query("ministry-system", "/tasks")
    assert code(answer) == (403, "role-missing")
    for path, name, value in (
        ("/tasks", "limit", "0"),
        ("/allocations", "waits_for", "FREE"),
        ("/contracts", "waits_for", "money"),
        ("/envelopes", "revision", "APPROVED"),
        ("/envelopes", "cost", ""),
        ("/envelopes", "scope", "ALL"),
    ):
        answer = await office.api.query("budget-officer", path, **{name: value})
        assert code(answer) == (422, "malformed-request"), (path, name)


async def test_a_place_that_waits_after_the_show_is_taken_out_and_is_no_task(
    office: Office,
) -> None:
    path = f"/allocations/{INACRAFT}"
    await office.receives(INACRAFT, proposed(INACRAFT))
    await office.receives(INACRAFT, approved(INACRAFT, [A]))
    await office.receives(A, ParticipantAttended(applicant=APPLICANT))
    assert await tasks(office, "budget-officer") == [("make-allotment", INACRAFT, path)]
    await office.receives(INACRAFT, ExhibitionEnded(**about(INACRAFT)))
    waiting = [("release-reservation", INACRAFT, f"{path}/reservation-releases")]
    assert await tasks(office, "budget-officer") == waiting
    assert await tasks(office, "budget-officer", enterprise="a") == [], "it is its own place"
    release = {"application": A, "code": "other", "reason": "Pameran selesai"}
    await office.done(f"{path}/reservation-releases", release)
    await office.settles()
    assert await tasks(office, "budget-officer") == []
    second = "budget-officer-2"
    await office.done(f"{path}/reservation-restorations", {"application": A}, actor=second)
    await office.settles()
    assert await tasks(office, "budget-officer") == waiting


async def test_a_place_that_did_not_come_is_not_taken_out_by_an_officer(office: Office) -> None:
    await office.receives(INACRAFT, proposed(INACRAFT))
    await office.receives(INACRAFT, approved(INACRAFT, [A]))
    await office.receives(INACRAFT, ExhibitionEnded(**about(INACRAFT)))
    assert await tasks(office, "budget-officer") == []


async def test_what_is_left_of_a_contract_can_be_closed_once_the_show_has_ended(
    office: Office,
) -> None:
    await office.opened()
    await office.contracted(INACRAFT, "a")
    await office.ordered(INACRAFT, "spm-1", 30)
    await office.settles()
    second = "budget-officer-2"
    assert await tasks(office, "budget-officer", second) == []
    await office.receives(INACRAFT, ExhibitionEnded(**about(INACRAFT)))
    key, href = number(INACRAFT).upper(), "/contracts?waits_for=order"
    assert await tasks(office, "budget-officer", second) == [("close-contract", key, href)]
    assert await tasks(office, "budget-officer") == [], "who made it does not close it"
    assert await tasks(office, "budget-officer", second, enterprise="a") == []
    assert await tasks(office, "payment-officer") == [("order-payment", key, href)]
    closure = {"contract": number(INACRAFT), "code": "terminated", "reason": "Sisa tidak dipakai"}
    await office.done(f"/allocations/{INACRAFT}/contract-closures", closure, actor=second)
    await office.settles()
    assert await tasks(office, "budget-officer", second) == []


async def test_what_waits_for_another_enterprise_is_left_out(office: Office) -> None:
    await office.opened()
    applications = await office.funded(INACRAFT, "a")

    async def seen(role: str, actor: str) -> list[list[str]]:
        await office.settles()
        return [
            [name for name, _, _ in await tasks(office, role, actor, enterprise)]
            for enterprise in ("a", "b")
        ]

    assert await seen("budget-officer", "budget-officer-1") == [[], ["make-contract"]]
    await office.done(f"/allocations/{INACRAFT}/contracts", contract(INACRAFT, applications))
    await office.ordered(INACRAFT, "spm-1", 40)
    assert await seen("budget-officer", "budget-officer-1") == [[], ["record-delivery"]]
    await office.done(f"/allocations/{INACRAFT}/deliveries", delivery(INACRAFT))
    assert await seen("payment-officer", PAYER) == [[], ["disburse-payment"]]
