"""The routes of selection on real servers: a round to its decree, and the rights of each role."""

from urllib.parse import parse_qsl

from shared.contracts.registration.exhibition import ExhibitionOpened
from tests.selection.examples import ANI, BUDI, DEWI, EXHIBITION, PANEL, ROUND_FIELDS, A, B, C, D
from tests.selection.secretariat import (
    ROUND,
    RUBRIC,
    Secretariat,
    accepted,
    candidate,
    declined,
    funded,
    levels,
    loss,
    withdrawn,
)
from tests.serving import code

RETURN = {"code": "scores-diverge", "reason": "look at the samples"}
SCORES = {"a": 4, "b": 5, "c": 4, "d": 3}
"""B has 100.00 points, A and C 80.00 and are ordered by id, D has 60.00: below the threshold."""


async def test_a_round_from_its_call_to_its_decree(secretariat: Secretariat) -> None:
    await secretariat.approved(SCORES)
    assert await secretariat.seats() == {"b": "WAITING", "a": "WAITING"}
    await secretariat.receives(EXHIBITION, funded("b"), funded("a"))
    assert await secretariat.seats() == {"b": "OFFERED", "a": "OFFERED"}
    assert code(await secretariat.signs("decree", "SK-7")) == (409, "offers-open")
    await secretariat.receives(B, accepted("b"))
    await secretariat.receives(A, declined("a"))
    assert await secretariat.seats() == {"b": "CONFIRMED", "a": "LOST", "c": "WAITING"}
    stale = {"number": "SK-7", "signed_on": "2018-02-01", "annex_digest": "0" * 64}
    assert code(await secretariat.asks(f"{ROUND}/decree", stale)) == (409, "annex-changed")
    assert (await secretariat.signs("decree", "SK-7")).is_success
    assert (await secretariat.shows(f"{ROUND}/annex", "auditor"))["annex"] == [B]
    await secretariat.receives(B, withdrawn("b"))
    body = await secretariat.shows(ROUND, "auditor")
    assert body["status"] == "DECREED"
    assert (body["decree"]["annex"], body["decree"]["undocumented"]) == ([], [B])
    assert (await secretariat.signs("amendments", "SK-8")).is_success
    assert (await secretariat.shows(ROUND))["decree"] == {
        "number": "SK-7",
        "signed_on": "2018-02-01",
        "annex": [],
        "amendments": [{"number": "SK-8", "signed_on": "2018-02-01", "without": [B]}],
        "undocumented": [],
    }
    assert await secretariat.seats() == {"b": "LOST", "a": "LOST", "c": "LOST"}


async def test_a_seat_is_taken_by_two_people_and_never_once_the_show_runs(
    secretariat: Secretariat,
) -> None:
    await secretariat.approved(SCORES)
    await secretariat.done(f"{ROUND}/losses", loss("b"))
    own = await secretariat.asks(
        f"{ROUND}/losses/approval",
        {"application": B},
        role="approver",
        actor="selection-officer-1",
    )
    assert code(own) == (409, "same-person")
    await secretariat.done(f"{ROUND}/losses/approval", {"application": B}, role="approver")
    assert await secretariat.seats() == {"b": "LOST", "a": "WAITING", "c": "WAITING"}
    await secretariat.done(f"{ROUND}/losses", loss("a"))
    refusal = {"application": A, "reason": "the licence is valid"}
    await secretariat.done(f"{ROUND}/losses/decline", refusal, role="approver")
    await secretariat.done(f"{ROUND}/losses", loss("c"))
    await secretariat.receives(EXHIBITION, ExhibitionOpened(**ROUND_FIELDS))
    late = await secretariat.asks(f"{ROUND}/losses/approval", {"application": C}, role="approver")
    assert code(late) == (409, "exhibition-running")
    shown = (await secretariat.shows(f"{ROUND}/losses", "auditor"))["losses"]
    assert [(row["application"], row["status"]) for row in shown] == [
        (B, "APPROVED"),
        (A, "DECLINED"),
        (C, "OVERTAKEN"),
    ]
    people = ("selection-officer-1", "approver-1")
    assert (shown[0]["requested_by"], shown[0]["decided_by"]) == people


def ranked(application: str, score: int) -> dict[str, object]:
    """Return a candidate as a ranked list shows it."""
    row: dict[str, object] = {"application": application, "score": score, "not_passed": []}
    return row | {"raw": score, "calibrated": None}


