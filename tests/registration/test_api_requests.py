"""The requests of registration's routes: roles, tokens, bodies, and repeated requests.

A request that is refused here stores nothing.
"""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

from gelar.issuer import ensure_local_key, issue_token
from services.registration.api import APPLICANT_READERS, PUBLIC_READERS
from shared.http import Role
from tests.registration.examples import CLOSES_AT, EXHIBITION, STARTS_ON
from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    CALL,
    EXHIBITION_PATH,
    FINDINGS,
    LICENCE,
    LIFTING,
    PLAN,
    PLANNER,
    PROFILE,
    PROGRAMME,
    PROPOSAL,
    REPORT,
    RESCHEDULING,
    RETIREMENT,
    REVISION,
    RULE_SET,
    SANCTION,
    VERIFIER,
    Registry,
    form,
    place,
)
from tests.registration.wrong_values import (
    ASSIGNMENT,
    BRIEFING,
    LETTER,
    OPTIONAL,
    RECOMMENDATION,
    TERMS,
    WRONG,
)
from tests.serving import code

OWN = "e-1"
PLANNERS, VERIFIERS, APPLICANTS = {PLANNER}, {VERIFIER}, {APPLICANT}
REASON = {"reason": "blurred"}
CORRECTION = {"fields": ["DOCUMENTS"], "reason": "blurred", "days": 7}
COMMANDS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "/programmes": (PLANNERS, PROGRAMME),
    "/programmes/2018/targets": (PLANNERS, REVISION),
    "/rule-sets": (PLANNERS, RULE_SET),
    "/rule-sets/kukm-2018-1/retirement": (PLANNERS, RETIREMENT),
    "/exhibitions": (
        PLANNERS,
        {**PROPOSAL, "slot": "fair", "illustrative": False, "zone": "Asia/Jakarta"},
    ),
    f"{EXHIBITION_PATH}/plan": (PLANNERS, {**PLAN, "booths": {"number": 1, "shared_by": 2}}),
    f"{EXHIBITION_PATH}/booths": (PLANNERS, {"assignments": [ASSIGNMENT]}),
    f"{EXHIBITION_PATH}/booth-table": (PLANNERS, {}),
    f"{EXHIBITION_PATH}/booth-return": (PLANNERS, {"enterprises": [OWN]}),
    f"{EXHIBITION_PATH}/call": (PLANNERS, {**CALL, **TERMS}),
    f"{EXHIBITION_PATH}/verification-closure": (VERIFIERS, {}),
    f"{EXHIBITION_PATH}/opening": (PLANNERS, {}),
    f"{EXHIBITION_PATH}/ending": (PLANNERS, {}),
    f"{EXHIBITION_PATH}/report": (PLANNERS, REPORT),
    f"{EXHIBITION_PATH}/rescheduling": (PLANNERS, RESCHEDULING),
    f"{EXHIBITION_PATH}/cancellation": (
        PLANNERS,
        {"code": "replaced", **REASON, "replaced_by": "moscow"},
    ),
    "/enterprises": (APPLICANTS | VERIFIERS, form(0)),
    f"/enterprises/{OWN}/profile": (APPLICANTS | VERIFIERS, PROFILE),
    f"/enterprises/{OWN}/documents": (
        APPLICANTS | VERIFIERS,
        {**LICENCE, "expires_on": "2019-05-02", "file": "f-1", "replaces": "d-1"},
    ),
    "/documents/d-1/revocation": (APPLICANTS | VERIFIERS, {"code": "filed-by-mistake", **REASON}),
    f"/enterprises/{OWN}/consents": (
        APPLICANTS,
        {"purpose": "CATALOGUE", "wording": "2018-1"},
    ),
    f"/enterprises/{OWN}/consent-withdrawal": (APPLICANTS, {"purpose": "CATALOGUE"}),
    f"/enterprises/{OWN}/sanctions": (VERIFIERS, SANCTION),
    f"/enterprises/{OWN}/sanction-lifting": (VERIFIERS, LIFTING),
    "/imports": (VERIFIERS, {}),
    "/imports/trial": (VERIFIERS, {}),
    "/imports/i-1/cancellation": (VERIFIERS, {"code": "wrong-file"}),
    "/suspicions/search": (VERIFIERS, {"after_enterprise": OWN, "enterprises": 5}),
    "/suspicions/a.b/confirmation": (VERIFIERS, {"code": "same-owner", **REASON}),
    "/suspicions/a.b/dismissal": (VERIFIERS, {"code": "branch", **REASON}),
    APPLYING: (
        APPLICANTS,
        {"enterprise": OWN, "capacity": 5, "recommendation": RECOMMENDATION},
    ),
    # A draft may leave its capacity out, which a submission may not.
    f"{EXHIBITION_PATH}/draft": (
        APPLICANTS,
        {"enterprise": OWN, "recommendation": RECOMMENDATION},
    ),
    f"{EXHIBITION_PATH}/draft-discarding": (APPLICANTS, {"enterprise": OWN}),
    f"{EXHIBITION_PATH}/draft-submission": (APPLICANTS, {"enterprise": OWN}),
    f"{place(OWN)}/revision": (APPLICANTS, {"capacity": 5, "recommendation": RECOMMENDATION}),
    f"{place(OWN)}/findings": (VERIFIERS, FINDINGS),
    f"{place(OWN)}/correction-request": (VERIFIERS, CORRECTION),
    f"{place(OWN)}/resubmission": (APPLICANTS, {"capacity": 5, "recommendation": RECOMMENDATION}),
    f"{place(OWN)}/document-renewal": (APPLICANTS, {}),
    f"{place(OWN)}/verification": (VERIFIERS, {}),
    f"{place(OWN)}/acceptance": (APPLICANTS, {}),
    f"{place(OWN)}/decline": (APPLICANTS, {}),
    f"{place(OWN)}/commitment": (APPLICANTS, {"document": "d-1"}),
    f"{place(OWN)}/commitment-return": (VERIFIERS, {"code": "not-signed", **REASON, "days": 7}),
    f"{place(OWN)}/withdrawal": (APPLICANTS, {"code": "dates", "reason": "x"}),
    f"{EXHIBITION_PATH}/check-ins": (
        VERIFIERS,
        {"check_in_code": "7K2M-Q9XR-4TPA-0WBC", "scanned_at": CLOSES_AT.isoformat()},
    ),
    f"{place(OWN)}/check-in-undoing": (VERIFIERS, {"day": str(STARTS_ON), **REASON}),
    f"{EXHIBITION_PATH}/briefings": (PLANNERS, BRIEFING),
    f"/briefings/{EXHIBITION}.b-1/rescheduling": (PLANNERS, {**BRIEFING, **REASON}),
    f"/briefings/{EXHIBITION}.b-1/cancellation": (PLANNERS, REASON),
    f"/briefings/{EXHIBITION}.b-1/attendance": (VERIFIERS, {"enterprise": OWN, "attended": True}),
    f"/briefings/{EXHIBITION}.b-1/attendance-correction": (
        VERIFIERS,
        {"enterprise": OWN, "attended": True, **REASON},
    ),
    f"{EXHIBITION_PATH}/issued-documents": (PLANNERS, {**LETTER, "document_kind": "DECREE_ANNEX"}),
    f"{place(OWN)}/issued-documents": (PLANNERS, LETTER),
    f"{EXHIBITION_PATH}/letters": (
        PLANNERS,
        {"letters": [{"application": f"{EXHIBITION}.{OWN}", "number": "B-1"}], "position": "x"},
    ),
    "/issued-documents/d-1/revocation": (PLANNERS, {"code": "mistyped", **REASON}),
    f"{place(OWN)}/attendance": (VERIFIERS, {"present": True}),
    f"{place(OWN)}/attendance-correction": (VERIFIERS, {"present": True, **REASON}),
}
"""The path of every command, with its roles and a well-formed body that has every field."""

