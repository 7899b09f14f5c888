"""Inferred conflicts on real servers: from the panel's relations to the closing, and back."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.contracts.relations import Relation
from shared.kernel.keys import HashKeys
from tests.relations import DINAS, SARI, TONO, board_member, owner, proposer
from tests.selection.examples import ANI, BUDI, CITRA, DEWI, EXHIBITION, PANEL
from tests.selection.secretariat import ROUND, Secretariat, candidate, levels
from tests.selection.test_api_interests import entering
from tests.serving import code
from tests.settled import settled

AUTOMATIC = f"{ROUND}/automatic-assignments"
RELATED = (409, "curator-related")
EVERYBODY = (*PANEL, DEWI)


def keys_of(secretariat: Secretariat) -> HashKeys:
    """Return the keys with which registration has frozen the relations of applications."""
    return HashKeys(secretariat.api.service.engine.settings.relation_keys)


async def opened(secretariat: Secretariat) -> None:
    """Open a round: Sari owns `a` and is on the board of `b`; a dinas has proposed `c`."""
    keys = keys_of(secretariat)
    relations: dict[str, tuple[Relation, ...]] = {
        "a": (owner(SARI, keys),),
        "b": (board_member(SARI, keys), board_member(TONO, keys)),
        "c": (proposer(DINAS, keys),),
    }
    await secretariat.opened("a", "b", "c", relations=relations)


def panel(curators: tuple[str, ...] = EVERYBODY, **relations: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a panel; `relations` are those of Ani and of Budi."""
    names = {"ani": ANI, "budi": BUDI}
    profiles = [
        {"curator": names[name], "relations": given} for name, given in sorted(relations.items())
    ]
    return {"curators": curators, "profiles": profiles}


async def conflicts_of(secretariat: Secretariat, enterprise: str) -> dict[str, list[str]]:
    found = await secretariat.shows(candidate(enterprise), "auditor")
    return {each["curator"]: each["kinds"] for each in found["conflicts"]}


async def everything(secretariat: Secretariat) -> str:
    """Return all that the service has stored, as a text."""
    database = secretariat.api.service.engine.database
    found = []
    for name in await database.collection_names():
        found += [json.dumps(each, default=str) async for each in database.collection(name).find()]
    return "\n".join(found)


async def test_a_related_curator_is_barred_before_any_assignment(
    secretariat: Secretariat,
) -> None:
    await opened(secretariat)
    body = panel(ani={"nik": SARI}, budi={"employers": ["DINAS KOPERASI & UKM JAWA BARAT"]})
    await secretariat.done(f"{ROUND}/panel", body)
    assert await conflicts_of(secretariat, "a") == {ANI: ["OWNER"]}
    assert await conflicts_of(secretariat, "b") == {ANI: ["BOARD"]}
    assert await conflicts_of(secretariat, "c") == {BUDI: ["PROPOSER"]}
    assert (await secretariat.shows(ROUND))["relations_known"] == [ANI, BUDI]
    assert (await secretariat.shows(ROUND, "ministry-system"))["relations_known"] is None
    path = f"{candidate('a')}/assignments"
    assert code(await secretariat.asks(path, {"curator": ANI})) == RELATED
    trial = await secretariat.shows(f"{ROUND}/assignment-trial")
    assert trial["related_pairs"] == 3
    rows = {row["application"].partition(".")[2]: row["related"] for row in trial["items"]}
    assert rows["c"] == [{"curator": BUDI, "kinds": ["PROPOSER"]}]
    done = (await secretariat.asks(AUTOMATIC, {})).json()
    assert (done["lacking"], done["results"]["refused"]) == (0, 0)
    for enterprise in "ab":
        assert ANI not in (await secretariat.shows(candidate(enterprise)))["curators"]
    # Whatever roles the token has, it sees nothing of the candidate.
    seen = await secretariat.reads(candidate("a"), "curator", "selection-officer", actor=ANI)
    assert code(seen) == (403, "curator-related")
    listed = await secretariat.shows("/candidates", "selection-officer", actor=ANI)
    assert [item["id"] for item in listed["items"]] == [f"{EXHIBITION}.c"]


async def test_a_relation_that_becomes_known_late_sets_the_sheet_aside(
    secretariat: Secretariat,
) -> None:
    await opened(secretariat)
    for enterprise in "abc":
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/panel", panel(ani={"nik": SARI}))
    found = await secretariat.shows(candidate("a"), "auditor")
    assert found["curators"] == [BUDI, CITRA]
    own = await secretariat.reads(candidate("a"), "curator", actor=ANI)
    assert code(own) == (403, "curator-related")
    sheets = await secretariat.asks(
        f"{candidate('a')}/score-sheets", levels(5), role="curator", actor=ANI
    )
    assert code(sheets) == RELATED
    missing = await secretariat.asks(f"{ROUND}/scoring-closure", {})
    assert code(missing) == (409, "sheets-missing")
    # The automatic assignment finds another curator, and its sheet closes the scoring.
    await secretariat.asks(AUTOMATIC, {})
    for enterprise in "ab":
        path = f"{candidate(enterprise)}/score-sheets"
        await secretariat.done(path, levels(4), role="curator", actor=DEWI)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    sealed = await secretariat.shows(candidate("a"), "auditor")
    assert {sheet["curator"] for sheet in sealed["sheets"]} == {BUDI, CITRA, DEWI}
    assert [sheet["curator"] for sheet in sealed["set_aside"]] == [ANI]
    # It counts like a declared conflict: Ani proposes nothing.
    proposing = await secretariat.asks(f"{ROUND}/proposal", {}, actor=ANI)
    assert code(proposing) == (409, "conflict-declared")


