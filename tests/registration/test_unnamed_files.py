"""Files that no record names are deleted after a day; those of documents and products stay."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from services.registration.app import service
from shared.service.unnamed_files import PAGE, UnnamedFiles
from shared.store.files import FILES, LOOKED_AT_AGAIN, PARTS, SWEPT_AFTER
from tests.files.examples import JPEG
from tests.registration.registry import APPLICANT, PROFILE, Registry
from tests.registration.test_api_documents import filed, uploaded


def sweeper(registry: Registry) -> UnnamedFiles:
    """Return the sweep of this registry's files."""
    engine = registry.api.service.engine
    return UnnamedFiles(engine.database, engine.lookup, service.files_of)


async def files_of(registry: Registry) -> tuple[int, int]:
    """Return the number of files and of their parts."""
    database = registry.api.service.engine.database
    files, parts = database.collection(FILES), database.collection(PARTS)
    return await files.count_documents({}), await parts.count_documents({})


async def test_what_no_record_names_is_deleted_once_it_cannot_be_named_any_more(
    registry: Registry,
) -> None:
    own = await registry.registered(0)
    await filed(registry, own)
    shown, unnamed = await uploaded(registry, own, JPEG), await uploaded(registry, own)
    body: dict[str, Any] = {**PROFILE, "products": [{"name": "Batik", "photographs": [shown]}]}
    await registry.done(
        APPLICANT,
        f"/enterprises/{own}/profile",
        body,
        enterprise=own,
        method="PUT",
        headers={"if-match": "*"},
    )
    uploads, now = registry.api.service.uploads, datetime.now(UTC)
    late = now + SWEPT_AFTER + timedelta(minutes=1)
    assert await sweeper(registry).sweep(now + timedelta(hours=24)) == 0
    assert await files_of(registry) == (3, 3)
    assert await sweeper(registry).sweep(late) == 1
    assert await uploads.find(unnamed) is None
    assert await uploads.find(shown) is not None
    assert await files_of(registry) == (2, 2)
    # What the profile does not show any more is named by no record either.
    await registry.done(
        APPLICANT,
        f"/enterprises/{own}/profile",
        PROFILE,
        enterprise=own,
        method="PUT",
        headers={"if-match": "*"},
    )
    assert await sweeper(registry).sweep(late) == 0
    assert await sweeper(registry).sweep(late + LOOKED_AT_AGAIN + timedelta(minutes=1)) == 1
    assert await files_of(registry) == (1, 1)


async def test_the_parts_of_an_upload_that_was_cut_off_are_deleted(registry: Registry) -> None:
    own = await registry.registered(0)
    await filed(registry, own)
    # The worker has swept when it started, and does not read again what was begun before.
    hour, now = timedelta(hours=1), datetime.now(UTC) + timedelta(hours=2)
    parts = registry.api.service.engine.database.collection(PARTS)
    for begun_at in (now - SWEPT_AFTER - hour, now - SWEPT_AFTER + hour):
        file = ObjectId.from_datetime(begun_at)
        await parts.insert_one({"files_id": file, "n": 0, "data": b"x"})
        await parts.insert_one({"files_id": file, "n": 1, "data": b"x"})
    assert await sweeper(registry).sweep(now) == 0
    assert await files_of(registry) == (1, 3)


async def test_a_sweep_that_ends_anywhere_is_continued_by_the_next(registry: Registry) -> None:
    own = await registry.registered(0)
    await filed(registry, own)
    template = await registry.api.service.engine.database.collection(FILES).find_one({})
    await copies_of(registry, template, 3 * PAGE)
    late = datetime.now(UTC) + SWEPT_AFTER + timedelta(minutes=1)
    pages = iter((True, False))

    async def one_page() -> bool:
        return next(pages)

    # Another worker has the lease after a page.
    deleted = await sweeper(registry).sweep(late, goes_on=one_page)
    assert PAGE - 1 <= deleted <= PAGE
    # A worker dies again and again, wherever it is.
    ended, steps = False, 1
    while not ended:
        sweep = asyncio.create_task(sweeper(registry).sweep(late))
        await asyncio.wait({sweep}, timeout=0.02 * steps)
        ended, steps = sweep.done(), steps + 1
        sweep.cancel()
        await asyncio.wait({sweep})
    assert await files_of(registry) == (1, 1)
    assert await sweeper(registry).sweep(late) == 0


async def test_a_file_whose_deletion_was_cut_off_is_deleted_by_the_next_sweep(
    registry: Registry,
) -> None:
    own = await registry.registered(0)
    await uploaded(registry, own)
    database = registry.api.service.engine.database
    await database.collection(PARTS).delete_many({})
    late = datetime.now(UTC) + SWEPT_AFTER + timedelta(minutes=1)
    assert await sweeper(registry).sweep(late) == 1
    assert await files_of(registry) == (0, 0)


async def copies_of(registry: Registry, template: dict[str, Any], number: int) -> None:
    """Store copies of a file, each with a part, which no record names."""
    database = registry.api.service.engine.database
    copies = [{**template, "_id": ObjectId(), "filename": f"copy-{n}"} for n in range(number)]
    await database.collection(FILES).insert_many(copies)
    parts = [{"files_id": copy["_id"], "n": 0, "data": b"x"} for copy in copies]
    await database.collection(PARTS).insert_many(parts)


async def test_the_same_upload_twice_at_once_is_one_file(registry: Registry) -> None:
    own = await registry.registered(0)
    ids = await asyncio.gather(*(uploaded(registry, own, key="k") for _ in range(3)))
    assert len(set(ids)) == 1
    files, _ = await files_of(registry)
    assert files == 1
