"""The routes of drafts on real servers: for the enterprise alone, and gone in the end."""

from datetime import datetime

from services.registration.domain.exhibition.call import CLOSING_GRACE
from tests.registration.examples import CLOSES_AT, EXHIBITION
from tests.registration.registry import APPLICANT, EXHIBITION_PATH, VERIFIER, Registry, place
from tests.serving import code

DRAFT = f"{EXHIBITION_PATH}/draft"
CHECK = f"{EXHIBITION_PATH}/eligibility-check"


def draft_of(enterprise: str) -> str:
    """Return the path of this enterprise's draft."""
    return f"/drafts/{EXHIBITION}.{enterprise}"


async def unmet(registry: Registry, role: str, own: str) -> set[str]:
    """Return the rules that are not met by the check before a submission."""
    answer = await registry.sends(role, CHECK, {"enterprise": own}, enterprise=own)
    assert answer.is_success, answer.text
    return {rule["rule"] for rule in answer.json()["rules"] if rule["verdict"] != "PASS"}


async def test_a_draft_is_saved_checked_and_submitted(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    assert await unmet(registry, APPLICANT, own) == {"capacity"}
    await registry.applies(DRAFT, own, {"enterprise": own, "capacity": 5})
    office = {"channel": "association", "office": "Asosiasi Rahasia"}
    await registry.applies(DRAFT, own, {"enterprise": own, "capacity": 7, "recommendation": office})
    shown = await registry.gets(draft_of(own), APPLICANT, enterprise=own)
    assert shown["content"] == {"capacity": 7, **office, "letter": ""}
    assert await unmet(registry, APPLICANT, own) == set()
    assert await unmet(registry, VERIFIER, own) == {"capacity"}, "officers read no draft"
    submitting = f"{EXHIBITION_PATH}/draft-submission"
    early = await registry.sends(APPLICANT, submitting, {"enterprise": own}, enterprise=own)
    assert code(early) == (409, "draft-incomplete")
    await registry.applies(DRAFT, own, {"enterprise": own, "capacity": 7})
    for _ in range(2):
        answer = await registry.sends(
            APPLICANT, submitting, {"enterprise": own}, enterprise=own, key="once"
        )
        assert answer.status_code == 201, answer.text
    assert (await registry.gets(place(own)))["capacity"] == 7
    gone = await registry.api.query(APPLICANT, draft_of(own), enterprise=own)
    assert code(gone) == (404, "not-found")
    assert all("Rahasia" not in message for message in await registry.published())


async def test_a_draft_is_a_task_until_the_call_closes(registry: Registry) -> None:
    await registry.calling()
    own, other = await registry.registered(0), await registry.registered(1)
    for enterprise in (own, other):
        await registry.applies(DRAFT, enterprise, {"enterprise": enterprise, "capacity": 5})
    (task,) = (await registry.gets("/tasks", APPLICANT, enterprise=own))["items"]
    assert (task["task"], task["href"]) == ("submit-draft", draft_of(own))
    assert datetime.fromisoformat(task["due_at"]) == CLOSES_AT
    await registry.applies(f"{EXHIBITION_PATH}/draft-submission", own, {"enterprise": own})
    assert (await registry.gets("/tasks", APPLICANT, enterprise=own))["items"] == []


async def test_no_other_enterprise_and_no_officer_reads_a_draft(registry: Registry) -> None:
    await registry.calling()
    own, other = await registry.registered(0), await registry.registered(1)
    await registry.applies(DRAFT, own, {"enterprise": own, "capacity": 5})
    path = draft_of(own)
    strange = await registry.api.query(APPLICANT, path, enterprise=other)
    assert code(strange) == (403, "another-enterprise")
    assert code(await registry.api.query(VERIFIER, path)) == (403, "role-missing")


async def test_a_draft_is_discarded_or_goes_when_the_call_closes(registry: Registry) -> None:
    await registry.calling()
    own, other = await registry.registered(0), await registry.registered(1)
    for enterprise in (own, other):
        await registry.applies(DRAFT, enterprise, {"enterprise": enterprise, "capacity": 5})
    await registry.applies(f"{EXHIBITION_PATH}/draft-discarding", own, {"enterprise": own})
    registry.at(CLOSES_AT + CLOSING_GRACE)
    await registry.settles()
    for enterprise in (own, other):
        answer = await registry.api.query(APPLICANT, draft_of(enterprise), enterprise=enterprise)
        assert code(answer) == (404, "not-found")
