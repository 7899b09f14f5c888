"""Other terms are tried by the rules that rank, and nothing is written."""

from typing import Any

import pytest

from tests.selection.examples import ANI, EXHIBITION, PANEL, A, B, C, D
from tests.selection.secretariat import ROUND, Secretariat, candidate, levels
from tests.selection.test_api import SCORES
from tests.serving import code

ASKING = f"{ROUND}/what-if"
ALL_WEIGHT = {
    "product-quality": 94,
    **dict.fromkeys(
        (
            "capacity-continuity",
            "design-packaging",
            "market-fit",
            "price",
            "export-readiness",
            "earlier-reports",
        ),
        1,
    ),
}


async def what_if(secretariat: Secretariat, **change: object) -> dict[str, Any]:
    """Return the answer to this change of terms."""
    token = secretariat.api.token("selection-officer")
    headers = {"authorization": f"Bearer {token}"}
    answer = await secretariat.api.client.post(ASKING, json=change, headers=headers)
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def refused(secretariat: Secretariat, role: str, **change: object) -> tuple[int, str]:
    headers = {"authorization": f"Bearer {secretariat.api.token(role)}"}
    return code(await secretariat.api.client.post(ASKING, json=change, headers=headers))


async def test_other_terms_are_tried_by_the_rules_that_rank(secretariat: Secretariat) -> None:
    await secretariat.proposed(SCORES)
    before = await secretariat.shows(ROUND)
    proposal = await secretariat.shows(f"{ROUND}/proposal")
    same = await what_if(secretariat)
    assert same["now"] == same["then"] == [row["application"] for row in proposal["selected"]]
    assert (same["enters"], same["leaves"], same["unscored"]) == ([], [], [])
    more = await what_if(secretariat, places=3)
    assert more["enters"] == [{"application": C, "score": 8_000, "then": 8_000}]
    fewer = await what_if(secretariat, threshold=9_000, application=D)
    assert fewer["leaves"] == [{"application": A, "score": 8_000, "then": 8_000}]
    assert fewer["enough"] == {"score": 9_000, "places": None}, "no place makes up for a threshold"
    third = await what_if(secretariat, application=C)
    assert third["enough"] == {"score": 8_001, "places": 3}
    first = await what_if(secretariat, application=B)
    assert first["enough"] == {"score": None, "places": None}
    firsts = {"code": "koperasi", "group": {"form": "cooperatives"}, "maximum": 1}
    assert (await what_if(secretariat, quotas=[firsts]))["now"] == same["now"]
    assert await secretariat.shows(ROUND) == before, "nothing is written"
    assert await refused(secretariat, "auditor") == (403, "not-approved-yet")


async def test_money_and_minima_that_cannot_be_met_are_tried(secretariat: Secretariat) -> None:
    await secretariat.proposed(SCORES)
    poor = {"funds": {"ceiling_idr": 100, "place_cost_idr": 100}}
    paid = await what_if(secretariat, **poor)
    assert (len(paid["then"]), paid["shortfalls"]) == (1, [])
    both = await what_if(secretariat, funds="UNLIMITED")
    assert both["then"] == both["now"]
    three = {"code": "koperasi", "group": {"form": "cooperatives"}, "minimum": 3}
    missed = await what_if(secretariat, quotas=[three])
    assert missed["shortfalls"] == [{"quota": "koperasi", "places": 3}], "none is a cooperative"


async def test_without_a_curator_its_sheets_do_not_count(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    for enterprise, given in (("a", (5, 3, 3)), ("b", (3, 4, 4))):
        for curator, level in zip(PANEL, given, strict=True):
            await secretariat.done(f"{candidate(enterprise)}/assignments", {"curator": curator})
            path = f"{candidate(enterprise)}/score-sheets"
            await secretariat.done(path, levels(level), role="curator", actor=curator)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    both = await what_if(secretariat, places=1)
    assert both["then"] == [A] or both["then"] == [B]
    without = await what_if(secretariat, places=1, without=[ANI])
    assert without["then"] == [B]
    nothing = await what_if(secretariat, without=list(PANEL))
    assert (nothing["then"], nothing["unscored"]) == ([], [A, B])


async def test_other_weights_count_the_same_levels(secretariat: Secretariat) -> None:
    await secretariat.opened("a", "b")
    good = {**levels(3)["levels"], "product-quality": 5}
    for enterprise, sheet in (("a", good), ("b", {**levels(4)["levels"], "product-quality": 3})):
        for curator in PANEL:
            await secretariat.done(f"{candidate(enterprise)}/assignments", {"curator": curator})
            path = f"{candidate(enterprise)}/score-sheets"
            await secretariat.done(path, {"levels": sheet}, role="curator", actor=curator)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    present = await what_if(secretariat, places=1)
    assert present["then"] == [B]
    heavier = await what_if(secretariat, places=1, weights=ALL_WEIGHT)
    assert heavier["then"] == [A]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"weights": {"product-quality": 50}}, (409, "weights-not-100")),
        ({"weights": {"smell": 100}}, (409, "criterion-unknown")),
        ({"weights": {"price": 0}}, (422, "malformed-request")),
        ({"places": -1}, (422, "malformed-request")),
        ({"threshold": 10_001}, (422, "malformed-request")),
        ({"application": f"{EXHIBITION}.z"}, (409, "unknown-candidate")),
        ({"without": ["curator-zoe"]}, (409, "unknown-curator")),
        ({"funds": "ENDLESS"}, (422, "malformed-request")),
        ({"luck": 1}, (422, "malformed-request")),
    ],
)
async def test_a_wrong_question_is_refused(
    secretariat: Secretariat, change: dict[str, object], refusal: tuple[int, str]
) -> None:
    await secretariat.proposed({"a": 4})
    assert await refused(secretariat, "approver", **change) == refusal


async def test_it_is_for_those_who_decide_once_the_sheets_are_sealed(
    secretariat: Secretariat,
) -> None:
    assert await refused(secretariat, "selection-officer") == (404, "not-found")
    await secretariat.opened("a", "b")
    assert await refused(secretariat, "selection-officer") == (403, "sheets-not-open")
    for enterprise in "ab":
        await secretariat.scored(enterprise, 4)
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    assert (await what_if(secretariat))["now"]
    assert await refused(secretariat, "curator") == (403, "role-missing")
    token = secretariat.api.token("selection-officer", enterprise="a")
    headers = {"authorization": f"Bearer {token}"}
    rival = await secretariat.api.client.post(ASKING, json={}, headers=headers)
    assert code(rival) == (403, "own-enterprise")
