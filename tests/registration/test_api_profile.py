"""The routes of a profile, of a revised application, of sanctions and of consents."""

from typing import Any

from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    AUDITOR,
    LIFTING,
    PROFILE,
    SANCTION,
    VERIFIER,
    Registry,
    form,
    place,
)
from tests.serving import code

SECRETS = ("Ibu Rahasia", "Tenun Fiktif", "Batik Fiktif", "200000000")


async def revises(
    registry: Registry, enterprise: str, body: object, version: int, role: str = APPLICANT
) -> Any:
    """Send a revision of the profile, as one who has read this version, and return the answer."""
    return await registry.sends(
        role,
        f"/enterprises/{enterprise}/profile",
        body,
        enterprise=enterprise if role == APPLICANT else None,
        actor="clerk" if role == VERIFIER else None,
        method="PUT",
        headers={"if-match": f'"{version}"'},
    )


async def test_a_profile_is_revised_and_each_version_is_kept(registry: Registry) -> None:
    own = await registry.registered(0)
    revised = await revises(registry, own, PROFILE, 1)
    event = "id.go.kukm.registration.profile-revised.v1"
    assert revised.json() == {"id": own, "version": 2, "events": [event]}
    back = form(0) | {"code": "mistyped", "reason": "it was right before"}
    back = {name: back[name] for name in PROFILE}
    assert (await revises(registry, own, back, 2, VERIFIER)).is_success
    await registry.settles()
    path = f"/enterprises/{own}"
    assert (await registry.gets(path))["name"] == "Batik Fiktif 0"
    for role, speaks_for in ((APPLICANT, own), (VERIFIER, None), (AUDITOR, None)):
        kept = (await registry.gets(f"{path}/history", role, enterprise=speaks_for))["items"]
        profiles = [item for item in kept if "name" in item["data"]]
        assert [(item["data"]["name"], item["actor"]) for item in profiles] == [
            ("Batik Fiktif 0", "registrar"),
            ("Tenun Fiktif", "enterprise-1"),
            ("Batik Fiktif 0", "clerk"),
        ]
        assert [item["data"]["reason"] for item in profiles[1:]] == [
            "as Ibu Rahasia asked",
            "it was right before",
        ]
        assert "identifiers" not in str(kept)
    first = await registry.gets(f"{path}/history", limit="1")
    rest = await registry.gets(f"{path}/history{first['next']}", limit="10")
    assert [item["version"] for item in (*first["items"], *rest["items"])] == [1, 2, 3]


async def test_a_name_is_found_as_the_profile_has_it(registry: Registry) -> None:
    own = await registry.registered(0)
    await revises(registry, own, PROFILE, 1)
    for name, found in (("tenun", [own]), ("batik", [])):
        answer = await registry.sends(AUDITOR, "/enterprises/search", {"name": name})
        assert [item["id"] for item in answer.json()["items"]] == found


async def test_no_topic_carries_what_a_revision_keeps_private(registry: Registry) -> None:
    own = await registry.registered(0)
    await revises(registry, own, PROFILE, 1)
    for message in await registry.published():
        assert not [secret for secret in SECRETS if secret in message]


async def test_who_has_not_read_the_profile_does_not_replace_it(registry: Registry) -> None:
    own, other = await registry.registered(0), await registry.registered(1)
    stored = await registry.stored()
    assert code(await revises(registry, own, PROFILE, 2)) == (412, "stale-version")
    path = f"/enterprises/{own}/profile"
    blind = await registry.sends(APPLICANT, path, PROFILE, enterprise=own, method="PUT")
    assert code(blind) == (428, "if-match-missing")
    headers = {"if-match": '"1"'}
    of_another = {"enterprise": other, "method": "PUT", "headers": headers}
    refused = await registry.sends(APPLICANT, path, PROFILE, **of_another)
    assert refused.status_code == 403
    history = await registry.api.query(APPLICANT, f"/enterprises/{own}/history", enterprise=other)
    assert history.status_code == 403
    assert await registry.stored() == stored


