"""Calls of the budget's routes: roles, bodies and repeated calls.

A refused call changes no envelope and no allocation.
"""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gelar.issuer import ensure_local_key, issue_token
from services.budget.api import READERS
from shared.http import Role
from tests.budget.calls import (
    ALLOCATION,
    ALSO,
    BLOCK,
    COMMANDS,
    ENVELOPES,
    LOWERING,
    OPENING,
    OPTIONAL,
    QUERIES,
    WRONG,
)
from tests.budget.office import INACRAFT, Office, proposed
from tests.serving import code


@pytest.fixture
async def stage(office: Office) -> Office:
    """Return an office with an envelope and an allocation, whose money is all free."""
    await office.opened()
    await office.allotted(INACRAFT, 100)
    return office


async def raw(
    office: Office, path: str, content: Any, *, left_out: str = "", **headers: str
) -> tuple[int, str]:
    """Send these bytes as a budget officer, and return status and code of the answer."""
    sent = {
        "authorization": f"Bearer {office.api.token('budget-officer')}",
        "idempotency-key": uuid4().hex,
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    sent.pop(left_out, None)
    return code(await office.api.client.post(path, content=content, headers=sent))


async def test_every_field_is_checked_and_named(stage: Office) -> None:
    figures = await stage.figures()
    for path, (role, body) in COMMANDS.items():
        for field in body:
            wrong = [{**body, field: value} for value in ({}, *WRONG[field])]
            if field not in OPTIONAL:
                missing = {name: value for name, value in body.items() if name != field}
                wrong += [{**body, field: None}, missing]
            for bad in wrong:
                answer = await stage.api.command(role, path, bad)
                assert code(answer) == (422, "malformed-request"), (path, bad)
                pointers = {error["pointer"] for error in answer.json()["errors"]}
                assert {pointer.split("/")[1] for pointer in pointers} == {field}
    assert await stage.figures() == figures


async def test_a_body_that_is_no_json_object_or_too_large_is_refused(stage: Office) -> None:
    figures = await stage.figures()
    path = f"{ENVELOPES}/blocks"
    many = b" " * 300_000

    async def streamed() -> Any:
        for _ in range(30):
            yield many[:10_000]

    answers = {
        "cut off": await raw(stage, path, b'{"amount_idr": 1,'),
        "no text": await raw(stage, path, b"\xff\xfe"),
        "deep": await raw(stage, path, b"[" * 100_000),
        "endless number": await raw(stage, path, b'{"amount_idr": ' + b"9" * 5_000 + b"}"),
        "nothing": await raw(stage, path, b""),
        "null": await raw(stage, path, b"null"),
        "list": await raw(stage, path, b"[]"),
        "form": await raw(stage, path, b"amount_idr=1", content_type="text/plain"),
        "large": await raw(stage, path, many),
        "large, unannounced": await raw(stage, path, streamed()),
    }
    unread, unfit, large = (
        (400, "malformed-json"),
        (422, "malformed-request"),
        (413, "body-too-large"),
    )
    assert answers == {
        **dict.fromkeys(("cut off", "no text", "deep", "endless number"), unread),
        **dict.fromkeys(("nothing", "null", "list"), unfit),
        "form": (415, "unsupported-media-type"),
        **dict.fromkeys(("large", "large, unannounced"), large),
    }
    assert await stage.figures() == figures


async def test_ids_and_parameters_are_checked(office: Office) -> None:
    paths = (
        "/envelopes/2018", "/envelopes/2018.DOMESTIC.x", "/allocations/a.b", "/allocations/ä",
        "/contracts?status=OPEN", "/contracts?exhibition=a.b", "/payment-orders?status=paid",
        "/payment-orders?limit=0", "/contracts?programme=18", "/payment-orders?scope=ALL",
        "/envelopes?programme=18", "/allocations?scope=ALL", "/allocations?limit=501",
        "/allocations?limit=0", "/envelopes?cursor=made-up",
    )  # fmt: skip
    for path in paths:
        headers = {"authorization": f"Bearer {office.api.token('auditor')}"}
        answer = await office.api.client.get(path, headers=headers)
        assert code(answer) == (422, "malformed-request"), path
    answer = await office.asks("/envelopes/2018/blocks", BLOCK)
    assert code(answer) == (422, "malformed-request")


async def test_a_call_without_a_valid_token_is_refused(stage: Office, tmp_path: Path) -> None:
    figures = await stage.figures()
    ensure_local_key(tmp_path)
    roles = list(Role)
    tokens = {
        "token-missing": ("", f"Basic {uuid4().hex}"),
        "token-expired": (
            f"Bearer {issue_token(stage.api.keys, actor='x', roles=roles, lifetime_seconds=-60)}",
        ),
        "token-invalid": (
            "Bearer made-up",
            f"Bearer {issue_token(tmp_path, actor='x', roles=roles)}",
        ),
    }
    for expected, values in tokens.items():
        for value in values:
            headers = {"authorization": value, "idempotency-key": uuid4().hex}
            for path in COMMANDS:
                answer = await stage.api.client.post(path, json=COMMANDS[path][1], headers=headers)
                assert code(answer) == (401, expected)
            for path in QUERIES:
                answer = await stage.api.client.get(path, headers=headers)
                assert code(answer) == (401, expected)
                assert answer.headers["www-authenticate"].startswith("Bearer")
    assert await stage.figures() == figures


async def test_each_route_is_for_its_roles_only(stage: Office) -> None:
    figures = await stage.figures()
    for path, (role, body) in COMMANDS.items():
        for other in sorted(set(Role) - {role, ALSO.get(path)}):
            answer = await stage.api.command(other, path, body)
            assert code(answer) == (403, "role-missing"), (path, other)
    for path in QUERIES:
        for reader in Role:
            status = (await stage.api.query(reader, path)).status_code
            assert status == (200 if reader in READERS else 403), (path, reader)
    assert await stage.figures() == figures


async def test_a_command_needs_an_idempotency_key(stage: Office) -> None:
    figures = await stage.figures()
    content = json.dumps(BLOCK).encode()
    for path in (f"{ENVELOPES}/blocks", f"{ALLOCATION}/lowerings"):
        missing = await raw(stage, path, content, left_out="idempotency-key")
        assert missing == (400, "idempotency-key-missing")
        for key in ("two words", "x" * 129):
            malformed = await raw(stage, path, content, idempotency_key=key)
            assert malformed == (400, "idempotency-key-malformed")
    assert await stage.figures() == figures


async def test_twenty_equal_calls_have_a_single_effect_and_answer(stage: Office) -> None:
    path = f"{ENVELOPES}/blocks"
    answers = await asyncio.gather(*(stage.asks(path, BLOCK, key="k") for _ in range(20)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    await stage.done(path, {**BLOCK, "amount_idr": 2, "document_number": "S-2"})
    assert (await stage.asks(path, BLOCK, key="k")).json() == answers[0].json()
    reused = await stage.asks(path, {**BLOCK, "amount_idr": 5}, key="k")
    assert code(reused) == (422, "idempotency-key-reused")
    body = await stage.shows(ENVELOPES)
    assert (body["version"], body["blocked_idr"]) == (4, 3)
    # Other callers and other commands may use the same key.
    other = {**BLOCK, "document_number": "S-3"}
    assert await stage.done(path, other, key="k", actor="budget-officer-2") == 5
    assert await stage.done(f"{ENVELOPES}/unblocks", BLOCK, key="k") == 6


async def test_opening_and_paying_can_be_repeated_too(office: Office) -> None:
    body = {**OPENING, "scope": "DOMESTIC", "pagu_idr": 1_000}
    answers = [await office.asks("/envelopes", body, key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    await office.contracted(INACRAFT, "ab")
    await office.ordered(INACRAFT, "s-1", 30)
    paid = [await office.disburses(INACRAFT, "s-1", "1", key="k") for _ in range(3)]
    assert {(item.status_code, item.text) for item in paid} == {(200, paid[0].text)}
    other = await office.disburses(INACRAFT, "s-1", "2", key="k")
    assert code(other) == (422, "idempotency-key-reused")
    assert (await office.shows(ALLOCATION))["realised_idr"] == 30
    claimed = [key for key in await office.claims() if key.startswith("sp2d/")]
    assert claimed == ["sp2d/1"]


async def test_a_command_with_if_match_changes_only_that_version(stage: Office) -> None:
    await stage.receives("other-2018", proposed("other-2018"))
    read = await stage.api.query("auditor", ENVELOPES)
    assert read.headers["etag"].startswith('"2-')
    matching = {"if-match": read.headers["etag"]}
    assert await stage.done(f"{ENVELOPES}/blocks", BLOCK, headers=matching) == 3
    figures = await stage.figures()
    for path, body in ((f"{ENVELOPES}/blocks", BLOCK), (f"{ALLOCATION}/lowerings", LOWERING)):
        for tag in ('"99"', 'W/"3"', '"0"', '"98", "99-ab"'):
            stale = await stage.asks(path, body, headers={"if-match": tag})
            assert code(stale) == (412, "stale-version")
        for tag in ("3", '"3', "3, *"):
            answer = await stage.asks(path, body, headers={"if-match": tag})
            assert code(answer) == (400, "if-match-malformed")
    assert await stage.figures() == figures
