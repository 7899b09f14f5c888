"""Verify a whole database: aggregates equal their history, and tallies a count from scratch.

Called by `gelar verify`. For every aggregate `fold(history + outbox) == state`, and numbers run
1..n without gaps; every tally equals the contributions of its mirrors and views. It may run while
the service runs: an aggregate that differs is read again, because it may have moved on in between.
Tallies are compared only while no batch is applied.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from shared.kernel.view import Cell, Tally
from shared.service.engine import Engine
from shared.store.aggregates import Aggregates

READINGS_MAX = 3
AT_ONCE = 50


@dataclass(kw_only=True)
class Verdict:
    """The counts of checked aggregates, events and tallies, and every difference as a sentence."""

    aggregates: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    tallies: int = 0
    differences: list[str] = field(default_factory=list)


async def verify(engine: Engine) -> Verdict:
    """Check everything that this service keeps."""
    verdict = Verdict()
    for kind, commands in engine.commands.items():
        ids = [id async for id in _ids(commands.aggregates)]
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            checks = (_checked(commands.aggregates, id) for id in some)
            for version, difference in await asyncio.gather(*checks):
                verdict.aggregates[kind] += 1
                verdict.events[kind] += version
                if difference:
                    verdict.differences.append(difference)
    for tally in engine.tallies:
        verdict.tallies += 1
        verdict.differences += await _miscounted(engine, tally)
    return verdict


async def _ids(aggregates: Aggregates[Any]) -> AsyncIterator[str]:
    async for document in aggregates.collection.find({}, {"_id": 1}).sort("_id", 1):
        yield document["_id"]


async def _checked(aggregates: Aggregates[Any], id: str) -> tuple[int, str | None]:
    difference: str | None = None
    version = 0
    for _ in range(READINGS_MAX):
        document = await aggregates.collection.find_one({"_id": id})
        version = document.get("version", 0)
        try:
            difference = await _difference(aggregates, document)
        except KeyError as missing:
            lacking = f"damaged: {missing.args[0]} is missing, here or in its history"
            difference = f"{aggregates.decider.kind} {id}: {lacking}"
        except ValidationError:
            difference = f"{aggregates.decider.kind} {id}: damaged: a part of it cannot be read"
        if difference is None:
            break
    return version, difference


async def _difference(aggregates: Aggregates[Any], document: dict[str, Any]) -> str | None:
    name = f"{aggregates.decider.kind} {document['_id']}"
    try:
        folded = await aggregates.refolded(document)
    except ValidationError:
        raise
    except ValueError as gap:
        return f"{name}: {gap}"
    if folded.version != document["version"]:
        return f"{name}: version {document['version']}, but {folded.version} events are stored"
    documents = aggregates.documents
    if documents.is_current(document) and folded.state != documents.state(document):
        return f"{name}: its state differs from the fold of its {folded.version} events"
    return None


async def _miscounted(engine: Engine, tally: Tally[Any]) -> list[str]:
    counted: dict[Cell, Counter[str]] = defaultdict(Counter)
    async for document in engine.projection.collection(tally.of.name).find({}):
        found = engine.projection.found(tally.of, document)
        contribution = tally.contribution(found.state) if found.state is not None else {}
        for cell, numbers in contribution.items():
            counted[cell].update(numbers)
    stored = await engine.projection.tally(tally, {})
    return [
        f"tally {tally.name} {'/'.join(cell)}: "
        f"stored {_nonzero(stored, cell)}, counted {_nonzero(counted, cell)}"
        for cell in sorted({*stored, *counted})
        if _nonzero(stored, cell) != _nonzero(counted, cell)
    ]


def _nonzero(figures: dict[Cell, Counter[str]], cell: Cell) -> dict[str, int]:
    return {measure: n for measure, n in sorted(figures.get(cell, {}).items()) if n}
