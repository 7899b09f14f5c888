"""Callers of the shop, who repeat what was not answered; and what must be true of all they did."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from gelar.checking.check import check
from gelar.checking.topics.log import Line, read_lines
from shared.kernel.parts import Parts
from shared.messaging.topics import topic_name
from shared.service.engine import Engine, build
from shared.settings import Settings
from tests.faults.processes import Died, Process
from tests.kernel.example import shop, till

POISON = "poison"
AGAIN_SECONDS = 0.1
REPEATED_AT_ONCE = 30


@dataclass(kw_only=True)
class Callers:
    """What was asked, and what was answered: the version by key."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)
    rounds: int = 0
    _asking: set[tuple[int, str]] = field(default_factory=set)

    def round(self, *, poison: bool = False) -> list[dict[str, Any]]:
        """Six further orders: new baskets and old ones, new buyers and old ones; and one again."""
        self.rounds += 1
        again = list(islice(self.orders.values(), self.rounds, self.rounds + 1))
        new = [self._order(f"b{self.rounds}", f"buyer-{self.rounds}") for _ in range(2)]
        old = [self._order(f"old-{self.rounds % 3}", f"old-{self.rounds % 3}") for _ in range(4)]
        if poison:
            place = f"bad-{self.rounds}"
            new += [self._order(place, place, item) for item in ("", POISON, "")]
        return new + old + again

    def _order(self, basket: str, buyer: str, item: str = "") -> dict[str, Any]:
        key = f"{item}{len(self.orders)}"
        order = {
            "key": key,
            "basket": basket,
            "item": item or key,
            "price": 1,
            "buyer": buyer,
            "stand": key,
        }
        self.orders[key] = order
        return order

    def unanswered(self) -> list[dict[str, Any]]:
        """Orders whose fate the callers do not know, the first of them."""
        unknown = (order for key, order in self.orders.items() if key not in self.answers)
        return list(islice(unknown, REPEATED_AT_ONCE))

    async def ask(self, process: Process, orders: list[dict[str, Any]]) -> None:
        """Ask once; what dies or is refused for now stays unanswered."""
        await asyncio.gather(*(self._ask(process, one) for one in orders))

    async def insist(self, process: Process) -> None:
        """Ask again and again until everything is answered."""
        while unanswered := self.unanswered():
            await self.ask(process, unanswered)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ask(self, process: Process, order: dict[str, Any]) -> None:
        asked = (process.pid, order["key"])
        if asked in self._asking:
            return
        self._asking.add(asked)
        try:
            said = await process.command(order)
        except Died:
            return
        finally:
            self._asking.discard(asked)
        if "version" in said:
            version = self.answers.setdefault(order["key"], said["version"])
            if version != said["version"]:
                told = f"answered with {version} and with {said['version']}"
                self.contradictions.append(f"order {order['key']} was {told}")
        else:
            self.refusals[said["refused"]] += 1


class Databases:
    """The engines of both services, not running: to look from outside."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pairs: list[tuple[Parts, Engine]] = [
            (one, build(one, settings)) for one in (shop(), till())
        ]

    def of(self, service: str) -> Engine:
        """The engine of one of them."""
        return next(engine for parts, engine in self._pairs if parts.name == service)

    async def settled(self) -> bool:
        """Whether nothing is left to do, in two readings that are equal."""
        first = [await engine.progress.read() for _, engine in self._pairs]
        if not all(one["caught_up"] for one in first):
            return False
        return first == [await engine.progress.read() for _, engine in self._pairs]

    async def differences(self, callers: Callers) -> list[str]:
        """See `differences`; blocks the loop."""
        report = await check(self._pairs)
        topics = {topic_name(self._settings.namespace, "shop"): "shop"}
        lines = list(read_lines(self._settings.kafka_bootstrap_servers, topics))
        baskets = _baskets(lines)
        found = [*report.differences, *callers.contradictions, *_unkept(callers, baskets)]
        return found + await self._misbilled(baskets)

    async def close(self) -> None:
        """Let go of the servers."""
        for _, engine in self._pairs:
            await engine.stop()

    async def _misbilled(self, baskets: dict[str, list[tuple[str, str]]]) -> list[str]:
        due: Counter[str] = Counter()
        for items in baskets.values():
            for item, buyer in items:
                if item == POISON:
                    break
                due[buyer] += 1
        bills = self._pairs[1][1].commands["bill"].aggregates.collection
        kept = {one["_id"]: one["state"]["lines"] async for one in bills.find({})}
        return [
            f"bill {buyer}: {kept.get(buyer, 0)} lines, {due[buyer]} are due"
            for buyer in sorted({*kept, *due})
            if kept.get(buyer, 0) != due[buyer]
        ]


def _baskets(lines: list[Line]) -> dict[str, list[tuple[str, str]]]:
    # First occurrences in the order of their numbers: that there are no gaps is checked elsewhere.
    events: dict[str, dict[int, tuple[str, str]]] = {}
    for line in lines:
        said = json.loads(line.data)
        of_basket = events.setdefault(line.subject, {})
        of_basket.setdefault(line.sequence, (said["item"], said["buyer"]))
    return {id: [some[n] for n in sorted(some)] for id, some in events.items()}


def _unkept(callers: Callers, baskets: dict[str, list[tuple[str, str]]]) -> list[str]:
    found = []
    for key, version in callers.answers.items():
        order = callers.orders[key]
        items = baskets.get(order["basket"], [])
        if len(items) < version or items[version - 1][0] != order["item"]:
            found.append(f"order {key} was acknowledged as number {version}, and is not there")
    published = Counter(item for items in baskets.values() for item, _ in items)
    asked = Counter(one["item"] for one in callers.orders.values())
    found += [f"{item} was bought {n} times" for item, n in (published - asked).items()]
    return found


async def differences(settings: Settings, callers: Callers) -> list[str]:
    """All that is wrong with what was kept, published and followed, in words."""

    async def looked() -> list[str]:
        databases = Databases(settings)
        try:
            return await databases.differences(callers)
        finally:
            await databases.close()

    # Reading a topic blocks, and this loop has others to serve: processes, and ways to servers.
    return await asyncio.to_thread(lambda: asyncio.run(looked()))


async def settle(databases: Databases, seconds: float) -> None:
    """Wait until all has caught up."""
    async with asyncio.timeout(seconds):
        while not await databases.settled():  # noqa: ASYNC110 - servers cannot set an event of ours
            await asyncio.sleep(0.1)
