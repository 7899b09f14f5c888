"""The report on real servers: what each part covers, and that all parts are of one moment."""

import asyncio
import json
from datetime import date
from typing import Any

from services.reporting.api.parts import Asked, read_report, requested
from services.reporting.responses.report import Report
from shared.contracts.budget.allocation import AllocationRaised
from shared.contracts.registration.exhibition import ExhibitionProposed
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    TargetsRevised,
    TargetsRevisionCode,
)
from shared.contracts.words import IDR_MAX, Indicator, Scope, Target, TargetScope
from shared.service import Snapshot
from tests.reporting.desk import Desk
from tests.reporting.examples import EXHIBITION, about, applicant
from tests.reporting.journeys import journey
from tests.reporting.test_api import ANN, FIGURES, receives_year
from tests.reporting.test_api_outcomes import FOLLOW_UP, ORDER, RATE
from tests.serving import code
from tests.settled import settled

PARTS = ("achievement", "funnel", "seats", "budget", "exhibitions", "outcomes", "participation")
OF_A_SCOPE = ("achievement", "budget")
"""Targets and envelopes have no exhibition."""
EXPO = "expo-bali-2018"
PROPOSED = ExhibitionProposed(
    name="Expo Bali (ilustrasi)",
    city="Denpasar",
    country="ID",
    organiser="Dinas",
    illustrative=True,
    **about(EXPO, Scope.DOMESTIC),
)
NEXT_YEAR = ProgrammeAnnounced(
    programme="2019",
    title="Pameran 2019",
    targets=(),
    document_number="RKT-2019",
    signed_on=date(2019, 1, 2),
)


async def report(desk: Desk, **part: str) -> dict[str, Any]:
    return await desk.shows("/programmes/2018/report", **part)


async def test_each_part_of_a_report_says_what_it_covers(desk: Desk) -> None:
    await receives_year(desk)
    whole, scope = await report(desk), await report(desk, scope="OVERSEAS")
    show = await report(desk, exhibition=EXHIBITION)
    for name in PARTS:
        assert whole[name]["covers"] == {
            "programme": "2018",
            "scope": "ALL",
            "scope_label": {"en": "Domestic and overseas", "id": "Dalam dan luar negeri"},
            "exhibition": None,
            "name": None,
        }
        assert scope[name]["covers"]["scope"] == show[name]["covers"]["scope"] == "OVERSEAS"
        expected = (None, None) if name in OF_A_SCOPE else (EXHIBITION, "MIHAS 2018")
        covers = show[name]["covers"]
        assert (covers["exhibition"], covers["name"]) == expected


async def test_each_part_alone_is_that_part_of_the_report(desk: Desk) -> None:
    await receives_year(desk)
    for part in ({}, {"scope": "OVERSEAS"}, {"exhibition": EXHIBITION}):
        whole = await report(desk, **part)
        for name in ("achievement", "funnel", "budget", "outcomes", "participation"):
            assert await desk.shows(f"/programmes/2018/{name}", **part) == whole[name]


async def test_an_unknown_exhibition_is_not_found_instead_of_zeros(desk: Desk) -> None:
    await receives_year(desk)
    for name in FIGURES:
        if name != "exhibitions":
            path = f"/programmes/2018/{name}"
            mistyped = await desk.api.query("auditor", path, exhibition="ifex-2081")
            assert code(mistyped) == (404, "not-found")
            assert mistyped.headers["retry-after"] == "1"


async def test_an_exhibition_of_another_programme_or_scope_is_a_contradiction(desk: Desk) -> None:
    await receives_year(desk)
    await desk.receives("2019", NEXT_YEAR)
    for name in ("achievement", "report"):
        other = await desk.api.query(
            "auditor", f"/programmes/2018/{name}", exhibition=EXHIBITION, scope="DOMESTIC"
        )
        assert code(other) == (422, "another-scope")
        elsewhere = await desk.api.query(
            "auditor", f"/programmes/2019/{name}", exhibition=EXHIBITION
        )
        assert code(elsewhere) == (422, "another-programme")
    agreed = await desk.api.query(
        "auditor", "/programmes/2018/report", exhibition=EXHIBITION, scope="OVERSEAS"
    )
    assert agreed.status_code == 200


