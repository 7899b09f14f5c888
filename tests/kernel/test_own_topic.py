"""Junk and strays on a service's own topic while its database is caught up from there."""

import pytest

from shared.kernel.errors import Refused
from shared.operations.restored import Republication
from shared.service.wiring import build
from shared.settings import Settings
from tests.kernel.example import ItemAdded, basket, shop
from tests.kernel.test_catching_up import fill, filled, restore, saved, send


@pytest.mark.parametrize("data", [b"\xff\xfe", b"{}", b""])
async def test_junk_on_the_own_topic_stops_no_start(settings: Settings, data: bytes) -> None:
    await filled(settings, "b1", "1")
    send(settings, "zz", 1, ItemAdded.type_name(), data)
    for key in ("2", "3"):
        async with shop().opened(settings) as selling:
            await fill(selling, "b1", key)


@pytest.mark.parametrize("kind", ["cart", "a$b", "system.x", "$x"])
async def test_a_stray_message_of_another_kind_stops_no_start(
    settings: Settings, kind: str
) -> None:
    await filled(settings, "b1", "1")
    send(settings, "zz", 1, ItemAdded.type_name(), b"{}", kind=kind)
    await filled(settings, "b1", "2")


async def test_good_events_before_junk_are_added_and_their_record_is_held(
    settings: Settings,
) -> None:
    settings = settings.model_copy(update={"partitions": 1})
    await filled(settings, "b1", "1")
    before = saved(settings, "shop")
    await filled(settings, "b1", "2")
    send(settings, "b1", 3, ItemAdded.type_name(), b"{}")
    restore(settings, "shop", before)
    async with shop().opened(settings) as selling:
        assert (await selling.get(basket, "b1")).version == 2
        with pytest.raises(Refused, match="private-part-lost"):
            await fill(selling, "b1", "3")


async def test_a_republication_after_a_restore_adds_what_only_the_topic_has(
    settings: Settings,
) -> None:
    await filled(settings, "b1", "1")
    before = saved(settings, "shop")
    await filled(settings, "b1", "2")
    restore(settings, "shop", before)
    engine = build(shop(), settings)
    await Republication(engine, "shop").run(lambda published: None)
    await engine.stop()
    async with shop().opened(settings) as selling:
        assert (await selling.get(basket, "b1")).version == 2
