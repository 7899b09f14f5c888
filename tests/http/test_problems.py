"""Every error is a problem document with a stable code, and leaks no input."""

from typing import Any

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from tests.http.conftest import Sign

NIK = "3201234567890001"
FIELDS = {"type", "title", "status", "detail", "code", "text", "advice", "correlation_id"}


def problem_of(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check the form of a problem document, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document.keys() - {"errors"} == FIELDS
    assert document["code"] == code
    assert document["status"] == status
    for sentences in (document["text"], document["advice"]):
        assert sentences.keys() == {"id", "en"}
        assert all(sentences.values())
    for error in document.get("errors", ()):
        assert error.keys() == {"pointer", "detail", "advice"}
        assert error["advice"]["en"] == error["detail"]
        assert error["advice"]["id"] not in ("", error["detail"])
    assert document["type"] == f"urn:kukm:problem:{code}"
    assert document["correlation_id"] == response.headers["x-correlation-id"]
    return document


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("refused", 409, "call-closed"),
        ("not-yet", 409, "not-attended"),
        ("unknown", 409, "unknown-exhibition"),
        ("stale", 412, "stale-version"),
        ("reused", 422, "idempotency-key-reused"),
        ("busy", 503, "too-many"),
        ("away", 503, "database-unavailable"),
    ],
)
async def test_the_errors_of_the_kernel_have_their_status_and_code(
    client: httpx.AsyncClient, name: str, status: int, code: str
) -> None:
    problem_of(await client.get(f"/errors/{name}"), status, code)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("not-yet", "1"), ("unknown", "1"), ("busy", "2"), ("away", "2"), ("refused", None)],
)
async def test_retry_after_is_sent_if_another_try_can_help(
    client: httpx.AsyncClient, name: str, seconds: str | None
) -> None:
    assert (await client.get(f"/errors/{name}")).headers.get("retry-after") == seconds


async def test_a_refusal_of_a_dependency_is_a_problem(client: httpx.AsyncClient) -> None:
    problem_of(await client.get("/closed"), 409, "closed")


async def test_a_resource_that_does_not_exist_is_not_found(
    client: httpx.AsyncClient, reads: Sign
) -> None:
    problem_of(await client.get("/booths/b9", headers=reads("auditor")), 404, "not-found")


async def test_a_path_that_does_not_exist_is_not_found(client: httpx.AsyncClient) -> None:
    problem_of(await client.get("/booth"), 404, "no-such-route")
    problem_of(await client.get("/booths/"), 404, "no-such-route")