async def test_a_revised_target_keeps_the_original_with_reason_and_document(desk: Desk) -> None:
    await receives_year(desk)
    more = Target(scope=TargetScope.OVERSEAS, indicator=Indicator.PARTICIPATIONS, value=4)
    revised = TargetsRevised(
        programme="2018",
        targets=(more,),
        code=TargetsRevisionCode.BUDGET_CHANGED,
        reason="APBN-P, as Ibu Siti asked",
        document_number="RKT-2",
        signed_on=date(2018, 8, 1),
    )
    await desk.publisher.publish("2018", revised)
    found = await desk.shows("/programmes/2018/achievement", after="programme/2018@2")
    (row,) = (row for row in found["items"] if row["target"])
    assert (row["original_target"], row["target"]) == (3, 4)
    assert (row["percent_of_original"], row["percent"]) == ("66.67", "50.00")
    assert (found["original"]["document_number"], found["original"]["code"]) == ("RKT-1", None)
    (revision,) = found["revisions"]
    assert (revision["document_number"], revision["code"]) == ("RKT-2", "budget-changed")
    assert (revision["signed_on"], "reason" in revision) == ("2018-08-01", False)
    assert revision["items"] == [{"scope": "OVERSEAS", "indicator": "PARTICIPATIONS", "value": 4}]
    assert (await report(desk))["targets_by"] == "RKT-2"


async def test_exhibitions_are_listed_with_their_names_and_flags(desk: Desk) -> None:
    await receives_year(desk)
    await desk.receives(EXPO, PROPOSED)
    rows = (await report(desk))["exhibitions"]["items"]
    shown = [(row["exhibition"], row["name"], row["illustrative"], row["phase"]) for row in rows]
    assert shown == [
        (EXPO, "Expo Bali (ilustrasi)", True, "PROPOSED"),
        (EXHIBITION, "MIHAS 2018", False, "HELD"),
    ]
    assert (rows[1]["attended"], rows[1]["free_idr"], rows[0]["ceiling_idr"]) == (2, "300", "0")
    found = await desk.shows("/programmes/2018/exhibitions")
    assert [item["id"] for item in found["items"]] == [EXPO, EXHIBITION]
    without_envelope = [
        {name: value for name, value in item.items() if name not in ("id", "version")}
        for item in found["items"]
    ]
    assert without_envelope == rows


async def test_exhibitions_are_filtered_and_paged(desk: Desk) -> None:
    await receives_year(desk)
    await desk.receives(EXPO, PROPOSED)
    path = "/programmes/2018/exhibitions"

    async def listed(**parameters: str) -> list[str]:
        return [item["id"] for item in (await desk.shows(path, **parameters))["items"]]

    assert await listed(scope="OVERSEAS") == await listed(phase="HELD") == [EXHIBITION]
    assert await listed(scope="DOMESTIC", phase="PROPOSED") == [EXPO]
    assert await listed(scope="DOMESTIC", phase="HELD") == []
    first = await desk.shows(path, limit="1")
    assert [item["id"] for item in first["items"]] == [EXPO]
    cursor = first["next"].partition("cursor=")[2]
    assert await listed(limit="1", cursor=cursor) == [EXHIBITION]
    unknown = await desk.api.query("auditor", path, phase="OPEN")
    assert unknown.status_code == 422


async def test_a_malformed_part_is_refused(desk: Desk) -> None:
    for figure in FIGURES:
        for parameters in ({"scope": "ALL"}, {"exhibition": "not an id"}, {"province": "ID-BA"}):
            answer = await desk.api.query("auditor", f"/programmes/2018/{figure}", **parameters)
            assert answer.status_code == 422, (figure, parameters)
        answer = await desk.api.query("auditor", f"/programmes/18/{figure}")
        assert answer.status_code == 422, figure


