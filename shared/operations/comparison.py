"""Compare two copies of a projection: count the documents that differ, and name some of them."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.parts import Parts
from shared.store.database import Session
from shared.store.projection import Projection

NAMED_MAX = 20


@dataclass(kw_only=True)
class Comparison:
    """Counts of compared and differing documents by collection, and the first that differ."""

    compared: Counter[str] = field(default_factory=Counter)
    differing: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def note(self, name: str, id: str, *, equal: bool) -> None:
        """Count a document."""
        self.compared[name] += 1
        if not equal:
            self.differing[name] += 1
            if len(self.named) < NAMED_MAX:
                self.named.append(f"{name} {id}")


async def compare(parts: Parts, old: Projection, new: Projection, session: Session) -> Comparison:
    """Compare every mirror, view and cell of the parts: the old copy as the session has it."""
    found = Comparison()
    sources = [mirror.name for mirror in parts.mirrors] + [view.name for view in parts.views]
    for name in sources + [f"tally.{tally.name}" for tally in parts.tallies]:
        theirs, ours = _documents(old, name, session), _documents(new, name)
        await _compare(found, name, theirs, ours)
    return found


DocumentsById = AsyncIterator[tuple[str, Any]]


async def _compare(
    found: Comparison, name: str, theirs: DocumentsById, ours: DocumentsById
) -> None:
    # Both streams are in order of id, so a missing document shows as a greater id.
    left, right = await anext(theirs, None), await anext(ours, None)
    while left or right:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            found.note(name, left[0], equal=False)
            left = await anext(theirs, None)
        elif left is None or right[0] < left[0]:
            found.note(name, right[0], equal=False)
            right = await anext(ours, None)
        else:
            found.note(name, left[0], equal=left[1] == right[1])
            left, right = await anext(theirs, None), await anext(ours, None)


async def _documents(
    projection: Projection, name: str, session: Session | None = None
) -> DocumentsById:
    async for document in projection.collection(name).find({}, session=session).sort("_id", 1):
        if "numbers" in document:
            numbers = {measure: n for measure, n in document["numbers"].items() if n}
            if numbers:
                yield document["_id"], numbers
        else:
            yield document["_id"], (document.get("last"), document["state"])