REPLACED = ("/targets", "/profile")
"""The ends of the paths whose command replaces what a caller has read (PUT, If-Match)."""

QUERIES = {
    "/programmes/2018": PUBLIC_READERS,
    "/rule-sets": PUBLIC_READERS,
    "/rule-sets/kukm-2018-1": PUBLIC_READERS,
    "/exhibitions": PUBLIC_READERS,
    "/exhibitions/calendar.ics": PUBLIC_READERS,
    EXHIBITION_PATH: PUBLIC_READERS,
    f"/enterprises/{OWN}": APPLICANT_READERS,
    "/applications": APPLICANT_READERS,
    place(OWN): APPLICANT_READERS,
}


async def sends_command(registry: Registry, role: str, path: str, body: object, **more: Any) -> Any:
    """Send a command of `COMMANDS` in this role, and return the answer."""
    method = "PUT" if path.endswith(REPLACED) else "POST"
    headers = {"if-match": '"1"'} if method == "PUT" else {}
    return await registry.sends(role, path, body, method=method, headers=headers, **more)


async def raw(
    registry: Registry, content: Any, *, left_out: str = "", **headers: str
) -> tuple[int, str]:
    """Send this content as a proposal, and return the status and code of the answer."""
    sent = {
        "authorization": f"Bearer {registry.api.token(PLANNER)}",
        "idempotency-key": uuid4().hex,
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    sent.pop(left_out, None)
    return code(await registry.api.client.post("/exhibitions", content=content, headers=sent))


async def test_every_field_is_checked_and_named(registry: Registry) -> None:
    stored = await registry.stored()
    for path, (roles, body) in COMMANDS.items():
        (role, *_) = sorted(roles)
        own = OWN if role == APPLICANT else None
        for field in body:
            missing = {name: value for name, value in body.items() if name != field}
            wrong = [{**body, field: value} for value in ({"x": {}}, *WRONG[field])]
            for bad in wrong if field in OPTIONAL else [*wrong, missing]:
                answer = await sends_command(registry, role, path, bad, enterprise=own)
                assert code(answer) == (422, "malformed-request"), (path, bad)
                pointers = {error["pointer"] for error in answer.json()["errors"]}
                assert {pointer.split("/")[1] for pointer in pointers} == {field}
    assert await registry.stored() == stored


async def test_a_body_that_is_no_json_object_or_too_large_is_refused(registry: Registry) -> None:
    stored = await registry.stored()
    many = b" " * 300_000

    async def streamed() -> Any:
        for _ in range(30):
            yield many[:10_000]

    unread = [await raw(registry, item) for item in (b'{"name": 1,', b"\xff\xfe", b"[" * 100_000)]
    assert set(unread) == {(400, "malformed-json")}
    unfit = [await raw(registry, item) for item in (b"", b"null", b"[]", b'"text"')]
    assert set(unfit) == {(422, "malformed-request")}
    large = [await raw(registry, item) for item in (many, streamed())]
    assert set(large) == {(413, "body-too-large")}
    form_sent = await raw(registry, b"name=x", content_type="application/x-www-form-urlencoded")
    assert form_sent == (415, "unsupported-media-type")
    missing = await raw(registry, b"{}", left_out="idempotency-key")
    assert missing == (400, "idempotency-key-missing")
    for key in ("two words", "x" * 129):
        malformed = await raw(registry, b"{}", idempotency_key=key)
        assert malformed == (400, "idempotency-key-malformed")
    for path in (
        "/programmes/18", "/exhibitions/a.b", "/exhibitions?scope=ALL", "/exhibitions?limit=501",
        "/exhibitions?cursor=made-up", "/enterprises/a.b", "/applications/one",
        "/applications/a.b.c", "/applications?status=LOST", "/applications?contested=perhaps",
        "/applications?programme=18", "/enterprises?province=31", "/enterprises?province=ID-XX",
        "/enterprises?sector=04", "/enterprises?sector=C14",
    ):  # fmt: skip
        token = registry.api.token("auditor")
        answer = await registry.api.client.get(path, headers={"authorization": f"Bearer {token}"})
        assert code(answer) == (422, "malformed-request"), path
    for path in ("/exhibitions/a.b/opening", "/applications/one/verification"):
        role = PLANNER if path.endswith("opening") else VERIFIER
        assert code(await registry.sends(role, path)) == (422, "malformed-request")
    assert await registry.stored() == stored


async def test_only_callers_with_the_role_are_answered(registry: Registry) -> None:
    stored = await registry.stored()
    for path, (roles, body) in COMMANDS.items():
        for other in sorted(set(Role) - roles):
            answer = await sends_command(registry, other, path, body)
            assert code(answer) == (403, "role-missing"), (path, other)
    for path, readers in QUERIES.items():
        for reader in Role:
            answer = await registry.api.query(reader, path, enterprise=OWN)
            assert (answer.status_code == 403) == (reader not in readers), (path, reader)
    assert await registry.stored() == stored


async def test_no_caller_without_a_valid_token_is_answered(
    registry: Registry, tmp_path: Path
) -> None:
    stored = await registry.stored()
    ensure_local_key(tmp_path)
    own, roles = registry.api.keys, list(Role)
    tokens = {
        "": "token-missing",
        "Basic eDp5": "token-missing",
        "Bearer made-up": "token-invalid",
        f"Bearer {issue_token(tmp_path, actor='x', roles=roles)}": "token-invalid",
        f"Bearer {issue_token(own, actor='x', roles=roles, lifetime_seconds=-60)}": "token-expired",
    }
    for authorization, expected in tokens.items():
        headers = {"authorization": authorization, "idempotency-key": uuid4().hex}
        for path, (_, body) in COMMANDS.items():
            method = "PUT" if path.endswith(REPLACED) else "POST"
            answer = await registry.api.client.request(method, path, json=body, headers=headers)
            assert code(answer) == (401, expected)
        for path in QUERIES:
            answer = await registry.api.client.get(path, headers=headers)
            assert code(answer) == (401, expected)
            assert answer.headers["www-authenticate"].startswith("Bearer")
    assert await registry.stored() == stored


async def test_a_call_that_comes_twenty_times_has_one_effect_and_one_answer(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.registered(0)
    applying = {"enterprise": own, "capacity": 5}

    async def applies(capacity: int = 5, **more: Any) -> Any:
        body = {**applying, "capacity": capacity}
        return await registry.sends(APPLICANT, APPLYING, body, enterprise=own, **more)

    answers = await asyncio.gather(*(applies(key="k") for _ in range(20)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    await registry.done(VERIFIER, f"{place(own)}/correction-request", CORRECTION, key="k")
    assert (await applies(key="k")).json() == answers[0].json()
    assert code(await applies(6, key="k")) == (422, "idempotency-key-reused")
    # A key belongs to its caller and its command: others may use the same key.
    assert code(await applies(key="k", actor="enterprise-2")) == (409, "already-submitted")
    await registry.sends(
        APPLICANT, f"{place(own)}/resubmission", {"capacity": 7}, enterprise=own, key="k"
    )
    response = await registry.gets(place(own))
    assert (response["id"], response["version"], response["capacity"]) == (
        f"{EXHIBITION}.{own}",
        3,
        7,
    )
