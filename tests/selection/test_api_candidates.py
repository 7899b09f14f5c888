"""The routes of the candidate: the rights of each reader, and assignments of many."""

from typing import Any

from shared.contracts.registration.application_codes import ClosingResult
from tests.selection.examples import ANI, BUDI, CITRA, EXHIBITION, OFFICER, PANEL, A, B, C
from tests.selection.secretariat import (
    ROUND,
    Secretariat,
    candidate,
    levels,
)
from tests.selection.test_reactions import closed
from tests.serving import code

UNASSIGN = {"curator": ANI, "code": "unavailable", "reason": "she is ill"}
MODERATION = {**levels(5), "code": "discussion", "reason": "I had missed the second sample"}
ASSIGNMENTS = f"{ROUND}/assignments"


def plan(*applications: str, curators: tuple[str, ...] = PANEL) -> dict[str, Any]:
    """Return the body that assigns these curators to each of these candidates."""
    return {
        "assignments": [
            {"application": application, "curators": curators} for application in applications
        ]
    }


async def listed(secretariat: Secretariat, role: str, **about: str) -> list[str]:
    """Return the ids of the candidates that a reader sees in the list."""
    actor = about.pop("actor", None)
    body = await secretariat.shows("/candidates", role, actor=actor, **about)
    return [row["id"] for row in body["items"]]


