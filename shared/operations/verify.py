"""Verify a whole database: aggregates equal their history, and tallies a count from scratch.

Called by `gelar verify`. For every aggregate `fold(history + outbox) == state`, numbers run 1..n
without gaps, and the state has no fault; what an aggregate has for itself alone no other has, and
it is claimed for it; every tally equals the contributions of its mirrors and views. It may run
while the service runs: an aggregate that differs is read again, because it may have moved on in
between. Tallies are compared only while no batch is applied. An aggregate with an event that only
another version knows is left to that version: it is no difference, and is counted.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from shared.kernel.recorded import UnknownType
from shared.kernel.view import Cell, Tally
from shared.service.engine import Engine
from shared.store.aggregates import Aggregates

READINGS_MAX = 3
AT_ONCE = 50
Owner = tuple[str, str]
"""An aggregate, and its entry for which it has claimed a value."""


@dataclass(kw_only=True)
class Verdict:
    """The counts of checked aggregates, events and tallies, and every difference as a sentence.

    `unknown` counts the aggregates that were not checked because this version does not know one of
    their events, by kind and the type of the event.
    """

    aggregates: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    tallies: int = 0
    differences: list[str] = field(default_factory=list)
    claimed: dict[str, list[Owner]] = field(default_factory=lambda: defaultdict(list))


async def verify(engine: Engine) -> Verdict:
    """Check everything that this service keeps."""
    verdict = Verdict()
    for kind, commands in engine.commands.items():
        ids = [id async for id in _ids(commands.aggregates)]
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            checks = (_checked(commands.aggregates, id) for id in some)
            for id, checked in zip(some, await asyncio.gather(*checks), strict=True):
                verdict.aggregates[kind] += 1
                verdict.events[kind] += checked.version
                verdict.differences += [checked.difference] if checked.difference else []
                if checked.unknown:
                    verdict.unknown[kind, checked.unknown] += 1
                for key, entry in checked.claims.items():
                    verdict.claimed[key].append((id, entry))
    verdict.differences += await _wrongly_claimed(engine, verdict.claimed)
    for tally in engine.tallies:
        verdict.tallies += 1
        verdict.differences += await _miscounted(engine, tally)
    return verdict


async def _ids(aggregates: Aggregates[Any]) -> AsyncIterator[str]:
    async for document in aggregates.collection.find({}, {"_id": 1}).sort("_id", 1):
        yield document["_id"]


async def _checked(aggregates: Aggregates[Any], id: str) -> "_Checked":
    checked = _Checked()
    for _ in range(READINGS_MAX):
        document = await aggregates.whole(id)
        checked = _Checked(version=document.get("version", 0))
        try:
            await _check(aggregates, document, checked)
        except KeyError as missing:
            lacking = f"damaged: {missing.args[0]} is missing, here or in its history"
            checked.difference = f"{aggregates.decider.kind} {id}: {lacking}"
        except ValidationError:
            unreadable = "damaged: a part of it cannot be read"
            checked.difference = f"{aggregates.decider.kind} {id}: {unreadable}"
        if checked.difference is None:
            break
    return checked


@dataclass(kw_only=True)
class _Checked:
    """An aggregate that was checked: the difference, if any, and the values that it has claimed.

    `unknown` is the type of the event that this version does not know.
    """

    version: int = 0
    difference: str | None = None
    unknown: str | None = None
    claims: Mapping[str, str] = field(default_factory=dict)


async def _check(aggregates: Aggregates[Any], document: dict[str, Any], checked: _Checked) -> None:
    name = f"{aggregates.decider.kind} {document['_id']}"
    try:
        folded = await aggregates.refolded(document)
    except ValidationError:
        raise
    except UnknownType as event:
        checked.unknown = event.type
        return
    except ValueError as gap:
        checked.difference = f"{name}: {gap}"
        return
    documents = aggregates.documents
    checked.claims = aggregates.decider.claims(folded.state)
    if folded.version != document["version"]:
        stored = f"version {document['version']}, but {folded.version} events are stored"
        checked.difference = f"{name}: {stored}"
    elif documents.is_current(document) and folded.state != documents.state(document):
        differs = f"its state differs from the fold of its {folded.version} events"
        checked.difference = f"{name}: {differs}"
    elif fault := aggregates.decider.fault(folded.state):
        checked.difference = f"{name}: {fault}"


async def _wrongly_claimed(engine: Engine, claimed: Mapping[str, list[Owner]]) -> list[str]:
    """Compare what the states have for themselves alone with the claims."""
    held = await engine.claims.owners() if claimed else {}
    lines = []
    for key, owners in sorted(claimed.items()):
        if len(owners) > 1:
            names = " and ".join(f"{id} ({entry})" for id, entry in sorted(owners))
            lines.append(f"{key}: {names} have it")
        elif held.get(key) != owners[0]:
            id, entry = owners[0]
            lines.append(f"{key}: {id} ({entry}) has it, but has not claimed it")
    return lines


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
