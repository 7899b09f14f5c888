"""The routes of check-ins on real servers: codes and pictures, scans, days, and mistakes undone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp

from shared.contracts.selection.round_seats import PlaceLost
from tests.registration.examples import ENDS_ON, EXHIBITION, EXHIBITION_FIELDS, STARTS_ON
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    EXHIBITION_PATH,
    PLANNER,
    PROPOSAL,
    VERIFIER,
    Registry,
    place,
)
from tests.registration.test_check_in_code import image_of, png_modules
from tests.serving import code

SCANS, DAYS = f"{EXHIBITION_PATH}/check-ins", f"{EXHIBITION_PATH}/attendance"
BOOTHS = f"{EXHIBITION_PATH}/booths"
MORNING = datetime(2018, 4, 25, 2, 30, tzinfo=UTC)
NEXT_MORNING = MORNING + timedelta(days=1)
FIRST_DAY, SECOND_DAY = str(STARTS_ON), str(STARTS_ON + timedelta(days=1))


async def running(registry: Registry, number: int) -> list[str]:
    """Let so many enterprises be confirmed, and open the exhibition on its first morning."""
    await registry.calling()
    enterprises = [await registry.eligible(serial) for serial in range(number)]
    await registry.verified()
    for enterprise in enterprises:
        await registry.offered(enterprise)
        await registry.applies(f"{place(enterprise)}/acceptance", enterprise)
    await registry.confirmed(enterprises)
    registry.at(MORNING)
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    return enterprises


async def code_of(registry: Registry, enterprise: str) -> str:
    """Return the check-in code that the enterprise reads."""
    path = f"{place(enterprise)}/check-in-code"
    shown = await registry.gets(path, APPLICANT, enterprise=enterprise)
    read: str = shown["code"]
    return read


def scan(check_in_code: str, scanned_at: datetime | None = None) -> dict[str, str]:
    """Return the body of a scan."""
    body = {"check_in_code": check_in_code}
    return body | ({"scanned_at": scanned_at.isoformat()} if scanned_at else {})


async def test_no_line_of_the_log_has_a_code(
    registry: Registry, capfd: pytest.CaptureFixture[str]
) -> None:
    (own,) = await running(registry, 1)
    own_code = await code_of(registry, own)
    capfd.readouterr()
    assert (await registry.sends(VERIFIER, SCANS, scan(own_code))).is_success
    assert not (await registry.sends(VERIFIER, SCANS, scan(own_code[::-1]))).is_success
    assert not (await registry.sends(VERIFIER, SCANS, {"check_in_code": [own_code]})).is_success
    undoing = {"check_in_code": own_code, "day": FIRST_DAY, "reason": "mistaken"}
    await registry.sends(VERIFIER, f"{EXHIBITION_PATH}/check-in-undoing", undoing)
    await registry.settles()
    lines = "".join(capfd.readouterr())
    assert "command done" in lines
    assert "request refused" in lines
    assert all(part not in lines for part in (own_code, own_code[::-1], own_code.lower()))


async def test_a_participant_is_checked_in_once_a_day(registry: Registry) -> None:
    own, other = await running(registry, 2)
    booths = [{"enterprise": own, "booth": "A-12"}]
    await registry.done(PLANNER, BOOTHS, {"assignments": booths})
    code_of_own = await code_of(registry, own)
    answer = await registry.sends(VERIFIER, SCANS, scan(code_of_own))
    checked = {"day": FIRST_DAY, "booth": "A-12", "scanned_at": "2018-04-25T02:30:00Z"}
    recorded = answer.json()
    assert recorded["events"] == [
        "id.go.kukm.registration.participant-attended.v1",
        "id.go.kukm.registration.participant-checked-in.v1",
    ]
    assert (recorded["name"], recorded["booth"]) == ("Batik Fiktif 0", "A-12")
    assert recorded["check_ins"] == [checked]
    again = (await registry.sends(VERIFIER, SCANS, scan(code_of_own.lower()))).json()
    assert (again["events"], again["check_ins"]) == ([], [checked])
    assert again["version"] == recorded["version"]
    registry.at(NEXT_MORNING)
    for enterprise in (own, other):
        await registry.done(VERIFIER, SCANS, scan(await code_of(registry, enterprise)))
    listed = await registry.gets(DAYS)
    assert listed["present"] == {FIRST_DAY: 1, SECOND_DAY: 2}
    days = {
        item["enterprise"]: [each["day"] for each in item["check_ins"]] for item in listed["items"]
    }
    assert days == {own: [FIRST_DAY, SECOND_DAY], other: [SECOND_DAY]}
    of_the_first = (await registry.gets(DAYS, day=FIRST_DAY))["items"]
    assert [item["enterprise"] for item in of_the_first] == [own]
    pages = [await registry.gets(DAYS, limit="1")]
    pages.append(await registry.gets(f"{DAYS}{pages[0]['next']}"))
    listed_by_page = [item["enterprise"] for each in pages for item in each["items"]]
    assert listed_by_page == sorted((own, other))
    shown = await registry.gets(place(own), APPLICANT, enterprise=own)
    assert (shown["status"], shown["booth"]) == ("ATTENDED", "A-12")
    assert [each["day"] for each in shown["check_ins"]] == [FIRST_DAY, SECOND_DAY]
    story = await registry.gets(f"{place(other)}/story", APPLICANT, enterprise=other)
    assert story["status"] == "ATTENDED"


async def test_a_picture_shows_the_code_and_no_topic_has_it(registry: Registry) -> None:
    (own,) = await running(registry, 1)
    code_of_own = await code_of(registry, own)
    picture = await registry.api.query(APPLICANT, f"{place(own)}/check-in-code.png", enterprise=own)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"] == "private, no-store"
    (found,) = zxingcpp.read_barcodes(image_of(png_modules(picture.content, scale=12)))
    assert found.text == code_of_own
    drawn = await registry.api.query(VERIFIER, f"{place(own)}/check-in-code.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<?xml")
    await registry.done(VERIFIER, SCANS, scan(code_of_own))
    plain = code_of_own.replace("-", "")
    published = "".join(await registry.published())
    assert "participant-checked-in" in published
    assert code_of_own not in published
    assert plain not in published
    stored = str(await registry.stored())
    assert code_of_own not in stored
    assert plain not in stored


async def test_only_the_enterprise_and_officers_read_a_code(registry: Registry) -> None:
    own, other = await running(registry, 2)
    for suffix in ("", ".svg", ".png"):
        path = f"{place(own)}/check-in-code{suffix}"
        answer = await registry.api.query(APPLICANT, path, enterprise=other)
        assert code(answer) == (403, "another-enterprise")
        assert (await registry.api.query(AUDITOR, path)).status_code == 403
        assert (await registry.api.query(PLANNER, path)).is_success
    missing = await registry.api.query(VERIFIER, f"/applications/{EXHIBITION}.none/check-in-code")
    assert code(missing) == (404, "not-found")


async def test_codes_that_are_wrong_are_refused_each_with_its_reason(registry: Registry) -> None:
    own, other = await running(registry, 2)
    code_of_own = await code_of(registry, own)
    unknown = code_of_own[:-1] + ("0" if code_of_own[-1] != "0" else "1")
    assert await refused(registry, scan("no code at all")) == "unreadable-code"
    assert await refused(registry, scan(unknown)) == "code-of-no-participant"
    later = scan(code_of_own, MORNING + timedelta(minutes=1))
    assert await refused(registry, later) == "scanned-in-the-future"
    before = scan(code_of_own, MORNING - timedelta(days=1))
    assert await refused(registry, before) == "not-a-day-of-the-exhibition"
    await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": "ifex-2018"})
    path = "/exhibitions/ifex-2018/check-ins"
    answer = await registry.sends(VERIFIER, path, scan(code_of_own))
    assert code(answer) == (409, "code-of-another-exhibition")
    lost = PlaceLost(application=f"{EXHIBITION}.{other}", reason="sanction", **EXHIBITION_FIELDS)
    code_of_other = await code_of(registry, other)
    await registry.receives(EXHIBITION, lost)
    assert await refused(registry, scan(code_of_other)) == "not-confirmed"
    path = f"{place(other)}/check-in-code"
    answer = await registry.api.query(APPLICANT, path, enterprise=other)
    assert code(answer) == (409, "no-check-in-code")
    await registry.done(VERIFIER, f"{place(own)}/attendance", {"present": False})
    assert await refused(registry, scan(code_of_own)) == "recorded-absent"
    listed = await registry.gets(DAYS)
    assert listed["present"] == {FIRST_DAY: 0}
    assert {item["status"] for item in listed["items"]} == {"LAPSED", "ABSENT"}


async def refused(registry: Registry, body: dict[str, str]) -> str:
    """Send a scan that must be refused, and return the code of the refusal."""
    status, because = code(await registry.sends(VERIFIER, SCANS, body))
    assert status == 409
    return because


async def test_a_scan_from_a_device_without_a_network_comes_late(registry: Registry) -> None:
    (own,) = await running(registry, 1)
    code_of_own = await code_of(registry, own)
    registry.at(datetime(2018, 4, 30, 2, tzinfo=UTC))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/ending")
    assert await refused(registry, scan(code_of_own)) == "not-a-day-of-the-exhibition"
    for scanned_at in (NEXT_MORNING, MORNING, NEXT_MORNING):
        await registry.done(VERIFIER, SCANS, scan(code_of_own, scanned_at))
    present = (await registry.gets(DAYS))["present"]
    assert list(present)[-1] == str(ENDS_ON)
    assert present == {**dict.fromkeys(present, 0), FIRST_DAY: 1, SECOND_DAY: 1}


async def test_another_officer_undoes_a_mistake_and_the_attendance_with_it(
    registry: Registry,
) -> None:
    (own,) = await running(registry, 1)
    await registry.done(VERIFIER, SCANS, scan(await code_of(registry, own)))
    undoing = f"{place(own)}/check-in-undoing"
    body = {"day": FIRST_DAY, "reason": "the badge of a neighbour"}
    assert code(await registry.sends(VERIFIER, undoing, body)) == (409, "same-person")
    await registry.done(VERIFIER, undoing, body, actor="another-officer")
    assert await registry.status(place(own)) == "CONFIRMED"
    assert (await registry.gets(DAYS))["present"] == {FIRST_DAY: 0}
    assert "neighbour" not in "".join(await registry.published())
    await registry.done(VERIFIER, SCANS, scan(await code_of(registry, own)))
    assert await registry.status(place(own)) == "ATTENDED"


async def test_many_devices_at_once_record_a_day_once(registry: Registry) -> None:
    (own,) = await running(registry, 1)
    body = scan(await code_of(registry, own))
    answers = await asyncio.gather(*(registry.sends(VERIFIER, SCANS, body) for _ in range(12)))
    assert all(answer.is_success for answer in answers)
    assert sum(bool(answer.json()["events"]) for answer in answers) == 1
    published = [item for item in await registry.published() if "participant-checked-in" in item]
    assert len(published) == 1
