"""Decision letters on real servers: many by one call, each issued or refused by itself."""

from tests.registration.examples import EXHIBITION
from tests.registration.registry import EXHIBITION_PATH, PLANNER, Registry
from tests.registration.test_api_issued_documents import DOCUMENTS, POSITION, shown
from tests.registration.test_api_results import selected
from tests.serving import code

LETTERS = f"{EXHIBITION_PATH}/letters"


async def test_letters_of_an_exhibition_go_out_together(registry: Registry) -> None:
    own, reserve, below = await selected(registry, 3)
    numbered = [
        {"application": f"{EXHIBITION}.{each}", "number": f"B-{number}/2018"}
        for number, each in enumerate((own, reserve, "e-9"), 1)
    ]
    body = {**POSITION, "letters": numbered}
    answer = await registry.sends(PLANNER, LETTERS, body, key="k")
    assert answer.status_code == 200, answer.text
    results = answer.json()
    assert results["refused"] == 1
    assert [each["status"] for each in results["items"]] == [201, 201, 404]
    assert results["items"][2]["code"] == "not-found"
    ids = [each["id"] for each in results["items"][:2]]
    assert [(await shown(registry, id))["number"] for id in ids] == ["B-1/2018", "B-2/2018"]
    # Sent again with another applicant, it issues what is left.
    numbered[2] = {"application": f"{EXHIBITION}.{below}", "number": "B-3/2018"}
    again = (await registry.sends(PLANNER, LETTERS, body, key="k")).json()
    assert [each["id"] for each in again["items"][:2]] == ids
    assert again["refused"] == 0
    assert len((await registry.gets(DOCUMENTS))["items"]) == 3


async def test_letters_are_of_one_exhibition_and_each_to_another_applicant(
    registry: Registry,
) -> None:
    own, reserve, _ = await selected(registry, 3)
    first = {"application": f"{EXHIBITION}.{own}", "number": "B-1/2018"}
    twice = await registry.sends(PLANNER, LETTERS, {**POSITION, "letters": [first, first]})
    assert code(twice) == (409, "application-repeated")
    other = {"application": f"other-2018.{own}", "number": "B-2/2018"}
    same_number = {"application": f"{EXHIBITION}.{reserve}", "number": "B-1/2018"}
    letters = [first, other, same_number]
    results = (await registry.sends(PLANNER, LETTERS, {**POSITION, "letters": letters})).json()
    codes = [each["code"] for each in results["items"]]
    assert codes.count("document-number-taken") == 1
    assert codes[1] == "another-exhibition"
    assert results["refused"] == 2
    for count in (0, 201):
        body = {**POSITION, "letters": [first] * count}
        assert code(await registry.sends(PLANNER, LETTERS, body)) == (422, "malformed-request")
