"""The routes of outcomes on real servers: reported, followed up, judged, and listed by what waits.

After each test its fixture compares every tally with a count from scratch.
"""

from typing import Any

import pytest

from shared.contracts.registration.application import AttendanceCorrected
from tests.reporting.desk import Desk
from tests.reporting.examples import EXHIBITION, FIXER, PLANNED, applicant
from tests.serving import code

ANN, BEN = applicant("ann"), applicant("ben", province="51", first_timer=False)
RATE = {"currency": "USD", "fixed_on": "2018-01-26", "rate": "13313.5", "source": "JISDOR"}
ORDER = {
    "application": ANN.application,
    "rung": "ORDER_ON_SITE",
    "occurred_on": "2018-01-28",
    "amount": "100.00",
    "currency": "USD",
    "buyer_country": "MY",
}
FOLLOW_UP = {
    "occurred_on": "2018-02-01",
    "amount": "40.00",
    "currency": "USD",
    "buyer_country": "MY",
}
SALE = {
    "application": ANN.application,
    "rung": "RETAIL_SALE",
    "occurred_on": "2018-01-30",
    "amount": "2500000",
    "currency": "IDR",
    "buyer_country": "ID",
}
REASON = {"code": "other", "reason": "r"}
EVIDENCE = {"kind_of_evidence": "customs-document", "evidence": "B/L"}


async def order(desk: Desk) -> str:
    """Report the order of a participant, and return the path of the outcome."""
    await desk.holds_show(ANN)
    await desk.fixes(RATE)
    answer = await desk.reports("ann", "/outcomes", ORDER)
    assert answer.status_code == 201, answer.text
    return f"/outcomes/{answer.json()['id']}"


async def test_the_result_of_who_was_absent_after_all_is_no_result(desk: Desk) -> None:
    path = await order(desk)
    corrected = AttendanceCorrected(applicant=ANN, present=False)
    await desk.receives(ANN.application, corrected)
    refused = await desk.reports("ann", f"{path}/follow-ups", FOLLOW_UP)
    assert code(refused) == (409, "not-attended")
    found = (await desk.api.query("reporting-officer", "/tasks")).json()["items"]
    (task,) = found
    assert task["task"] == "void-outcomes", "it is not judged: nothing of it can be verified"
    own = await desk.api.query("reporting-officer", "/tasks", enterprise="ann")
    assert own.json()["items"] == [], "its own enterprise does not void it"
    assert (task["id"], task["method"]) == (ANN.application, "GET")
    assert [row["id"] for row in (await desk.shows(task["href"]))["items"]] == [path[10:]]
    assert code(await desk.asks(f"{path}/verification", EVIDENCE)) == (409, "not-attended")
    await desk.done(f"{path}/void", {"code": "not-made", "reason": "it was absent"})
    assert (await desk.api.query("reporting-officer", "/tasks")).json()["items"] == []


async def test_an_outcome_is_reported_followed_up_and_judged(desk: Desk) -> None:
    path = await order(desk)
    followed = await desk.reports("ann", f"{path}/follow-ups", FOLLOW_UP)
    assert followed.status_code == 201
    too_much = {**FOLLOW_UP, "amount": "60.01"}
    refused = await desk.reports("ann", f"{path}/follow-ups", too_much)
    assert code(refused) == (409, "parent-exceeded")
    follow_up = followed.json()["follow_up"]
    assert list((await desk.shows(path))["follow_ups"]) == [follow_up]
    await desk.done(f"{path}/verification", {**EVIDENCE, "follow_up": follow_up})
    await desk.done(f"{path}/dispute", {"code": "no-evidence", "reason": "no invoice"})
    disputed = await desk.shows(path)
    fields = ("status", "occurred_on", "amount_idr", "rate", "rate_on", "devisa", "awaiting")
    assert {name: disputed[name] for name in fields} == {
        "status": "DISPUTED",
        "occurred_on": "2018-01-28",
        "amount_idr": 1_331_350,
        "rate": "13313.5",
        "rate_on": "2018-01-26",
        "devisa": True,
        "awaiting": "resolution",
    }
    realised = disputed["follow_ups"][follow_up]
    assert (realised["status"], realised["amount_idr"]) == ("VERIFIED", 532_540)
    assert code(await desk.asks(f"{path}/void", REASON)) == (409, "has-follow-ups")
    await desk.done(f"{path}/void", {**REASON, "follow_up": follow_up})
    await desk.done(f"{path}/void", REASON)
    assert (await desk.shows(path))["status"] == "VOID"


