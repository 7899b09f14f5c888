"""The routes of briefings on real servers: officers, participants, stories, tasks."""

from datetime import datetime, timedelta

from tests.registration.examples import CLOSES_AT, EXHIBITION
from tests.registration.registry import (
    APPLICANT,
    EXHIBITION_PATH,
    PLANNER,
    VERIFIER,
    Registry,
    place,
)
from tests.registration.wrong_values import BRIEFING
from tests.serving import code

BRIEFINGS = f"{EXHIBITION_PATH}/briefings"
LINK = "https://example.id/x"
INVITATION = f"Ikuti pembekalan pada 20 April 2018 pukul 10.00 WIB (03.00 UTC): JCC / {LINK}."


async def test_participants_are_invited_and_their_attendance_is_recorded(
    registry: Registry,
) -> None:
    await registry.calling()
    own, other = await registry.eligible(0), await registry.eligible(1)
    await registry.verified()
    await registry.offered(own, CLOSES_AT + timedelta(days=3))
    await registry.applies(f"{place(own)}/acceptance", own)
    held = await registry.done(PLANNER, BRIEFINGS, BRIEFING)
    path = f"/briefings/{held}"
    assert held.startswith(f"{EXHIBITION}.")
    shown = await registry.gets(path, APPLICANT, enterprise=own)
    assert (shown["place"], shown["link"], shown["words"]) == ("JCC", LINK, None)
    strange = await registry.api.query(APPLICANT, path, enterprise=other)
    assert code(strange) == (404, "not-found")
    story = await registry.gets(f"{place(own)}/story", APPLICANT, enterprise=own)
    assert [each["id"] for each in story["help"]] == [INVITATION]
    tasks = (await registry.gets("/tasks", APPLICANT, enterprise=own))["items"]
    assert [task["task"] for task in tasks] == ["attend-briefing"]
    registry.at(datetime.fromisoformat(str(BRIEFING["starts_at"])))
    recorded = {"enterprise": own, "attended": True}
    await registry.done(VERIFIER, f"{path}/attendance", recorded, actor="officer-8")
    shown = await registry.gets(place(own), VERIFIER)
    assert shown["briefings"] == [
        {"briefing": held, "starts_at": BRIEFING["starts_at"], "attended": True}
    ]
    correcting = f"{path}/attendance-correction"
    wrong = {"enterprise": own, "attended": False, "reason": "as Ibu Rahasia wrote"}
    same = await registry.sends(VERIFIER, correcting, wrong, actor="officer-8")
    assert code(same) == (409, "same-person")
    await registry.done(VERIFIER, correcting, wrong, actor="officer-9")
    assert (await registry.gets(path, VERIFIER))["attendance"] == {own: False}
    topics = await registry.published()
    assert all(word not in message for message in topics for word in ("Rahasia", LINK))


async def test_officers_list_the_briefings_of_an_exhibition(registry: Registry) -> None:
    await registry.calling()
    days = ("2018-04-21", "2018-04-19", "2018-04-20")
    held = {
        day: await registry.done(PLANNER, BRIEFINGS, {**BRIEFING, "starts_at": f"{day}T03:00:00Z"})
        for day in days
    }
    await registry.done(PLANNER, f"/briefings/{held[days[2]]}/cancellation", {"reason": "no hall"})

    async def listed(query: str) -> list[str]:
        page = await registry.gets(f"{BRIEFINGS}?{query}", PLANNER)
        return [item["starts_at"][:10] for item in page["items"]]

    assert await listed("sort=starts_at") == sorted(days)
    assert await listed("sort=-starts_at&limit=2") == ["2018-04-21", "2018-04-20"]
    assert await listed("status=CANCELLED") == [days[2]]
    assert code(await registry.api.query(APPLICANT, BRIEFINGS)) == (403, "role-missing")
    unknown = await registry.api.query(PLANNER, "/exhibitions/unknown/briefings")
    assert code(unknown) == (404, "not-found")


async def test_officers_are_asked_for_a_briefing_and_for_its_attendance(
    registry: Registry,
) -> None:
    await registry.calling()
    own, other = await registry.eligible(0), await registry.eligible(1)
    await registry.verified()
    for enterprise in (own, other):
        await registry.offered(enterprise, CLOSES_AT + timedelta(days=3))
        await registry.applies(f"{place(enterprise)}/acceptance", enterprise)
    await registry.confirmed((own, other))

    async def tasks(role: str) -> list[tuple[str, str]]:
        found = (await registry.gets("/tasks", role))["items"]
        return [(task["task"], task["href"]) for task in found if "briefing" in task["task"]]

    assert await tasks(PLANNER) == [("schedule-briefing", BRIEFINGS)]
    held = await registry.done(PLANNER, BRIEFINGS, BRIEFING)
    path = f"/briefings/{held}"
    assert await tasks(PLANNER) == []
    assert await tasks(VERIFIER) == [], "it has not begun"
    registry.at(datetime.fromisoformat(str(BRIEFING["starts_at"])))
    for enterprise, attended in ((own, True), (other, False)):
        assert await tasks(VERIFIER) == [("record-briefing-attendance", BRIEFINGS)]
        recorded = {"enterprise": enterprise, "attended": attended}
        await registry.done(VERIFIER, f"{path}/attendance", recorded)
    assert await tasks(VERIFIER) == []


async def test_a_briefing_is_rescheduled_and_cancelled(registry: Registry) -> None:
    await registry.calling()
    held = await registry.done(PLANNER, BRIEFINGS, BRIEFING)
    path = f"/briefings/{held}"
    later = {**BRIEFING, "starts_at": "2018-04-21T03:00:00Z", "reason": "the hall is taken"}
    await registry.done(PLANNER, f"{path}/rescheduling", later)
    shown = await registry.gets(path, PLANNER)
    assert (shown["starts_at"], shown["words"]) == (later["starts_at"], later["reason"])
    await registry.done(PLANNER, f"{path}/cancellation", {"reason": "no trainer"})
    assert await registry.status(path) == "CANCELLED"
    again = await registry.sends(PLANNER, f"{path}/rescheduling", later)
    assert code(again) == (409, "briefing-cancelled")
