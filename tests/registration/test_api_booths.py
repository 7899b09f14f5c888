"""The routes of the floor plan on real servers: many officers at once, lost places."""

import asyncio
from collections import Counter

from shared.contracts.selection.round_seats import PlaceConfirmed, PlaceLost
from tests.registration.examples import EXHIBITION, EXHIBITION_FIELDS
from tests.registration.registry import (
    EXHIBITION_PATH,
    PLAN,
    PLANNER,
    PROGRAMME,
    PROPOSAL,
    RULE_SET,
    VERIFIER,
    Registry,
)
from tests.serving import code

BOOTHS, RETURN = f"{EXHIBITION_PATH}/booths", f"{EXHIBITION_PATH}/booth-return"
SHARED = {**PLAN, "places": 6, "booths": {"number": 3, "shared_by": 2}}
NAMES = [f"e-{number}" for number in range(1, 7)]


async def participants(registry: Registry) -> None:
    """Plan an exhibition with three booths for two each, and receive six confirmed places."""
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    await registry.done(PLANNER, "/rule-sets", RULE_SET)
    await registry.done(PLANNER, "/exhibitions", PROPOSAL)
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/plan", SHARED)
    confirmed = [
        PlaceConfirmed(application=f"{EXHIBITION}.{name}", **EXHIBITION_FIELDS) for name in NAMES
    ]
    await registry.receives(EXHIBITION, *confirmed)


def assignments(booths: dict[str, str]) -> dict[str, object]:
    """Return the body that gives these enterprises these booths."""
    return {
        "assignments": [
            {"enterprise": enterprise, "booth": booth} for enterprise, booth in booths.items()
        ]
    }


async def booths_of(registry: Registry) -> dict[str, str | None]:
    """Return the booth of each participant, read page by page."""
    found: dict[str, str | None] = {}
    path: str | None = f"{BOOTHS}?limit=4"
    while path:
        page = await registry.gets(path if path.startswith("/") else f"{BOOTHS}{path}", PLANNER)
        found |= {item["enterprise"]: item["booth"] for item in page["items"]}
        path = page["next"]
    return found


async def test_booths_are_assigned_changed_swapped_and_taken_back(registry: Registry) -> None:
    await participants(registry)
    assert await booths_of(registry) == dict.fromkeys(NAMES)
    first = dict(zip(NAMES, ("A-1", "A-1", "A-2", "A-2", "A-3", "A-3"), strict=True))
    await registry.done(PLANNER, BOOTHS, assignments(first))
    assert await booths_of(registry) == first
    await registry.done(PLANNER, BOOTHS, assignments({"e-1": "A-3", "e-6": "A-1"}))
    await registry.done(PLANNER, RETURN, {"enterprises": ["e-2"]})
    changed = {**first, "e-1": "A-3", "e-6": "A-1", "e-2": None}
    assert await booths_of(registry) == changed
    full = await registry.sends(PLANNER, BOOTHS, assignments({"e-2": "A-2"}))
    assert code(full) == (409, "booth-full")
    assert await booths_of(registry) == changed
    planned = await registry.gets(EXHIBITION_PATH)
    assert planned["plan"]["booths"] == {"number": 3, "shared_by": 2}


async def test_a_lost_place_frees_its_booth_for_another(registry: Registry) -> None:
    await participants(registry)
    await registry.done(PLANNER, BOOTHS, assignments({"e-1": "A-1", "e-2": "A-1"}))
    lost = PlaceLost(application=f"{EXHIBITION}.e-1", reason="sanction", **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, lost)
    refused = await registry.sends(PLANNER, BOOTHS, assignments({"e-1": "A-1"}))
    assert code(refused) == (409, "not-a-participant")
    await registry.done(PLANNER, BOOTHS, assignments({"e-3": "A-1"}))
    found = await booths_of(registry)
    assert found == {"e-2": "A-1", "e-3": "A-1", "e-4": None, "e-5": None, "e-6": None}


async def test_many_officers_at_once_fill_no_booth_beyond_its_room(registry: Registry) -> None:
    await participants(registry)
    bodies = [assignments({name: booth}) for name in NAMES for booth in ("A-1", "A-2")]
    answers = await asyncio.gather(*(registry.sends(PLANNER, BOOTHS, body) for body in bodies))
    refused = {code(answer) for answer in answers if not answer.is_success}
    assert refused == {(409, "booth-full")}
    used = Counter(booth for booth in (await booths_of(registry)).values() if booth)
    assert used == {"A-1": 2, "A-2": 2}


async def test_an_exhibition_without_participants_has_no_booths_to_give(
    registry: Registry,
) -> None:
    await registry.planned()
    assert await registry.gets(BOOTHS, PLANNER) == {"items": [], "next": None}
    answer = await registry.sends(PLANNER, BOOTHS, assignments({"e-1": "A-1"}))
    assert code(answer) == (404, "not-found")
    assert (await registry.api.query(PLANNER, "/exhibitions/none/booths")).status_code == 404
    few = {**PLAN, "places": 3, "booths": {"number": 1, "shared_by": 2}}
    await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": "ifex-2018"})
    answer = await registry.sends(PLANNER, "/exhibitions/ifex-2018/plan", few)
    assert code(answer) == (409, "too-few-booths")


async def test_an_officer_learns_that_participants_wait_for_booths(registry: Registry) -> None:
    await registry.calling()
    enterprise = await registry.eligible(0)
    await registry.verified()
    await registry.offered(enterprise)
    await registry.applies(f"/applications/{EXHIBITION}.{enterprise}/acceptance", enterprise)
    await registry.confirmed([enterprise])
    task = ("assign-booths", BOOTHS)
    tasks = await registry.gets("/tasks", PLANNER)
    assert task in {(each["task"], each["href"]) for each in tasks["items"]}
    await registry.done(PLANNER, BOOTHS, assignments({enterprise: "A-12"}))
    tasks = await registry.gets("/tasks", PLANNER)
    assert task not in {(each["task"], each["href"]) for each in tasks["items"]}
    (shown,) = (await registry.gets(BOOTHS, VERIFIER))["items"]
    assert (shown["name"], shown["booth"]) == ("Batik Fiktif 0", "A-12")
