"""The routes of rates on real servers: fixed, proposed, confirmed, and corrected with outcomes."""

from datetime import timedelta
from typing import Any

from tests.given import NOW
from tests.reporting.desk import Desk
from tests.reporting.examples import FIXER
from tests.reporting.test_api_outcomes import EVIDENCE, FOLLOW_UP, ORDER, RATE, SALE, order
from tests.serving import code, done
from tests.settled import settled

ID = "USD-2018-01-26"
NEXT = {**RATE, "fixed_on": "2018-01-29", "rate": "13400"}
WRONG = {**NEXT, "rate": "13.4"}
RIGHT = {
    "rate": "13331.5",
    "source": "JISDOR",
    "code": "typing-error",
    "reason": "two digits exchanged",
}


async def test_a_key_that_has_fixed_a_rate_fixes_no_other(desk: Desk) -> None:
    assert (await desk.asks("/rates", RATE, key="k1")).status_code == 201
    other = await desk.asks("/rates", {**RATE, "fixed_on": "2018-01-29"}, key="k1")
    assert code(other) == (422, "idempotency-key-reused")


async def test_the_first_rate_of_a_currency_is_confirmed_by_a_second_person(desk: Desk) -> None:
    answer = await desk.asks("/rates", RATE, actor=FIXER)
    assert done(answer) == (201, ID, 1, ["rate-proposed.v1"])
    path = f"/rates/{ID}"
    shown = await desk.shows(path)
    assert (shown["status"], shown["rate"], shown["proposal"]["rate"]) == (
        "PROPOSED",
        None,
        "13313.5",
    )
    assert (await desk.shows("/rates", status="PROPOSED"))["items"] == [shown]
    tasks = (await desk.api.query("reporting-officer", "/tasks")).json()["items"]
    assert [(task["task"], task["href"]) for task in tasks] == [
        ("confirm-rate", f"{path}/confirmation")
    ]
    value = {"rate": "13313.5"}
    own = await desk.asks(f"{path}/confirmation", value, actor=FIXER)
    assert code(own) == (409, "same-person")
    misread = await desk.asks(f"{path}/confirmation", {"rate": "13331.5"}, actor="second")
    assert code(misread) == (409, "another-rate")
    answer = await desk.asks(f"{path}/confirmation", value, actor="second")
    assert done(answer) == (200, ID, 2, ["rate-fixed.v1"])
    shown = await desk.shows(path)
    expected = {"id": ID, "version": 2, **RATE, "status": "FIXED", "fixed_by": FIXER}
    assert {name: shown[name] for name in expected} == expected
    assert (await desk.shows("/rates", currency="USD"))["items"] == [shown]
    assert (await desk.shows("/rates", currency="MYR"))["items"] == []
    public = (await desk.api.query("ministry-system", path)).json()
    assert (public["rate"], public["fixed_by"]) == ("13313.5", None)
    await settled(desk.api.service)
    history = (await desk.shows(f"{path}/history"))["items"]
    assert [item["actor"] for item in history] == [FIXER, "second"]
    assert code(await desk.api.query("approver", f"{path}/history")) == (403, "role-missing")


async def test_a_rate_near_the_last_is_fixed_at_once_and_a_far_one_is_asked_about(
    desk: Desk,
) -> None:
    await desk.fixes(RATE)
    refused = await desk.asks("/rates", WRONG)
    assert code(refused) == (409, "implausible-rate")
    assert "13,313.5, the rate of USD on 2018-01-26" in refused.json()["detail"]
    assert done(await desk.asks("/rates", NEXT))[3] == ["rate-fixed.v1"]
    assert code(await desk.asks("/rates", {**NEXT, "rate": "1"})) == (409, "already-fixed")
    # The nearest rate counts for a day between, too.
    later = {**NEXT, "fixed_on": "2018-01-31", "rate": "9000", "unusual": True}
    assert done(await desk.asks("/rates", later))[3] == ["rate-proposed.v1"]


async def test_a_rejected_rate_can_be_fixed_again(desk: Desk) -> None:
    await desk.done("/rates", RATE)
    assert code(await desk.asks("/rates", RATE)) == (409, "already-proposed")
    await desk.done(f"/rates/{ID}/rejection", {"reason": "wrong day"})
    assert (await desk.shows(f"/rates/{ID}"))["status"] == "REJECTED"
    assert (await desk.asks("/rates", RATE)).status_code == 201


