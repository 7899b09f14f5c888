"""The tasks of each role in registration: the commands that wait for it, each with its link."""

from typing import Any

from tests.registration.examples import CLOSES_AT, EXHIBITION, STARTS_ON
from tests.registration.registry import (
    APPLICANT,
    EXHIBITION_PATH,
    PLANNER,
    PROGRAMME,
    PROPOSAL,
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
    listed = await registry.gets("/tasks", APPLICANT, enterprise=own)
    (offer,) = listed["items"]
    assert (offer["task"], offer["href"]) == ("answer-offer", f"{place(own)}/acceptance")
    assert offer["due_at"] == "2018-03-01T16:59:59Z"
    assert offer["label"] == "Jawab tawaran tempat"
    # A token that speaks for no enterprise has no tasks of an enterprise.
    assert await tasks(registry, APPLICANT) == []


async def test_a_task_says_from_when_it_can_be_done_and_if_there_are_more(
    registry: Registry,
) -> None:
    await registry.calling()
    own = [await registry.submitted(number) for number in range(3)]
    listed = await registry.gets("/tasks", VERIFIER, limit="2")
    assert (len(listed["items"]), listed["more"]) == (2, ["verify-application"])
    for number in range(3):
        await registry.done(VERIFIER, f"{place(own[number])}/verification")
    await registry.verified()
    await registry.confirmed(())
    (opening,) = (await registry.gets("/tasks", PLANNER))["items"]
    assert (opening["task"], opening["not_before"]) == ("open-exhibition", str(STARTS_ON))


async def test_a_role_without_tasks_is_refused(registry: Registry) -> None:
    assert code(await registry.api.query("ministry-system", "/tasks"))[0] == 403
