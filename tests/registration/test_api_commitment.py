"""The routes of the commitment letter on real servers, and its deadline by the clock."""

from datetime import datetime, timedelta
from typing import Any

from services.registration.domain.application.state import TICK
from shared.contracts.selection.round_seats import PlaceConfirmed
from tests.registration.examples import CLOSES_AT, EXHIBITION, EXHIBITION_FIELDS
from tests.registration.registry import (
    APPLICANT,
    CALL,
    EXHIBITION_PATH,
    LICENCE,
    PLANNER,
    RUBRIC,
    VERIFIER,
    Registry,
    place,
)
from tests.registration.test_api_documents import uploaded
from tests.serving import code

DAYS = 7
RETURN = {"code": "not-signed", "reason": "as Ibu Rahasia wrote"}


async def accepted(registry: Registry) -> str:
    """Return an enterprise that accepted a place whose call asks for a letter."""
    await registry.planned()
    await registry.receives(RUBRIC.rubric, RUBRIC)
    terms = {**CALL, "commitment_days": DAYS}
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/call", terms)
    own = await registry.eligible(0)
    await registry.verified()
    await registry.offered(own)
    await registry.applies(f"{place(own)}/acceptance", own)
    return own


async def letter(registry: Registry, own: str, **more: Any) -> str:
    """File a signed letter of this enterprise with its file, and return its id."""
    form = {
        **LICENCE,
        "document_kind": "COMMITMENT_LETTER",
        "issued_on": "2018-03-01",
        "file": await uploaded(registry, own),
        **more,
    }
    return await registry.applies(f"/enterprises/{own}/documents", own, form)


async def test_a_letter_is_delivered_returned_and_delivered_again(registry: Registry) -> None:
    own = await accepted(registry)
    shown = await registry.gets(place(own))
    due_at = datetime.fromisoformat(shown["commitment_due_at"])
    assert due_at - registry.api.service.now() <= timedelta(days=DAYS)
    delivering = f"{place(own)}/commitment"
    (task,) = (await registry.gets("/tasks", APPLICANT, enterprise=own))["items"]
    assert (task["task"], task["label"]["id"], task["href"]) == (
        "deliver-commitment",
        "Serahkan surat pernyataan kesanggupan",
        delivering,
    )
    story = await registry.gets(f"{place(own)}/story", APPLICANT, enterprise=own)
    assert (story["acts"], story["due_at"]) == ("APPLICANT", shown["commitment_due_at"])
    signed = await letter(registry, own)
    await registry.applies(delivering, own, {"document": signed})
    shown = await registry.gets(place(own))
    letter_shown = shown["commitment"]
    assert (letter_shown["document"], letter_shown["signed_on"], len(letter_shown["sha256"])) == (
        signed,
        "2018-03-01",
        64,
    )
    assert (await registry.gets(place(own), PLANNER))["commitment"]["sha256"] is None
    await registry.receives(
        EXHIBITION, PlaceConfirmed(application=f"{EXHIBITION}.{own}", **EXHIBITION_FIELDS)
    )
    await registry.done(VERIFIER, f"{place(own)}/commitment-return", RETURN, actor="officer-9")
    story = await registry.gets(f"{place(own)}/story", APPLICANT, enterprise=own)
    assert (story["status"], [each["en"] for each in story["because"]]) == (
        "CONFIRMED",
        ["The letter is not signed."],
    )
    await registry.applies(delivering, own, {"document": await letter(registry, own)})
    assert (await registry.gets("/tasks", APPLICANT, enterprise=own))["items"] == []
    assert all("Rahasia" not in message for message in await registry.published())


async def test_a_letter_of_another_enterprise_is_unknown(registry: Registry) -> None:
    own = await accepted(registry)
    other = await registry.registered(1)
    strange = await letter(registry, other)
    delivering = f"{place(own)}/commitment"
    answer = await registry.sends(APPLICANT, delivering, {"document": strange}, enterprise=own)
    assert code(answer) == (409, "unknown-document")
    answer = await registry.sends(APPLICANT, delivering, {"document": strange}, enterprise=other)
    assert code(answer) == (403, "another-enterprise")


async def test_a_letter_that_does_not_come_costs_the_place(registry: Registry) -> None:
    own = await accepted(registry)
    due_at = datetime.fromisoformat((await registry.gets(place(own)))["commitment_due_at"])
    assert due_at > CLOSES_AT
    registry.at(due_at + TICK)
    await registry.settles()
    shown = await registry.gets(place(own))
    assert (shown["status"], shown["reasons"], shown["commitment_due_at"]) == (
        "LAPSED",
        ["commitment-not-delivered"],
        None,
    )


async def test_no_application_freezes_a_commitment_letter(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    signed = await letter(registry, own, issued_on="2018-02-01")
    await registry.applies(
        f"{EXHIBITION_PATH}/applications", own, {"enterprise": own, "capacity": 5}
    )
    shown = await registry.gets(place(own))
    assert signed not in {each["document"] for each in shown["documents"]}


async def test_a_recommendation_is_shown_to_judges_and_its_office_is_on_no_topic(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.registered(0)
    more = {"document_kind": "RECOMMENDATION", "issued_on": "2018-01-20"}
    recommended = await letter(registry, own, **more)
    named = {"channel": "association", "office": "Asosiasi Rahasia", "letter": recommended}
    await registry.applies(
        f"{EXHIBITION_PATH}/applications",
        own,
        {"enterprise": own, "capacity": 5, "recommendation": named},
    )
    shown = await registry.gets(place(own))
    assert {name: shown[name] for name in named} == named
    assert (await registry.gets(place(own), PLANNER))["office"] is None
    dossier = await registry.gets(f"{place(own)}/dossier", VERIFIER)
    assert {name: dossier[name] for name in named} == named
    assert recommended in dossier["files"]
    assert all("Rahasia" not in message for message in await registry.published())
