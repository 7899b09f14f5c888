"""Probes, metrics, progress, and a valid description that loads nothing from outside."""

import re

import httpx
from openapi_spec_validator import validate

from shared.http import create_operations_app
from shared.settings import Settings
from tests.http.conftest import Sign
from tests.http.example import ExampleService, client_of, example_app
from tests.http.test_problems import problem_of


async def test_probes_need_no_token(client: httpx.AsyncClient) -> None:
    for probe in ("/livez", "/readyz", "/startupz", "/metrics"):
        assert (await client.get(probe)).status_code == 200


async def test_a_service_that_is_not_ready_gives_the_reason(
    client: httpx.AsyncClient, service: ExampleService
) -> None:
    service.reason = "no primary"
    assert problem_of(await client.get("/readyz"), 503, "not-ready")["detail"] == "no primary"
    assert (await client.get("/livez")).status_code == 200


async def test_a_stuck_process_fails_the_liveness_probe_and_no_other(
    client: httpx.AsyncClient, service: ExampleService
) -> None:
    service.stuck = "the worker has not moved for 301 s"
    assert problem_of(await client.get("/livez"), 503, "stuck")["detail"] == service.stuck
    for probe in ("/readyz", "/startupz"):
        assert (await client.get(probe)).status_code == 200


async def test_requests_are_counted_by_route_and_never_by_path(
    client: httpx.AsyncClient, reads: Sign
) -> None:
    await client.get("/booths/secret-id", headers=reads("auditor"))
    await client.get("/nowhere/secret-id")
    await client.head("/booths/secret-id", headers=reads("auditor"))
    await client.request("BREW", "/booths")
    figures = (await client.get("/metrics")).text
    methods, status = 'http_request_method="GET",', 'http_response_status_code="404"'
    for route in ("/booths/{booth}", "unmatched"):
        assert f'{methods}{status},http_route="{route}"' in figures
    assert f'http_request_method="HEAD",{status},http_route="/booths/{{booth}}"' in figures
    assert 'http_request_method="_OTHER"' in figures
    assert "secret-id" not in figures
    assert "BREW" not in figures


async def test_progress_is_for_operators(client: httpx.AsyncClient, reads: Sign) -> None:
    problem_of(await client.get("/progress", headers=reads("auditor")), 403, "role-missing")
    response = await client.get("/progress", headers=reads("operator"))
    assert response.json() == {"partitions": []}


async def test_the_documentation_loads_nothing_from_outside(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert not re.findall(r"https?://|[\"']//", page)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(sources) == 3
    for source in sources:
        response = await client.get(source)
        assert response.status_code == 200
        assert len(response.content) > 1_000


async def test_the_description_is_valid_and_served(client: httpx.AsyncClient) -> None:
    response = await client.get("/openapi.json")
    validate(response.json())


async def test_the_description_lists_the_roles_headers_and_problems_of_the_guards(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    paths = document["paths"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "/livez" not in paths
    move = paths["/booths/{booth}"]["put"]
    assert move["operationId"] == "move_booth"
    assert move["security"] == [{"bearer": []}]
    assert move["description"] == "Roles: programme-officer."
    required = {parameter["name"]: parameter["required"] for parameter in move["parameters"]}
    assert required == {"booth": True, "Idempotency-Key": True, "If-Match": True}
    problems = set(move["responses"]) - {"200"}
    assert problems == {
        "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "503",
    }  # fmt: skip
    assert list(move["responses"]["422"]["content"]) == ["application/problem+json"]
    listing = paths["/booths"]["get"]
    names = [parameter["name"] for parameter in listing["parameters"]]
    assert names == ["scope", "cursor", "limit", "after"]
    guards = [*move["parameters"][1:], listing["parameters"][-1]]
    assert all(parameter["description"] for parameter in guards)
    assert "428" not in paths["/booths"]["post"]["responses"]


async def test_probes_metrics_and_documentation_may_have_a_port_of_their_own(
    service: ExampleService, settings: Settings, reads: Sign
) -> None:
    apart = settings.model_copy(update={"operations_port": 9})
    main = example_app(service, apart)
    async with client_of(main) as client:
        for path in ("/livez", "/metrics", "/docs", "/openapi.json"):
            problem_of(await client.get(path), 404, "no-such-route")
        assert (await client.get("/booths", headers=reads("auditor"))).status_code == 200
        assert (await client.get("/progress", headers=reads("operator"))).status_code == 200
    async with client_of(create_operations_app(service, apart, main)) as client:
        for path in ("/livez", "/readyz", "/startupz", "/metrics", "/docs"):
            assert (await client.get(path)).status_code == 200
        described = (await client.get("/openapi.json")).json()
        assert "/booths" in described["paths"]
        problem_of(await client.get("/booths"), 404, "no-such-route")
        service.reason = "starting"
        problem_of(await client.get("/startupz"), 503, "not-ready")
        assert (await client.get("/livez")).status_code == 200
