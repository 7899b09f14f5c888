"""The tasks of curators, selection officers and approvers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.selection.api.tasks import TASKS
from services.selection.domain.candidate.decider import SealSheets
from services.selection.domain.candidate.decider import candidate as candidates
from services.selection.views.own import RoundFigures
from shared.contracts.registration.application import ApplicationVerified
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import context
from tests.selection.examples import (
    ANI,
    DEWI,
    EXHIBITION,
    PANEL,
    SUBMITTED_AT,
    A,
    B,
    applicant,
)
from tests.selection.secretariat import (
    ROUND,
    Secretariat,
    accepted,
    candidate,
    funded,
    levels,
    loss,
    withdrawn,
)
from tests.selection.test_reactions import CALL
from tests.serving import code


async def tasks(secretariat: Secretariat, role: str, actor: str | None = None) -> list[Any]:
    """Return name, id and link of each task of a caller."""
    await secretariat.settles()
    body = await secretariat.shows("/tasks", role, actor=actor)
    return [(item["task"], item["id"], item["href"]) for item in body["items"]]


async def test_each_role_sees_what_it_can_do_next(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    officer = "selection-officer"
    assign = ("assign-curators", A, f"{candidate('a')}/assignments")
    assert await tasks(secretariat, officer) == [assign]
    await secretariat.asks(
        f"{ROUND}/assignments", {"assignments": [{"application": A, "curators": PANEL}]}
    )
    assert await tasks(secretariat, officer) == []
    score = ("score-candidate", A, f"{candidate('a')}/score-sheets")
    assert await tasks(secretariat, "curator", ANI) == [score]
    assert await tasks(secretariat, "curator", DEWI) == []
    token = secretariat.api.token("curator", actor=ANI, enterprise="a")
    headers = {"authorization": f"Bearer {token}"}
    own = await secretariat.api.client.get("/tasks", headers=headers)
    assert own.json() == {"items": [], "more": {}}
    for curator in PANEL:
        await secretariat.done(
            f"{candidate('a')}/score-sheets", levels(4), role="curator", actor=curator
        )
        assert await tasks(secretariat, "curator", curator) == []
    closing = ("close-scoring", EXHIBITION, f"{ROUND}/scoring-closure")
    assert await tasks(secretariat, officer) == [closing]
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    proposing = ("propose-selection", EXHIBITION, f"{ROUND}/proposal")
    assert await tasks(secretariat, officer) == [proposing]
    assert await tasks(secretariat, "approver") == []
    await secretariat.done(f"{ROUND}/proposal", {})
    approving = ("approve-selection", EXHIBITION, f"{ROUND}/approval")
    assert await tasks(secretariat, "approver") == [approving]
    assert code(await secretariat.reads("/tasks", "auditor")) == (403, "role-missing")


async def test_a_round_that_waits_for_a_panel_a_decision_or_a_document_is_a_task(
    secretariat: Secretariat,
) -> None:
    officer = "selection-officer"
    await secretariat.receives(EXHIBITION, CALL)
    appointing = ("appoint-panel", EXHIBITION, f"{ROUND}/panel")
    assert appointing in await tasks(secretariat, officer)
    await secretariat.approved({"a": 5, "b": 4})
    await secretariat.receives(EXHIBITION, funded("a"), funded("b"))
    await secretariat.receives(A, accepted("a"))
    assert await tasks(secretariat, officer) == []
    await secretariat.receives(B, accepted("b"))
    decreeing = ("decree-participants", EXHIBITION, f"{ROUND}/decree")
    assert await tasks(secretariat, officer) == [decreeing]
    await secretariat.done(f"{ROUND}/losses", loss("a"))
    deciding = ("decide-loss", EXHIBITION, f"{ROUND}/losses")
    assert await tasks(secretariat, "approver") == [deciding]
    await secretariat.done(f"{ROUND}/losses/approval", {"application": A}, role="approver")
    assert await tasks(secretariat, "approver") == []
    assert (await secretariat.signs("decree", "SK-7")).is_success
    assert await tasks(secretariat, officer) == []
    await secretariat.receives(B, withdrawn("b"))
    recording = ("record-amendment", EXHIBITION, f"{ROUND}/amendments")
    assert await tasks(secretariat, officer) == [recording]
    assert (await secretariat.signs("amendments", "SK-8")).is_success
    assert await tasks(secretariat, officer) == []


async def test_tasks_that_a_reader_may_not_see_hide_no_others(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", "c")
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    conflict = {"reason": "a cousin"}
    await secretariat.done(f"{candidate('a')}/conflicts", conflict, role="curator", actor=DEWI)
    await secretariat.settles()
    body = await secretariat.shows("/tasks", "selection-officer", actor=DEWI, limit="1")
    assigning = [item["id"] for item in body["items"] if item["task"] == "assign-curators"]
    assert (assigning, [*body["more"]]) == ([B], ["assign-curators"])


async def test_curators_are_assigned_once_there_is_a_panel(secretariat: Secretariat) -> None:
    await secretariat.receives(EXHIBITION, CALL)
    verified = ApplicationVerified(
        applicant=applicant("a"),
        rule_set="2018-1",
        submitted_at=SUBMITTED_AT,
        valid_through=date(2018, 4, 29),
    )
    await secretariat.receives(A, verified)
    officer = "selection-officer"
    appointing = ("appoint-panel", EXHIBITION, f"{ROUND}/panel")
    assert await tasks(secretariat, officer) == [appointing]
    await secretariat.done(f"{ROUND}/panel", {"curators": PANEL})
    assigning = ("assign-curators", A, f"{candidate('a')}/assignments")
    assert await tasks(secretariat, officer) == [assigning]


async def test_after_a_return_each_curator_may_moderate_its_opened_sheet(
    secretariat: Secretariat,
) -> None:
    await secretariat.proposed({"a": 4})
    assert await tasks(secretariat, "curator", ANI) == []
    returning = {"code": "scores-diverge", "reason": "look again"}
    await secretariat.done(f"{ROUND}/return", returning, role="approver")
    await secretariat.settles()
    path = f"{candidate('a')}/score-sheets/moderation"
    moderating = ("moderate-scores", A, path)
    for curator in PANEL:
        assert await tasks(secretariat, "curator", curator) == [moderating]
    moderated = {**levels(5), "code": "discussion", "reason": "a wrong line"}
    await secretariat.done(path, moderated, role="curator", actor=ANI)
    assert await tasks(secretariat, "curator", ANI) == []
    other = next(curator for curator in PANEL if curator != ANI)
    assert await tasks(secretariat, "curator", other) == [moderating]
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    assert await tasks(secretariat, "curator", other) == []


async def test_a_closing_that_found_too_few_sheets_is_to_be_returned(
    secretariat: Secretariat,
) -> None:
    await secretariat.opened("a")
    await secretariat.scored("a", 4)
    # The closing finds all sheets, and the seal finds too few: in between some were retracted.
    short = SealSheets(closing=1, sheets_min=len(PANEL) + 1)
    reacting = context(origin=Origin.REACTION, key="seal")
    await secretariat.api.service.handle(candidates, A, short, reacting)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    returning = ("return-selection", EXHIBITION, f"{ROUND}/return")
    assert await tasks(secretariat, "approver") == [returning]
    assert await tasks(secretariat, "approver", ANI) == [], "it scored"
    assert await tasks(secretariat, "approver", "selection-officer-1") == [], "it closed"
    assert await tasks(secretariat, "selection-officer") == [], "nothing can be proposed"
    assert code(await secretariat.asks(f"{ROUND}/proposal", {})) == (409, "sheets-missing")
    found = await secretariat.shows("/candidates", progress="UNSCORED")
    assert [row["id"] for row in found["items"]] == [A]
    body = {"code": "other", "reason": "a sheet is missing"}
    await secretariat.done(f"{ROUND}/return", body, role="approver")
    assert await tasks(secretariat, "approver") == []


async def test_a_decision_of_another_person_is_no_task(secretariat: Secretariat) -> None:
    async def of_approver(**token: str) -> list[str]:
        await secretariat.settles()
        answer = await secretariat.reads("/tasks", "approver", **token)
        return [item["task"] for item in answer.json()["items"]]

    digest = await secretariat.proposed({"a": 5, "b": 4})
    assert await of_approver() == ["approve-selection"]
    assert await of_approver(actor=ANI) == [], "it scored"
    assert await of_approver(actor="selection-officer-1") == [], "it proposed"
    assert await of_approver(enterprise="a") == [], "its enterprise is a candidate"
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    await secretariat.receives(EXHIBITION, funded("a"), funded("b"))
    await secretariat.receives(A, accepted("a"))
    await secretariat.done(f"{ROUND}/losses", loss("a"))
    assert await of_approver() == ["decide-loss"]
    assert await of_approver(actor="selection-officer-1") == [], "it requested the loss"
    assert await of_approver(enterprise="b") == [], "its enterprise has an interest in it"


async def test_who_has_declared_a_conflict_does_not_propose(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    await secretariat.done(f"{ROUND}/panel", {"curators": [*PANEL, DEWI]})
    path = f"{candidate('a')}/conflicts"
    await secretariat.done(path, {"reason": "a cousin"}, role="curator", actor=DEWI)
    await secretariat.scored("a", 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    officer = "selection-officer"
    assert "propose-selection" in [task[0] for task in await tasks(secretariat, officer)]
    assert "propose-selection" not in [task[0] for task in await tasks(secretariat, officer, DEWI)]


def test_a_decree_can_be_recorded_until_the_exhibition_has_ended() -> None:
    (task,) = (each for each in TASKS if each.name == "decree-participants")
    figures = RoundFigures(programme="2018", scope=Scope.DOMESTIC, ends_on=date(2018, 4, 29))
    assert task.due_at(figures) == datetime(2018, 4, 29, 16, 59, 59, 999_000, UTC)
    assert task.due_at(replace(figures, ends_on=date.max)) is None
