"""The choice where nothing binds but the places: the first ones, with the same proof as any other.

No solver is asked then, because there is nothing to solve.
"""

from services.selection.domain.choosing.certificate import SCALE
from services.selection.domain.choosing.problem import Cutoff, Problem, Solution
from shared.contracts.selection.choice import Marginal, Prices


def first_for_places(problem: Problem) -> Solution | None:
    """Return the first candidates for the places, or None if anything else binds."""
    if problem.limits or problem.admitted or problem.counted_idr is not None:
        return None
    seats, points = max(0, problem.seats), problem.points
    chosen = tuple(range(min(seats, len(points))))
    is_full = seats < len(points)
    marginals: tuple[Marginal, ...] = ()
    if is_full and points[seats] > 0 and (scarce := problem.scarce) is not None:
        marginals = (Marginal(constraint=scarce, points=points[seats], enters=(seats + 1,)),)
    return Solution(
        chosen=chosen,
        missed=(),
        prices=Prices(place=points[seats] * SCALE if is_full else 0),
        marginals=marginals,
        cutoffs=tuple(_cutoff(chosen, seats, problem) for _ in problem.groups),
        solver="none",
    )


def _cutoff(chosen: tuple[int, ...], seats: int, problem: Problem) -> Cutoff:
    if len(chosen) < seats:
        return Cutoff(0)
    if not chosen:
        return Cutoff(None)
    return Cutoff(problem.points[chosen[-1]], leaves=(chosen[-1],))
