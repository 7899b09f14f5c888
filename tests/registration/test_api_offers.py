"""The routes of offers on real servers, and the deadlines that the clock reaches.

Only the sweep closes a call and expires an offer, when the programme clock reaches their deadlines.
"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from services.registration.domain.exhibition.call import CLOSING_GRACE
from services.registration.domain.exhibition.state import ExhibitionFields
from shared.contracts.selection.round import CandidatesListed, RoundEvent
from shared.contracts.selection.round_seats import (
    PlaceLost,
    PlaceOffered,
    RoundCancelled,
)
from tests.registration.examples import CLOSES_AT, EXHIBITION, EXHIBITION_FIELDS
from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    CALL,
    EXHIBITION_PATH,
    LICENCE,
    PLAN,
    PLANNER,
    PROPOSAL,
    RESCHEDULING,
    VERIFIER,
    Registry,
    place,
)
from tests.registration.test_api_results import outcome
from tests.serving import code

TICK = timedelta(milliseconds=1)
SHOWS = (EXHIBITION, "ifex-2018", "ifw-2018", "tei-2018")
WITHDRAWAL = {"code": "no-capacity", "reason": "too busy"}


async def test_a_call_closes_by_itself_when_nothing_can_still_come_in(registry: Registry) -> None:
    await registry.calling()
    own, late = await registry.registered(0), await registry.registered(1)
    registry.at(CLOSES_AT)
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    registry.at(CLOSES_AT + TICK)
    body = {"enterprise": late, "capacity": 5}
    answer = await registry.sends(APPLICANT, APPLYING, body, enterprise=late)
    assert code(answer) == (409, "call-closed")
    closing = f"{EXHIBITION_PATH}/verification-closure"
    assert code(await registry.sends(VERIFIER, closing)) == (409, "call-not-closed")
    registry.at(CLOSES_AT + CLOSING_GRACE)
    await registry.settles()
    assert await registry.status(EXHIBITION_PATH) == "CALL_CLOSED"
    answer = await registry.sends(APPLICANT, APPLYING, body, enterprise=late)
    assert code(answer) == (409, "call-not-open")
    assert code(await registry.sends(VERIFIER, closing)) == (409, "undecided-applications")
    await registry.done(VERIFIER, f"{place(own)}/verification")
    await registry.done(VERIFIER, closing)
    published = await registry.published()
    (closed,) = [item for item in published if "call-closed" in item]
    assert "service:registration" in closed
    (verified,) = [item for item in published if "verification-closed" in item]
    assert f"{EXHIBITION}.{own}" in verified


async def test_an_offer_is_answered_until_its_deadline_and_then_expires_by_itself(
    registry: Registry,
) -> None:
    await registry.calling()
    own, late, away = [await registry.eligible(number) for number in range(3)]
    deadline_at = CLOSES_AT - timedelta(days=1)
    for enterprise in (own, late, away):
        await registry.offered(enterprise, deadline_at)
    response = await registry.gets(place(own), APPLICANT, enterprise=own)
    assert (response["status"], response["deadline_at"]) == ("OFFERED", "2018-02-28T16:59:59Z")
    await registry.applies(f"{place(away)}/decline", away)
    registry.at(deadline_at)
    await registry.applies(f"{place(own)}/acceptance", own)
    registry.at(deadline_at + TICK)
    # The answer is the same before and after the sweep.
    for answer in ("acceptance", "decline", "acceptance"):
        refused = await registry.sends(APPLICANT, f"{place(late)}/{answer}", enterprise=late)
        assert code(refused) == (409, "offer-expired")
    await registry.settles()
    standing = [await registry.status(place(item)) for item in (own, late, away)]
    assert standing == ["ACCEPTED", "OFFER_EXPIRED", "DECLINED"]
    assert len([item for item in await registry.published() if "offer-expired" in item]) == 1


async def test_an_event_of_the_round_has_its_effect_once_and_none_if_it_comes_late(
    registry: Registry,
) -> None:
    await registry.calling()
    own, gone = await registry.eligible(0), await registry.eligible(1)
    await registry.applies(f"{place(gone)}/withdrawal", gone, WITHDRAWAL)

    def offer_and_loss(enterprise: str) -> list[RoundEvent]:
        application = f"{EXHIBITION}.{enterprise}"
        return [
            PlaceOffered(
                application=application,
                deadline_at=CLOSES_AT,
                offer_hours=72,
                latest_at=CLOSES_AT,
                **EXHIBITION_FIELDS,
            ),
            PlaceLost(application=application, reason="no-funds", **EXHIBITION_FIELDS),
        ]

    messages = await registry.publisher.publish(
        EXHIBITION, *offer_and_loss(own), *offer_and_loss(gone)
    )
    await registry.settles()
    response = await registry.gets(place(own))
    assert (response["status"], response["reasons"], response["version"]) == (
        "LAPSED",
        ["no-funds"],
        4,
    )
    response = await registry.gets(place(gone))
    assert (response["status"], response["reasons"], response["version"]) == (
        "WITHDRAWN",
        ["no-capacity"],
        3,
    )
    applications = (await registry.stored())["application"]
    await registry.publisher.repeat("selection", messages * 3)
    assert (await registry.stored())["application"] == applications


async def test_an_acceptance_claims_a_slot_of_the_cap_and_beyond_it_the_offer_is_declined(
    registry: Registry,
) -> None:
    own, paths = await offered_everywhere(registry)
    await asyncio.gather(*(accepts(registry, f"{path}/acceptance", own) for path in paths))
    standing = Counter([await registry.status(path) for path in paths])
    assert standing == {"ACCEPTED": 3, "DECLINED": 1}
    states = [await registry.gets(path) for path in paths]
    assert sorted(state["slot"] for state in states if state["slot"]) == [1, 2, 3]
    (declined,) = (state for state in states if state["status"] == "DECLINED")
    assert declined["reasons"] == ["cap-reached"]


async def test_a_slot_that_is_given_up_may_be_taken_at_once(registry: Registry) -> None:
    own, (first, *paths) = await offered_everywhere(registry)
    for path in (first, *paths[:-1]):
        await registry.applies(f"{path}/acceptance", own)
    await registry.applies(f"{first}/withdrawal", own, WITHDRAWAL)
    await registry.applies(f"{paths[-1]}/acceptance", own)
    state = await registry.gets(paths[-1])
    assert (state["status"], state["slot"]) == ("ACCEPTED", 1)


async def test_a_cancellation_gives_back_the_slots_of_all(registry: Registry) -> None:
    await registry.calling()
    own = await registry.eligible(0)
    application, path = f"{EXHIBITION}.{own}", place(own)
    await registry.verified()
    listed = CandidatesListed(applications=(application,), **EXHIBITION_FIELDS)
    await registry.receives(EXHIBITION, listed)
    await registry.offered(own)
    await registry.applies(f"{path}/acceptance", own)
    await registry.confirmed([own])
    await registry.applies(f"{path}/withdrawal", own, WITHDRAWAL)
    assert (await registry.gets(path))["after_decree"]
    cancellation = {"code": "no-venue", "reason": "the hall has burnt down"}
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/cancellation", cancellation)
    await registry.receives(EXHIBITION, RoundCancelled(**EXHIBITION_FIELDS))
    state = await registry.gets(path)
    assert (state["status"], state["after_decree"], state["reasons"]) == (
        "WITHDRAWN",
        False,
        [WITHDRAWAL["code"]],
    )


async def accepts(registry: Registry, path: str, enterprise: str) -> None:
    """Accept, again as long as it is not known who has the last slot."""
    answer = await registry.sends(APPLICANT, path, enterprise=enterprise)
    while answer.status_code == 503:
        assert code(answer) == (503, "slots-busy")
        answer = await registry.sends(APPLICANT, path, enterprise=enterprise)
    assert answer.is_success, answer.text


async def offered_everywhere(registry: Registry) -> tuple[str, list[str]]:
    """Let one enterprise be offered a place at each show; return it with its applications."""
    await registry.calling()
    for show in SHOWS[1:]:
        await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": show})
        await registry.done(PLANNER, f"/exhibitions/{show}/plan", PLAN)
        await registry.done(PLANNER, f"/exhibitions/{show}/call", CALL)
    own = await registry.registered(0)
    paths = [f"/applications/{show}.{own}" for show in SHOWS]
    for show, path in zip(SHOWS, paths, strict=True):
        body = {"enterprise": own, "capacity": 5}
        await registry.applies(f"/exhibitions/{show}/applications", own, body)
        await registry.done(VERIFIER, f"{path}/verification")
    for show in SHOWS:
        fields = ExhibitionFields(**{**EXHIBITION_FIELDS, "exhibition": show})
        until = {"deadline_at": CLOSES_AT, "latest_at": CLOSES_AT}
        offer = PlaceOffered(application=f"{show}.{own}", offer_hours=72, **until, **fields)
        await registry.receives(show, offer)
    return own, paths


async def eligible_until_may(registry: Registry, number: int) -> str:
    """Return an eligible enterprise whose only licence ends on 31 May."""
    own = await registry.registered(number)
    documents = f"/enterprises/{own}/documents"
    (licence,) = (await registry.gets(documents))["items"]
    ending = {**LICENCE, "expires_on": "2018-05-31", "replaces": licence["id"]}
    await registry.applies(documents, own, ending)
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    await registry.done(VERIFIER, f"{place(own)}/verification")
    return own


async def test_a_rescheduled_exhibition_asks_for_documents_that_cover_its_new_days(
    registry: Registry,
) -> None:
    await registry.calling()
    own, other = await registry.eligible(0), await registry.eligible(1)
    third = await eligible_until_may(registry, 2)
    await registry.verified()
    await registry.offered(own)
    moving = f"{EXHIBITION_PATH}/rescheduling"
    await registry.done(PLANNER, moving, RESCHEDULING)
    await registry.settles()
    shown = await registry.gets(EXHIBITION_PATH)
    days = (shown["plan"]["starts_on"], shown["plan"]["ends_on"], shown["call"]["last_day"])
    assert days == ("2018-06-06", "2018-06-10", "2018-06-10")
    assert (shown["rescheduled_because"], shown["words"]) == ("venue", RESCHEDULING["reason"])
    assert (await registry.gets(EXHIBITION_PATH, "curator"))["words"] is None
    found = [await registry.gets(place(enterprise)) for enterprise in (own, other, third)]
    assert [each["valid_through"] for each in found] == ["2018-06-10"] * 3
    assert [each["missing"] for each in found] == [[], [], ["licence"]]
    renewing = f"{place(third)}/document-renewal"
    (task,) = (await registry.gets("/tasks", APPLICANT, enterprise=third))["items"]
    assert (task["task"], task["label"]["id"], task["href"]) == (
        "renew-documents",
        "Perbarui dokumen",
        renewing,
    )
    early = await registry.sends(APPLICANT, renewing, enterprise=third)
    assert code(early) == (409, "documents-missing")
    await registry.applies(f"/enterprises/{third}/documents", third, LICENCE)
    await registry.applies(renewing, third)
    shown = await registry.gets(place(third))
    assert (shown["status"], shown["missing"], shown["renewal_due_at"]) == ("ELIGIBLE", [], None)
    assert (await registry.gets("/tasks", APPLICANT, enterprise=third))["items"] == []
    assert code(await registry.sends(PLANNER, moving, RESCHEDULING)) == (409, "nothing-changed")


async def test_documents_that_are_not_renewed_in_time_end_the_application(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await eligible_until_may(registry, 0)
    await registry.verified()
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/rescheduling", RESCHEDULING)
    await registry.settles()
    due_at = datetime.fromisoformat((await registry.gets(place(own)))["renewal_due_at"])
    registry.at(due_at + TICK)
    await registry.settles()
    shown = await registry.gets(place(own))
    assert (shown["status"], shown["reasons"], shown["result"]) == (
        "LAPSED",
        ["documents-not-renewed"],
        outcome("lapsed"),
    )
