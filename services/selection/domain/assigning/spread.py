"""Deal the curators of a group out to its candidates, so that none gets a curator twice.

The curators stand in a row, each as often as it gets a candidate, and the row is dealt out in
columns as long as the group. A curator's places in the row follow each other and are at most as
many as the candidates, so no two of them meet at one candidate; and curators whose places meet at a
border share candidates, which connects them.
"""

from collections.abc import Mapping

from services.selection.domain.assigning.problem import Group


def spread(group: Group, counts: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the curators of each candidate; `counts` has so many candidates for each curator."""
    row = [
        curator
        for curator in (*group.competent, *group.others)
        for _ in range(counts.get(curator, 0))
    ]
    length = len(group.applications)
    assert all(count <= length for count in counts.values()), "a curator is nowhere twice"
    assert len(row) <= length * group.needed, "no candidate gets more than it needs"
    return {
        application: tuple(row[position::length])
        for position, application in enumerate(group.applications)
    }
