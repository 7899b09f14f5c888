"""The result that an application shows stays true after the decree, a loss and a cancellation."""

from typing import Any

from shared.contracts.registration.quota import Bound, PassedOver
from shared.contracts.selection.round import CandidatesListed
from shared.contracts.selection.round_seats import (
    PlaceLost,
    ReservesPassedOver,
    RoundCancelled,
)
from tests.registration.examples import EXHIBITION, EXHIBITION_FIELDS
from tests.registration.registry import (
    APPLICANT,
    CALL,
    EXHIBITION_PATH,
    PLANNER,
    RUBRIC,
    Registry,
    approved,
    place,
)
from tests.serving import code

CANCELLATION = {"code": "no-venue", "reason": "the hall has burnt down"}


async def results(registry: Registry, *enterprises: str) -> list[tuple[str, dict[str, Any] | None]]:
    """Return status and result of these applications, the same in the list as alone."""
    page = await registry.gets("/applications", exhibition=EXHIBITION)
    listed = {item["enterprise"]: item for item in page["items"]}
    for enterprise in enterprises:
        alone = await registry.gets(place(enterprise), APPLICANT, enterprise=enterprise)
        assert alone["result"] == listed[enterprise]["result"]
    return [(listed[each]["status"], listed[each]["result"]) for each in enterprises]


def outcome(name: str, at: int | None = None, over: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a result as the API shows it."""
    return {"outcome": name, "place": at, "passed_over": over, "objections_until": None}


async def selected(registry: Registry, number: int) -> list[str]:
    """Let the first be selected, the second wait on the reserve list, the others be below it."""
    await registry.calling()
    enterprises = [await registry.eligible(each) for each in range(number)]
    await registry.verified()
    listed = tuple(f"{EXHIBITION}.{enterprise}" for enterprise in enterprises)
    await registry.receives(
        EXHIBITION,
        CandidatesListed(applications=listed, **EXHIBITION_FIELDS),
        approved(enterprises[:1], enterprises[1:2]),
    )
    return enterprises


async def test_the_decree_and_a_loss_end_the_results(registry: Registry) -> None:
    own, reserve, below = enterprises = await selected(registry, 3)
    assert await results(registry, *enterprises) == [
        ("ELIGIBLE", outcome("selected")),
        ("ELIGIBLE", outcome("reserve", 1)),
        ("ELIGIBLE", outcome("not-selected")),
    ]
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed([own])
    ended = [
        ("CLOSED", outcome("reserve-not-reached", 1)),
        ("CLOSED", outcome("not-selected")),
    ]
    assert await results(registry, *enterprises) == [("CONFIRMED", outcome("selected")), *ended]
    lost = PlaceLost(application=f"{EXHIBITION}.{own}", reason="no-funds", **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, lost)
    assert await results(registry, own, reserve, below) == [("LAPSED", outcome("lapsed")), *ended]


async def test_a_reserve_reads_by_which_quota_it_was_passed_over(registry: Registry) -> None:
    own, reserve, _ = enterprises = await selected(registry, 3)
    stop = PassedOver(quota="jabar", bound=Bound.MAXIMUM, numbers=(1,))
    over = ReservesPassedOver(passed_over=(stop,), **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, over)
    by_quota = {"quota": "jabar", "bound": "MAXIMUM"}
    assert (await results(registry, *enterprises))[1] == (
        "ELIGIBLE",
        outcome("reserve", 1, by_quota),
    )
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed([own])
    assert await results(registry, reserve) == [
        ("CLOSED", outcome("reserve-not-reached", 1, by_quota))
    ]
    story = await registry.gets(f"{place(reserve)}/story", APPLICANT, enterprise=reserve)
    (because,) = story["because"]
    assert "Kuota jabar" in because["id"]
    assert "Quota jabar" in because["en"]


async def test_a_call_shows_the_quotas_that_it_has_frozen(registry: Registry) -> None:
    await registry.planned()
    await registry.receives(RUBRIC.rubric, RUBRIC)
    quota = {"code": "pemula", "group": {"form": "first-timers"}, "minimum": 2, "maximum": 1}
    crossed = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/call", {**CALL, "quotas": [quota]})
    assert code(crossed) == (409, "quota-bounds-crossed")
    quota = {**quota, "minimum": 1}
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/call", {**CALL, "quotas": [quota]})
    shown = await registry.gets(EXHIBITION_PATH)
    assert shown["call"]["quotas"] == [quota]


async def test_a_cancellation_ends_the_results(registry: Registry) -> None:
    own, reserve = await selected(registry, 2)
    await registry.offered(own)
    await registry.applies(f"{place(own)}/decline", own)
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/cancellation", CANCELLATION)
    await registry.receives(EXHIBITION, RoundCancelled(**EXHIBITION_FIELDS))
    assert await results(registry, own, reserve) == [
        ("DECLINED", outcome("declined")),
        ("CLOSED", outcome("exhibition-cancelled")),
    ]
