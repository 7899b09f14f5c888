"""The conflicts that relations show: the curators who are related to a candidate, and how. Pure.

A relation of a candidate is a keyed hash of its owner, a member of its board, the office that
recommends it, or itself; those of a curator are of its person and of its employers. Equal hashes
mean a conflict of interest, which needs no declaration. `conflicts` records it; until then
`with_inferred` tells every rule and every reader of it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from services.selection.domain.candidate.state import Candidate, Conflict
from shared.contracts.relations import RelationKind
from shared.contracts.selection.curator import CuratorRelations
from shared.kernel.keys import HashKeys
from shared.kernel.relations import renewed_hash


@dataclass(frozen=True, kw_only=True)
class KnownRelations:
    """The relations of the curators of a panel, as far as they are known, and the keys of all."""

    curators: tuple[CuratorRelations, ...] = ()
    keys: HashKeys = field(default=HashKeys(()), repr=False)

    def related(self, state: Candidate) -> dict[str, tuple[RelationKind, ...]]:
        """Return the relations of a candidate that each curator meets; raises `Busy`."""
        found: dict[str, set[RelationKind]] = defaultdict(set)
        if self._curators_by_hash:
            for relation in state.relations:
                for curator in self._curators_by_hash.get(
                    renewed_hash(relation.hash, self.keys), ()
                ):
                    found[curator].add(relation.kind)
        return {curator: tuple(sorted(kinds)) for curator, kinds in sorted(found.items())}

    @cached_property
    def _curators_by_hash(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for each in self.curators:
            for hashed in each.hashes:
                found[renewed_hash(hashed, self.keys)].append(each.curator)
        return dict(found)


UNKNOWN = KnownRelations()
"""The relations of a panel of whose curators none are known."""


def with_inferred(state: Candidate, known: KnownRelations) -> Candidate:
    """Return the candidate with the inferred conflicts that are not recorded yet, too."""
    inferred = tuple(
        Conflict(curator=curator, reason="", kinds=kinds)
        for curator, kinds in known.related(state).items()
        if not state.conflicted(curator)
    )
    return replace(state, conflicts=(*state.conflicts, *inferred)) if inferred else state
