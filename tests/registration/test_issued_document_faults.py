"""`gelar verify` makes the digest of every issued document again from its words."""

from typing import Any

from services.registration.app import service
from shared.operations.verify import verify
from tests.registration.registry import PLANNER, Registry
from tests.registration.test_api_issued_documents import letter, letters_to
from tests.registration.test_api_results import selected


def with_another_word(value: Any) -> Any:
    """Return what is stored with another result of a letter."""
    match value:
        case dict():
            return {key: with_another_word(each) for key, each in value.items()}
        case list():
            return [with_another_word(each) for each in value]
        case str():
            return value.replace("TERPILIH", "CADANGAN")
        case _:
            return value


async def test_words_changed_in_history_and_state_alike_are_found_by_the_digest(
    registry: Registry,
) -> None:
    own, *_ = await selected(registry, 3)
    document = await registry.done(PLANNER, letters_to(own), letter())
    await registry.settles()
    assert (await verify(service.engine)).differences == []
    database = service.engine.database
    stored = [
        ("issued-document", {"_id": document}),
        ("history", {"_id": {"$regex": f"^issued-document/{document}@"}}),
    ]
    sound = [await database.collection(name).find_one(where) for name, where in stored]
    for (name, _), found in zip(stored, sound, strict=True):
        changed = with_another_word(found)
        assert changed != found
        await database.collection(name).replace_one({"_id": found["_id"]}, changed)
    assert (await verify(service.engine)).differences == [
        f"issued-document {document}: its digest is not that of its words"
    ]
    for (name, _), found in zip(stored, sound, strict=True):
        await database.collection(name).replace_one({"_id": found["_id"]}, found)
