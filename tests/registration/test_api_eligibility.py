"""The routes about rules on real servers: the check before a submission, the rules of an
application, and the findings of an officer.
"""

from typing import Any

from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    AUDITOR,
    CALL,
    EXHIBITION_PATH,
    FINDING,
    FINDINGS,
    LICENCE,
    PLANNER,
    RETIREMENT,
    RUBRIC,
    RULE_SET,
    VERIFIER,
    Registry,
    form,
    place,
)
from tests.registration.rule_sets import RULES_OF_2018, RULES_OF_TODAY
from tests.serving import code

CHECKING = f"{EXHIBITION_PATH}/eligibility-check"
OF_DOCUMENTS = {"fields": ["DOCUMENTS"], "rules": ["licence"], "reason": "blurred"}


async def asks(registry: Registry, enterprise: str, **changes: object) -> dict[str, Any]:
    """Return the answer to the check of this enterprise."""
    token = registry.api.token(APPLICANT, enterprise=enterprise)
    answer = await registry.api.client.post(
        CHECKING,
        json={"enterprise": enterprise, "capacity": 5, **changes},
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_enterprise_learns_before_its_submission_what_is_missing(
    registry: Registry,
) -> None:
    await registry.calling()
    by = {"actor": "registrar"}
    own = await registry.done(VERIFIER, "/enterprises", form(0), **by)
    stored = await registry.stored()
    found = await asks(registry, own, capacity=0)
    assert (found["eligible"], found["rule_set"]) == (False, RULES_OF_2018)
    rules = {rule["rule"]: rule for rule in found["rules"]}
    assert {name: rule["verdict"] for name, rule in rules.items()} == {
        "licence": "MISSING",
        "capacity": "MISSING",
        "sector": "PASS",
        "participation-cap": "PASS",
        "sanction": "PASS",
        "size-class": "PASS",
    }
    assert "Unggah NIB" in rules["licence"]["sentence"]["id"]
    assert "File your NIB" in rules["licence"]["sentence"]["en"]
    assert await registry.stored() == stored
    await registry.done(VERIFIER, f"/enterprises/{own}/documents", LICENCE, **by)
    able = await asks(registry, own)
    assert (able["eligible"], able["refusal"]) == (True, None)
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    again = await asks(registry, own)
    assert (again["eligible"], again["refusal"]["code"]) == (False, "already-submitted")
    assert again["refusal"]["sentence"]["id"].startswith("Pelaku usaha ini sudah mengajukan")
    body = {"enterprise": own, "capacity": 5}
    for role, enterprise, expected in (
        (APPLICANT, "e-other", (403, "another-enterprise")),
        (PLANNER, None, (403, "role-missing")),
    ):
        token = registry.api.token(role, enterprise=enterprise)
        headers = {"authorization": f"Bearer {token}"}
        answer = await registry.api.client.post(CHECKING, json=body, headers=headers)
        assert code(answer) == expected


async def test_the_rules_of_an_application_are_shown_as_they_decided(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    waiting = await registry.gets(place(own), APPLICANT, enterprise=own)
    assert {rule["verdict"] for rule in waiting["rules"]} == {"PASS"}
    assert (waiting["rule_set"], waiting["requirements"]) == (
        RULES_OF_2018,
        ["licence", "capacity"],
    )
    (frozen,) = waiting["documents"]
    unread = {"findings": [{**FINDING, "document": frozen["document"]}], "reason": "Ibu Rahasia"}
    strange = await registry.sends(VERIFIER, f"{place(own)}/findings", FINDINGS)
    assert code(strange) == (409, "document-not-frozen")
    await registry.done(VERIFIER, f"{place(own)}/findings", unread)
    found = await registry.gets(place(own), AUDITOR)
    assert (found["rules"][0]["verdict"], found["rules"][0]["source"]) == ("MISSING", "FINDINGS")
    assert found["findings"] == unread["findings"]
    assert (await registry.gets(place(own), "ministry-system"))["findings"] is None
    sector = {**OF_DOCUMENTS, "rules": ["sector"]}
    answer = await registry.sends(VERIFIER, f"{place(own)}/correction-request", sector)
    assert code(answer) == (409, "rule-not-missing")
    await registry.done(VERIFIER, f"{place(own)}/correction-request", OF_DOCUMENTS)
    asked = await registry.gets(place(own), APPLICANT, enterprise=own)
    assert (asked["wanted_rules"], asked["status"]) == (["licence"], "NEEDS_CORRECTION")
    await registry.applies(f"{place(own)}/resubmission", own, {"capacity": 5})
    await registry.done(VERIFIER, f"{place(own)}/verification")
    decided = await registry.gets(place(own), APPLICANT, enterprise=own)
    assert (decided["status"], decided["reasons"]) == ("INELIGIBLE", ["licence"])
    assert decided["rules"] == found["rules"]
    assert decided["rules"][0]["text"] == RULE_SET["rules"][0]["text"]
    published = "".join(await registry.published())
    assert "not-legible" not in published
    assert "Rahasia" not in published


async def test_a_call_names_a_rule_set_that_is_there_and_in_force(registry: Registry) -> None:
    await registry.planned()
    await registry.receives(RUBRIC.rubric, RUBRIC)
    missing = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/call", {**CALL, "rule_set": "none"})
    assert code(missing) == (409, "unknown-rule-set")
    for id, days in (
        (RULES_OF_TODAY, {"in_force_from": "2021-02-02", "in_force_through": None}),
        ("retired", {}),
    ):
        await registry.done(PLANNER, "/rule-sets", {**RULE_SET, "rule_set": id, **days})
    await registry.done(PLANNER, "/rule-sets/retired/retirement", RETIREMENT)
    for id, expected in (
        (RULES_OF_TODAY, "rule-set-not-in-force"),
        ("retired", "rule-set-retired"),
    ):
        answer = await registry.sends(PLANNER, f"{EXHIBITION_PATH}/call", {**CALL, "rule_set": id})
        assert code(answer) == (409, expected)
    standards = [{"one_of": ["ISO", "HACCP"], "sectors": ["14"]}]
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/call", {**CALL, "standards": standards})
    own = await registry.registered(0)
    found = await asks(registry, own)
    rules = {rule["rule"]: rule for rule in found["rules"]}
    assert rules["international-standard"]["wanted"] == [["ISO", "HACCP"]]
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    await registry.done(VERIFIER, f"{place(own)}/verification")
    assert (await registry.gets(place(own)))["reasons"] == ["international-standard"]
