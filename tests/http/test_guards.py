"""The headers of a command, the roles of a route, and the wait of a query."""

from collections.abc import AsyncIterator
from urllib.parse import urljoin

import httpx
import pytest

from shared.http import Caller, command, only_own, query
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Forbidden
from shared.kernel.pseudonyms import pseudonym
from shared.settings import Settings
from tests.given import context
from tests.http.conftest import Sign
from tests.http.example import ExampleService
from tests.http.test_problems import problem_of

BODY = {"enterprise": "e1", "width_cm": 300}


async def test_the_context_of_a_command_comes_from_its_token_and_headers(
    client: httpx.AsyncClient, service: ExampleService, commands: Sign, settings: Settings
) -> None:
    headers = commands("enterprise", "auditor", actor="u:1", enterprise="e1")
    headers |= {"X-Correlation-Id": "c-1", "If-Match": '"3"'}
    response = await client.post("/booths", json=BODY, headers=headers)
    assert response.status_code == 201
    assert response.json() == {"id": "e1", "version": 1, "events": []}
    assert urljoin("/prefix/booths", response.headers["location"]) == "/prefix/booths/e1"
    (context_of_command,) = service.contexts
    assert context_of_command == Context(
        now=context_of_command.now,
        origin=Origin.PERSON,
        actor="u:1",
        alias=pseudonym(settings.actor_secret, "u:1"),
        roles=frozenset({"enterprise"}),
        enterprise="e1",
        key=headers["Idempotency-Key"],
        expects=frozenset({3}),
        correlation_id=response.headers["x-correlation-id"],
    )


async def test_a_command_needs_a_key(client: httpx.AsyncClient, reads: Sign) -> None:
    response = await client.post("/booths", json=BODY, headers=reads("programme-officer"))
    problem_of(response, 400, "idempotency-key-missing")


@pytest.mark.parametrize("key", ["a b", "x" * 129, "kunci\u00e9", "a\tb"])
async def test_a_malformed_key_is_refused(
    client: httpx.AsyncClient, commands: Sign, key: str
) -> None:
    headers = httpx.Headers(commands("programme-officer"), encoding="utf-8")
    headers["Idempotency-Key"] = key
    response = await client.post("/booths", json=BODY, headers=headers)
    problem_of(response, 400, "idempotency-key-malformed")


async def test_a_change_needs_the_version_that_was_read(
    client: httpx.AsyncClient, service: ExampleService, commands: Sign
) -> None:
    headers = commands("programme-officer")
    response = await client.put("/booths/b1", json=BODY, headers=headers)
    problem_of(response, 428, "if-match-missing")
    response = await client.put("/booths/b1", json=BODY, headers={**headers, "If-Match": '"7"'})
    assert response.json() == {"id": "b1", "version": 8, "events": []}


@pytest.mark.parametrize("etag", ["7", "W/7", '"7" "8"', '"7', '"a b"', ""])
async def test_a_malformed_if_match_is_refused(
    client: httpx.AsyncClient, commands: Sign, etag: str
) -> None:
    headers = commands("programme-officer") | {"If-Match": etag}
    response = await client.put("/booths/b1", json=BODY, headers=headers)
    problem_of(response, 400, "if-match-malformed")


@pytest.mark.parametrize(
    ("etag", "expected"),
    [
        ('"7"', {7}),
        ('"7-0a1b2c"', {7}),
        ('"7" , "8-ff"', {7, 8}),
        ('W/"7", "9"', {9}),
        ('W/"7"', set()),
        ('"of-another-service"', set()),
        ("*", None),
    ],
)
async def test_if_match_is_read_as_http_has_it(
    client: httpx.AsyncClient,
    service: ExampleService,
    commands: Sign,
    etag: str,
    expected: set[int] | None,
) -> None:
    headers = commands("programme-officer") | {"If-Match": etag}
    assert (await client.put("/booths/b1", json=BODY, headers=headers)).status_code == 200
    assert service.contexts[0].expects == expected


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient, commands: Sign) -> None:
    headers = commands("programme-officer") | {"Content-Encoding": "gzip"}
    response = await client.post("/booths", json=BODY, headers=headers)
    problem_of(response, 415, "unsupported-content-encoding")