async def test_a_contested_participation_is_in_no_other_figure(desk: Desk) -> None:
    await receives_year(desk)
    await desk.receives(ANN.application, *journey(ANN)[6:])
    found = await report(desk)
    people = found["participation"]
    assert (people["attended"], people["contested"], people["first_timers"]) == (1, 1, 0)
    assert people["distinct"]["enterprises"] == 1
    steps = {step["stage"]: step["count"] for step in found["funnel"]["items"]}
    assert (steps["attended"], steps["contested"]) == (1, 1)
    (row,) = found["exhibitions"]["items"]
    assert (row["attended"], row["contested"]) == (1, 1)


async def test_the_net_devisa_counts_a_followed_up_part_once(desk: Desk) -> None:
    await receives_year(desk)
    await desk.fixes(RATE)
    outcome = await desk.done("/outcomes", ORDER)
    await desk.done(f"/outcomes/{outcome}/follow-ups", FOLLOW_UP)
    found = (await report(desk))["outcomes"]
    net = {row["status"]: row["net_idr"] for row in found["devisa"]["items"]}
    assert net == {"VERIFIED": "0", "REPORTED": "1331350", "DISPUTED": "0"}
    order = next(row for row in found["items"] if row["rung"] == "ORDER_ON_SITE")
    assert (order["amount_idr"], order["rest_idr"]) == ("1331350", "798810")
    assert order["followed_up_reported_idr"] == "532540"
    assert {"en", "id"} == found["devisa"]["rule"].keys()


async def test_a_sum_beyond_what_numbers_of_json_hold_is_exact(desk: Desk) -> None:
    await receives_year(desk)
    amount = IDR_MAX - 1
    for number in range(11):
        balances = {"ceiling_idr": amount, "contracted_idr": amount, "reserved_idr": 0}
        raised = {**about(f"show-{number}"), **balances, "realised_idr": 0, "unit_cost_idr": 1}
        event = AllocationRaised.model_validate({**raised, "amount_idr": 1})
        await desk.publisher.publish(f"show-{number}", event)
    await settled(desk.api.service)
    budget = await desk.shows("/programmes/2018/budget")
    committed = {row["scope"]: row["committed_idr"] for row in budget["items"]}
    exact = 11 * amount
    assert committed == {"OVERSEAS": str(exact), "ALL": str(exact)}
    described = (await desk.api.client.get("/openapi.json")).json()["components"]["schemas"]
    assert described["Budget"]["properties"]["committed_idr"]["type"] == "string"
    # A reader that keeps numbers as doubles, as JavaScript and jq do, would be wrong.
    assert json.loads(str(exact), parse_int=float) != exact


async def test_a_report_is_of_one_moment_and_says_which_events_it_counts(desk: Desk) -> None:
    await receives_year(desk)
    before = await _read_twice_around(desk, applicant("cyd"))
    after = await report(desk)
    assert before[0] == before[1]
    assert before[0].participation.attended == 2
    assert after["participation"]["attended"] == 3
    progress = await desk.api.service.progress()
    reached = {
        name: partition["checkpoint"]
        for name, partition in progress["partitions"].items()
        if partition["checkpoint"]
    }
    assert {name: offset for name, offset in after["version"].items() if offset} == reached
    assert before[0].version != after["version"]


async def _read_twice_around(desk: Desk, newcomer: Any) -> list[Report]:
    # Another participant comes between two readings of one snapshot.
    async def read(snapshot: Snapshot) -> list[Report]:
        query = await requested(snapshot, "2018", Asked())
        first = await read_report(query)
        await desk.receives_journey(newcomer)
        return [first, await read_report(query)]

    async with asyncio.timeout(60):
        return await desk.api.service.at_one_moment(read)