async def test_a_proposal_shows_lists_and_scores_to_those_who_decide(
    secretariat: Secretariat,
) -> None:
    digest = await secretariat.proposed(SCORES)
    body = await secretariat.shows(f"{ROUND}/proposal", "approver")
    proof, (price,) = body.pop("certificate"), body.pop("prices")
    assert (proof["gap"], proof["prices"]["place"]) == (0, 8_000_000_000)
    assert (price["constraint"], price["points"], price["enters"]) == ("PLACES", 8_000, [C])
    assert body == {
        "id": EXHIBITION,
        "version": 5,
        "ranking": f"{EXHIBITION}.1-4",
        "method": "2018-3",
        "digest": digest,
        "closing": 1,
        "rubric": RUBRIC["rubric"],
        "threshold": 7_000,
        "places": 2,
        "selected": [ranked(B, 10_000), ranked(A, 8_000)],
        "reserve": [ranked(C, 8_000)],
        "below": [ranked(D, 6_000)],
        "quotas": [],
        "deciding": "RAW",
        "guard": "too-few-candidates",
        "leniency": {},
        "overrides": [],
        "passed_over": [],
        "shortfalls": [],
        "funds": None,
        "scored_by": sorted(PANEL),
        "proposed_by": "selection-officer-1",
        "conflicts": [],
    }
    early = await secretariat.reads(f"{ROUND}/proposal", "auditor")
    assert code(early) == (403, "not-approved-yet")
    public = await secretariat.shows(ROUND, "ministry-system")
    assert (public["seats"], public["reserve"], public["panel"]) == ({}, [], None)
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    assert (await secretariat.shows(f"{ROUND}/proposal", "auditor"))["digest"] == digest


async def test_an_actor_that_scored_or_proposed_cannot_approve(secretariat: Secretariat) -> None:
    digest = await secretariat.proposed({"a": 4})
    for actor in (ANI, "selection-officer-1"):
        answer = await secretariat.asks(
            f"{ROUND}/approval", {"digest": digest}, role="approver", actor=actor
        )
        assert code(answer) == (409, "same-person")
    stale = await secretariat.asks(f"{ROUND}/approval", {"digest": "0" * 64}, role="approver")
    assert code(stale) == (409, "digest-changed")


async def test_a_withdrawal_voids_the_proposal(secretariat: Secretariat) -> None:
    digest = await secretariat.proposed(SCORES)
    await secretariat.receives(B, withdrawn("b"))
    answer = await secretariat.asks(f"{ROUND}/approval", {"digest": digest}, role="approver")
    assert code(answer) == (409, "nothing-proposed")
    assert (await secretariat.shows(candidate("b")))["status"] == "WITHDRAWN"
    await secretariat.done(f"{ROUND}/proposal", {})
    again = await secretariat.shows(f"{ROUND}/proposal")
    assert [row["application"] for row in again["selected"]] == [A, C]


async def test_a_returned_selection_is_scored_and_sealed_again(secretariat: Secretariat) -> None:
    await secretariat.proposed({"a": 4})
    proposer = await secretariat.asks(
        f"{ROUND}/return", RETURN, role="approver", actor="selection-officer-1"
    )
    assert code(proposer) == (409, "same-person")
    await secretariat.done(f"{ROUND}/return", RETURN, role="approver")
    await secretariat.settles()
    moderation = {**levels(5), "code": "evidence", "reason": "the samples"}
    sheets = f"{candidate('a')}/score-sheets"
    await secretariat.done(f"{sheets}/moderation", moderation, role="curator", actor=ANI)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    body = await secretariat.shows(candidate("a"))
    assert (body["sealed_by"], body["score"]) == (2, 8_667)


async def test_scoring_is_closed_once_all_sheets_are_in(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", "c")
    await secretariat.scored("a", 4)
    await secretariat.done(f"{candidate('b')}/assignments", {"curator": ANI})
    answer = await secretariat.asks(f"{ROUND}/scoring-closure", {})
    assert code(answer) == (409, "sheets-missing")
    assert f"2 ({B}, {C})" in answer.json()["detail"]
    missing = await secretariat.shows(f"{ROUND}/missing-sheets")
    assert [(row["id"], row["sheets"], row["awaited"]) for row in missing["items"]] == [
        (B, 0, [ANI]),
        (C, 0, []),
    ]
    of_b = await secretariat.shows(f"{ROUND}/missing-sheets", enterprise="b")
    assert [row["id"] for row in of_b["items"]] == [C]
    page = await secretariat.shows(f"{ROUND}/missing-sheets", limit="1")
    assert [row["id"] for row in page["items"]] == [B]
    further = dict(parse_qsl(page["next"].removeprefix("?")))
    following = await secretariat.shows(f"{ROUND}/missing-sheets", **further)
    assert [row["id"] for row in following["items"]] == [C]
    await secretariat.receives(C, withdrawn("c"))
    await secretariat.scored("b", 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})


