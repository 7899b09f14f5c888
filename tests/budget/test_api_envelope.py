"""The routes of the envelope on real servers: the pagu, its revisions, blocks and allotments."""

from urllib.parse import parse_qsl

from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
)
from shared.contracts.words import Scope
from tests.budget.examples import A, B
from tests.budget.office import (
    ENVELOPE,
    IFEX,
    INACRAFT,
    Office,
    about,
    allotment,
    approved,
    document,
    proposed,
    reasoned,
)
from tests.serving import code, done

BLOCK = {"amount_idr": 1, **reasoned("S-1/2018")}


async def test_a_key_that_has_opened_an_envelope_opens_no_other(office: Office) -> None:
    opening = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": 900, **document("D-1")}
    assert (await office.asks("/envelopes", opening, key="k1")).status_code == 201
    other = await office.asks("/envelopes", {**opening, "scope": "OVERSEAS"}, key="k1")
    assert code(other) == (422, "idempotency-key-reused")


async def test_an_envelope_is_opened_revised_blocked_unblocked_and_allotted(office: Office) -> None:
    opening = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": 900}
    answer = await office.asks("/envelopes", {**opening, **document("SP DIPA-044.01/2018")})
    assert done(answer) == (201, ENVELOPE, 1, ["envelope-opened.v1"])
    await office.receives(INACRAFT, proposed(INACRAFT))
    revision = {"delta_idr": 100, **reasoned("SP DIPA-044.01/2018 R1")}
    block, unblock = {"amount_idr": 200, **reasoned("S-1")}, {"amount_idr": 150, **reasoned("S-2")}
    approval = {"document_number": revision["document_number"]}
    for version, route, body, event in (
        (2, "revision-proposals", revision, "revision-proposed.v1"),
        (3, "revisions", approval, "envelope-revised.v1"),
        (4, "blocks", block, "envelope-blocked.v1"),
        (5, "unblocks", unblock, "envelope-unblocked.v1"),
        (6, "allotments", allotment(INACRAFT, 300), "allotment-made.v1"),
    ):
        role = "approver" if route == "revisions" else "budget-officer"
        answer = await office.api.command(role, f"/envelopes/{ENVELOPE}/{route}", body)
        assert done(answer) == (200, ENVELOPE, version, [event])
    await office.settles()
    figures = {
        "programme": "2018", "scope": "DOMESTIC", "pagu_idr": 1_000, "blocked_idr": 50,
        "effective_idr": 950, "allotted_idr": 300, "unallotted_idr": 650, "reserved_idr": 0,
        "contracted_idr": 0, "outstanding_idr": 0, "realised_idr": 0, "sunk_idr": 0,
        "available_idr": 950, "remaining_idr": 1_000, "allotted": {INACRAFT: 300},
        "unit_cost_idr": 40, "revision": None, "cost": None,
    }  # fmt: skip
    body = {"id": ENVELOPE, "version": 6, **figures}
    assert await office.shows(f"/envelopes/{ENVELOPE}") == body
    assert await office.shows("/envelopes", programme="2018") == {"items": [body], "next": None}
    assert await office.shows("/envelopes", programme="2019") == {"items": [], "next": None}


async def test_a_revision_waits_for_another_person_or_is_withdrawn(office: Office) -> None:
    await office.opened(1_000)
    path, proposal = f"/envelopes/{ENVELOPE}", {"delta_idr": 100, **reasoned("R-1/2018")}
    number = {"document_number": "r-1/2018"}
    await office.done(f"{path}/revision-proposals", proposal)
    assert code(await office.asks(f"{path}/revision-proposals", proposal)) == (
        409,
        "revision-waits",
    )
    assert code(await office.asks(f"{path}/revisions", number)) == (409, "same-person")
    waiting = (await office.shows("/envelopes", revision="PROPOSED"))["items"]
    assert [item["revision"]["reason"] for item in waiting] == ["Efisiensi"]
    assert waiting[0]["pagu_idr"] == 1_000
    public = (await office.api.query("ministry-system", path)).json()["revision"]
    assert public == {**proposal, "reason": None, "proposed_by": None}
    other = await office.asks(f"{path}/revision-withdrawals", number, actor="budget-officer-2")
    assert done(other) == (200, ENVELOPE, 3, ["revision-withdrawn.v1"])
    answer = await office.asks(f"{path}/revisions", number, actor="budget-officer-2")
    assert code(answer) == (409, "no-revision")
    await office.done(f"{path}/revision-proposals", proposal)
    assert await office.done(f"{path}/revisions", number, actor="budget-officer-2") == 5
    assert (await office.shows(path))["pagu_idr"] == 1_100
    assert (await office.shows("/envelopes", revision="PROPOSED"))["items"] == []


