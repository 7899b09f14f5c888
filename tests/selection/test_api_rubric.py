"""The routes of the rubric: published once, listed and read by every reader."""

from urllib.parse import parse_qsl

from tests.selection.examples import A, B
from tests.selection.secretariat import ROUND, RUBRIC, Secretariat
from tests.serving import code, done


async def test_a_key_that_has_published_a_rubric_publishes_no_other(
    secretariat: Secretariat,
) -> None:
    officer, other = "selection-officer", {**RUBRIC, "rubric": "another"}
    answer = await secretariat.api.command(officer, "/rubrics", RUBRIC, key="k1")
    assert answer.status_code == 201
    again = await secretariat.api.command(officer, "/rubrics", other, key="k1")
    assert code(again) == (422, "idempotency-key-reused")


async def test_a_rubric_is_published_and_read_by_every_reader(secretariat: Secretariat) -> None:
    answer = await secretariat.asks("/rubrics", RUBRIC)
    assert done(answer) == (201, RUBRIC["rubric"], 1, ["rubric-published.v1"])
    body = await secretariat.shows(f"/rubrics/{RUBRIC['rubric']}", "enterprise")
    assert body["criteria"] == RUBRIC["criteria"]
    assert body["thresholds"] == {"DOMESTIC": 6_000, "OVERSEAS": 7_000}
    again = await secretariat.asks("/rubrics", RUBRIC)
    assert code(again) == (409, "already-published")


async def test_published_rubrics_are_listed_page_by_page(secretariat: Secretariat) -> None:
    assert (await secretariat.shows("/rubrics", "enterprise"))["items"] == []
    ids = [RUBRIC["rubric"], "kukm-2018-2", "kukm-2018-3"]
    for id in ids:
        await secretariat.done("/rubrics", {**RUBRIC, "rubric": id})
    first = await secretariat.shows("/rubrics", "enterprise", limit="2")
    assert [item["id"] for item in first["items"]] == ids[:2]
    assert first["items"][0]["criteria"] == RUBRIC["criteria"]
    following = dict(parse_qsl(first["next"].partition("?")[2]))
    rest = await secretariat.shows("/rubrics", "auditor", **following)
    assert ([item["id"] for item in rest["items"]], rest["next"]) == (ids[2:], None)


async def test_a_gate_keeps_the_best_score_out_of_the_lists(secretariat: Secretariat) -> None:
    gate = {"code": "own", "text": {"id": "Produk sendiri", "en": "Its own product"}}
    await secretariat.opened("a", "b", rubric={"gates": [gate]})
    await secretariat.scored("a", 5, own=False)
    await secretariat.scored("b", 4, own=True)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    sealed = await secretariat.shows(f"/candidates/{A}", "auditor")
    assert (sealed["score"], sealed["not_passed"]) == (10_000, ["own"])
    await secretariat.done(f"{ROUND}/proposal", {})
    proposal = await secretariat.shows(f"{ROUND}/proposal")
    assert [row["application"] for row in proposal["selected"]] == [B]
    (below,) = proposal["below"]
    assert (below["application"], below["score"], below["not_passed"]) == (A, 10_000, ["own"])
    approval = {"digest": proposal["digest"]}
    await secretariat.done(f"{ROUND}/approval", approval, role="approver")
    assert await secretariat.seats() == {"b": "WAITING"}