async def test_who_has_an_interest_in_a_selection_neither_sees_nor_decides_it(
    secretariat: Secretariat,
) -> None:
    """A place in the list says much of a score, and the digest can be tried for the rest."""
    await secretariat.opened("a", "b")
    conflict = {"reason": "my sister's workshop"}
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    await secretariat.done(f"{candidate('a')}/conflicts", conflict, role="curator", actor=DEWI)
    for enterprise in ("a", "b"):
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    digest = {"digest": (await secretariat.shows(f"{ROUND}/proposal", "approver"))["digest"]}
    hers = {"actor": DEWI}
    of_a = {"actor": "wati", "enterprise": "a"}
    for path in (f"{ROUND}/proposal", f"{ROUND}/losses"):
        answer = await secretariat.reads(path, "approver", **hers)
        assert code(answer) == (403, "conflict-declared")
        answer = await secretariat.reads(path, "approver", **of_a)
        assert code(answer) == (403, "own-enterprise")
    refused = await secretariat.asks(f"{ROUND}/approval", digest, role="approver", **hers)
    assert code(refused) == (409, "conflict-declared")
    refused = await secretariat.asks(f"{ROUND}/approval", digest, role="approver", **of_a)
    assert code(refused) == (409, "own-enterprise")
    await secretariat.done(f"{ROUND}/approval", digest, role="approver")
    # A seat that is taken goes to the first reserve, so a rival's seat is no business of theirs.
    refused = await secretariat.asks(f"{ROUND}/losses", loss("b"), **hers)
    assert code(refused) == (409, "conflict-declared")
    refused = await secretariat.asks(f"{ROUND}/losses", loss("b"), **of_a)
    assert code(refused) == (409, "own-enterprise")


async def test_sheets_open_only_when_all_are_in(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    await secretariat.scored("a", 4)
    path = candidate("a")
    for role in ("selection-officer", "approver", "auditor"):
        body = await secretariat.shows(path, role)
        assert (body["sheets"], body["score"]) == ([], None)
    own = (await secretariat.shows(path, "curator", actor=ANI))["sheets"]
    assert [sheet["curator"] for sheet in own] == [ANI]
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    for role in ("selection-officer", "approver", "auditor"):
        body = await secretariat.shows(path, role)
        assert (len(body["sheets"]), body["score"]) == (3, 8_000)
    assert (await secretariat.shows(path, "curator", actor=ANI))["sheets"] == own
    late = await secretariat.asks(f"{path}/score-sheets", levels(5), role="curator", actor=ANI)
    assert code(late) == (409, "sheets-sealed")


async def test_a_conflicted_curator_neither_sees_nor_scores(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    for enterprise in ("a", "b"):
        await secretariat.done(f"{candidate(enterprise)}/assignments", {"curator": BUDI})
    mine = await secretariat.shows("/candidates", "curator", actor=BUDI, exhibition=EXHIBITION)
    assert [row["id"] for row in mine["items"]] == [A, B]
    conflict = {"reason": "my sister's workshop"}
    await secretariat.done(f"{candidate('a')}/conflicts", conflict, role="curator", actor=BUDI)
    mine = await secretariat.shows("/candidates", "curator", actor=BUDI)
    assert [row["id"] for row in mine["items"]] == [B]
    hidden = await secretariat.reads(candidate("a"), "curator", "auditor", actor=BUDI)
    assert code(hidden) == (403, "curator-conflicted")
    sheets = f"{candidate('a')}/score-sheets"
    answer = await secretariat.asks(sheets, levels(4), role="curator", actor=BUDI)
    assert code(answer) == (409, "curator-conflicted")
    again = await secretariat.asks(f"{candidate('a')}/assignments", {"curator": BUDI})
    assert code(again) == (409, "curator-conflicted")


async def test_only_the_panel_is_assigned(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    answer = await secretariat.asks(f"{candidate('a')}/assignments", {"curator": DEWI})
    assert code(answer) == (409, "not-on-panel")
    unseen = await secretariat.reads(candidate("a"), "curator", actor=DEWI)
    assert code(unseen) == (403, "not-assigned")


async def test_an_unknown_round_candidate_or_rubric_is_an_error(secretariat: Secretariat) -> None:
    assignment = await secretariat.asks(f"{candidate('a')}/assignments", {"curator": ANI})
    assert code(assignment) == (404, "not-found")
    panel = await secretariat.asks(f"{ROUND}/panel", {"curators": list(PANEL)})
    assert code(panel) == (404, "not-found")
    for path in (ROUND, f"{ROUND}/annex", f"{ROUND}/proposal", candidate("a"), "/rubrics/none"):
        answer = await secretariat.reads(path, "selection-officer")
        assert code(answer) == (404, "not-found")
        assert ("retry-after" in answer.headers) == ("rubric" not in path)


async def test_rounds_are_listed_in_figures(secretariat: Secretariat) -> None:
    await secretariat.approved(SCORES)
    await secretariat.settles()
    body = await secretariat.shows("/rounds", "programme-officer", programme="2018")
    assert body["next"] is None
    (summary,) = body["items"]
    figures = ("status", "places", "candidates", "seats_live", "reserves", "closing")
    assert [summary[figure] for figure in figures] == ["APPROVED", 2, 4, 2, 1, 1]
    for other in ({"scope": "DOMESTIC"}, {"status": "OPEN"}, {"programme": "2019"}):
        assert (await secretariat.shows("/rounds", "auditor", **other))["items"] == []
