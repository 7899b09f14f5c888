"""A token that speaks for a candidate's enterprise decides nothing in the round of its rivals."""

from datetime import date
from typing import Any

from shared.contracts.registration.application import ApplicationVerified
from tests.selection.examples import (
    ANI,
    EXHIBITION,
    PANEL,
    SUBMITTED_AT,
    A,
    B,
    applicant,
)
from tests.selection.secretariat import (
    ROUND,
    RUBRIC,
    Secretariat,
    accepted,
    candidate,
    funded,
    withdrawn,
)
from tests.selection.test_reactions import CALL
from tests.serving import code

OWN = (409, "own-enterprise")
UNASSIGN = {"curator": ANI, "code": "other", "reason": "a slip"}


def entering(enterprise: str) -> ApplicationVerified:
    """Return the event by which this enterprise becomes a candidate."""
    return ApplicationVerified(
        applicant=applicant(enterprise),
        rule_set="2018-1",
        submitted_at=SUBMITTED_AT,
        valid_through=date(2018, 4, 29),
    )


async def rival_tasks(secretariat: Secretariat, enterprise: str) -> list[Any]:
    """Return the names of the tasks of an officer whose token speaks for this enterprise."""
    await secretariat.settles()
    answer = await secretariat.reads("/tasks", "selection-officer", enterprise=enterprise)
    return [item["task"] for item in answer.json()["items"]]


async def test_a_candidate_that_is_not_listed_yet_binds_its_officer(
    secretariat: Secretariat,
) -> None:
    await secretariat.done("/rubrics", RUBRIC)
    await secretariat.receives(EXHIBITION, CALL)
    await secretariat.receives(A, entering("a"))
    await secretariat.receives(B, entering("b"))
    panel = {"curators": PANEL}
    assert code(await secretariat.asks(f"{ROUND}/panel", panel, enterprise="b")) == OWN
    assert (await secretariat.asks(f"{ROUND}/panel", panel, enterprise="z")).is_success
    path = f"{candidate('a')}/assignments"
    assert code(await secretariat.asks(path, {"curator": ANI}, enterprise="b")) == OWN
    assert "assign-curators" not in await rival_tasks(secretariat, "b")
    assert "assign-curators" in await rival_tasks(secretariat, "z")
    plan = {"assignments": [{"application": A, "curators": [ANI]}]}
    many = await secretariat.asks(f"{ROUND}/assignments", plan, enterprise="b")
    assert [(row["status"], row["code"]) for row in many.json()["items"]] == [OWN]
    await secretariat.done(path, {"curator": ANI})
    assert code(await secretariat.asks(f"{path}/removal", UNASSIGN, enterprise="b")) == OWN
    await secretariat.receives(B, withdrawn("b"))
    assert (await secretariat.asks(f"{path}/removal", UNASSIGN, enterprise="b")).is_success


async def test_a_reserve_closes_decrees_and_amends_nothing(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b", "c")
    for enterprise in ("a", "b", "c"):
        await secretariat.scored(enterprise, 4)
    close = f"{ROUND}/scoring-closure"
    assert code(await secretariat.asks(close, {}, enterprise="c")) == OWN
    assert await rival_tasks(secretariat, "c") == []
    assert await rival_tasks(secretariat, "z") == ["close-scoring"]
    await secretariat.done(close, {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    digest = (await secretariat.shows(f"{ROUND}/proposal"))["digest"]
    await secretariat.done(f"{ROUND}/approval", {"digest": digest}, role="approver")
    await secretariat.receives(EXHIBITION, funded("a"), funded("b"))
    await secretariat.receives(A, accepted("a"))
    await secretariat.receives(B, accepted("b"))
    annex = (await secretariat.shows(f"{ROUND}/annex"))["digest"]
    signed = {"number": "SK-7", "signed_on": "2018-02-01", "annex_digest": annex}
    assert code(await secretariat.asks(f"{ROUND}/decree", signed, enterprise="c")) == OWN
    assert await rival_tasks(secretariat, "c") == []
    await secretariat.done(f"{ROUND}/decree", signed)
    await secretariat.receives(B, withdrawn("b"))
    signed["number"] = "SK-8"
    assert code(await secretariat.asks(f"{ROUND}/amendments", signed, enterprise="c")) == OWN
    assert await rival_tasks(secretariat, "c") == []
    assert await rival_tasks(secretariat, "z") == ["record-amendment"]


async def test_a_rival_reads_no_opened_sheet_and_no_score(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    for enterprise in ("a", "b"):
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    for role in ("approver", "auditor", "selection-officer"):
        for enterprise, opened in (("b", False), ("z", True)):
            of = {"actor": "wati", "enterprise": enterprise}
            shown = (await secretariat.reads(candidate("a"), role, **of)).json()
            (listed,) = [
                item
                for item in (await secretariat.reads("/candidates", role, **of)).json()["items"]
                if item["id"] == A
            ]
            for answer in (shown, listed):
                assert (answer["score"] is not None, bool(answer["sheets"])) == (opened, opened)