async def test_a_method_that_the_path_does_not_take_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.delete("/booths/b1")
    problem_of(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, PUT"


async def test_an_unexpected_error_leaks_nothing_and_is_logged(client: httpx.AsyncClient) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        response = await client.get("/errors/unexpected")
    document = problem_of(response, 500, "internal-error")
    assert "unexpected" not in response.text
    assert logged == [
        {
            "event": "request failed",
            "log_level": "error",
            "exc_info": True,
            "route": "/errors/{name}",
            "method": "GET",
            "correlation_id": document["correlation_id"],
        }
    ]


async def test_a_refusal_logs_one_line_without_input(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    body = {"enterprise": NIK, "width_cm": NIK}
    with capture_logs() as logged:
        await client.post("/booths", json=body, headers=commands("programme-officer"))
    assert logged == [
        {
            "event": "request refused",
            "log_level": "info",
            "route": "/booths",
            "method": "POST",
            "status": 422,
            "code": "malformed-request",
        }
    ]


async def test_a_malformed_body_names_the_places_but_not_the_values(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    body = {"enterprise": f"{NIK} !", "width_cm": -5, "targets": [{"scope": NIK, "value": 1}]}
    response = await client.post("/booths", json=body, headers=commands("programme-officer"))
    document = problem_of(response, 422, "malformed-request")
    assert [error["pointer"] for error in document["errors"]] == [
        "#/enterprise",
        "#/width_cm",
        "#/targets/0/scope",
        "#/targets/0/indicator",
    ]
    assert NIK not in response.text


async def test_errors_that_follow_from_another_are_dropped_and_messages_are_in_terms_of_json(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    body = {"enterprise": "e1", "width_cm": 300, "targets": [{"scope": "ALL", "value": 7.5}, 1]}
    response = await client.post("/booths", json=body, headers=commands("programme-officer"))
    document = problem_of(response, 422, "malformed-request")
    error = {error["pointer"]: error["detail"] for error in document["errors"]}
    assert list(error) == ["#/targets/0/indicator", "#/targets/0/value", "#/targets/1"]
    assert error["#/targets/0/indicator"] == "This field is required: add it."
    assert error["#/targets/1"] == "This must be an object."


async def test_an_empty_body_and_a_malformed_id_are_explained_in_words(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    document = problem_of(await client.post("/booths", headers=headers), 422, "malformed-request")
    english = "The body is empty: send a JSON object."
    advice = {"id": "Isi permintaan kosong: kirim objek JSON.", "en": english}
    assert document["errors"] == [{"pointer": "#", "detail": english, "advice": advice}]
    body = {"enterprise": "e_1", "width_cm": 300, "title": "a\nb"}
    response = await client.post("/booths", json=body, headers=commands("programme-officer"))
    document = problem_of(response, 422, "malformed-request")
    assert {error["pointer"]: error["detail"] for error in document["errors"]} == {
        "#/enterprise": "An id has 1 to 64 letters (A to Z), digits and hyphens.",
        "#/title": "Write it on one line, without control characters.",
    }


async def test_a_misspelt_field_is_an_error_and_not_ignored(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    body = {"enterprise": "e1", "width_cm": 300, "hieght_cm": 250}
    response = await client.post("/booths", json=body, headers=commands("programme-officer"))
    document = problem_of(response, 422, "malformed-request")
    english = "There is no such field: remove it."
    advice = {"id": "Isian ini tidak dikenal: hapus.", "en": english}
    error = {"pointer": "#/hieght_cm", "detail": english, "advice": advice}
    assert document["errors"] == [error]


async def test_a_malformed_parameter_is_named(client: httpx.AsyncClient, reads: Sign) -> None:
    response = await client.get("/booths?limit=0", headers=reads("auditor"))
    document = problem_of(response, 422, "malformed-request")
    assert document["errors"][0]["pointer"] == "query/limit"
    response = await client.get("/booths/a%20b", headers=reads("auditor"))
    document = problem_of(response, 422, "malformed-request")
    assert document["errors"][0]["pointer"] == "path/booth"


@pytest.mark.parametrize(
    "content", [b'{"enterprise": ', b"\xff\xfe", b"[" * 1_500, b'{"width_cm": ' + b"9" * 1_500]
)
async def test_a_body_that_is_not_json_is_refused(
    client: httpx.AsyncClient, commands: Sign, content: bytes
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    problem_of(
        await client.post("/booths", content=content, headers=headers), 400, "malformed-json"
    )


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"text"', b"7"])
async def test_a_body_that_is_not_an_object_is_refused(
    client: httpx.AsyncClient, commands: Sign, content: bytes
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    response = await client.post("/booths", content=content, headers=headers)
    problem_of(response, 422, "malformed-request")


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data", ""])
async def test_a_body_of_another_media_type_is_refused(
    client: httpx.AsyncClient, commands: Sign, media: str
) -> None:
    headers = commands("programme-officer") | ({"Content-Type": media} if media else {})
    response = await client.post("/booths", content=b"{}", headers=headers)
    problem_of(response, 415, "unsupported-media-type")


async def test_the_token_is_checked_before_the_body(client: httpx.AsyncClient) -> None:
    problem_of(await client.post("/booths", json={"enterprise": "!"}), 401, "token-missing")


async def test_a_body_longer_than_the_limit_is_not_read(
    client: httpx.AsyncClient, commands: Sign
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    response = await client.post("/booths", content=b" " * 2_049, headers=headers)
    assert "2048" in problem_of(response, 413, "body-too-large")["detail"]


async def test_a_streamed_body_is_counted(client: httpx.AsyncClient, commands: Sign) -> None:
    chunks_sent = 0

    async def chunks() -> Any:
        nonlocal chunks_sent
        while chunks_sent < 1_000:
            chunks_sent += 1
            yield b" " * 512

    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    response = await client.post("/booths", content=chunks(), headers=headers)
    problem_of(response, 413, "body-too-large")
    assert chunks_sent < 10


@pytest.mark.parametrize(
    ("requested", "logged"),
    [("abc-1", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)],
)
async def test_a_correlation_id_of_the_caller_is_only_logged(
    client: httpx.AsyncClient, requested: str, logged: bool
) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        response = await client.get("/nowhere", headers={"X-Correlation-Id": requested})
    # It may be anything, and ours travels with the events.
    ours = response.headers["x-correlation-id"]
    assert ours == response.json()["correlation_id"] != requested
    assert lines[0]["correlation_id"] == ours
    assert (lines[0].get("caller_correlation_id") == requested) is logged


@pytest.mark.parametrize(
    ("requested", "logged"),
    [("abc-12345678", "abc-12345678"), (NIK, "***"), (f"nik-{NIK}-7", "nik-***-7")],
)
async def test_every_request_with_an_id_of_its_caller_logs_it_once_without_long_numbers(
    client: httpx.AsyncClient, requested: str, logged: str
) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        response = await client.get("/livez", headers={"X-Correlation-Id": requested})
    assert lines == [
        {
            "event": "caller correlation id",
            "log_level": "info",
            "correlation_id": response.headers["x-correlation-id"],
            "caller_correlation_id": logged,
        }
    ]


async def test_answers_stay_out_of_caches(client: httpx.AsyncClient) -> None:
    for path in ("/livez", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_head_is_get_without_its_body(client: httpx.AsyncClient, reads: Sign) -> None:
    for path in ("/livez", "/booths", "/booths/b9"):
        got = await client.get(path, headers=reads("auditor"))
        head = await client.head(path, headers=reads("auditor"))
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-length"] == got.headers["content-length"]