async def test_a_malformed_rate_is_refused(desk: Desk) -> None:
    for path, body in (
        ("/rates", {**RATE, "source": ""}),
        ("/rates", {**RATE, "rate": "13,313.5"}),
        ("/rates", {**RATE, "unusual": "no"}),
        (f"/rates/{ID}/correction", {**RIGHT, "code": "mistake"}),
        (f"/rates/{ID}/confirmation", {}),
        (f"/rates/{ID}/rejection", {"reason": " "}),
    ):
        assert (await desk.asks(path, body)).status_code == 422, (path, body)


async def test_a_rate_that_is_not_there_is_404(desk: Desk) -> None:
    steps: dict[str, Any] = {
        "correction": RIGHT,
        "confirmation": {"rate": "1"},
        "rejection": {"reason": "r"},
    }
    for step, body in steps.items():
        assert code(await desk.asks(f"/rates/{ID}/{step}", body)) == (404, "not-found"), step
    assert code(await desk.api.query("auditor", f"/rates/{ID}")) == (404, "not-found")


async def test_a_corrected_rate_restates_its_outcomes_once(desk: Desk) -> None:
    path = await order(desk)
    followed = (await desk.reports("ann", f"{path}/follow-ups", FOLLOW_UP)).json()["follow_up"]
    await desk.done(f"{path}/verification", EVIDENCE)
    other = await desk.reports("ann", "/outcomes", {**ORDER, "amount": "7"})
    sold = await desk.reports("ann", "/outcomes", SALE)
    at_rate = [row["id"] for row in (await desk.shows("/outcomes", rate=ID))["items"]]
    assert at_rate == sorted([path.removeprefix("/outcomes/"), other.json()["id"]])
    assert sold.is_success
    await desk.done(f"/rates/{ID}/correction", RIGHT)
    waits = await desk.reports("ann", "/outcomes", {**ORDER, "amount": "8"})
    assert code(waits) == (409, "rate-in-correction")
    value = {"rate": RIGHT["rate"]}
    soon = await desk.asks(f"/rates/{ID}/confirmation", value, actor="second")
    assert code(soon) == (409, "too-soon")
    desk.is_at(NOW + timedelta(seconds=61))
    answer = await desk.asks(f"/rates/{ID}/confirmation", value, actor="second")
    assert done(answer)[3] == ["rate-corrected.v1"]
    await settled(desk.api.service)
    restated = await desk.shows(path)
    assert (restated["amount_idr"], restated["rate"], restated["status"]) == (
        1_333_150,
        "13331.5",
        "VERIFIED",
    )
    assert restated["restatements"] == [{"rate": "13313.5", "amount_idr": 1_331_350}]
    assert restated["follow_ups"][followed]["amount_idr"] == 533_260
    small = await desk.shows(f"/outcomes/{other.json()['id']}")
    assert (small["amount_idr"], small["version"]) == (93_321, 2)
    shown = await desk.shows(f"/rates/{ID}")
    assert (shown["before"], shown["rate"], shown["status"]) == (["13313.5"], "13331.5", "FIXED")
    # The officer who proposed the correction has fixed the rate: it verifies nothing at it.
    late = await desk.reports("ann", "/outcomes", {**ORDER, "amount": "8"})
    assert (await desk.shows(f"/outcomes/{late.json()['id']}"))["amount_idr"] == 106_652
    refused = await desk.asks(f"/outcomes/{late.json()['id']}/verification", EVIDENCE)
    assert code(refused) == (409, "same-person")


async def test_a_rejected_correction_leaves_rate_and_outcomes(desk: Desk) -> None:
    path = await order(desk)
    await desk.done(f"/rates/{ID}/correction", RIGHT)
    await desk.done(f"/rates/{ID}/rejection", {"reason": "it was right"})
    assert (await desk.shows(f"/rates/{ID}"))["status"] == "FIXED"
    assert (await desk.shows(path))["version"] == 1
    again = await desk.reports("ann", "/outcomes", {**ORDER, "amount": "8"})
    assert again.status_code == 201