async def test_a_report_needs_the_application_its_show_its_rate_and_its_attendance(
    desk: Desk,
) -> None:
    assert code(await desk.reports("ann", "/outcomes", ORDER)) == (409, "unknown-application")
    await desk.receives_journey(ANN, steps=5)
    assert code(await desk.reports("ann", "/outcomes", ORDER)) == (409, "unknown-exhibition")
    await desk.receives(EXHIBITION, PLANNED)
    outside = {**ORDER, "occurred_on": "2018-01-26"}
    assert code(await desk.reports("ann", "/outcomes", outside)) == (409, "outside-show")
    answer = await desk.reports("ann", "/outcomes", ORDER)
    assert code(answer) == (409, "unknown-rate")
    assert "ask a reporting officer to fix it" in answer.json()["detail"]
    assert "USD-2018-01-26" in answer.json()["detail"]
    await desk.done("/rates", RATE, actor=FIXER)
    assert code(await desk.reports("ann", "/outcomes", ORDER)) == (409, "unknown-rate")
    await desk.done("/rates/USD-2018-01-26/confirmation", {"rate": RATE["rate"]}, actor="second")
    assert code(await desk.reports("ann", "/outcomes", ORDER)) == (409, "not-attended")
    monday = {**ORDER, "occurred_on": "2018-01-29"}
    assert code(await desk.reports("ann", "/outcomes", monday)) == (409, "unknown-rate")


async def test_a_malformed_report_is_refused(desk: Desk) -> None:
    changes: list[dict[str, Any]] = [
        {"occurred_on": "28-01-2018"},
        {"occurred_on": None},
        {"occurred_on": 20180128},
        {"rate_on": "2018-01-28"},
        {"not_a_double": "yes"},
        {"confirmed": 1},
    ]
    for change in changes:
        answer = await desk.reports("ann", "/outcomes", {**ORDER, **change})
        assert answer.status_code == 422, (change, answer.text)


async def test_an_enterprise_reports_and_reads_its_own_only(desk: Desk) -> None:
    await desk.holds_show(ANN, BEN)
    assert code(await desk.reports("ben", "/outcomes", SALE)) == (403, "another-enterprise")
    outcome = (await desk.reports("ann", "/outcomes", SALE)).json()["id"]
    path = f"/outcomes/{outcome}"
    follow_up = {**FOLLOW_UP, "amount": "1", "currency": "IDR"}
    assert code(await desk.reports("ben", f"{path}/follow-ups", follow_up)) == (
        403,
        "another-enterprise",
    )
    assert code(await desk.api.query("enterprise", path, enterprise="ben"))[0] == 403
    for enterprise, ids in {"ann": [outcome], "ben": []}.items():
        listed = await desk.api.query("enterprise", "/outcomes", enterprise=enterprise)
        assert [item["id"] for item in listed.json()["items"]] == ids
    token = desk.api.token("enterprise", enterprise="ben")
    response = await desk.api.client.get(
        "/outcomes", params={"enterprise": "ann"}, headers={"authorization": f"Bearer {token}"}
    )
    assert code(response) == (403, "another-enterprise")
    assert code(await desk.api.query("enterprise", "/outcomes"))[0] == 403
    assert (await desk.reports("ann", f"{path}/void", REASON)).status_code == 403


async def test_a_repeated_request_is_one_outcome(desk: Desk) -> None:
    await desk.holds_show(ANN)
    answers = [await desk.reports("ann", "/outcomes", SALE, key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await desk.shows("/outcomes", exhibition=EXHIBITION))["items"]) == 1


async def test_a_sale_that_is_entered_twice_is_asked_about(desk: Desk) -> None:
    await desk.holds_show(ANN)
    first = (await desk.reports("ann", "/outcomes", SALE)).json()["id"]
    again = await desk.asks("/outcomes", SALE)
    assert code(again) == (409, "possible-double-entry")
    assert first in again.json()["detail"]
    second = await desk.done("/outcomes", {**SALE, "not_a_double": True})
    assert (await desk.shows(f"/outcomes/{second}"))["not_a_double"] is True
    for id in (first, second):
        await desk.done(f"/outcomes/{id}/void", REASON, actor="second")
    assert (await desk.asks("/outcomes", SALE)).status_code == 201


async def test_a_large_amount_is_asked_about(desk: Desk) -> None:
    await desk.holds_show(ANN)
    # The declared capacity is one unit a month.
    large = {**SALE, "amount": "99999999999999"}
    refused = await desk.reports("ann", "/outcomes", large)
    assert code(refused) == (409, "implausible-amount")
    assert "up to Rp 10,000,000 is usual" in refused.json()["detail"]
    confirmed = await desk.reports("ann", "/outcomes", {**large, "confirmed": True})
    assert confirmed.status_code == 201


async def test_the_verifier_is_another_person(desk: Desk) -> None:
    path = await order(desk)
    fixer = await desk.asks(f"{path}/verification", EVIDENCE, actor=FIXER)
    assert code(fixer) == (409, "same-person")
    own = await desk.asks(f"{path}/verification", EVIDENCE, enterprise="ann")
    assert code(own) == (409, "own-enterprise")
    by_officer = await desk.done("/outcomes", {**SALE, "not_a_double": True})
    own_report = await desk.asks(f"/outcomes/{by_officer}/verification", EVIDENCE)
    assert code(own_report) == (409, "same-person")
    await desk.done(f"/outcomes/{by_officer}/verification", EVIDENCE, actor="second")
    await desk.done(f"{path}/verification", EVIDENCE, actor="second")


