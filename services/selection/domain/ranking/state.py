"""The state of a ranking, which its only event makes: all that a proposal is judged by.

It has the lists with their scores, their digest, who scored, and the declared conflicts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.selection.domain.choosing.problem import OWNER, Codes, Cutoff
from services.selection.domain.ranking.order import Terms
from shared.contracts.ids import application_id
from shared.contracts.registration.quota import PassedOver, Shortfall
from shared.contracts.selection.choice import GroupCutoff, Marginal, Prices
from shared.contracts.selection.ranking import NotPassed, RankingEvent
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.rubric import Guard

# State


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The enterprises in order of rank with their scores; so many have `passed`.

    They have reached the threshold and pass each gate. `not_passed` has ranks below by gate. `raw`
    and `calibrated` are in the same order; `guard` says why there is no calibrated one, and
    `leniency` has that of each curator.
    `chosen` and `passed_over` are ranks. `groups` are sets of quotas and owners, and `group_of` the
    position of that of each, in order of rank (empty: all are of the first). `prices`, `fewest` and
    `gap` prove the choice, `marginals` are the prices of what binds, and `cutoffs` are by group.
    """

    id: str = ""
    exhibition: str
    closing: int
    method: str
    terms: Terms
    digest: str
    order: tuple[str, ...]
    scores: tuple[int, ...]
    guard: Guard = Guard.NONE
    raw: tuple[int, ...] = ()
    calibrated: tuple[int, ...] = ()
    leniency: Mapping[str, int] = field(default_factory=dict)
    passed: int
    not_passed: tuple[NotPassed, ...] = ()
    groups: tuple[Codes, ...] = ()
    group_of: tuple[int, ...] = ()
    chosen: tuple[int, ...] = ()
    prices: Prices = field(default_factory=Prices)
    fewest: Prices | None = None
    gap: int = 0
    marginals: tuple[Marginal, ...] = ()
    cutoffs: tuple[GroupCutoff, ...] = ()
    solver: str = ""
    passed_over: tuple[PassedOver, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    scored_by: tuple[str, ...]
    conflicts: tuple[DeclaredConflict, ...]

    @property
    def selected(self) -> tuple[str, ...]:
        """Return the applications that get a place, in order of rank."""
        return self._ranked(self.chosen)

    @property
    def reserve(self) -> tuple[str, ...]:
        """Return the applications that wait for a freed place, in order of rank."""
        return self._ranked(self._reserve_ranks)

    @property
    def below(self) -> tuple[str, ...]:
        """Return the applications below the threshold or stopped by a gate: in neither list."""
        return self._applications(self.passed, len(self.order))

    @property
    def applications(self) -> tuple[str, ...]:
        """Return all applications in order of rank."""
        return self._applications(0, len(self.order))

    @property
    def gates_not_passed(self) -> dict[str, tuple[str, ...]]:
        """Return the gates that applications do not pass, by application."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.not_passed:
            for application in self._ranked(each.numbers):
                found[application] = (*found.get(application, ()), each.gate)
        return found

    def score_of(self) -> dict[str, int]:
        """Return the scores that rank, by application."""
        return self._of(self.scores)

    def raw_of(self) -> dict[str, int]:
        """Return the raw scores by application: the means of the totals."""
        return self._of(self.raw or self.scores)

    def calibrated_of(self) -> dict[str, int]:
        """Return the calibrated scores by application; empty if a guard has stopped them."""
        return self._of(self.calibrated) if self.calibrated else {}

    def _of(self, scores: Sequence[int]) -> dict[str, int]:
        return dict(zip(self._applications(0, len(self.order)), scores, strict=True))

    def codes_of(self, rank: int) -> Codes:
        """Return the quotas and owners that count the candidate of this rank."""
        return self.groups[self.group_of[rank - 1]] if self.group_of else ()

    @property
    def same_owner(self) -> tuple[tuple[str, ...], ...]:
        """Return the sets of applications of one owner, in the order of the prices."""
        sets: dict[str, list[str]] = defaultdict(list)
        for rank, application in enumerate(self.applications, 1):
            for code in self.codes_of(rank):
                if code.startswith(OWNER):
                    sets[code].append(application)
        return tuple(tuple(found) for found in sets.values())

    @property
    def seat_codes(self) -> tuple[Codes, ...]:
        """Return the quotas and owners of each of the selected, then of each reserve."""
        return tuple(self.codes_of(rank) for rank in (*self.chosen, *self._reserve_ranks))

    @property
    def reserves_passed_over(self) -> tuple[PassedOver, ...]:
        """Return those that were passed over, counted in the reserve list."""
        numbers = {rank: number for number, rank in enumerate(self._reserve_ranks, 1)}
        return tuple(
            each.model_copy(update={"numbers": tuple(numbers[rank] for rank in each.numbers)})
            for each in self.passed_over
        )

    @property
    def _reserve_ranks(self) -> tuple[int, ...]:
        chosen = frozenset(self.chosen)
        return tuple(rank for rank in range(1, self.passed + 1) if rank not in chosen)

    def _ranked(self, ranks: Iterable[int]) -> tuple[str, ...]:
        return tuple(application_id(self.exhibition, self.order[rank - 1]) for rank in ranks)

    def _applications(self, first: int, end: int) -> tuple[str, ...]:
        return tuple(
            application_id(self.exhibition, enterprise) for enterprise in self.order[first:end]
        )


# Rules


def cutoff_of(found: Cutoff) -> GroupCutoff:
    """Return the cut-off of a group as an event has it: by rank, from 1."""
    return GroupCutoff(
        points=found.points,
        enters=tuple(position + 1 for position in found.enters),
        leaves=tuple(position + 1 for position in found.leaves),
    )


def evolve(state: Ranking | None, event: RankingEvent) -> Ranking:
    """Fold the only event of a ranking."""
    return Ranking(
        id=event.ranking,
        exhibition=event.exhibition,
        closing=event.closing,
        method=event.method,
        terms=Terms(
            rubric=event.rubric,
            threshold=event.threshold,
            places=event.places,
            quotas=event.quotas,
            deciding=event.deciding,
            funds=event.funds,
            guard=event.guard,
            overrides=event.overrides,
        ),
        guard=event.guard,
        raw=event.raw,
        calibrated=event.calibrated,
        leniency=event.leniency,
        digest=event.digest,
        order=event.order,
        scores=event.scores,
        passed=event.passed,
        not_passed=event.not_passed,
        groups=event.groups,
        group_of=event.group_of,
        chosen=event.chosen,
        prices=event.prices,
        fewest=event.fewest,
        gap=event.gap,
        marginals=event.marginals,
        cutoffs=event.cutoffs,
        solver=event.solver,
        passed_over=event.passed_over,
        shortfalls=event.shortfalls,
        scored_by=event.scored_by,
        conflicts=event.conflicts,
    )
