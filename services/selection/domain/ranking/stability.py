"""The question how stable a selection is, and its answer; `services.selection.solving` computes it.

Pure: what is sampled are the totals of the sheets that ranked, less the leniency of their curators
where the calibrated score decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.selection.domain.candidate.state import Candidate
from services.selection.domain.choosing.certificate import SCALE
from services.selection.domain.choosing.problem import OWNER
from services.selection.domain.ranking.state import Ranking
from shared.contracts.selection.rubric import Deciding, Guard


@dataclass(frozen=True, kw_only=True)
class StabilityQuestion:
    """The totals of those who pass each gate, in order of rank, and which of them are selected.

    `prices` are those of their places, in hundredths of a point.
    """

    totals: tuple[tuple[int, ...], ...]
    selected: tuple[bool, ...]
    prices: tuple[float, ...]
    threshold: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class SampledRank:
    """A candidate: the interval of its rank, and the share of samples in which it is selected."""

    low: int
    high: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Stability:
    """The answer, in the order of the question; an `index` of 1 means that no sample differs."""

    samples: int
    index: float
    candidates: tuple[SampledRank, ...]


def asked_of(ranking: Ranking) -> tuple[str, ...]:
    """Return the candidates of the question, in order of rank: those who pass each gate."""
    stopped = ranking.gates_not_passed
    return tuple(id for id in ranking.applications if id not in stopped)


def question_of(ranking: Ranking, candidates: Mapping[str, Candidate]) -> StabilityQuestion:
    """Return the question about a ranking, from its sealed candidates."""
    numbers = {id: number for number, id in enumerate(ranking.applications, 1)}
    asked = asked_of(ranking)
    chosen = frozenset(ranking.chosen)
    return StabilityQuestion(
        totals=tuple(_totals(candidates[id], ranking) for id in asked),
        selected=tuple(numbers[id] in chosen for id in asked),
        prices=tuple(_price(ranking, numbers[id]) for id in asked),
        threshold=ranking.terms.threshold,
        seed=int(ranking.digest[:8], 16),
    )


def _totals(found: Candidate, ranking: Ranking) -> tuple[int, ...]:
    is_calibrated = ranking.terms.deciding is Deciding.CALIBRATED and ranking.guard is Guard.NONE
    leniency = ranking.leniency if is_calibrated else {}
    return tuple(sheet.total - leniency.get(sheet.curator, 0) for sheet in found.sheets)


def _price(ranking: Ranking, rank: int) -> float:
    prices, codes = ranking.prices, set(ranking.codes_of(rank))
    limits = [quota.code for quota in ranking.terms.quotas]
    limits += [f"{OWNER}{number}" for number in range(1, len(prices.maxima) - len(limits) + 1)]
    of_limits = zip(limits, prices.maxima, prices.minima, strict=True)
    price = prices.place + sum(most - least for code, most, least in of_limits if code in codes)
    return price / SCALE