async def test_an_open_application_takes_the_profile_of_today(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    await revises(registry, own, PROFILE | {"sector": "13"}, 1)
    assert (await registry.gets(place(own)))["applicant"]["sector"] == "14"
    answer = await registry.sends(
        APPLICANT, f"{place(own)}/revision", {"capacity": 9}, enterprise=own
    )
    event = "id.go.kukm.registration.application-revised.v1"
    assert answer.json() == {"id": f"inacraft-2018.{own}", "version": 2, "events": [event]}
    shown = await registry.gets(place(own))
    assert (shown["applicant"]["sector"], shown["capacity"]) == ("13", 9)
    assert shown["status"] == "SUBMITTED"


async def test_who_revised_a_profile_judges_no_application_that_froze_it(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.registered(0)
    assert (await revises(registry, own, PROFILE, 1, VERIFIER)).is_success
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    path = f"{place(own)}/verification"
    assert code(await registry.sends(VERIFIER, path, actor="clerk")) == (409, "same-person")
    assert (await registry.sends(VERIFIER, path, actor="officer")).is_success


async def test_a_profile_is_corrected_at_the_officers_request(registry: Registry) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    request = {"fields": ["PROFILE"], "reason": "the sector is another"}
    await registry.done(VERIFIER, f"{place(own)}/correction-request", request)
    await revises(registry, own, PROFILE | {"sector": "13"}, 1)
    await registry.applies(f"{place(own)}/resubmission", own, {"capacity": 5})
    assert (await registry.gets(place(own)))["applicant"]["sector"] == "13"


async def test_a_sanction_keeps_an_enterprise_from_applying_until_it_is_lifted(
    registry: Registry,
) -> None:
    await registry.calling()
    own, other = await registry.registered(0), await registry.registered(1)
    path = f"/enterprises/{own}"
    await registry.done(VERIFIER, f"{path}/sanctions", SANCTION, actor="first")
    body = {"enterprise": own, "capacity": 5}
    refused = await registry.sends(APPLICANT, APPLYING, body, enterprise=own)
    assert code(refused) == (409, "sanctioned")
    await registry.applies(APPLYING, other, {"enterprise": other, "capacity": 5})
    for reader, words in ((AUDITOR, SANCTION["reason"]), ("ministry-system", None)):
        (shown,) = (await registry.gets(path, reader))["sanctions"]
        assert (shown["sanction"], shown["code"], shown["words"]) == (1, "no-show", words)
    lifting = f"{path}/sanction-lifting"
    same = await registry.sends(VERIFIER, lifting, LIFTING, actor="first")
    assert code(same) == (409, "same-person")
    await registry.done(VERIFIER, lifting, LIFTING, actor="second")
    await registry.applies(APPLYING, own, body)
    (shown,) = (await registry.gets(path))["sanctions"]
    assert shown["lifted_because"] == "objection-upheld"
    for message in await registry.published():
        assert "Rahasia" not in message


async def test_an_application_of_a_sanctioned_enterprise_is_not_eligible(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    await registry.done(VERIFIER, f"/enterprises/{own}/sanctions", SANCTION, actor="first")
    await registry.done(VERIFIER, f"{place(own)}/verification")
    shown = await registry.gets(place(own))
    assert (shown["status"], shown["reasons"]) == ("INELIGIBLE", ["sanction"])


async def test_only_an_enterprise_itself_consents_and_every_reader_sees_it(
    registry: Registry,
) -> None:
    own, other = await registry.registered(0), await registry.registered(1)
    path, body = f"/enterprises/{own}", {"purpose": "CATALOGUE", "wording": "2018-1"}
    refused = await registry.sends(APPLICANT, f"{path}/consents", body, enterprise=other)
    assert refused.status_code == 403
    assert (await registry.sends(VERIFIER, f"{path}/consents", body)).status_code == 403
    await registry.applies(f"{path}/consents", own, body)
    (shown,) = (await registry.gets(path, "ministry-system"))["consents"]
    assert (shown["purpose"], shown["wording"]) == ("CATALOGUE", "2018-1")
    await registry.applies(f"{path}/consent-withdrawal", own, {"purpose": "CATALOGUE"})
    assert (await registry.gets(path, "ministry-system"))["consents"] == []
