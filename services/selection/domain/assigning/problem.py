"""The problem of an automatic assignment, and the check of an answer.

Candidates that know the same curators and lack as many sheets are alike, so they form a group. How
many candidates of each group a curator gets is a small problem, whatever the number of candidates.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from services.selection.domain.candidate.state import Candidate, Status
from services.selection.domain.selection_round.state import Round
from shared.contracts.relations import RelationKind
from shared.contracts.selection.curator import CuratorProfile

Assignment = Mapping[str, tuple[str, ...]]
"""The curators that are added to each candidate, by application."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A curator of the panel: the sectors that it knows (none: all), and so many candidates."""

    curator: str
    sectors: frozenset[str] = frozenset()
    capacity: int | None = None

    def knows(self, sector: str) -> bool:
        """Return True if the curator is competent for candidates of this sector."""
        return not self.sectors or sector in self.sectors


@dataclass(frozen=True, kw_only=True)
class RelatedCurator:
    """A curator that is related to a candidate, by these relations of it."""

    curator: str
    kinds: tuple[RelationKind, ...]


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A candidate: its sector, its present curators, those with a conflict, and its `needed` ones.

    A curator in `barred` must not score it; `related` are those of them whose conflict is inferred.
    """

    application: str
    sector: str
    curators: tuple[str, ...]
    barred: frozenset[str]
    needed: int
    related: tuple[RelatedCurator, ...] = ()

    def may_get(self, curator: str) -> bool:
        """Return True if this curator can be added."""
        return curator not in self.curators and curator not in self.barred


@dataclass(frozen=True, kw_only=True)
class Problem:
    """The panel of a round and the candidates that take part, both in order of id."""

    members: tuple[Member, ...]
    entrants: tuple[Entrant, ...]

    @property
    def loads(self) -> Counter[str]:
        """Return the present candidates of each curator."""
        return Counter(curator for entrant in self.entrants for curator in entrant.curators)


def problem_of(
    state: Round,
    candidates: Mapping[str, Candidate],
    *,
    spread_max: int | None = None,
    actor: str,
    enterprise: str | None,
) -> Problem:
    """Return the problem of a round, for a person who speaks for this enterprise, if for any.

    A candidate whose sheets lie further apart than `spread_max` needs one curator more. One that
    this person may not see needs nothing; its curators count as they are.
    """
    profiles = {profile.curator: profile for profile in state.profiles}
    members = tuple(_member(curator, profiles.get(curator)) for curator in sorted(state.panel))
    listed = None if state.listed is None else frozenset(state.remaining)
    entrants = tuple(
        Entrant(
            application=application,
            sector=found.applicant.sector,
            curators=found.curators,
            barred=frozenset(conflict.curator for conflict in found.conflicts),
            needed=max(0, found.wanted(state.sheets_min, spread_max) - len(found.curators))
            if found.seal is None and not found.closed_to(actor, enterprise)
            else 0,
            related=_related(found),
        )
        for application, found in sorted(candidates.items())
        if found.status is Status.ENTERED and (listed is None or application in listed)
    )
    return Problem(members=members, entrants=entrants)


def _related(found: Candidate) -> tuple[RelatedCurator, ...]:
    return tuple(
        RelatedCurator(curator=each.curator, kinds=each.kinds)
        for each in found.conflicts
        if each.kinds
    )


def _member(curator: str, profile: CuratorProfile | None) -> Member:
    if profile is None:
        return Member(curator=curator)
    return Member(curator=curator, sectors=frozenset(profile.sectors), capacity=profile.capacity)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Candidates that may get the same curators and need as many, in order of id.

    `competent` and `others` are the curators that they may get, in the order of the panel.
    """

    competent: tuple[str, ...]
    others: tuple[str, ...]
    needed: int
    applications: tuple[str, ...]


def groups_of(problem: Problem) -> tuple[Group, ...]:
    """Return the groups of the candidates that need curators, in order of their first one."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], int], list[str]] = defaultdict(list)
    for entrant in problem.entrants:
        if entrant.needed > 0:
            free = [each for each in problem.members if entrant.may_get(each.curator)]
            competent = tuple(each.curator for each in free if each.knows(entrant.sector))
            others = tuple(each.curator for each in free if not each.knows(entrant.sector))
            alike[competent, others, entrant.needed].append(entrant.application)
    return tuple(
        Group(competent=competent, others=others, needed=needed, applications=tuple(found))
        for (competent, others, needed), found in alike.items()
    )


def faults_of(assignment: Assignment, problem: Problem) -> list[str]:
    """Return the faults of an assignment: none of one that may be carried out."""
    entrants = {entrant.application: entrant for entrant in problem.entrants}
    members = {member.curator: member for member in problem.members}
    loads = problem.loads
    faults: list[str] = []
    for application, added in assignment.items():
        entrant = entrants[application]
        loads.update(added)
        if len(added) > entrant.needed or len(set(added)) < len(added):
            faults.append(f"{application} gets {len(added)} curators, {entrant.needed} are needed")
        faults += [
            f"{application} gets {curator}, who cannot score it"
            for curator in added
            if curator not in members or not entrant.may_get(curator)
        ]
    new = {curator for added in assignment.values() for curator in added}
    for curator in sorted(new & members.keys()):
        capacity = members[curator].capacity
        if capacity is not None and loads[curator] > capacity:
            faults.append(f"{curator} gets {loads[curator]} candidates, {capacity} at most")
    return faults
