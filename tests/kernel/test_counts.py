"""Several counts in one question are of a single moment, each as it would be alone."""

from shared.service.wiring import open_database
from shared.settings import Settings
from shared.store.counts import Countable, count, counts, matching


async def test_each_collection_is_counted_by_its_own_question(settings: Settings) -> None:
    database = open_database("counts", settings)
    stalls, shelves = database.collection("stalls"), database.collection("shelves")
    await stalls.insert_many([{"row": number % 2} for number in range(5)])
    await shelves.insert_many([{"row": number} for number in range(3)])
    asked = {
        "odd": matching(stalls, {"row": 1}),
        ("all", "stalls"): matching(stalls, {}),
        "none": matching(shelves, {"row": 7}),
        "rows": Countable(stalls, [{"$group": {"_id": "$row"}}]),
        "shelves": matching(shelves, {}),
        "missing": matching(database.collection("missing"), {}),
    }
    expected = {"odd": 2, ("all", "stalls"): 5, "none": 0, "rows": 2, "shelves": 3, "missing": 0}
    assert await counts(asked) == expected
    async with database.snapshot() as session:
        assert await counts(asked, session) == expected
        # What comes after the snapshot is in none of them.
        await stalls.insert_one({"row": 1})
        await shelves.insert_one({"row": 7})
        assert await counts(asked, session) == expected
        assert await count(matching(shelves, {"row": 7}), session) == 0
    assert await count(matching(shelves, {"row": 7})) == 1
    await database.drop()
    database.close()
