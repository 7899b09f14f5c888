"""The table of an automatic assignment: who would score whom, and how much each curator gets."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.selection.domain.assigning.connection import parts_of
from services.selection.domain.assigning.problem import Assignment, Problem, RelatedCurator


@dataclass(frozen=True, kw_only=True)
class AssignmentRow:
    """A candidate that needs curators: it has `curators`, and would get those `added`.

    So many would still be `lacking`. It gets none of those that are `related` to it.
    """

    application: str
    sector: str
    curators: tuple[str, ...]
    added: tuple[str, ...]
    lacking: int
    related: tuple[RelatedCurator, ...]


@dataclass(frozen=True, kw_only=True)
class CuratorLoad:
    """The candidates of a curator before and with the added ones; `capacity` null: no limit.

    `unknown` of the added ones are of a sector that the curator does not know.
    """

    curator: str
    before: int
    added: int
    unknown: int
    capacity: int | None


@dataclass(frozen=True, kw_only=True)
class AssignmentTable:
    """The candidates that need curators, and the load of each curator.

    `related_pairs` counts the pairs of a candidate and a curator whose conflict is inferred.
    `connected`: each curator shares candidates with the others, directly or through further
    curators, so that their scores can be compared.
    """

    added: int
    lacking: int
    connected: bool
    related_pairs: int
    items: tuple[AssignmentRow, ...]
    curators: tuple[CuratorLoad, ...]


def assignment_table(assignment: Assignment, problem: Problem) -> AssignmentTable:
    """Return the table of this assignment."""
    items = tuple(
        AssignmentRow(
            application=entrant.application,
            sector=entrant.sector,
            curators=entrant.curators,
            added=assignment.get(entrant.application, ()),
            lacking=entrant.needed - len(assignment.get(entrant.application, ())),
            related=entrant.related,
        )
        for entrant in problem.entrants
        if entrant.needed > 0
    )
    return AssignmentTable(
        added=sum(len(row.added) for row in items),
        lacking=sum(row.lacking for row in items),
        connected=parts_of(assignment, problem) < 2,
        related_pairs=sum(len(entrant.related) for entrant in problem.entrants),
        items=items,
        curators=_loads(assignment, problem),
    )


def _loads(assignment: Assignment, problem: Problem) -> tuple[CuratorLoad, ...]:
    sectors: Mapping[str, str] = {each.application: each.sector for each in problem.entrants}
    before = problem.loads
    added: dict[str, list[str]] = {member.curator: [] for member in problem.members}
    for application, curators in assignment.items():
        for curator in curators:
            added[curator].append(sectors[application])
    return tuple(
        CuratorLoad(
            curator=member.curator,
            before=before[member.curator],
            added=len(added[member.curator]),
            unknown=sum(not member.knows(sector) for sector in added[member.curator]),
            capacity=member.capacity,
        )
        for member in problem.members
    )
