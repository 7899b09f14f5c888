"""Alternatives share a slot of the programme: at most one of them is planned at any time."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.slot import PLANNED_ENTRY, slot_claims
from shared.contracts.registration.exhibition import CancellationCode, ExhibitionCancelled
from tests.given import given
from tests.registration.examples import CALLING, EXHIBITION_FIELDS, HOLDING, PLANNED, PROPOSED
from tests.registration.registry import PLAN, PLANNER, PROGRAMME, PROPOSAL, RULE_SET, Registry
from tests.serving import code

SLOT, KEY = "chibimart-or-moscow", "programme-slot/2018.chibimart-or-moscow"
CHIBIMART, MOSCOW = "chibimart-2018", "moscow-2018"
CANCELLATION = {"code": "replaced", "reason": "x", "replaced_by": MOSCOW}
SHARING = PROPOSED.model_copy(update={"slot": SLOT})
CANCELLED = ExhibitionCancelled(code=CancellationCode.NO_VENUE, **EXHIBITION_FIELDS)


def test_an_exhibition_holds_its_slot_from_its_plan_until_it_is_cancelled() -> None:
    held = {KEY: PLANNED_ENTRY}
    assert slot_claims(given(exhibition, SHARING).state) == {}
    assert slot_claims(given(exhibition, SHARING, PLANNED).state) == held
    assert slot_claims(given(exhibition, SHARING, *CALLING[1:]).state) == held
    assert slot_claims(given(exhibition, SHARING, *HOLDING[1:]).state) == held
    assert slot_claims(given(exhibition, SHARING, PLANNED, CANCELLED).state) == {}
    assert slot_claims(given(exhibition, PROPOSED, PLANNED).state) == {}


@pytest.fixture
async def proposed(registry: Registry) -> Registry:
    """Propose two alternatives of a slot."""
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    await registry.done(PLANNER, "/rule-sets", RULE_SET)
    for id in (CHIBIMART, MOSCOW):
        shared = {**PROPOSAL, "exhibition": id, "scope": "OVERSEAS", "slot": SLOT}
        await registry.done(PLANNER, "/exhibitions", shared)
    return registry


async def plans(registry: Registry, id: str) -> httpx.Response:
    """Plan this exhibition, and return the answer."""
    return await registry.sends(PLANNER, f"/exhibitions/{id}/plan", PLAN)


async def test_the_refusal_names_who_has_the_slot_and_a_cancellation_frees_it(
    proposed: Registry,
) -> None:
    assert (await plans(proposed, CHIBIMART)).is_success
    taken = await plans(proposed, MOSCOW)
    assert code(taken) == (409, "programme-slot-taken")
    assert f"cancel {CHIBIMART} before" in taken.json()["detail"]
    assert await proposed.status(f"/exhibitions/{MOSCOW}") == "PROPOSED"
    planning = {"task": "plan-exhibition"}
    assert (await proposed.gets("/tasks", PLANNER, **planning))["items"] == [], "it cannot be done"
    await proposed.done(PLANNER, f"/exhibitions/{CHIBIMART}/cancellation", CANCELLATION)
    (task,) = (await proposed.gets("/tasks", PLANNER, **planning))["items"]
    assert task["id"] == MOSCOW
    assert (await plans(proposed, MOSCOW)).is_success
    both = (await proposed.gets("/exhibitions", slot=SLOT))["items"]
    assert {item["id"]: item["status"] for item in both} == {
        CHIBIMART: "CANCELLED",
        MOSCOW: "PLANNED",
    }


async def test_of_two_plans_in_the_same_instant_exactly_one_is_made(proposed: Registry) -> None:
    answers = await asyncio.gather(*(plans(proposed, id) for id in (CHIBIMART, MOSCOW) * 3))
    made = [answer for answer in answers if answer.is_success]
    refused = {code(answer) for answer in answers if not answer.is_success}
    assert len(made) == 1
    assert refused <= {(409, "programme-slot-taken"), (409, "not-proposed")}
    statuses = [await proposed.status(f"/exhibitions/{id}") for id in (CHIBIMART, MOSCOW)]
    assert sorted(statuses) == ["PLANNED", "PROPOSED"]


async def test_a_plan_that_is_refused_leaves_the_slot_free(proposed: Registry) -> None:
    late = {**PLAN, "ends_on": "2018-04-24"}
    refused = await proposed.sends(PLANNER, f"/exhibitions/{CHIBIMART}/plan", late)
    assert code(refused) == (409, "ends-before-start")
    assert (await plans(proposed, MOSCOW)).is_success


async def test_a_process_that_died_before_its_plan_blocks_the_slot_for_minutes_only(
    proposed: Registry,
) -> None:
    service = proposed.api.service
    await service.claim(exhibition, CHIBIMART, KEY, PLANNED_ENTRY)
    waiting = await plans(proposed, MOSCOW)
    assert code(waiting) == (409, "programme-slot-taken")
    assert "in some minutes" in waiting.json()["detail"]
    claims = service.engine.database.collection("claims")
    await claims.update_one({"_id": KEY}, {"$set": {"at": datetime.now(UTC) - timedelta(hours=1)}})
    assert (await plans(proposed, MOSCOW)).is_success


async def test_exhibitions_of_other_slots_and_years_do_not_meet(proposed: Registry) -> None:
    assert (await plans(proposed, CHIBIMART)).is_success
    for id, more in (("other-2018", {"slot": "other"}), ("free-2018", {})):
        await proposed.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": id, **more})
        assert (await plans(proposed, id)).is_success
