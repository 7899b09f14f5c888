"""The routes of the automatic assignment on real servers, with the solver in its own process."""

import pytest

from services.selection.solving import process
from services.selection.solving.process import assign_apart
from shared.files.apart import AT_ONCE_MAX, WAITING_MAX, Apart
from shared.kernel.errors import Busy
from tests.selection.examples import ANI, BUDI, CITRA, DEWI, EXHIBITION, PANEL
from tests.selection.secretariat import ROUND, Secretariat, candidate, levels
from tests.selection.test_assigning import THREE, entrant, problem
from tests.serving import code

TRIAL = f"{ROUND}/assignment-trial"
AUTOMATIC = f"{ROUND}/automatic-assignments"


async def curators_of(secretariat: Secretariat, enterprise: str) -> set[str]:
    return set((await secretariat.shows(candidate(enterprise), "auditor"))["curators"])


async def test_a_trial_writes_nothing_and_the_assignment_does_what_it_says(
    secretariat: Secretariat,
) -> None:
    await secretariat.opened("a", "b", "c")
    await secretariat.done(f"{candidate('a')}/assignments", {"curator": ANI})
    conflict = {"reason": "my sister's workshop"}
    await secretariat.done(f"{candidate('b')}/conflicts", conflict, role="curator", actor=ANI)
    members = (*PANEL, DEWI)
    profiles = [{"curator": DEWI, "sectors": ["62"], "capacity": 1}]
    await secretariat.done(f"{ROUND}/panel", {"curators": members, "profiles": profiles})
    trial = await secretariat.shows(TRIAL)
    assert (trial["added"], trial["lacking"], trial["connected"]) == (8, 0, True)
    assert await curators_of(secretariat, "b") == set(), "nothing is written"
    answer = await secretariat.asks(AUTOMATIC, {})
    assert answer.is_success, answer.text
    body = answer.json()
    assert (body["left"], body["lacking"], body["results"]["refused"]) == (0, 0, 0)
    planned = {row["application"]: set(row["curators"] + row["added"]) for row in trial["items"]}
    for enterprise in "abc":
        found = await curators_of(secretariat, enterprise)
        assert found == planned[f"{EXHIBITION}.{enterprise}"]
        assert len(found) == 3
    assert ANI not in await curators_of(secretariat, "b")
    loads = {row["curator"]: row for row in trial["curators"]}
    assert (loads[DEWI]["added"], loads[DEWI]["unknown"], loads[DEWI]["capacity"]) == (1, 1, 1)
    again = (await secretariat.asks(AUTOMATIC, {})).json()
    assert again["results"]["items"] == [], "whoever is assigned stays, and none is missing"


async def test_a_late_conflict_is_answered_by_one_curator_more(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    await secretariat.asks(AUTOMATIC, {})
    before = {enterprise: await curators_of(secretariat, enterprise) for enterprise in "ab"}
    leaving = min(before["a"])
    conflict = {"reason": "we share a workshop"}
    await secretariat.done(f"{candidate('a')}/conflicts", conflict, role="curator", actor=leaving)
    body = (await secretariat.asks(AUTOMATIC, {})).json()
    (result,) = body["results"]["items"]
    assert result["application"] == f"{EXHIBITION}.a"
    (stranger,) = {ANI, BUDI, CITRA, DEWI} - before["a"]
    assert await curators_of(secretariat, "a") == before["a"] - {leaving} | {stranger}
    assert await curators_of(secretariat, "b") == before["b"]


async def test_what_no_curator_can_take_is_said(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    profiles = [{"curator": curator, "capacity": 1} for curator in PANEL]
    await secretariat.done(f"{ROUND}/panel", {"curators": PANEL, "profiles": profiles})
    body = (await secretariat.asks(AUTOMATIC, {})).json()
    assert (body["left"], body["lacking"], body["results"]["refused"]) == (0, 3, 0)


async def test_it_is_for_selection_officers_of_no_candidate_while_the_round_is_open(
    secretariat: Secretariat,
) -> None:
    early = await secretariat.reads(TRIAL, "selection-officer")
    assert code(early) == (404, "not-found")
    await secretariat.opened("a")
    own = await secretariat.reads(TRIAL, "selection-officer", enterprise="a")
    assert code(own) == (409, "own-enterprise")
    assert code(await secretariat.reads(TRIAL, "approver")) == (403, "role-missing")
    rival = await secretariat.asks(AUTOMATIC, {}, enterprise="a")
    assert code(rival) == (409, "own-enterprise")
    await secretariat.scored("a", 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    assert code(await secretariat.reads(TRIAL, "selection-officer")) == (409, "round-not-open")
    assert code(await secretariat.asks(AUTOMATIC, {})) == (409, "round-not-open")


@pytest.mark.parametrize(
    ("profiles", "refusal"),
    [
        ([{"curator": "stranger"}], (409, "not-on-panel")),
        ([{"curator": ANI}, {"curator": ANI}], (409, "curator-repeated")),
        ([{"curator": ANI, "capacity": 0}], (422, "malformed-request")),
        ([{"curator": ANI, "sectors": ["999"]}], (422, "malformed-request")),
    ],
)
async def test_a_wrong_profile_is_refused(
    secretariat: Secretariat, profiles: object, refusal: tuple[int, str]
) -> None:
    await secretariat.opened("a")
    answer = await secretariat.asks(f"{ROUND}/panel", {"curators": PANEL, "profiles": profiles})
    assert code(answer) == refusal


async def test_a_solver_that_fails_or_has_too_much_to_do_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = problem(THREE, [entrant("x0")])
    full = Apart()
    full._present = AT_ONCE_MAX + WAITING_MAX
    with pytest.raises(Busy) as busy:
        await assign_apart(full, asked)
    assert busy.value.code == "solver-busy"
    monkeypatch.setattr(process, "MODULE", "services.selection.solving.nothing")
    with pytest.raises(Busy) as failed:
        await assign_apart(Apart(), asked)
    assert failed.value.code == "solver-failed"


async def test_sheets_that_lie_too_far_apart_get_one_curator_more(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", rubric={"spread_max": 2_000})
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    for enterprise, given in (("a", (5, 4, 3)), ("b", (4, 4, 3))):
        for curator, level in zip(PANEL, given, strict=True):
            await secretariat.done(f"{candidate(enterprise)}/assignments", {"curator": curator})
            path = f"{candidate(enterprise)}/score-sheets"
            await secretariat.done(path, levels(level), role="curator", actor=curator)
    refused = await secretariat.asks(f"{ROUND}/scoring-closure", {})
    assert code(refused) == (409, "spread-too-wide")
    assert f"{EXHIBITION}.a" in refused.json()["detail"]
    missing = (await secretariat.shows(f"{ROUND}/missing-sheets"))["items"]
    assert [(row["id"], row["sheets"], row["sheets_min"], row["is_wide"]) for row in missing] == [
        (f"{EXHIBITION}.a", 3, 4, True)
    ]
    body = (await secretariat.asks(AUTOMATIC, {})).json()
    assert [row["application"] for row in body["results"]["items"]] == [f"{EXHIBITION}.a"]
    path = f"{candidate('a')}/score-sheets"
    await secretariat.done(path, levels(4), role="curator", actor=DEWI)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
