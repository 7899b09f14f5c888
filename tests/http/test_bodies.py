"""A body is what was meant, or it is refused with the place of the fault."""

from typing import Any

import httpx
import pytest

from tests.http.conftest import Sign
from tests.http.example import ExampleService
from tests.http.test_problems import problem_of


@pytest.mark.parametrize(
    "body",
    [
        '{"enterprise": "e1", "width_cm": 300, "width_cm": 3000}',
        '{"enterprise": "e1", "width_cm": 300, "targets": [{"value": 1, "value": 2}]}',
    ],
)
async def test_a_field_that_comes_twice_is_refused(
    client: httpx.AsyncClient, commands: Sign, body: str
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    problem_of(await client.post("/booths", content=body, headers=headers), 400, "repeated-field")


@pytest.mark.parametrize("body", ['{"width_cm": NaN}', "[" * 2_000, '{"width_cm": Infinity}'])
async def test_a_body_that_is_no_json_is_refused(
    client: httpx.AsyncClient, commands: Sign, body: str
) -> None:
    headers = commands("programme-officer") | {"Content-Type": "application/json"}
    problem_of(await client.post("/booths", content=body, headers=headers), 400, "malformed-json")


TARGET = {"scope": "ALL", "indicator": "ENTERPRISES", "value": 7}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"width_cm": True}, "#/width_cm"),
        ({"width_cm": "300"}, "#/width_cm"),
        ({"width_cm": 300.0}, "#/width_cm"),
        ({"targets": [{**TARGET, "value": True}]}, "#/targets/0/value"),
        ({"targets": [{**TARGET, "value": "1_0"}]}, "#/targets/0/value"),
        ({"targets": [{**TARGET, "value": 1.0}]}, "#/targets/0/value"),
        ({"targets": [{**TARGET, "valeu": 1}]}, "#/targets/0/valeu"),
        ({"opens_on": 0}, "#/opens_on"),
        ({"opens_on": 1524614400}, "#/opens_on"),
        ({"opens_on": "2018-4-25"}, "#/opens_on"),
        ({"opens_on": "2018-04-25T00:00:00"}, "#/opens_on"),
        ({"opens_on": "\u0662018-04-25"}, "#/opens_on"),
        ({"closes_at": 1524614400}, "#/closes_at"),
        ({"closes_at": "1524614400"}, "#/closes_at"),
        ({"price": 12.5}, "#/price"),
        ({"price": "1e3"}, "#/price"),
        ({"price": " 12"}, "#/price"),
        ({"price": "1_000"}, "#/price"),
        ({"price": True}, "#/price"),
        ({"price": "\u0661\u0662"}, "#/price"),
        ({"title": "\u200b\u2060"}, "#/title"),
        ({"title": "\u3164"}, "#/title"),
    ],
)
async def test_a_value_that_is_not_what_was_meant_is_refused(
    client: httpx.AsyncClient, commands: Sign, changes: dict[str, Any], pointer: str
) -> None:
    body = {"enterprise": "e1", "width_cm": 300, **changes}
    headers = commands("programme-officer")
    response = await client.post("/booths", json=body, headers=headers)
    document = problem_of(response, 422, "malformed-request")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


async def test_values_in_their_own_form_are_taken(
    client: httpx.AsyncClient, service: ExampleService, commands: Sign
) -> None:
    body = {
        "enterprise": "e1",
        "width_cm": 300,
        "targets": [TARGET],
        "opens_on": "2018-04-25",
        "closes_at": "2018-04-25T09:00:00+07:00",
        "price": "1250.50",
        "title": "Batik \u2013 \u0e1c\u0e49\u0e32",
    }
    for price in ("1250.50", 1250):
        headers = commands("programme-officer")
        answer = await client.post("/booths", json={**body, "price": price}, headers=headers)
        assert answer.status_code == 201, answer.text
