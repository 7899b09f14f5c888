"""The routes of the programme and its exhibitions on real servers, from the plan to the report.

Enterprises and applications have modules of their own; `test_api_requests` tests the form of
requests.
"""

import re
from datetime import timedelta
from typing import Any

from shared.contracts.calendar import jakarta_midnight
from tests.registration.examples import ENDS_ON, EXHIBITION, STARTS_ON
from tests.registration.registry import (
    AUDITOR,
    CALL,
    EXHIBITION_PATH,
    PLAN,
    PLANNER,
    PROGRAMME,
    PROPOSAL,
    REPORT,
    REVISION,
    RUBRIC,
    TARGETS,
    VERIFIER,
    Registry,
)
from tests.serving import code, done

EXHIBITIONS = "/exhibitions"
TARGETS_PATH = "/programmes/2018/targets"


async def test_a_programme_is_announced_once_and_its_targets_are_revised(
    registry: Registry,
) -> None:
    answer = await registry.sends(PLANNER, "/programmes", PROGRAMME)
    assert done(answer) == (201, "2018", 1, ["programme-announced.v1"])
    again = await registry.sends(PLANNER, "/programmes", PROGRAMME)
    assert code(again) == (409, "already-announced")
    read = await registry.api.query("ministry-system", "/programmes/2018")
    target = {"scope": "DOMESTIC", "indicator": "PARTICIPATIONS", "value": 467}
    body: dict[str, Any] = {**REVISION, "targets": [target]}
    seen = {"if-match": read.headers["etag"]}
    revised = await registry.sends(PLANNER, TARGETS_PATH, body, method="PUT", headers=seen)
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    response = await registry.gets("/programmes/2018")
    assert (response["targets"], response["document_number"]) == ([target], "KEP-2/2018")
    assert (response["signed_on"], response["revised_because"]) == ("2018-01-31", "budget-changed")
    assert [version["changes"] for version in response["versions"]] == [
        [],
        [
            {"scope": "ALL", "indicator": "ENTERPRISES", "before": 700, "after": None},
            {"scope": "DOMESTIC", "indicator": "PARTICIPATIONS", "before": None, "after": 467},
        ],
    ]
    # Only officers and auditors see the words, and no topic carries them.
    for role, words in ((PLANNER, body["reason"]), ("auditor", body["reason"]), ("curator", None)):
        (listed,) = (await registry.gets("/programmes", role))["items"]
        shown = await registry.gets("/programmes/2018", role)
        assert [listed["words"], shown["words"]] == [words, words]
        assert [version["words"] for version in shown["versions"]] == [None, words]
    assert not any(body["reason"] in message for message in await registry.published())


async def test_the_topic_shows_no_person_and_history_keeps_who_it_was(registry: Registry) -> None:
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    await registry.done(PLANNER, EXHIBITIONS, PROPOSAL)
    messages = await registry.published()
    history = registry.api.service.engine.database.collection("history")
    stored = [row async for row in history.find({})]
    assert [row["person"] for row in stored] == [f"{PLANNER}-1"] * 2
    (shown,) = {row["actor"] for row in stored}
    assert re.fullmatch(r"p-[a-p]{20}", shown)
    for message in messages:
        assert shown in message
        assert f"{PLANNER}-1" not in message


async def test_a_key_that_has_made_a_record_makes_no_other(registry: Registry) -> None:
    announced = await registry.sends(PLANNER, "/programmes", PROGRAMME, key="k1")
    assert announced.status_code == 201
    other = {**PROGRAMME, "programme": "2019"}
    again = await registry.sends(PLANNER, "/programmes", other, key="k1")
    assert code(again) == (422, "idempotency-key-reused")
    assert (await registry.sends(PLANNER, "/programmes", PROGRAMME, key="k1")).status_code == 201
    assert (await registry.sends(PLANNER, "/programmes", other, key="k2")).status_code == 201
    proposed = await registry.sends(PLANNER, EXHIBITIONS, PROPOSAL, key="k1")
    assert proposed.status_code == 201
    second = {**PROPOSAL, "exhibition": "another-2018"}
    assert code(await registry.sends(PLANNER, EXHIBITIONS, second, key="k1")) == (
        422,
        "idempotency-key-reused",
    )


async def test_a_caller_that_read_an_older_programme_overwrites_nothing(registry: Registry) -> None:
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    stored = await registry.stored()

    async def revises(body: dict[str, Any], **headers: str) -> tuple[int, str]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return code(await registry.sends(PLANNER, TARGETS_PATH, body, method="PUT", headers=sent))

    assert await revises(REVISION) == (428, "if-match-missing")
    for malformed in ("1", '"1'):
        assert await revises(REVISION, if_match=malformed) == (400, "if-match-malformed")
    for other in ('"2"', 'W/"1"', '"0"'):
        assert await revises(REVISION, if_match=other) == (412, "stale-version")
    twice = {**REVISION, "targets": TARGETS * 2}
    assert await revises(twice, if_match='"1"') == (409, "duplicate-target")
    assert await registry.stored() == stored


async def test_an_exhibition_from_its_proposal_to_its_report(registry: Registry) -> None:
    await registry.calling()
    response = await registry.gets(EXHIBITION_PATH, "curator")
    assert (response["status"], response["plan"]["places"]) == ("CALL_OPEN", 2)
    terms = ("threshold", "sheets_min", "offer_hours", "rubric")
    assert [response["call"][term] for term in terms] == [6_000, 3, 72, "rubric-2018"]
    await registry.verified()
    assert await registry.status(EXHIBITION_PATH) == "VERIFIED"
    await registry.confirmed([])
    early = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/opening")
    assert code(early) == (409, "not-yet")
    registry.at(jakarta_midnight(STARTS_ON))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/opening")
    early = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/ending")
    assert code(early) == (409, "not-yet")
    registry.at(jakarta_midnight(ENDS_ON + timedelta(days=1)))
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/ending")
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/report", REPORT)
    response = await registry.gets(EXHIBITION_PATH, "ministry-system")
    assert (response["status"], response["decree"], response["report"]) == (
        "REPORTED",
        "SK-12/2018",
        "LAP-1",
    )


