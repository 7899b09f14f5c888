"""The response about a choice: its proof, and what each constraint that binds it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.ranking.state import Ranking
from shared.contracts.selection.choice import Constraint, Marginal, Prices


@dataclass(frozen=True, kw_only=True)
class Price:
    """The points that one more place, or a looser bound, would bring; and who would move."""

    constraint: Constraint
    quota: str | None
    points: int
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The proof of a choice: with its prices anybody can check that no other has more points.

    `gap` is by how many hundredths of a point another one could be better at most; 0: none can.
    `fewest` proves that no other misses fewer places of minima; null where none is missed.
    `same_owner` are the owners in the order of their prices, after the quotas.
    """

    prices: Prices
    fewest: Prices | None
    gap: int
    solver: str
    same_owner: tuple[tuple[str, ...], ...]


def certificate(ranking: Ranking) -> Certificate:
    """Return the proof of the choice of a ranking."""
    return Certificate(
        prices=ranking.prices,
        fewest=ranking.fewest,
        gap=ranking.gap,
        solver=ranking.solver,
        same_owner=ranking.same_owner,
    )


def prices(marginals: Sequence[Marginal], names: Sequence[str]) -> tuple[Price, ...]:
    """Return what each constraint costs; `names` are the candidates in order of rank."""
    return tuple(
        Price(
            constraint=each.constraint,
            quota=each.quota,
            points=each.points,
            enters=tuple(names[rank - 1] for rank in each.enters),
            leaves=tuple(names[rank - 1] for rank in each.leaves),
        )
        for each in marginals
    )