async def test_a_list_shows_nothing_that_a_single_read_refuses(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", "c")
    await secretariat.done(
        f"{candidate('a')}/conflicts", {"reason": "a cousin"}, role="curator", actor=BUDI
    )
    for role in ("auditor", "approver", "selection-officer"):
        hidden = await secretariat.reads(candidate("a"), role, actor=BUDI)
        assert code(hidden) == (403, "curator-conflicted")
        assert await listed(secretariat, role, actor=BUDI) == [B, C]
        # A page is full although a candidate before it is left out.
        page = await secretariat.shows("/candidates", role, actor=BUDI, limit="1")
        assert ([row["id"] for row in page["items"]], page["next"] is None) == ([B], False)
    assert await listed(secretariat, "auditor") == [A, B, C]


async def test_a_token_that_speaks_for_the_enterprise_neither_sees_nor_judges_it(
    secretariat: Secretariat,
) -> None:
    await secretariat.opened("a", "b")
    await secretariat.scored("a", 4)
    api, path = secretariat.api, candidate("a")
    commands: tuple[tuple[str, str, object, str], ...] = (
        ("selection-officer", f"{path}/assignments", {"curator": ANI}, OFFICER),
        ("selection-officer", f"{path}/assignments/removal", UNASSIGN, OFFICER),
        ("curator", f"{path}/score-sheets", levels(5), ANI),
        ("curator", f"{path}/score-sheets/retraction", {}, ANI),
        ("curator", f"{path}/score-sheets/moderation", MODERATION, ANI),
    )
    for role, address, body, actor in commands:
        answer = await api.command(role, address, body, actor=actor, enterprise="a")
        assert code(answer) == (409, "own-enterprise"), address
    many = await api.command(
        "selection-officer", ASSIGNMENTS, plan(A, B, curators=(ANI,)), enterprise="a"
    )
    assert [item["code"] for item in many.json()["items"]] == ["own-enterprise"] * 2
    for role in ("auditor", "approver", "selection-officer"):
        hidden = await api.query(role, path, enterprise="a")
        assert code(hidden) == (403, "own-enterprise")
        listed = (await api.query(role, "/candidates", enterprise="a")).json()["items"]
        assert [row["id"] for row in listed] == [B]


async def test_an_officer_unassigns_a_curator_and_assigns_it_again(
    secretariat: Secretariat,
) -> None:
    await secretariat.opened("a")
    await secretariat.scored("a", 4)
    await secretariat.done(f"{candidate('a')}/assignments/removal", UNASSIGN)
    body = await secretariat.shows(candidate("a"))
    assert (body["curators"], body["set_aside"]) == ([BUDI, CITRA], [])
    assert body["assignments"][0] == {"curator": BUDI, "assigned_by": "selection-officer-1"}
    unseen = await secretariat.reads(candidate("a"), "curator", actor=ANI)
    assert code(unseen) == (403, "not-assigned")
    await secretariat.done(f"{candidate('a')}/assignments", {"curator": ANI})
    assert await listed(secretariat, "auditor", awaited=ANI) == [A]


async def test_one_call_assigns_many_candidates_and_says_what_happened_to_each(
    secretariat: Secretariat,
) -> None:
    await secretariat.opened("a", "b")
    await secretariat.done(
        f"{candidate('b')}/conflicts", {"reason": "a cousin"}, role="curator", actor=BUDI
    )
    body = plan(A, B, f"{EXHIBITION}.z", "other-2018.a")
    officer = "selection-officer"
    answer = await secretariat.api.command(officer, ASSIGNMENTS, body, key="k1")
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == 3
    results = answer.json()["items"]
    assert [(item["application"], item["status"], item["code"]) for item in results] == [
        (A, 200, None),
        (B, 409, "curator-conflicted"),
        (f"{EXHIBITION}.z", 404, "not-found"),
        ("other-2018.a", 409, "another-exhibition"),
    ]
    assert (results[0]["version"], len(results[0]["events"])) == (4, 3)
    assert BUDI in results[1]["detail"]
    # The same key and body have one effect and the same answer; what was refused may be corrected.
    again = await secretariat.api.command(officer, ASSIGNMENTS, body, key="k1")
    assert again.json() == answer.json()
    other = plan(A, B, curators=(ANI, CITRA))
    corrected = await secretariat.api.command(officer, ASSIGNMENTS, other, key="k1")
    assert [(item["status"], item["code"]) for item in corrected.json()["items"]] == [
        (422, "idempotency-key-reused"),
        (200, None),
    ]
    assert (await secretariat.shows(candidate("b")))["curators"] == [ANI, CITRA]
    assert (await secretariat.shows(candidate("a")))["curators"] == list(PANEL)


async def test_many_assignments_need_a_round_and_different_candidates(
    secretariat: Secretariat,
) -> None:
    assert code(await secretariat.asks(ASSIGNMENTS, plan(A))) == (404, "not-found")
    await secretariat.opened("a")
    answer = await secretariat.asks(ASSIGNMENTS, plan(A, A))
    assert code(answer) == (409, "candidate-repeated")


async def test_candidates_are_found_by_what_they_wait_for(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", "c")
    await secretariat.asks(ASSIGNMENTS, plan(A, B, curators=(ANI,)))
    await secretariat.done(f"{candidate('a')}/score-sheets", levels(4), role="curator", actor=ANI)
    officer = "selection-officer"
    assert await listed(secretariat, officer, progress="UNASSIGNED") == [C]
    assert await listed(secretariat, officer, progress="AWAITS_SHEETS") == [B]
    assert await listed(secretariat, officer, progress="SHEETS_IN") == [A]
    assert await listed(secretariat, officer, curator=ANI, exhibition=EXHIBITION) == [A, B]
    assert await listed(secretariat, officer, awaited=ANI) == [B]
    assert await listed(secretariat, officer, status="ENDED") == []
    assert await listed(secretariat, "curator", actor=ANI) == [A, B]
    assert await listed(secretariat, "curator", actor=ANI, awaited=ANI) == [B]
    assert await listed(secretariat, "curator", actor=BUDI, curator=ANI) == []
    for wrong in ({"progress": "DONE"}, {"status": "OPEN"}, {"curator": "a curator"}):
        assert (await secretariat.reads("/candidates", officer, **wrong)).status_code == 422


async def test_after_a_return_a_sheet_is_moderated_and_the_first_is_kept(
    secretariat: Secretariat,
) -> None:
    await secretariat.proposed({"a": 4})
    await secretariat.done(
        f"{ROUND}/return", {"code": "scores-diverge", "reason": "look again"}, role="approver"
    )
    await secretariat.settles()
    sheets = f"{candidate('a')}/score-sheets"
    retraction = await secretariat.asks(f"{sheets}/retraction", {}, role="curator", actor=ANI)
    assert code(retraction) == (409, "sheet-opened")
    await secretariat.done(f"{sheets}/moderation", MODERATION, role="curator", actor=ANI)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    body = await secretariat.shows(candidate("a"), "auditor")
    assert (body["sealed_by"], body["score"]) == (2, 8_667)
    assert [sheet["total"] for sheet in body["sheets"]] == [10_000, 8_000, 8_000]
    (moderation,) = body["moderations"]
    assert (moderation["replaced"]["total"], moderation["code"]) == (8_000, "discussion")


async def test_a_candidate_ends_with_its_application(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    await secretariat.receives(A, closed(ClosingResult.CANCELLED))
    body = await secretariat.shows(candidate("a"))
    assert (body["status"], body["end"]) == ("ENDED", "exhibition-cancelled")
    late = await secretariat.asks(f"{candidate('a')}/assignments", {"curator": ANI})
    assert code(late) == (409, "candidate-ended")
    assert await listed(secretariat, "auditor", status="ENDED") == [A]


OFFICERS, CURATORS = frozenset({"selection-officer"}), frozenset({"curator"})
COMMANDS: list[tuple[str, object, frozenset[str]]] = [
    (ASSIGNMENTS, plan(A), OFFICERS),
    (f"{candidate('a')}/assignments/removal", UNASSIGN, OFFICERS),
    (f"{candidate('a')}/score-sheets/moderation", MODERATION, CURATORS),
    (f"{candidate('a')}/dossier-pass", {}, frozenset({"curator", "approver", "auditor"})),
]


async def test_each_command_is_for_its_roles_only(secretariat: Secretariat) -> None:
    everyone = ("selection-officer", "curator", "approver", "auditor", "enterprise", "operator")
    for path, body, allowed in COMMANDS:
        for role in everyone:
            answer = await secretariat.asks(path, body, role=role)
            assert (answer.status_code != 403) == (role in allowed), (path, role, answer.text)


async def test_a_malformed_body_is_refused_before_any_rule(secretariat: Secretariat) -> None:
    cases: list[tuple[str, Any, str]] = [
        (ASSIGNMENTS, {"assignments": []}, "selection-officer"),
        (ASSIGNMENTS, plan(*(f"{EXHIBITION}.{n}" for n in range(201))), "selection-officer"),
        (ASSIGNMENTS, plan(A, curators=()), "selection-officer"),
        (ASSIGNMENTS, plan("a"), "selection-officer"),
        (ASSIGNMENTS, {**plan(A), "exhibition": "x"}, "selection-officer"),
        (f"{candidate('a')}/assignments/removal", {**UNASSIGN, "code": "?"}, "selection-officer"),
        (f"{candidate('a')}/assignments/removal", {"curator": ANI}, "selection-officer"),
        (f"{candidate('a')}/score-sheets/moderation", levels(5), "curator"),
        (f"{candidate('a')}/score-sheets/moderation", {**MODERATION, "reason": ""}, "curator"),
        (f"{candidate('a')}/score-sheets/moderation", {**MODERATION, **levels(6)}, "curator"),
        ("/candidates/a/dossier-pass", {}, "auditor"),
    ]
    for path, body, role in cases:
        answer = await secretariat.asks(path, body, role=role)
        assert answer.status_code == 422, (path, body, answer.text)