async def test_nothing_is_read_or_awaited_before_the_token_is_checked(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign
) -> None:
    chunks_sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal chunks_sent
        chunks_sent += 1
        yield b"{}"

    response = await client.post("/booths", content=chunks())
    problem_of(response, 401, "token-missing")
    assert chunks_sent == 0
    after = "/booths?after=round/r1@3"
    problem_of(await client.get(after), 401, "token-missing")
    problem_of(await client.get(after, headers=reads("enterprise")), 403, "role-missing")
    problem_of(await client.get("/booths?wrong=1"), 401, "token-missing")
    assert service.applied_versions == []
    assert (await client.get(after, headers=reads("auditor"))).status_code == 200
    assert service.applied_versions == [("round", "r1", 3)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("scop=DOMESTIC", "query/scop"),
        ("scope=DOMESTIC&scope=OVERSEAS", "query/scope"),
        ("limit=1&limit=1", "query/limit"),
        ("after=round/r1@1&after=round/r1@2", "query/after"),
        ("limit=1_0", "query/limit"),
        ("limit=%207", "query/limit"),
        ("limit=%2B7", "query/limit"),
        ("limit=\u0663", "query/limit"),
    ],
)
async def test_a_parameter_means_one_thing(
    client: httpx.AsyncClient, reads: Sign, query: str, pointer: str
) -> None:
    response = await client.get(f"/booths?{query}", headers=reads("auditor"))
    document = problem_of(response, 422, "malformed-request")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


async def test_a_command_takes_no_parameter(client: httpx.AsyncClient, commands: Sign) -> None:
    headers = commands("programme-officer")
    response = await client.post("/booths?dry_run=true", json=BODY, headers=headers)
    problem_of(response, 422, "malformed-request")


async def test_an_enterprise_changes_only_its_own(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    # Another role of the token, which the route does not name, does not help.
    for headers, code in (
        (commands("enterprise", "auditor", enterprise="e2"), "another-enterprise"),
        (commands("enterprise"), "token-without-enterprise"),
    ):
        response = await client.post("/booths", json=BODY, headers=headers)
        problem_of(response, 403, code)
    officer = commands("enterprise", "programme-officer", enterprise="e2")
    assert (await client.post("/booths", json=BODY, headers=officer)).status_code == 201


def test_only_own_limits_callers_that_act_only_as_an_enterprise() -> None:
    only_own(Caller(actor="a", roles=frozenset({"auditor"})), "e1")
    only_own(Caller(actor="a", roles=frozenset({"enterprise"}), enterprise="e1"), "e1")
    only_own(context(roles=frozenset({"enterprise", "auditor"}), enterprise="e2"), "e1")
    for enterprise, code in ((None, "token-without-enterprise"), ("e2", "another-enterprise")):
        caller = Caller(actor="a", roles=frozenset({"enterprise"}), enterprise=enterprise)
        with pytest.raises(Forbidden, match=code):
            only_own(caller, "e1")
    with pytest.raises(Forbidden):
        only_own(Caller(actor="a", roles=frozenset({"enterprise"})), None)


def test_a_misspelt_role_stops_the_start() -> None:
    with pytest.raises(ValueError, match="programme-oficer"):
        command("programme-oficer")
    with pytest.raises(ValueError, match="no role"):
        query()


async def test_a_query_waits_for_the_version_that_its_caller_names(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign
) -> None:
    headers = reads("auditor")
    assert (await client.get("/booths?after=round/ifex-2018@4", headers=headers)).is_success
    assert service.applied_versions == [("round", "ifex-2018", 4)]
    response = await client.get("/booths?after=round/ifex-2018@10", headers=headers)
    problem_of(response, 503, "not-heard-yet")
    assert response.headers["retry-after"] == "2"


@pytest.mark.parametrize("after", ["", "round", "round/x", "round/x@", "round/x@0", "Round/x@1"])
async def test_a_malformed_after_is_refused(
    client: httpx.AsyncClient, reads: Sign, after: str
) -> None:
    response = await client.get("/booths", params={"after": after}, headers=reads("auditor"))
    problem_of(response, 400, "after-malformed")