async def test_the_history_of_an_envelope_has_the_words_and_people_of_every_posting(
    office: Office,
) -> None:
    await office.opened(1_000)
    path, proposal = f"/envelopes/{ENVELOPE}", {"delta_idr": 100, **reasoned("R-1/2018")}
    await office.done(f"{path}/revision-proposals", proposal)
    number = {"document_number": "R-1/2018"}
    await office.done(f"{path}/revisions", number, actor="budget-officer-2")
    await office.settles()
    first = (await office.api.query("auditor", f"{path}/history", limit="2")).json()
    events = [
        (item["version"], item["type"].split(".")[-2], item["actor"]) for item in first["items"]
    ]
    assert events == [
        (1, "envelope-opened", "budget-officer-1"),
        (2, "revision-proposed", "budget-officer-1"),
    ]
    said = first["items"][1]["data"]
    assert (said["delta_idr"], said["reason"]) == (100, "Efisiensi")
    following = dict(parse_qsl(first["next"].removeprefix("?")))
    second = (await office.api.query("auditor", f"{path}/history", **following)).json()
    (approved,) = second["items"]
    assert (approved["version"], approved["actor"]) == (3, "budget-officer-2")
    for role in ("payment-officer", "ministry-system"):
        assert code(await office.api.query(role, f"{path}/history")) == (403, "role-missing")
    unknown = await office.api.query("auditor", "/envelopes/2018.OVERSEAS/history")
    assert code(unknown) == (404, "not-found")


async def test_a_mistyped_cost_is_refused_or_corrected_by_two_people(office: Office) -> None:
    await office.opened(10_000)
    await office.allotted(INACRAFT, 1_000, unit_cost_idr=4)
    places = [f"{INACRAFT}.{name}" for name in "abcdef"]
    await office.receives(INACRAFT, approved(INACRAFT, places))
    path = f"/envelopes/{ENVELOPE}"
    mistyped = await office.asks(f"{path}/allotments", allotment(INACRAFT, 100, 400))
    assert code(mistyped) == (409, "implausible-amount")
    cost = {"exhibition": INACRAFT, "unit_cost_idr": 400, **reasoned("ND-C1/2018")}
    number = {"document_number": "ND-C1/2018"}
    await office.done(f"{path}/cost-proposals", cost)
    assert code(await office.asks(f"{path}/cost-corrections", number)) == (409, "same-person")
    (waiting,) = (await office.shows("/envelopes", cost="PROPOSED"))["items"]
    assert waiting["cost"] == {**cost, "proposed_by": "budget-officer-1"}
    await office.done(f"{path}/cost-withdrawals", number)
    await office.done(f"{path}/cost-proposals", {**cost, "reason": "Koreksi"})
    answer = await office.api.command("approver", f"{path}/cost-corrections", number)
    assert done(answer) == (200, ENVELOPE, 6, ["cost-corrected.v1"])
    await office.settles()
    body = await office.shows(f"/allocations/{INACRAFT}")
    assert body["reserved"] == dict.fromkeys(places[:2], 400)
    assert (body["waiting"], body["free_idr"]) == (places[2:], 200)
    await office.done(f"{path}/allotments", allotment(INACRAFT, 300, 400))
    await office.settles()
    assert len((await office.shows(f"/allocations/{INACRAFT}"))["reserved"]) == 3
    assert (await office.shows(path))["unit_cost_idr"] == 400