async def test_the_story_of_an_outcome_is_for_those_who_may_see_it(desk: Desk) -> None:
    path = await order(desk)
    await desk.done(f"{path}/dispute", {"code": "no-evidence", "reason": "no invoice"})
    await desk.done(f"{path}/verification", EVIDENCE)
    readers = [("auditor", None), ("reporting-officer", None), ("enterprise", "ann")]
    for role, enterprise in readers:
        shown = (await desk.api.query(role, path, enterprise=enterprise)).json()
        assert shown["reported_by"] == "enterprise-1"
        story = [
            (each["status"], each["code"], each["words"], each["judged_on"], each["judged_by"])
            for each in shown["judgements"]
        ]
        assert story == [
            ("DISPUTED", "no-evidence", "no invoice", "2018-02-01", "reporting-officer-1"),
            ("VERIFIED", "customs-document", "B/L", "2018-02-01", "reporting-officer-1"),
        ]
    for role in ("approver", "ministry-system"):
        shown = (await desk.api.query(role, path)).json()
        assert shown["reported_by"] is None
        assert [
            (each["code"], each["words"], each["judged_by"]) for each in shown["judgements"]
        ] == [
            ("no-evidence", None, None),
            ("customs-document", None, None),
        ]
    listed = (await desk.api.query("approver", "/outcomes")).json()["items"]
    assert [item["judgements"][1]["words"] for item in listed] == [None]


async def test_the_queue_has_unjudged_follow_ups_under_a_verified_outcome(desk: Desk) -> None:
    path = await order(desk)

    async def waiting(**filters: str) -> list[str]:
        items = (await desk.shows("/outcomes", **filters))["items"]
        return [f"/outcomes/{item['id']}" for item in items]

    async def tasks(**token: str) -> list[tuple[str, str]]:
        bearer = desk.api.token("reporting-officer", **token)
        headers = {"authorization": f"Bearer {bearer}"}
        answer = await desk.api.client.get("/tasks", headers=headers)
        return [(item["task"], item["href"]) for item in answer.json()["items"]]

    assert await waiting(awaiting="judgement") == [path]
    await desk.done(f"{path}/verification", EVIDENCE)
    assert await waiting(awaiting="judgement") == []
    assert await tasks() == []
    followed = await desk.reports("ann", f"{path}/follow-ups", FOLLOW_UP)
    assert await waiting(awaiting="judgement") == [path]
    assert await waiting(status="REPORTED") == []
    assert await tasks() == [("judge-outcome", path)]
    assert await tasks(actor="enterprise-1") == [], "who reported it does not verify it"
    assert await tasks(actor=FIXER) == [], "who fixed its rate does not verify it"
    assert await tasks(enterprise="ann") == [], "its own enterprise does not judge it"
    disputed = {**REASON, "follow_up": followed.json()["follow_up"]}
    await desk.done(f"{path}/dispute", disputed)
    assert await waiting(awaiting="resolution") == [path]
    assert await tasks() == [("resolve-dispute", path)]
    assert await tasks(enterprise="ann") == [], "its own enterprise resolves no dispute"
    unknown = await desk.api.query("auditor", "/outcomes", awaiting="nobody")
    assert unknown.status_code == 422


async def test_who_attended_is_asked_for_its_results_until_it_has_one(desk: Desk) -> None:
    async def tasks(enterprise: str) -> list[tuple[str, str, str]]:
        answer = await desk.api.query("enterprise", "/tasks", enterprise=enterprise)
        assert answer.is_success, answer.text
        return [(item["task"], item["id"], item["href"]) for item in answer.json()["items"]]

    await desk.receives(EXHIBITION, PLANNED)
    await desk.receives_journey(ANN)
    await desk.receives_journey(BEN, steps=5)
    due = [("report-outcome", ANN.application, "/outcomes")]
    assert await tasks("ann") == due
    assert await tasks("ben") == [], "its attendance is not recorded"
    sale = (await desk.reports("ann", "/outcomes", SALE)).json()["id"]
    assert await tasks("ann") == []
    await desk.done(f"/outcomes/{sale}/void", REASON)
    assert await tasks("ann") == due
    await desk.receives(ANN.application, AttendanceCorrected(applicant=ANN, present=False))
    assert await tasks("ann") == [], "it was absent after all"


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("enterprise", "token-without-enterprise"),
        ("auditor", "role-missing"),
        ("operator", "role-missing"),
    ],
)
async def test_tasks_are_for_those_who_have_some(desk: Desk, role: str, expected: str) -> None:
    assert code(await desk.api.query(role, "/tasks")) == (403, expected)
