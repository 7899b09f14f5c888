"""Two copies of a projection side by side: how many documents differ, and which."""

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
    """Documents compared and differing, by collection, and the first of those that differ."""

    compared: Counter[str] = field(default_factory=Counter)
    differing: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def note(self, name: str, id: str, *, equal: bool) -> None:
        """Count one document."""
        self.compared[name] += 1
        if not equal:
            self.differing[name] += 1
            if len(self.named) < NAMED_MAX:
                self.named.append(f"{name} {id}")


async def compare(parts: Parts, old: Projection, new: Projection, session: Session) -> Comparison:
    """Compare every mirror, view and cell of the parts: the old copy as the session has it."""
    found = Comparison()
    names = [one.name for one in parts.mirrors] + [one.name for one in parts.views]
    for name in names + [f"tally.{one.name}" for one in parts.tallies]:
        theirs, ours = _documents(old, name, session), _documents(new, name)
        await _compare(found, name, theirs, ours)
    return found


Documents = AsyncIterator[tuple[str, Any]]


async def _compare(found: Comparison, name: str, theirs: Documents, ours: Documents) -> None:
    # Both come in order of id: a document that only one has comes up there first.
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
) -> Documents:
    async for one in projection.collection(name).find({}, session=session).sort("_id", 1):
        if "numbers" in one:
            numbers = {measure: n for measure, n in one["numbers"].items() if n}
            if numbers:
                yield one["_id"], numbers
        else:
            yield one["_id"], (one.get("last"), one["state"])