async def test_the_programme_rubric_and_replacement_of_an_exhibition_must_exist(
    registry: Registry,
) -> None:
    empty = await registry.stored()
    answers = [await registry.sends(PLANNER, EXHIBITIONS, PROPOSAL)]
    assert await registry.stored() == empty
    await registry.planned()
    stored = await registry.stored()
    answers.append(await registry.sends(PLANNER, f"{EXHIBITION_PATH}/call", CALL))
    moved = {"code": "replaced", "reason": "moved", "replaced_by": "moscow-2018"}
    answers.append(await registry.sends(PLANNER, f"{EXHIBITION_PATH}/cancellation", moved))
    nouns = ("programme", "rubric", "exhibition")
    assert [code(answer) for answer in answers] == [(409, f"unknown-{noun}") for noun in nouns]
    assert [answer.headers["retry-after"] for answer in answers] == ["1", "1", "1"]
    assert await registry.stored() == stored
    # After the rubric is received, the same request is accepted.
    await registry.receives(RUBRIC.rubric, RUBRIC)
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/call", CALL)


async def test_a_repeated_proposal_is_answered_before_its_programme_is_checked(
    registry: Registry,
) -> None:
    await registry.done(PLANNER, "/programmes", PROGRAMME)
    first, again = [await registry.sends(PLANNER, EXHIBITIONS, PROPOSAL, key="k") for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    unknown = {**PROPOSAL, "programme": "2099"}
    other = await registry.sends(PLANNER, EXHIBITIONS, unknown, key="k")
    assert code(other) == (422, "idempotency-key-reused")


async def test_a_step_of_an_exhibition_out_of_order_is_refused(
    registry: Registry,
) -> None:
    await registry.planned()
    await registry.receives(RUBRIC.rubric, RUBRIC)
    stored = await registry.stored()
    late = {**CALL, "closes_at": f"{STARTS_ON}T00:00:00+07:00"}
    past = {**CALL, "closes_at": "2018-01-31T00:00:00Z"}
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("", PROPOSAL, "already-proposed"),
        ("", {**PROPOSAL, "exhibition": "x", "sectors": ["14", "14"]}, "sector-repeated"),
        ("/plan", PLAN, "not-proposed"),
        ("/call", late, "closes-too-late"),
        ("/call", past, "closes-in-the-past"),
        ("/call", {**CALL, "requirements": ["halal", "halal"]}, "duplicate-requirement"),
        ("/verification-closure", {}, "call-not-closed"),
        ("/opening", {}, "not-decreed"),
        ("/ending", {}, "not-running"),
        ("/report", REPORT, "not-ended"),
        (
            "/cancellation",
            {"code": "other", "reason": "x", "replaced_by": EXHIBITION},
            "replaces-itself",
        ),
    ]
    for step, body, expected in refused:
        role = VERIFIER if step == "/verification-closure" else PLANNER
        answer = await registry.sends(
            role, f"{EXHIBITION_PATH}{step}" if step else EXHIBITIONS, body
        )
        assert code(answer) == (409, expected), step
    assert await registry.stored() == stored


async def test_an_exhibition_is_cancelled_for_a_replacement(registry: Registry) -> None:
    await registry.planned()
    for other, scope in (("chibimart", "OVERSEAS"), ("moscow", "OVERSEAS"), ("tei", "DOMESTIC")):
        body = {**PROPOSAL, "exhibition": other, "scope": scope}
        await registry.done(PLANNER, EXHIBITIONS, body)
    short = {**PLAN, "ends_on": "2018-04-24"}
    answer = await registry.sends(PLANNER, "/exhibitions/moscow/plan", short)
    assert code(answer) == (409, "ends-before-start")
    moved = {"code": "replaced", "reason": "call 0812-3456-7890", "replaced_by": "moscow"}
    await registry.done(PLANNER, "/exhibitions/chibimart/cancellation", moved)
    again = await registry.sends(PLANNER, "/exhibitions/chibimart/cancellation", moved)
    assert code(again) == (409, "not-cancellable")
    response = await registry.gets("/exhibitions/chibimart")
    assert (response["status"], response["replaced_by"]) == ("CANCELLED", "moscow")
    assert response["cancelled_because"] == "replaced"
    # Only officers and auditors see the words, and no topic carries them.
    shown = [
        (await registry.gets("/exhibitions/chibimart", role))["words"]
        for role in (PLANNER, VERIFIER, AUDITOR, "ministry-system", "curator")
    ]
    assert shown == ["call 0812-3456-7890"] * 3 + [None] * 2
    assert not [item for item in await registry.published() if "0812" in item]
    overseas = await registry.gets(EXHIBITIONS, scope="OVERSEAS", programme="2018")
    assert [item["id"] for item in overseas["items"]] == ["chibimart", "moscow"]
    first = await registry.gets(EXHIBITIONS, status="PROPOSED", limit="1")
    second = await registry.gets(EXHIBITIONS + first["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == ["moscow", "tei"]
    assert (await registry.gets(EXHIBITIONS + second["next"]))["items"] == []
