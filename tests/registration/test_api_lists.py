"""The filters of the lists of applications and enterprises, and the pages of the search by name."""

from typing import Any

from shared.contracts.calendar import jakarta_midnight
from shared.contracts.selection.round import PlaceLost
from tests.registration.examples import EXHIBITION, EXHIBITION_FIELDS, STARTS_ON
from tests.registration.registry import (
    EXHIBITION_PATH,
    PLANNER,
    VERIFIER,
    Registry,
    form,
    place,
)
from tests.serving import code

SEARCH = "/enterprises/search"


async def ids(registry: Registry, path: str, **filters: str) -> list[str]:
    """Return the ids of a list with these filters."""
    return [item["id"] for item in (await registry.gets(path, VERIFIER, **filters))["items"]]


async def test_contested_attendances_of_a_programme_are_listed(registry: Registry) -> None:
    await registry.calling()
    own, other = [await registry.eligible(number) for number in range(2)]
    await registry.verified()
    for enterprise in (own, other):
        await registry.offered(enterprise)
        await registry.applies(f"{place(enterprise)}/acceptance", enterprise)
    await registry.confirmed([own, other])
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    await registry.done(VERIFIER, f"{place(own)}/attendance", {"present": True})
    lost = PlaceLost(application=f"{EXHIBITION}.{own}", reason="no-funds", **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, lost)
    listed = await registry.gets("/applications", VERIFIER, contested="true")
    (item,) = listed["items"]
    assert (item["enterprise"], item["status"], item["contested"]) == (own, "ATTENDED", True)
    path = "/applications"
    assert await ids(registry, path, contested="false") == [f"{EXHIBITION}.{other}"]
    assert await ids(registry, path, contested="true", programme="2018") == [item["id"]]
    assert len(await ids(registry, path, programme="2018")) == 2
    assert await ids(registry, path, programme="2019") == []


async def test_enterprises_are_listed_by_province_and_sector(registry: Registry) -> None:
    async def registered(number: int, **more: Any) -> str:
        return await registry.done(VERIFIER, "/enterprises", {**form(number), **more})

    papua = {"edition": "2018", "code": "94"}
    jakarta = await registered(0)
    metal = await registered(1, sector="25")
    east = await registered(2, province={"system": "BPS", **papua})
    # The same code of another system is another province, and another code the same one.
    again = await registered(3, province={"system": "KEMENDAGRI", "edition": "2018", "code": "91"})
    path = "/enterprises"
    assert await ids(registry, path, province="ID-JK") == sorted([jakarta, metal])
    assert await ids(registry, path, province="ID-PA") == sorted([east, again])
    assert await ids(registry, path, province="ID-JK", sector="25") == [metal]
    assert await ids(registry, path, sector="14") == sorted([jakarta, east, again])
    assert await ids(registry, path, province="ID-AC") == []


async def test_a_search_by_name_has_pages_to_its_end(registry: Registry) -> None:
    everyone = sorted([await registry.registered(number) for number in range(3)])

    async def searched(path: str) -> tuple[list[str], str | None]:
        answer = await registry.sends(VERIFIER, path, {"name": "batik fiktif"})
        assert answer.is_success, answer.text
        return [item["id"] for item in answer.json()["items"]], answer.json()["next"]

    found, next_page = await searched(f"{SEARCH}?limit=2")
    assert (found, next_page is None) == (everyone[:2], False)
    assert await searched(f"{SEARCH}{next_page}") == (everyone[2:], None)
    assert await searched(SEARCH) == (everyone, None)
    for wrong in ("limit=0", "limit=501", "cursor=made-up"):
        refused = await registry.sends(VERIFIER, f"{SEARCH}?{wrong}", {"name": "batik"})
        assert code(refused) == (422, "malformed-request")
