"""An entity has its ETag; a list comes in pages, whose cursors are opaque and checked."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts.words import Indicator, Target, TargetScope
from shared.http import After, entity
from shared.http.responses import coded
from shared.kernel.answers import Found
from tests.http.conftest import Sign
from tests.http.example import Booth, ExampleService
from tests.http.test_problems import problem_of

BOOTH = Booth(
    opens_on=date(2018, 3, 9),
    reserved_at=datetime(2018, 1, 20, 2, 0, tzinfo=UTC),
    rate=Decimal("13894.50"),
    targets=(Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=700),),
)
CURSOR: TypeAdapter[str] = TypeAdapter(After)


def booth(identifier: str) -> Found[Booth]:
    """Return a booth at version 5."""
    return Found(id=identifier, version=5, state=BOOTH)


async def test_an_entity_has_its_version_as_etag(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign
) -> None:
    service.booths = [booth("b1")]
    response = await client.get("/booths/b1", headers=reads("auditor"))
    etag = response.headers["etag"]
    assert re.fullmatch('"5-[0-9a-f]{12}"', etag)
    # Another body of the same version has another strong tag.
    service.booths = [replace(booth("b1"), state=replace(booth("b1").state, rate=Decimal(2)))]
    assert (await client.get("/booths/b1", headers=reads("auditor"))).headers["etag"] == etag
    later = replace(booth("b1").state, reserved_at=datetime(2018, 2, 2, tzinfo=UTC))
    service.booths = [replace(booth("b1"), state=later)]
    assert (await client.get("/booths/b1", headers=reads("auditor"))).headers["etag"] != etag
    assert response.json() == {
        "id": "b1",
        "version": 5,
        "opens_on": "2018-03-09",
        "reserved_at": "2018-01-20T02:00:00Z",
        "rate": None,
        "targets": [{"scope": "ALL", "indicator": "ENTERPRISES", "value": 700}],
        "waiting": 3,
    }


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
async def test_an_entity_that_the_caller_has_is_not_sent_again(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign, form: str
) -> None:
    service.booths = [booth("b1")]
    tag = (await client.get("/booths/b1", headers=reads("auditor"))).headers["etag"]
    headers = reads("auditor") | {"If-None-Match": form.format(tag)}
    for method in ("GET", "HEAD"):
        answer = await client.request(method, "/booths/b1", headers=headers)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    # The list has no ETag, and another one is sent whole.
    assert (await client.get("/booths", headers=headers)).status_code == 200
    other = reads("auditor") | {"If-None-Match": '"4-0"'}
    assert (await client.get("/booths/b1", headers=other)).json()["id"] == "b1"


def test_an_extra_field_cannot_replace_id_or_version() -> None:
    with pytest.raises(TypeError, match="id"):
        entity(Response(), booth("b1"), version=6)


async def test_pages_list_every_item_once(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign
) -> None:
    service.booths = [booth(f"b.{number}") for number in range(7)]
    url: str | None = "/booths?limit=3&scope=DOMESTIC%26"
    ids: list[str] = []
    while url is not None:
        page: dict[str, Any] = (await client.get(url, headers=reads("auditor"))).json()
        ids += [item["id"] for item in page["items"]]
        url = page["next"]
        assert url is None or url.startswith("?limit=3&scope=DOMESTIC%26&cursor=")
        # A browser resolves it against the address of the page, behind any prefix.
        url = None if url is None else urljoin("/booths", url)
    assert ids == [item.id for item in service.booths]


async def test_a_page_that_is_not_full_is_the_last(
    client: httpx.AsyncClient, service: ExampleService, reads: Sign
) -> None:
    assert (await client.get("/booths", headers=reads("auditor"))).json() == {
        "items": [],
        "next": None,
    }
    service.booths = [booth("b1")]
    page = (await client.get("/booths?limit=2", headers=reads("auditor"))).json()
    assert page["items"][0]["rate"] == "13894.50"
    assert page["next"] is None


@pytest.mark.parametrize("cursor", ["b1", "!!", "AA", "YQ==", "w6k", "x" * 201])
async def test_an_invented_cursor_is_refused(
    client: httpx.AsyncClient, reads: Sign, cursor: str
) -> None:
    response = await client.get("/booths", params={"cursor": cursor}, headers=reads("auditor"))
    document = problem_of(response, 422, "malformed-request")
    assert document["errors"][0]["pointer"] == "query/cursor"


@given(st.from_regex(r"[A-Za-z0-9.-]{1,129}", fullmatch=True))
def test_a_cursor_is_decoded_to_its_id(identifier: str) -> None:
    assert CURSOR.validate_python(coded(identifier)) == identifier


@given(st.text())
def test_any_text_as_cursor_is_an_id_or_is_refused(cursor: str) -> None:
    try:
        identifier = CURSOR.validate_python(cursor)
    except ValidationError:
        return
    assert not identifier or coded(identifier) == cursor