async def test_a_wrong_number_is_corrected_until_a_sheet_is_opened(
    secretariat: Secretariat,
) -> None:
    await opened(secretariat)
    for enterprise in "abc":
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/panel", panel(ani={"nik": SARI}))
    await secretariat.done(f"{ROUND}/panel", panel(ani={"nik": "3171015708850003"}))
    assert await conflicts_of(secretariat, "a") == {}
    for enterprise in "ab":
        path = candidate(enterprise)
        await secretariat.done(f"{path}/assignments", {"curator": ANI})
        await secretariat.done(f"{path}/score-sheets", levels(4), role="curator", actor=ANI)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    back = {"code": "conflict-found", "reason": "a slip"}
    await secretariat.done(f"{ROUND}/return", back, role="approver")
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/panel", panel(ani={"nik": SARI}))
    assert await conflicts_of(secretariat, "a") == {ANI: ["OWNER"]}
    await secretariat.done(f"{ROUND}/panel", panel(ani={}))
    assert await conflicts_of(secretariat, "a") == {ANI: ["OWNER"]}, "the scores were read"


async def test_a_candidate_that_enters_later_is_barred_too(secretariat: Secretariat) -> None:
    await secretariat.opened("a")
    await secretariat.done(f"{ROUND}/panel", panel(ani={"nik": SARI}))
    late = entering("b").model_copy(update={"relations": (owner(SARI, keys_of(secretariat)),)})
    await secretariat.receives(f"{EXHIBITION}.b", late)
    assert await conflicts_of(secretariat, "b") == {ANI: ["OWNER"]}
    path = f"{candidate('b')}/assignments"
    assert code(await secretariat.asks(path, {"curator": ANI})) == RELATED


async def test_of_two_applicants_of_one_owner_only_the_better_gets_a_place(
    secretariat: Secretariat,
) -> None:
    keys = keys_of(secretariat)
    relations = {"a": (owner(SARI, keys),), "b": (owner(SARI, keys),), "c": (owner(TONO, keys),)}
    await secretariat.opened("a", "b", "c", relations=relations)
    for enterprise, level in (("a", 5), ("b", 5), ("c", 4)):
        await secretariat.scored(enterprise, level)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    proposal = await secretariat.shows(f"{ROUND}/proposal")
    selected = {row["application"].partition(".")[2] for row in proposal["selected"]}
    assert selected in ({"a", "c"}, {"b", "c"})
    assert owner(SARI, keys).hash.partition(".")[2][:16] not in str(proposal)


async def test_no_plain_number_is_stored_logged_or_shown(secretariat: Secretariat) -> None:
    await opened(secretariat)
    with capture_logs() as logs:
        body = panel(ani={"nik": SARI, "employers": [DINAS], "employer_npwps": ["012345678901000"]})
        answer = await secretariat.asks(f"{ROUND}/panel", body)
    wrong = panel(ani={"nik": "3171015708850000"})
    refused = await secretariat.asks(f"{ROUND}/panel", wrong)
    assert code(refused)[0] == 422
    await settled(secretariat.api.service)
    shown = json.dumps([await secretariat.shows(candidate("a"), "auditor")])
    stored = await everything(secretariat)
    assert owner(SARI, keys_of(secretariat)).hash in stored
    found = "\n".join((answer.text, refused.text, str(logs), shown, stored))
    for plain in (SARI, "3171015708850000", DINAS, "012345678901000", "Dinas Koperasi"):
        assert plain not in found
    assert owner(SARI, keys_of(secretariat)).hash not in shown


async def test_relations_of_another_key_are_said_and_not_passed_over(
    secretariat: Secretariat,
) -> None:
    strange = HashKeys((b"a key that selection does not have, of 32",))
    await secretariat.opened("a", relations={"a": (owner(SARI, strange),)})
    answer = await secretariat.asks(f"{ROUND}/panel", panel(ani={"nik": SARI}))
    assert code(answer) == (503, "relation-key-unknown")
    path = f"{candidate('a')}/assignments"
    assert code(await secretariat.asks(path, {"curator": BUDI})) == (503, "relation-key-unknown")


@pytest.mark.parametrize("role", ["approver", "curator", "auditor"])
async def test_only_a_selection_officer_gives_relations(
    secretariat: Secretariat, role: str
) -> None:
    body = panel(ani={"nik": SARI})
    assert code(await secretariat.asks(f"{ROUND}/panel", body, role=role)) == (403, "role-missing")
