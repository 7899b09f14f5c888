"""A problem document explains its code in Indonesian and in English."""

import httpx

from shared.kernel.explanations import (
    HOUSE,
    UNLISTED,
    Explanation,
    ExplanationGroup,
    Explanations,
)
from shared.settings import Settings
from tests.http.example import ExampleService, client_of, example_app
from tests.http.test_problems import problem_of


async def test_a_problem_says_in_both_languages_what_is_wrong_and_what_to_do(
    client: httpx.AsyncClient,
) -> None:
    document = problem_of(await client.get("/nowhere"), 404, "no-such-route")
    assert document == {
        "type": "urn:kukm:problem:no-such-route",
        "title": "No such route",
        "status": 404,
        "detail": "There is no such path: see /docs for the paths of this service.",
        "code": "no-such-route",
        "text": {
            "id": "Alamat ini tidak ada pada layanan ini.",
            "en": "This service has no such path.",
        },
        "advice": {
            "id": "Lihat daftar alamat di /docs.",
            "en": "Look at /docs for its paths.",
        },
        "correlation_id": document["correlation_id"],
    }


async def test_a_service_explains_its_own_codes(settings: Settings) -> None:
    explained = Explanation(text={"id": "Tutup.", "en": "Shut."}, advice={"id": "A.", "en": "B."})
    group = ExplanationGroup(name="call", title="Calls", explanations={"call-closed": explained})
    service = ExampleService(explanations=Explanations(groups=(group,)))
    async with client_of(example_app(service, settings)) as client:
        own = problem_of(await client.get("/errors/refused"), 409, "call-closed")
        house = problem_of(await client.get("/errors/stale"), 412, "stale-version")
        unlisted = problem_of(await client.get("/closed"), 409, "closed")
    assert (own["text"], own["advice"]) == (explained.text, explained.advice)
    assert house["text"] == HOUSE.by_code["stale-version"].text
    assert unlisted["text"] == HOUSE.by_code[UNLISTED].text
