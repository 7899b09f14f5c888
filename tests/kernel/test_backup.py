"""A backup of a running service: of one moment, checked, and restored into an empty database."""

import asyncio
import gzip
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from gelar.checking.check import check
from shared.kernel.errors import Refused
from shared.operations.backup import CONTENT, Backups, BackupUnusable, check_backup
from shared.operations.restored import Restored
from shared.service import Service
from shared.service.wiring import open_database
from shared.settings import Settings
from tests.faults.callers import Databases
from tests.kernel.example import AddItem, basket, bill, shop, till
from tests.kernel.test_loops import person
from tests.settled import settled

NOW = datetime(2018, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def backups(settings: Settings, service: str) -> AsyncIterator[Backups]:
    """Open the backups of a service's database."""
    database = open_database(service, settings)
    try:
        yield Backups(service=service, database=database, tell=lambda _line: None)
    finally:
        database.close()


async def fill(selling: Service, number: int) -> None:
    """Add an item to a basket."""
    add = AddItem(item="kopi", price=1, buyer=f"buyer-{number % 3}")
    await selling.handle(basket, f"b{number % 5}", add, person(f"{number}"))


async def backup_under_load(settings: Settings, selling: Service, folder: Path) -> None:
    """Make a backup of both services while baskets are filled."""
    numbers = count(100)

    async def fill_on() -> None:
        while True:
            await fill(selling, next(numbers))

    filling = asyncio.create_task(fill_on())
    for service in ("shop", "till"):
        async with backups(settings, service) as of_service:
            assert await of_service.make(folder / service, now=NOW) > 0
    filling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filling


async def lose_and_restore(settings: Settings, folder: Path) -> None:
    """Drop both databases, and restore the backups."""
    for service in ("shop", "till"):
        async with backups(settings, service) as of_service:
            await of_service.database.drop()
            content = json.loads((folder / service / CONTENT).read_text())
            number = sum(each["documents"] for each in content["collections"].values())
            assert await of_service.restore(folder / service) == number


async def test_a_restored_backup_catches_up_from_the_topics(
    settings: Settings, tmp_path: Path
) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        for number in range(20):
            await fill(selling, number)
        await backup_under_load(settings, selling, tmp_path)
        for number in range(20, 40):
            await fill(selling, number)
        await settled(selling, billing)
        bills = {found.id: found.state for found in await billing.find(bill, limit=100)}
        versions = [(await selling.get(basket, f"b{number}")).version for number in range(5)]
    await lose_and_restore(settings, tmp_path)
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        found = [(await selling.get(basket, f"b{number}")).version for number in range(5)]
        assert found == versions
        await settled(selling, billing)
        assert {found.id: found.state for found in await billing.find(bill, limit=100)} == bills
        databases = Databases(settings)
        try:
            assert list((await check(databases.pairs)).differences) == []
        finally:
            await databases.close()


async def test_indexes_are_restored_with_the_documents(settings: Settings, tmp_path: Path) -> None:
    async with shop().opened(settings) as selling:
        await fill(selling, 1)
        await settled(selling)
        before = await selling.engine.database.collection("basket").index_information()
        async with backups(settings, "shop") as of_shop:
            await of_shop.make(tmp_path / "backup", now=NOW)
    async with backups(settings, "shop") as of_shop:
        await of_shop.database.drop()
        await of_shop.restore(tmp_path / "backup")
        assert await of_shop.database.collection("basket").index_information() == before


@pytest.fixture
async def backup(settings: Settings, tmp_path: Path) -> Path:
    """Make a backup of a shop, and leave its database empty."""
    async with shop().opened(settings) as selling:
        await fill(selling, 1)
        await settled(selling)
    async with backups(settings, "shop") as of_shop:
        await of_shop.make(tmp_path / "backup", now=NOW)
        await of_shop.database.drop()
    return tmp_path / "backup"


async def test_a_damaged_backup_is_not_restored(settings: Settings, backup: Path) -> None:
    assert check_backup(backup)["service"] == "shop"
    path = backup / "basket.bson.gz"
    whole = gzip.decompress(path.read_bytes())
    damages = {
        "changed": gzip.compress(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:]),
        "shorter": gzip.compress(whole[:-5]),
        "cut off": path.read_bytes()[:-10],
        "no gzip": b"nothing",
    }
    for name, content in damages.items():
        path.write_bytes(content)
        async with backups(settings, "shop") as of_shop:
            with pytest.raises(BackupUnusable, match="is damaged: basket"):
                await of_shop.restore(backup)
            assert await of_shop.database.collection_names() == [], name


async def test_what_is_no_whole_backup_is_refused(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    part = shutil.copytree(backup, tmp_path / "part")
    (part / CONTENT).unlink()
    newer = shutil.copytree(backup, tmp_path / "newer")
    (newer / CONTENT).write_text(json.dumps({"format": 2}))
    lacking = shutil.copytree(backup, tmp_path / "lacking")
    (lacking / "basket.metadata.json.gz").unlink()
    for folder, fault in (
        (tmp_path / "none", "is no backup"),
        (part, "is no backup that was made to its end"),
        (newer, "has the format 2"),
        (lacking, "is damaged: basket"),
    ):
        async with backups(settings, "shop") as of_shop:
            with pytest.raises(BackupUnusable, match=fault):
                await of_shop.restore(folder)


async def test_a_backup_is_restored_into_its_own_and_empty_database_only(
    settings: Settings, backup: Path
) -> None:
    async with backups(settings, "till") as of_till:
        with pytest.raises(BackupUnusable, match="is a backup of shop"):
            await of_till.restore(backup)
    async with backups(settings, "shop") as of_shop:
        await of_shop.restore(backup)
        with pytest.raises(BackupUnusable, match="is not empty"):
            await of_shop.restore(backup)
        with pytest.raises(BackupUnusable, match="exists"):
            await of_shop.make(backup, now=NOW)


async def test_an_interrupted_backup_leaves_nothing_that_passes_for_one(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.part").mkdir()
    (tmp_path / "other.part" / "old.bson.gz").write_bytes(b"left by an interrupted run")
    async with backups(settings, "shop") as of_shop:
        await of_shop.restore(backup)
        await of_shop.make(tmp_path / "other", now=NOW)
    assert not (tmp_path / "other.part").exists()
    assert not (tmp_path / "other" / "old.bson.gz").exists()


async def test_databases_that_are_lost_without_a_backup_are_read_from_the_topics(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        for number in range(20):
            await fill(selling, number)
        await settled(selling, billing)
        bills = {found.id: found.state for found in await billing.find(bill, limit=100)}
    for service in ("shop", "till"):
        async with backups(settings, service) as of_service:
            await of_service.database.drop()
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        await settled(selling, billing)
        found = [(await selling.get(basket, f"b{number}")).version for number in range(5)]
        assert found == [4] * 5
        assert {found.id: found.state for found in await billing.find(bill, limit=100)} == bills
        # The notes of the items were in no topic: an operator has to say that work may go on.
        lost = await Restored(selling.engine).lost()
        assert [each.id for each in lost] == [f"b{number}" for number in range(5)]
        with pytest.raises(Refused, match="private-part-lost"):
            await fill(selling, 100)
