"""The routes of the application on real servers, from its submission to attendance.

The refusals, and the rights of an enterprise to its own application only, are tested here too;
`test_api_offers` tests offers and the sweep.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

from services.registration.domain.application.state import TICK
from shared.contracts.calendar import jakarta_midnight
from tests.given import NOW
from tests.registration.examples import ENDS_ON, EXHIBITION, STARTS_ON
from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    AUDITOR,
    EXHIBITION_PATH,
    PLANNER,
    REPORT,
    VERIFIER,
    Registry,
    approved,
    form,
    place,
)
from tests.registration.test_api_results import outcome
from tests.serving import code

CAPACITY = {"capacity": 6}
CORRECTION = {"fields": ["DOCUMENTS"], "reason": "blurred"}
WITHDRAWAL = {"code": "dates", "reason": "too busy"}
BODIES: dict[str, dict[str, Any]] = {
    "correction-request": CORRECTION,
    "resubmission": CAPACITY,
    "withdrawal": WITHDRAWAL,
    "attendance": {"present": True},
}


async def _reads_words_and_names(registry: Registry, path: str) -> None:
    for reader, words, name in (
        (AUDITOR, "blurred", form(0)["name"]),
        ("programme-officer", None, form(0)["name"]),
        ("reporting-officer", None, form(0)["name"]),
        ("selection-officer", None, None),
        ("ministry-system", None, None),
    ):
        assert (await registry.gets(path, reader))["words"] == words
        (item,) = (await registry.gets("/applications", reader, status="NEEDS_CORRECTION"))["items"]
        assert (item["words"], item["name"]) == (words, name)


async def test_an_application_from_its_submission_to_attendance(registry: Registry) -> None:
    await registry.calling()
    came, stayed_away = await registry.submitted(0), await registry.eligible(1)
    path = place(came)
    await registry.done(VERIFIER, f"{path}/correction-request", CORRECTION)
    response = await registry.gets(path, APPLICANT, enterprise=came)
    assert (response["status"], response["corrections"]) == ("NEEDS_CORRECTION", ["DOCUMENTS"])
    assert (response["words"], response["deadline_at"]) == ("blurred", "2018-02-08T03:00:00Z")
    await _reads_words_and_names(registry, path)
    await registry.applies(f"{path}/resubmission", came, CAPACITY)
    await registry.done(VERIFIER, f"{path}/verification")
    await registry.verified()
    for enterprise in (came, stayed_away):
        await registry.offered(enterprise)
        await registry.applies(f"{place(enterprise)}/acceptance", enterprise)
    await registry.confirmed([came, stayed_away])
    early = await registry.sends(VERIFIER, f"{path}/attendance", {"present": True})
    assert code(early) == (409, "not-held")
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    await registry.done(VERIFIER, f"{path}/attendance", {"present": True})
    await registry.done(VERIFIER, f"{place(stayed_away)}/attendance", {"present": False})
    response = await registry.gets(path)
    assert (response["status"], response["capacity"], response["exhibition_status"]) == (
        "ATTENDED",
        6,
        "RUNNING",
    )
    assert await registry.status(place(stayed_away)) == "ABSENT"
    again = await registry.sends(VERIFIER, f"{path}/attendance", {"present": False})
    assert code(again) == (409, "already-recorded")
    correction = {"present": True, "reason": "the list was read wrongly"}
    path = f"{place(stayed_away)}/attendance-correction"
    same = await registry.sends(VERIFIER, path, correction)
    assert code(same) == (409, "same-person")
    await registry.done(VERIFIER, path, correction, actor="another")
    assert await registry.status(place(stayed_away)) == "ATTENDED"


async def test_a_report_waits_for_every_attendance(registry: Registry) -> None:
    await registry.calling()
    own = await registry.eligible(0)
    await registry.verified()
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    await registry.confirmed([own])
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    gone = await registry.sends(APPLICANT, f"{place(own)}/withdrawal", WITHDRAWAL, enterprise=own)
    assert code(gone) == (409, "exhibition-running")
    registry.at(jakarta_midnight(ENDS_ON + timedelta(days=1)))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/ending")
    early = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/report", REPORT)
    assert code(early) == (409, "attendance-missing")
    # The refusal names the query that lists them.
    query = early.json()["detail"].partition("GET ")[2].partition(":")[0]
    assert [item["enterprise"] for item in (await registry.gets(query))["items"]] == [own]
    await registry.done(VERIFIER, f"{place(own)}/attendance", {"present": True})
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/report", REPORT)
    late = {"present": False, "reason": "the list was read wrongly"}
    path = f"{place(own)}/attendance-correction"
    answer = await registry.sends(VERIFIER, path, late, actor="another")
    assert code(answer) == (409, "not-held")


async def test_a_correction_that_is_not_delivered_blocks_no_exhibition(registry: Registry) -> None:
    await registry.calling()
    silent = await registry.submitted(0)
    await registry.done(VERIFIER, f"{place(silent)}/correction-request", CORRECTION)
    registry.at(NOW + timedelta(days=7) + TICK)
    late = await registry.sends(
        APPLICANT, f"{place(silent)}/resubmission", CAPACITY, enterprise=silent
    )
    assert code(late) == (409, "correction-too-late")
    await registry.settles()
    response = await registry.gets(place(silent))
    assert (response["status"], response["reasons"]) == (
        "INELIGIBLE",
        ["correction-not-delivered"],
    )
    await registry.verified()


async def test_applicants_see_only_their_own_result(registry: Registry) -> None:
    await registry.calling()
    first, second, below = [await registry.eligible(number) for number in range(3)]
    unlicensed = await registry.done(VERIFIER, "/enterprises", form(3), actor="registrar")
    await registry.applies(APPLYING, unlicensed, {"enterprise": unlicensed, "capacity": 0})
    await registry.done(VERIFIER, f"{place(unlicensed)}/verification")
    await registry.verified()
    assert (await registry.gets(place(first)))["result"] is None
    await registry.publisher.publish(EXHIBITION, approved([first], [second]))
    results = {}
    for enterprise in (first, second, below, unlicensed):
        response = await registry.gets(
            place(enterprise), APPLICANT, enterprise=enterprise, after=f"round/{EXHIBITION}@1"
        )
        results[enterprise] = response["result"]
    assert results == {
        first: outcome("selected"),
        second: outcome("reserve", 1),
        below: outcome("not-selected"),
        unlicensed: outcome("ineligible"),
    }
    reasons = (await registry.gets(place(unlicensed)))["reasons"]
    assert reasons == ["licence", "capacity"]
    own = await registry.gets("/applications", APPLICANT, enterprise=second)
    assert [item["id"] for item in own["items"]] == [f"{EXHIBITION}.{second}"]
    page = await registry.gets("/applications", exhibition=EXHIBITION, status="ELIGIBLE", limit="2")
    rest = await registry.gets("/applications" + page["next"])
    assert {item["enterprise"] for item in page["items"] + rest["items"]} == {first, second, below}


async def test_an_enterprise_can_neither_read_nor_change_the_application_of_another(
    registry: Registry,
) -> None:
    await registry.calling()
    own, other = await registry.submitted(0), await registry.registered(1)
    stored = await registry.stored()
    steps = ("resubmission", "acceptance", "decline", "withdrawal")
    paths = {f"{place(own)}/{step}": BODIES.get(step, {}) for step in steps}
    for stranger, refusal in ((other, "another-enterprise"), (None, "token-without-enterprise")):
        for path, body in {**paths, APPLYING: {"enterprise": own, "capacity": 5}}.items():
            answer = await registry.sends(APPLICANT, path, body, enterprise=stranger)
            assert code(answer) == (403, refusal), path
        read = await registry.api.query(APPLICANT, place(own), enterprise=stranger)
        assert code(read) == (403, refusal)
    token = registry.api.token(APPLICANT, enterprise=other)
    headers = {"authorization": f"Bearer {token}"}
    listed = await registry.api.client.get(f"/applications?enterprise={own}", headers=headers)
    unnamed = await registry.api.query(APPLICANT, "/applications")
    assert code(listed) == (403, "another-enterprise")
    assert code(unnamed) == (403, "token-without-enterprise")
    curator = await registry.api.query("curator", place(own))
    assert code(curator) == (403, "role-missing")
    assert await registry.stored() == stored


async def test_a_step_of_an_application_out_of_order_is_refused(
    registry: Registry,
) -> None:
    await registry.planned()
    early = await registry.registered(0)
    body = {"enterprise": early, "capacity": 5}
    answer = await registry.sends(APPLICANT, APPLYING, body, enterprise=early)
    assert code(answer) == (409, "call-not-open")
    await registry.called()
    own = await registry.eligible(1)
    stored = await registry.stored()
    refused = {
        f"{place(own)}/correction-request": "not-submitted",
        f"{place(own)}/verification": "not-submitted",
        f"{place(own)}/resubmission": "no-correction-requested",
        f"{place(own)}/acceptance": "no-offer",
        f"{place(own)}/decline": "no-offer",
        f"{place(own)}/attendance": "not-confirmed",
        f"{place('e-absent')}/verification": "not-found",
        f"{place('e-absent')}/withdrawal": "not-found",
    }
    for path, expected in refused.items():
        officers = path.endswith(("request", "verification", "attendance"))
        enterprise = "e-absent" if "e-absent" in path else own
        role = VERIFIER if officers else APPLICANT
        body = BODIES.get(path.rpartition("/")[2], {})
        speaks_for = None if officers else enterprise
        answer = await registry.sends(role, path, body, enterprise=speaks_for)
        status = 404 if expected == "not-found" else 409
        assert code(answer) == (status, expected), path
    assert await registry.stored() == stored


async def test_the_exhibition_and_enterprise_of_an_application_must_exist(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    size = {"net_assets_idr": 10**13, "annual_sales_idr": 10**13}
    large = await registry.done(VERIFIER, "/enterprises", {**form(1), **size})
    stored = await registry.stored()
    body = {"enterprise": own, "capacity": 5}
    unknown = {"enterprise": "e-absent", "capacity": 5}
    requests = [
        (APPLYING, "e-absent", unknown, (409, "unknown-enterprise")),
        ("/exhibitions/nowhere/applications", own, body, (404, "not-found")),
        (APPLYING, large, {"enterprise": large, "capacity": 5}, (409, "not-kukm")),
        (APPLYING, own, body, (409, "already-submitted")),
    ]
    for path, enterprise, sent, expected in requests:
        answer = await registry.sends(APPLICANT, path, sent, enterprise=enterprise)
        assert code(answer) == expected
        assert answer.headers.get("retry-after") == ("1" if sent == unknown else None)
    for path in (place("e-absent"), "/applications/nowhere.e-absent", "/exhibitions/nowhere"):
        assert code(await registry.api.query(AUDITOR, path)) == (404, "not-found")
    assert await registry.stored() == stored


async def test_of_twenty_submissions_at_once_one_is_an_application(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    body = {"enterprise": own, "capacity": 5}
    asking = (registry.sends(APPLICANT, APPLYING, body, enterprise=own) for _ in range(20))
    answers = await asyncio.gather(*asking)
    outcomes = Counter(item.status_code if item.is_success else code(item)[1] for item in answers)
    assert outcomes == {201: 1, "already-submitted": 19}
    answer = await registry.sends(APPLICANT, APPLYING, body, enterprise=own, actor="x", key="k")
    assert code(answer) == (409, "already-submitted")
    await registry.applies(f"{place(own)}/withdrawal", own, WITHDRAWAL)
    assert await registry.status(place(own)) == "WITHDRAWN"


async def test_an_applicant_reads_its_story_in_both_languages(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    story = await registry.gets(f"{place(own)}/story", APPLICANT, enterprise=own)
    assert (story["status"], story["acts"], story["help"]) == ("SUBMITTED", "MINISTRY", [])
    assert story["now"]["id"].startswith("Permohonan Anda kami terima pada 1 Februari 2018")
    assert story["now"]["en"].startswith("We received your application on 1 February 2018")
    other = await registry.registered(1)
    refused = await registry.api.query(APPLICANT, f"{place(own)}/story", enterprise=other)
    assert code(refused) == (403, "another-enterprise")
    absent = await registry.api.query(APPLICANT, f"{place(other)}/story", enterprise=other)
    assert code(absent) == (404, "not-found")
