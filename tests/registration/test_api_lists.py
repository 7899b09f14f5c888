"""The filters and orders of lists, and the pages of the search by name."""

from datetime import timedelta
from typing import Any

from shared.contracts.calendar import jakarta_midnight
from shared.contracts.selection.round_seats import PlaceLost
from tests.given import NOW
from tests.registration.examples import EXHIBITION, EXHIBITION_FIELDS, STARTS_ON
from tests.registration.registry import (
    EXHIBITION_PATH,
    LICENCE,
    PLANNER,
    PROPOSAL,
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


async def walked(registry: Registry, path: str, **parameters: str) -> list[str]:
    """Return the ids of all pages of a list."""
    found, answer = list[str](), await registry.gets(path, VERIFIER, **parameters)
    while True:
        found += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            return found
        answer = await registry.gets(f"{path}{answer['next']}", VERIFIER)


async def test_a_sorted_list_has_every_item_once_also_where_values_are_equal(
    registry: Registry,
) -> None:
    await registry.calling()
    early = [f"{EXHIBITION}.{await registry.submitted(number)}" for number in range(3)]
    registry.at(NOW + timedelta(hours=1))
    late = [f"{EXHIBITION}.{await registry.submitted(number)}" for number in range(3, 5)]
    asked_for = {"fields": ["CAPACITY"], "reason": "how many a month?"}
    for application in (early[0], late[0]):
        await registry.done(VERIFIER, f"/applications/{application}/correction-request", asked_for)
    by_time = [*sorted(early), *sorted(late)]
    by_deadline = [*sorted([*early[1:], late[1]]), *sorted([early[0], late[0]])]
    path = "/applications"
    for limit in ("1", "2", "500"):
        for sort, expected, more in (
            ("id", sorted(by_time), {}),
            ("submitted_at", by_time, {}),
            ("submitted_at", by_time, {"exhibition": EXHIBITION, "programme": "2018"}),
            ("deadline_at", by_deadline, {"exhibition": EXHIBITION}),
        ):
            asked = {"limit": limit, **more}
            assert await walked(registry, path, sort=sort, **asked) == expected
            assert await walked(registry, path, sort=f"-{sort}", **asked) == expected[::-1]
    first = await registry.gets(path, VERIFIER, sort="submitted_at", limit="1")
    cursor = first["next"].partition("cursor=")[2]
    for refused, parameters in {
        "unknown-sort": {"sort": "capacity"},
        "sort-needs-filter": {"sort": "submitted_at", "programme": "2018"},
        "malformed-request": {"sort": "-submitted_at", "cursor": cursor},
    }.items():
        answer = await registry.api.query(VERIFIER, path, **parameters)
        assert code(answer) == (422, refused)
    needed = await registry.api.query(VERIFIER, path, sort="submitted_at", programme="2018")
    assert "`exhibition`" in needed.json()["detail"]
    assert "coaching" not in needed.json()["detail"], "this list has no such filter"


async def test_documents_and_exhibitions_are_filtered_and_sorted(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    path = f"/enterprises/{own}/documents"
    (licence,) = await walked(registry, path)
    ending = {**LICENCE, "document_kind": "HALAL", "expires_on": "2019-01-01"}
    halal = await registry.done(VERIFIER, path, ending)
    later = await registry.done(VERIFIER, path, {**LICENCE, "issued_on": "2018-01-03"})
    by_day = [*sorted([licence, halal]), later]
    assert await walked(registry, path, sort="issued_on", limit="1") == by_day
    assert await walked(registry, path, sort="-expires_on", limit="2") == [
        halal,
        *sorted([licence, later], reverse=True),
    ]
    assert await walked(registry, path, document_kind="HALAL") == [halal]
    assert await walked(registry, path, status="REVOKED") == []
    other = {**PROPOSAL, "exhibition": "ifex-2018"}
    await registry.done(PLANNER, "/exhibitions", other)
    planned = ["ifex-2018", EXHIBITION]
    for sort in ("starts_on", "closes_at"):
        assert await walked(registry, "/exhibitions", sort=sort, limit="1") == planned
        down = {"sort": f"-{sort}", "programme": "2018", "limit": "1"}
        assert await walked(registry, "/exhibitions", **down) == planned[::-1]
