"""A conflict that is declared late leaves the selection as if the sheet had never been."""

from typing import Any

from services.selection.api.late_conflicts import record_late_conflicts
from services.selection.app import service
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.late_conflicts import DeclareLateConflict
from tests.given import context
from tests.selection.examples import ANI, EXHIBITION, PANEL, A, B, C
from tests.selection.secretariat import ROUND, Secretariat, candidate, levels
from tests.serving import code

EVA = "curator-eva"
LEVELS = {"a": (5, 3, 3), "b": (4, 4, 4), "c": (3, 4, 3)}


async def scored(secretariat: Secretariat, *, never: bool) -> None:
    """Let the panel score; if `never`, Eva scores the first candidate instead of Ani."""
    await secretariat.opened(*LEVELS)
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, EVA]})
    for enterprise, given in LEVELS.items():
        for curator, level in zip(PANEL, given, strict=True):
            if never and (enterprise, curator) == ("a", ANI):
                await sheet(secretariat, enterprise, EVA, 2)
            else:
                await sheet(secretariat, enterprise, curator, level)


async def sheet(secretariat: Secretariat, enterprise: str, curator: str, level: int) -> None:
    await secretariat.asks(f"{candidate(enterprise)}/assignments", {"curator": curator})
    path = f"{candidate(enterprise)}/score-sheets"
    await secretariat.done(path, levels(level), role="curator", actor=curator)


async def proposed(secretariat: Secretariat) -> dict[str, Any]:
    """Close the scoring and propose; return the proposal."""
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    proposal: dict[str, Any] = await secretariat.shows(f"{ROUND}/proposal", "approver")
    return proposal


LISTS = ("selected", "reserve", "below", "leniency", "shortfalls", "certificate")


async def test_a_late_conflict_ends_as_if_the_sheet_had_never_been(
    secretariat: Secretariat,
) -> None:
    await scored(secretariat, never=False)
    before = await proposed(secretariat)
    assert [row["application"] for row in before["selected"]] == [B, A]
    reason = {"reason": "a cousin"}
    await secretariat.done(f"{candidate('a')}/conflicts", reason, role="curator", actor=ANI)
    await secretariat.settles()
    shown = await secretariat.shows(ROUND, "approver")
    assert shown["status"] == "OPEN"
    gone = await secretariat.reads(f"{ROUND}/proposal", "approver")
    assert code(gone) == (404, "not-found")
    closing = await secretariat.asks(f"{ROUND}/scoring-closure", {})
    assert code(closing) == (409, "sheets-missing")
    waiting = await secretariat.shows("/tasks", "selection-officer")
    names = {(task["task"], task["id"]) for task in waiting["items"]}
    assert ("assign-curators", A) in names
    assert "close-scoring" not in {name for name, _ in names}, "that would be refused"
    missing = await secretariat.shows(f"{ROUND}/missing-sheets")
    assert [row["id"] for row in missing["items"]] == [A], "only what is needed"
    added = await secretariat.asks(f"{ROUND}/automatic-assignments", {})
    assert [row["application"] for row in added.json()["results"]["items"]] == [A]
    await sheet(secretariat, "a", EVA, 2)
    after = await proposed(secretariat)
    assert [row["application"] for row in after["selected"]] != [B, A]
    assert after["conflicts"] == [{"application": A, "curator": ANI}]
    assert ANI in after["scored_by"], "it scores others, and scored this one"
    await other_world(secretariat, after)


async def other_world(secretariat: Secretariat, after: dict[str, Any]) -> None:
    """Compare with the candidates of the world in which Eva scored at once."""
    sheets = {
        row["curator"]: row["total"]
        for row in (await secretariat.shows(candidate("a"), "approver"))["sheets"]
    }
    assert ANI not in sheets
    scores = {row["application"]: row["score"] for name in LISTS[:3] for row in after[name]}
    a = round((2_000 * 2 + 6_000 + 6_000) / 3)
    assert scores == {A: a, B: 8_000, C: 6_667}


async def test_the_world_without_the_sheet_has_the_same_lists(secretariat: Secretariat) -> None:
    await scored(secretariat, never=True)
    proposal = await proposed(secretariat)
    scores = {row["application"]: row["score"] for name in LISTS[:3] for row in proposal[name]}
    assert scores == {A: 5_333, B: 8_000, C: 6_667}


async def test_a_process_that_dies_after_the_round_is_made_good_by_the_next_closing(
    secretariat: Secretariat,
) -> None:
    await scored(secretariat, never=False)
    await proposed(secretariat)
    declared = DeclareLateConflict(application=A, reason="a cousin")
    by = context(actor=ANI, roles=frozenset({"curator"}), key="k-late")
    await service.handle(selection_round, EXHIBITION, declared, by)
    await secretariat.settles()
    assert (await secretariat.shows(ROUND))["status"] == "OPEN"
    officer = context(actor="selection-officer-1", key="k-close")
    await record_late_conflicts(service, EXHIBITION, officer)
    await record_late_conflicts(service, EXHIBITION, officer)
    closing = await secretariat.asks(f"{ROUND}/scoring-closure", {})
    assert code(closing) == (409, "sheets-missing")
    found = await secretariat.reads(candidate("a"), "curator", actor=ANI)
    assert code(found) == (403, "curator-conflicted")


async def test_an_override_is_shown_to_those_who_decide_and_then_to_all(
    secretariat: Secretariat,
) -> None:
    await scored(secretariat, never=False)
    await proposed(secretariat)
    override = {
        **{"application": C, "effect": "ADMITTED", "code": "ruling", "reason": "ruled"},
        **{"authority": "court", "number": "P-1/2018", "signed_on": "2018-01-31"},
    }
    await secretariat.done(f"{ROUND}/overrides", override)
    assert code(await secretariat.reads(f"{ROUND}/proposal", "approver")) == (404, "not-found")
    await secretariat.done(f"{ROUND}/proposal", {})
    proposal = await secretariat.shows(f"{ROUND}/proposal", "approver")
    assert [row["application"] for row in proposal["selected"]] == [B, C]
    assert [row["document"]["number"] for row in proposal["overrides"]] == ["P-1/2018"]
    assert (await secretariat.shows(ROUND, "ministry-system"))["overrides"] == []
    approval = {"digest": proposal["digest"]}
    await secretariat.done(f"{ROUND}/approval", approval, role="approver")
    public = await secretariat.shows(ROUND, "ministry-system")
    assert [row["authority"] for row in public["overrides"]] == ["court"]
    approvals = await secretariat.shows(f"{ROUND}/approvals", "auditor")
    assert [row["level"] for row in approvals["approvals"]] == ["DEPUTY"]
    told = await secretariat.shows(f"{candidate('c')}/explanation", "auditor")
    assert "P-1/2018" in told["because"]["en"]
    late = await secretariat.asks(
        f"{ROUND}/overrides/withdrawal", {"application": C, "reason": "r"}
    )
    assert code(late) == (409, "scoring-not-closed")
