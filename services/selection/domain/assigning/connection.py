"""Join curators who share no candidate with the others: scores of strangers cannot be compared.

Two candidates of different parts exchange a new curator each. Each curator keeps its number of
candidates, and if it can be helped, no candidate gets a curator who knows its sector less. An
assignment of before stays.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from services.selection.domain.assigning.problem import (
    Assignment,
    Entrant,
    Member,
    Problem,
)
from services.selection.domain.calibration.components import components_of

TRIED_MAX = 500
"""So many exchanges are tried for each part: an exchange that joins two is mostly the first."""


def connected(assignment: Assignment, problem: Problem) -> Assignment:
    """Return an assignment whose curators are connected, as far as exchanges can do that."""
    while (better := _joined(assignment, problem)) is not None:
        assignment = better
    return assignment


def parts_of(assignment: Assignment, problem: Problem) -> int:
    """Return the number of parts into which the curators fall."""
    return len(set(components_of(_panels(assignment, problem)).values()))


def _panels(assignment: Assignment, problem: Problem) -> Iterator[Sequence[str]]:
    for entrant in problem.entrants:
        yield (*entrant.curators, *assignment.get(entrant.application, ()))


def _joined(assignment: Assignment, problem: Problem) -> Assignment | None:
    """Return an assignment of fewer parts, or None if no exchange joins two of them."""
    part_of = components_of(_panels(assignment, problem))
    by_part: dict[str, list[Entrant]] = {}
    for entrant in problem.entrants:
        added = assignment.get(entrant.application, ())
        # A candidate with a single curator connects its curator with no other.
        if added and len(entrant.curators) + len(added) > 1:
            by_part.setdefault(part_of[added[0]], []).append(entrant)
    parts = len(set(part_of.values()))
    first, *others = by_part.values() or [[]]
    for other in others:
        for changed in islice(_exchanges(first, other, assignment, problem), TRIED_MAX):
            better = {**assignment, **changed}
            if parts_of(better, problem) < parts:
                return better
    return None


def _exchanges(
    first: Sequence[Entrant], other: Sequence[Entrant], assignment: Assignment, problem: Problem
) -> Iterator[Assignment]:
    """Yield the exchanges between two parts: first those by which no candidate loses."""
    members = {member.curator: member for member in problem.members}
    for may_lose in (False, True):
        for left, right in product(first, other):
            curators = product(assignment[left.application], assignment[right.application])
            for given, taken in curators:
                if not (left.may_get(taken) and right.may_get(given)):
                    continue
                if may_lose or not _loses(left, right, members[given], members[taken]):
                    yield {
                        left.application: _swapped(assignment, left, given, taken),
                        right.application: _swapped(assignment, right, taken, given),
                    }


def _loses(left: Entrant, right: Entrant, given: Member, taken: Member) -> bool:
    left_loses = given.knows(left.sector) and not taken.knows(left.sector)
    right_loses = taken.knows(right.sector) and not given.knows(right.sector)
    return left_loses or right_loses


def _swapped(assignment: Assignment, entrant: Entrant, old: str, new: str) -> tuple[str, ...]:
    added = assignment[entrant.application]
    return tuple(new if curator == old else curator for curator in added)
