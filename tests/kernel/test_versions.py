"""Two versions of a service run side by side, one after the other, and back again."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from shared.kernel.decider import Addressed
from shared.kernel.errors import NewerVersion, Refused
from shared.kernel.view import Mirror, Reaction, Tally
from shared.kernel.wire import EventFrame
from shared.messaging.reading import read_topics
from shared.operations.accepting import accept
from shared.operations.backfill import Backfill
from shared.operations.verify import verify
from shared.service import Service
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.database import Session
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import (
    AddItem,
    BasketSealed,
    Bill,
    GrowBill,
    ItemAdded,
    SealBasket,
    Seen,
    basket,
    bill,
    bills,
    by_buyer,
    shop,
    till,
    variety,
)
from tests.kernel.test_loops import person
from tests.settled import settled


@dataclass(frozen=True, kw_only=True)
class SeenSealed(Seen):
    """A basket that a newer version also sees being sealed."""

    sealed: bool = False


def see_sealed(state: SeenSealed | None, event: ItemAdded | BasketSealed) -> SeenSealed:
    before = state or SeenSealed(buyer=event.buyer, total=0)
    if isinstance(event, BasketSealed):
        return replace(before, sealed=True)
    return replace(before, total=before.total + event.price)


sealed_baskets: Mirror[SeenSealed, ItemAdded | BasketSealed] = Mirror(
    follows=ItemAdded | BasketSealed, state=SeenSealed, evolve=see_sealed, indexes=("buyer",)
)


def charge(event: BasketSealed, mirror: SeenSealed) -> list[Addressed]:
    return [Addressed(decider=bill, id="charges", command=GrowBill(item="seal", amount=1))]


CHARGE = Reaction(name="charge", follows=BasketSealed, react=charge)


def newer_till() -> Service:
    """Make a till that also follows the sealing of a basket, and charges for it."""
    older = till()
    return Service(
        "till",
        deciders=older.deciders,
        mirrors=(sealed_baskets, bills),
        views=older.views,
        tallies=(
            Tally(name="spending", of=sealed_baskets, dimensions=("buyer",), contribution=by_buyer),
            variety,
        ),
        reactions=(*older.reactions, CHARGE),
    )


async def fill_and_seal(selling: Service, *ids: str) -> None:
    """Fill and seal these baskets."""
    for id in ids:
        await selling.handle(basket, id, AddItem(item="i", price=1, buyer=id), person("1"))
        await selling.handle(basket, id, SealBasket(), person("2"))


async def charges(service: Service) -> int:
    """Return how many seals were charged."""
    found = await service.load(bill, "charges")
    return found.lines if found else 0


async def backfilled(service: Service, **changes: object) -> int:
    """Run the new reaction on what has passed before."""
    fields = {"reaction": "charge", "since": NOW - timedelta(days=1), **changes}
    run = Backfill(service=service, engine=service.engine, **fields)  # type: ignore[arg-type]  # of a test
    return await run.run(lambda read, of: None)


async def standing(service: Service, reason: str) -> None:
    """Wait until a service's worker waits beside another version, for this reason."""

    async def hands_over() -> bool:
        return reason in (service.engine.handed_over or "")

    await eventually(hands_over)


async def must_not_consume(engine: Engine) -> None:
    """Wait until a newer version consumes than the version of this engine."""

    async def behind() -> bool:
        try:
            await engine.versions.check()
        except NewerVersion:
            return True
        return False

    await eventually(behind)


async def test_an_older_worker_hands_over_and_what_has_passed_is_backfilled_once(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as older:
        await fill_and_seal(selling, "b1", "b2")
        await settled(selling, older)
        async with newer_till().opened(settings) as newer:
            await must_not_consume(older.engine)
            await fill_and_seal(selling, *(f"c{n}" for n in range(12)))
            await standing(older, "the version that consumes")
            await settled(selling, newer)
            # The older API serves on, and no seal has passed without its charge.
            assert await older.not_ready_reason() is None
            assert await charges(newer) == 12
            assert await backfilled(newer) == 2
            assert await backfilled(newer) == 0
            await settled(selling, newer)
            assert await charges(newer) == 14
            assert (await verify(newer.engine)).differences == []
            assert await newer.engine.inbox.parking.rows() == []


async def test_after_a_rollback_is_accepted_nothing_is_missed_or_done_twice(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with newer_till().opened(settings) as newer:
            await fill_and_seal(selling, "b1")
            await settled(selling, newer)
        async with till().opened(settings) as older:
            await fill_and_seal(selling, "b2")
            await standing(older, "the version that consumes")
            assert await older.load(bill, "b2") is None
            await accept(older.engine)
            # The worker that waited goes on.
            await settled(selling, older)
            assert await older.load(bill, "b2") == Bill(amount=1, lines=1)
        async with newer_till().opened(settings) as newer:
            await fill_and_seal(selling, "b3")
            await standing(newer, "an operator went back")
            await accept(newer.engine)
            await settled(selling, newer)
            # b1 and b3 were charged when they came; b2 passed while the older version consumed.
            assert await charges(newer) == 2
            assert await backfilled(newer) == 1
            await settled(selling, newer)
            assert await charges(newer) == 3
            assert (await verify(newer.engine)).differences == []


async def test_commands_that_a_newer_version_left_are_parked_only_if_an_operator_says_so(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as older:
            await fill_and_seal(selling, "b1")
            await settled(selling, older)
            await leave_pending(older.engine, "b1", {"kind": "ledger", "id": "l"})
        engine = build(till(), settings)
        await engine.attach()
        with pytest.raises(NewerVersion, match="ledger"):
            await accept(engine)
        assert await engine.inbox.parking.rows() == []
        await accept(engine, park_unknown=True)
        (row,) = await engine.inbox.parking.rows()
        assert (row["subject"], row["reason"]) == ("b1", "newer-version")
        await engine.stop()


async def leave_pending(engine: Engine, subject: str, command: dict[str, object]) -> None:
    """Leave a command of a newer version pending, as its killed worker would."""
    sealed = BasketSealed.type_name().encode()
    (message,) = [
        message
        for message in read_topics(engine.settings, ["shop"])
        if message.key == subject.encode() and message.headers["ce_type"] == sealed
    ]
    ((_, frame),) = engine.folding.frames([message])
    assert isinstance(frame, EventFrame)
    entry = engine.reactions.entry(message, frame, [command])

    async def leave(session: Session) -> None:
        await engine.inbox.intervene(message.partition, [entry], session)

    await engine.database.transaction(leave)


async def test_a_backfill_leaves_what_is_older_or_unknown_alone(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as older:
            await fill_and_seal(selling, "b1")
            await settled(selling, older)
        async with newer_till().opened(settings) as newer:
            assert await backfilled(newer, since=NOW + timedelta(seconds=1)) == 0
            with pytest.raises(Refused, match="unknown-reaction"):
                await backfilled(newer, reaction="chrage")
            assert await charges(newer) == 0
