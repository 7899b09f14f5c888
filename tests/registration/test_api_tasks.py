"""The tasks of each role in registration: the commands that wait for it, each with its link."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.registration.domain.application.state import TICK
from services.registration.domain.exhibition.call import CLOSING_GRACE
from shared.contracts.calendar import jakarta_midnight
from shared.contracts.selection.round_seats import PlaceConfirmed
from tests.registration.examples import CLOSES_AT, ENDS_ON, EXHIBITION, EXHIBITION_FIELDS, STARTS_ON
from tests.registration.registry import (
    APPLICANT,
    CALL,
    EXHIBITION_PATH,
    PLAN,
    PLANNER,
    PROGRAMME,
    PROPOSAL,
    RUBRIC,
    VERIFIER,
    Registry,
    place,
)
from tests.serving import code


async def tasks(registry: Registry, role: str, **more: Any) -> list[tuple[str, str, str]]:
    """Return the tasks of a role: name, id, link."""
    listed = await registry.gets("/tasks", role, **more)
    return [(item["task"], item["id"], item["href"]) for item in listed["items"]]


async def test_each_role_sees_what_it_can_do_next(registry: Registry) -> None:
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    await registry.done(PLANNER, "/exhibitions", PROPOSAL)
    assert await tasks(registry, PLANNER) == [
        ("plan-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/plan")
    ]
    assert await tasks(registry, VERIFIER) == []


async def test_an_officer_verifies_and_an_enterprise_answers_its_own_offers(
    registry: Registry,
) -> None:
    await registry.calling()
    waiting = await registry.submitted(0)
    own, other = await registry.eligible(1), await registry.eligible(2)
    for enterprise in (own, other):
        await registry.offered(enterprise, CLOSES_AT)
    assert await tasks(registry, VERIFIER) == [
        (
            "verify-application",
            f"{EXHIBITION}.{waiting}",
            f"/applications/{EXHIBITION}.{waiting}/verification",
        )
    ]
    assert await tasks(registry, VERIFIER, enterprise=waiting) == [], "it is its own"
    listed = await registry.gets("/tasks", APPLICANT, enterprise=own)
    (offer,) = listed["items"]
    assert (offer["task"], offer["href"]) == ("answer-offer", f"{place(own)}/acceptance")
    assert offer["due_at"] == "2018-03-01T16:59:59Z"
    assert offer["label"] == {"id": "Jawab tawaran tempat", "en": "Answer the offer of a place"}


async def test_a_token_of_no_enterprise_is_refused_unless_another_role_has_tasks(
    registry: Registry,
) -> None:
    refused = await registry.api.query(APPLICANT, "/tasks")
    assert code(refused) == (403, "token-without-enterprise")
    assert await tasks(registry, APPLICANT, enterprise="someone") == []
    token = registry.api.token(APPLICANT, VERIFIER)
    both = await registry.api.client.get("/tasks", headers={"authorization": f"Bearer {token}"})
    assert (both.status_code, both.json()["items"]) == (200, [])


async def test_a_task_says_from_when_it_can_be_done_and_if_there_are_more(
    registry: Registry,
) -> None:
    await registry.calling()
    own = [await registry.submitted(number) for number in range(3)]
    listed = await registry.gets("/tasks", VERIFIER, limit="2")
    assert (len(listed["items"]), [*listed["more"]]) == (2, ["verify-application"])
    left = await registry.gets(f"/tasks{listed['more']['verify-application']}", VERIFIER)
    assert ([item["id"] for item in left["items"]], left["more"]) == (
        [f"{EXHIBITION}.{max(own)}"],
        {},
    )
    none = await registry.gets("/tasks", VERIFIER, task="judge-suspicion")
    assert none == {"items": [], "more": {}}
    for query, refusal in (
        ({"task": "dance"}, "unknown-task"),
        ({"cursor": "eA"}, "cursor-needs-task"),
    ):
        assert code(await registry.api.query(VERIFIER, "/tasks", **query)) == (422, refusal)
    for number in range(3):
        await registry.done(VERIFIER, f"{place(own[number])}/verification")
    await registry.verified()
    await registry.confirmed(())
    (opening,) = (await registry.gets("/tasks", PLANNER, task="open-exhibition"))["items"]
    assert (opening["task"], opening["not_before"]) == ("open-exhibition", str(STARTS_ON))


async def test_what_must_wait_for_others_is_no_task_yet(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    registry.at(CLOSES_AT + CLOSING_GRACE)
    await registry.settles()
    verifying = ("verify-application", f"{EXHIBITION}.{own}", f"{place(own)}/verification")
    closing = ("close-verification", EXHIBITION, f"{EXHIBITION_PATH}/verification-closure")
    assert await tasks(registry, VERIFIER) == [verifying]
    await registry.done(VERIFIER, f"{place(own)}/verification")
    assert await tasks(registry, VERIFIER) == [closing]
    await registry.verified()
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed([own])
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    registry.at(jakarta_midnight(ENDS_ON + timedelta(days=1)))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/ending")
    recording = f"/applications?exhibition={EXHIBITION}&status=CONFIRMED"
    assert await tasks(registry, VERIFIER) == [("record-attendance", EXHIBITION, recording)]
    assert await tasks(registry, PLANNER) == []
    await registry.done(VERIFIER, f"{place(own)}/attendance", {"present": True})
    assert await tasks(registry, VERIFIER) == []
    reporting = ("report-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/report")
    assert await tasks(registry, PLANNER) == [reporting]


CANCELLING = ("cancel-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/cancellation")
RESCHEDULING = ("reschedule-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/rescheduling")
CANCELLATION = {"code": "no-venue", "reason": "the days have gone by"}


async def test_an_exhibition_that_was_never_planned_is_cancelled_after_its_year(
    registry: Registry,
) -> None:
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    await registry.done(PLANNER, "/exhibitions", PROPOSAL)
    year_ends = jakarta_midnight(date(2018, 12, 31))
    registry.at(year_ends - TICK)
    planning = ("plan-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/plan")
    assert await tasks(registry, PLANNER) == [planning]
    days = {"starts_on": "2018-12-31", "ends_on": "2018-12-31"}
    registry.at(year_ends)
    assert await tasks(registry, PLANNER) == [CANCELLING]
    refused = await registry.sends(PLANNER, planning[2], {**PLAN, **days})
    assert code(refused) == (409, "starts-too-soon")
    assert "no day of 2018 is left for it, so cancel" in refused.json()["detail"]
    await registry.done(PLANNER, CANCELLING[2], CANCELLATION)
    assert await tasks(registry, PLANNER) == []


async def test_tasks_are_listed_whatever_year_a_programme_names(registry: Registry) -> None:
    await registry.done(
        PLANNER, "/programmes", {**PROGRAMME, "programme": "0001", "signed_on": "0001-02-03"}
    )
    await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "programme": "0001"})
    assert await tasks(registry, PLANNER) == [CANCELLING]


async def test_without_a_call_before_the_first_day_it_is_rescheduled_or_cancelled(
    registry: Registry,
) -> None:
    await registry.planned()
    await registry.receives(RUBRIC.rubric, RUBRIC)
    opening = ("open-call", EXHIBITION, f"{EXHIBITION_PATH}/call")
    first_day = jakarta_midnight(STARTS_ON)
    registry.at(first_day - TICK)
    (listed,) = (await registry.gets("/tasks", PLANNER))["items"]
    assert (listed["task"], listed["due_at"]) == ("open-call", "2018-04-24T16:59:59.999000Z")
    registry.at(first_day)
    assert await tasks(registry, PLANNER) == [RESCHEDULING, CANCELLING]
    closes_at = (first_day + timedelta(days=1)).isoformat()
    refused = await registry.sends(PLANNER, opening[2], {**CALL, "closes_at": closes_at})
    assert code(refused) == (409, "closes-too-late")
    listed = (await registry.gets("/tasks", PLANNER))["items"][1]
    assert (listed["label"]["id"], listed["method"]) == ("Batalkan pameran", "POST")


@pytest.mark.parametrize("decreed", [False, True])
async def test_an_exhibition_that_did_not_open_is_rescheduled_within_its_year_or_cancelled(
    registry: Registry, decreed: bool
) -> None:
    await registry.calling()
    await registry.verified()
    if decreed:
        await registry.confirmed(())
    opening = [("open-exhibition", EXHIBITION, f"{EXHIBITION_PATH}/opening")] if decreed else []
    over = jakarta_midnight(ENDS_ON + timedelta(days=1))
    registry.at(over - TICK)
    assert await tasks(registry, PLANNER) == opening
    registry.at(over)
    assert await tasks(registry, PLANNER) == [RESCHEDULING, CANCELLING]
    refused = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/opening")
    assert code(refused) == (409, "show-is-over" if decreed else "not-decreed")
    registry.at(jakarta_midnight(date(2018, 12, 31)))
    assert await tasks(registry, PLANNER) == [CANCELLING]
    await registry.done(PLANNER, CANCELLING[2], CANCELLATION)
    assert await tasks(registry, PLANNER) == []


async def test_an_awaited_correction_may_be_verified_as_it_stands(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    request = {"fields": ["DOCUMENTS"], "reason": "blurred"}
    await registry.done(VERIFIER, f"{place(own)}/correction-request", request)
    listed = (await registry.gets("/tasks", VERIFIER))["items"]
    (task,) = listed
    assert (task["task"], task["label"]["id"], task["href"], task["due_at"]) == (
        "verify-as-it-stands",
        "Verifikasi apa adanya",
        f"{place(own)}/verification",
        "2018-02-08T03:00:00Z",
    )
    assert await tasks(registry, VERIFIER, enterprise=own) == [], "it is its own"
    await registry.done(VERIFIER, task["href"])
    assert await tasks(registry, VERIFIER) == []


async def test_an_attendance_is_no_task_before_the_round_has_confirmed_the_place(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.eligible(0)
    await registry.verified()
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed(())
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    assert await tasks(registry, VERIFIER) == []
    confirmed = PlaceConfirmed(application=f"{EXHIBITION}.{own}", **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, confirmed)
    ((name, _, path),) = await tasks(registry, VERIFIER)
    assert name == "record-attendance"
    assert [item["enterprise"] for item in (await registry.gets(path))["items"]] == [own]


async def test_a_role_without_tasks_is_refused(registry: Registry) -> None:
    assert code(await registry.api.query("ministry-system", "/tasks"))[0] == 403
