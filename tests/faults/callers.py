"""Callers of the shop that repeat unanswered orders, and the checks of all their orders."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from gelar.checking.check import check
from gelar.checking.topics.log import Line, read_lines
from shared.kernel.parts import Parts
from shared.messaging.topics import topic_name
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings
from tests.faults.newer import BasketWrapped
from tests.faults.processes import Died, Process
from tests.kernel.example import ItemAdded, shop, till

POISON = "poison"
AGAIN_SECONDS = 0.1
REPEATED_AT_ONCE = 30


@dataclass(kw_only=True)
class Callers:
    """The orders of the callers, and the answers: the version by key."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)
    rounds: int = 0
    gifts: bool = False
    _asking: set[tuple[int, str]] = field(default_factory=set)

    def round(self, *, poison: bool = False) -> list[dict[str, Any]]:
        """Make six orders, for new and old baskets and buyers; add an earlier order again."""
        self.rounds += 1
        again = list(islice(self.orders.values(), self.rounds, self.rounds + 1))
        new = [self._order(f"b{self.rounds}", f"buyer-{self.rounds}") for _ in range(2)]
        old = [self._order(f"old-{self.rounds % 3}", f"old-{self.rounds % 3}") for _ in range(4)]
        if self.gifts:
            gift = f"gift-{self.rounds}"
            new.append(self._order(gift, gift))
        if poison:
            bad = f"bad-{self.rounds}"
            new += [self._order(bad, bad, item) for item in ("", POISON, "")]
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
        """Return the first orders that have no answer yet."""
        unknown = (order for key, order in self.orders.items() if key not in self.answers)
        return list(islice(unknown, REPEATED_AT_ONCE))

    async def ask(self, process: Process, orders: list[dict[str, Any]]) -> None:
        """Send each order once; an order stays unanswered if the process dies or refuses it."""
        await asyncio.gather(*(self._ask(process, order) for order in orders))

    async def insist(self, process: Process) -> None:
        """Repeat the unanswered orders until all are answered."""
        while unanswered := self.unanswered():
            await self.ask(process, unanswered)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ask(self, process: Process, order: dict[str, Any]) -> None:
        request = (process.pid, order["key"])
        if request in self._asking:
            return
        self._asking.add(request)
        try:
            answer = await process.command(order)
        except Died:
            return
        finally:
            self._asking.discard(request)
        if "version" in answer:
            version = self.answers.setdefault(order["key"], answer["version"])
            if version != answer["version"]:
                versions = f"{version} and with {answer['version']}"
                self.contradictions.append(f"order {order['key']} was answered with {versions}")
        else:
            self.refusals[answer["refused"]] += 1


class Sold(NamedTuple):
    """An event of a basket, with its item if it has one."""

    type: str
    item: str
    buyer: str


Services = tuple[Callable[[], Parts], ...]
"""The makers of both services, of one version."""

EXAMPLE: Services = (shop, till)
BILLED = {ItemAdded.type_name(), BasketWrapped.type_name()}
"""Each of these events is a line of its buyer's bill."""


class Databases:
    """The engines of both services, not running, to read their databases from outside."""

    def __init__(self, settings: Settings, services: Services = EXAMPLE) -> None:
        self._settings = settings
        made = [service() for service in services]
        self.pairs: list[tuple[Parts, Engine]] = [
            (service, build(service, settings)) for service in made
        ]

    def of(self, service: str) -> Engine:
        """Return the engine of this service."""
        return next(engine for parts, engine in self.pairs if parts.name == service)

    @property
    def engines(self) -> list[Engine]:
        """Return both engines; `await settled(*databases.engines)` waits for both."""
        return [engine for _, engine in self.pairs]

    async def differences(self, callers: Callers) -> list[str]:
        """Return the differences, as the function `differences` does; this blocks the loop."""
        report = await check(self.pairs)
        topics = {topic_name(self._settings.namespace, "shop"): "shop"}
        lines = list(read_lines(self._settings, topics))
        baskets = _baskets(lines)
        found = [*report.differences, *callers.contradictions, *_lost(callers, baskets)]
        return found + await self._misbilled(baskets)

    async def close(self) -> None:
        """Close the connections to the servers."""
        for _, engine in self.pairs:
            await engine.stop()

    async def _misbilled(self, baskets: dict[str, list[Sold]]) -> list[str]:
        due: Counter[str] = Counter()
        for items in baskets.values():
            for sold in items:
                if sold.item == POISON:
                    break
                due[sold.buyer] += int(sold.type in BILLED)
        bills = self.pairs[1][1].commands["bill"].aggregates.collection
        lines = {row["_id"]: row["state"]["lines"] async for row in bills.find({})}
        return [
            f"bill {buyer}: {lines.get(buyer, 0)} lines, {due[buyer]} are due"
            for buyer in sorted({*lines, *due})
            if lines.get(buyer, 0) != due[buyer]
        ]


def _baskets(lines: list[Line]) -> dict[str, list[Sold]]:
    # Take first occurrences in the order of their numbers; `check` finds gaps.
    events: dict[str, dict[int, Sold]] = {}
    for line in lines:
        data = json.loads(line.data)
        of_basket = events.setdefault(line.subject, {})
        sold = Sold(line.type, data.get("item", ""), data["buyer"])
        of_basket.setdefault(line.sequence, sold)
    return {id: [items[n] for n in sorted(items)] for id, items in events.items()}


def _lost(callers: Callers, baskets: dict[str, list[Sold]]) -> list[str]:
    found = []
    for key, version in callers.answers.items():
        order = callers.orders[key]
        items = baskets.get(order["basket"], [])
        if len(items) < version or items[version - 1].item != order["item"]:
            found.append(f"order {key} was acknowledged as number {version}, and is not there")
    published = Counter(sold.item for items in baskets.values() for sold in items if sold.item)
    ordered = Counter(order["item"] for order in callers.orders.values())
    found += [f"{item} was bought {n} times" for item, n in (published - ordered).items()]
    return found


async def differences(
    settings: Settings, callers: Callers, services: Services = EXAMPLE
) -> list[str]:
    """Return, in words, each fault in the stored, published and followed events."""

    async def find() -> list[str]:
        databases = Databases(settings, services)
        try:
            return await databases.differences(callers)
        finally:
            await databases.close()

    # Reading a topic blocks, and this loop must serve the processes and the proxies.
    return await asyncio.to_thread(lambda: asyncio.run(find()))