async def test_an_unknown_exhibition_can_be_tried_again_with_the_same_key(
    office: Office,
) -> None:
    await office.opened()
    path = f"/envelopes/{ENVELOPE}/allotments"
    body = allotment(INACRAFT, 100)
    figures = await office.figures()
    answer = await office.asks(path, body, key="allotment-1")
    assert code(answer) == (409, "unknown-exhibition")
    assert answer.headers["retry-after"] == "1"
    assert await office.figures() == figures
    await office.receives(INACRAFT, proposed(INACRAFT))
    answer = await office.asks(path, body, key="allotment-1")
    assert done(answer) == (200, ENVELOPE, 2, ["allotment-made.v1"])


async def test_an_envelope_refuses_commands_that_its_money_does_not_allow(office: Office) -> None:
    await office.opened(1_000)
    await office.allotted(INACRAFT, 300)
    await office.receives(
        "expo-2019", proposed("expo-2019").model_copy(update={"programme": "2019"})
    )
    overseas = proposed("sial-2018").model_copy(update={"scope": Scope.OVERSEAS})
    await office.receives("sial-2018", overseas)
    gone = ExhibitionCancelled(code=CancellationCode.NO_VENUE, **about(IFEX))
    await office.receives(IFEX, proposed(IFEX), gone)
    over = ExhibitionOpened(**about("over-2018")), ExhibitionEnded(**about("over-2018"))
    await office.receives("over-2018", proposed("over-2018"), *over)
    await office.done(f"/envelopes/{ENVELOPE}/blocks", {"amount_idr": 200, **reasoned("S-1")})
    figures = await office.figures()
    opening = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": 5, **document("DIPA-1")}
    posting = reasoned("R-1")
    refused = [
        ("already-opened", "", opening),
        ("nothing-revised", "/revision-proposals", {"delta_idr": 0, **posting}),
        ("pagu-below-use", "/revision-proposals", {"delta_idr": -501, **posting}),
        ("pagu-too-large", "/revision-proposals", {"delta_idr": 10**15, **posting}),
        ("pagu-exceeded", "/blocks", {"amount_idr": 501, **posting}),
        ("block-exceeded", "/unblocks", {"amount_idr": 201, **posting}),
        ("document-repeated", "/blocks", {"amount_idr": 1, **reasoned("s-1")}),
        ("outside-fiscal-year", "/blocks", BLOCK | {"effective_on": "2019-01-01"}),
        ("pagu-exceeded", "/allotments", allotment(INACRAFT, 501)),
        ("another-programme", "/allotments", allotment("expo-2019", 500)),
        ("another-scope", "/allotments", allotment("sial-2018", 500)),
        ("exhibition-cancelled", "/allotments", allotment(IFEX, 500)),
        ("exhibition-ended", "/allotments", allotment("over-2018", 500)),
    ]
    for expected, route, body in refused:
        answer = await office.asks(f"/envelopes/{ENVELOPE}{route}" if route else "/envelopes", body)
        assert code(answer) == (409, expected)
    assert await office.figures() == figures


async def test_no_cost_takes_a_reservation_away_once_the_exhibition_has_ended(
    office: Office,
) -> None:
    await office.opened()
    await office.funded(INACRAFT, "ab")
    path = f"/envelopes/{ENVELOPE}"
    dear = {"exhibition": INACRAFT, "unit_cost_idr": 41, **reasoned("ND-C1/2018")}
    await office.done(f"{path}/cost-proposals", dear)
    await office.receives(INACRAFT, ExhibitionEnded(**about(INACRAFT)))
    number = {"document_number": "ND-C1/2018"}
    answer = await office.api.command("approver", f"{path}/cost-corrections", number)
    assert code(answer) == (409, "reservations-lost")
    await office.done(f"{path}/cost-withdrawals", number)
    assert code(await office.asks(f"{path}/cost-proposals", dear)) == (409, "reservations-lost")
    await office.done(f"{path}/cost-proposals", {**dear, "unit_cost_idr": 30})
    answer = await office.api.command("approver", f"{path}/cost-corrections", number)
    assert answer.is_success
    await office.settles()
    shown = await office.shows(f"/allocations/{INACRAFT}")
    assert shown["reserved"] == {A: 30, B: 30}
