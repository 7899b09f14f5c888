"""The response about the stability of a selection."""

from dataclasses import dataclass

from services.selection.domain.ranking.stability import Stability
from services.selection.domain.ranking.state import Ranking

LOW, HIGH = 0.05, 0.95
"""The shares of samples between which a candidate is borderline (ours)."""


@dataclass(frozen=True, kw_only=True)
class SampledCandidate:
    """A candidate: its rank among those that pass each gate, its interval, and its share.

    In nine of ten samples its rank lies from `low` to `high`. `share` is that of the samples in
    which it would be selected, from 0 to 1.
    """

    application: str
    rank: int
    low: int
    high: int
    share: float
    is_selected: bool


@dataclass(frozen=True, kw_only=True)
class StabilityResponse:
    """The stability of a selection, if other sheets of the same curators had come.

    `index` is the mean share of those selected in either that are selected in both: 1 if no sample
    differs. `borderline` are selected in more than 5 and in less than 95 of 100 samples.
    """

    ranking: str
    samples: int
    index: float
    borderline: tuple[str, ...]
    candidates: tuple[SampledCandidate, ...]


def stability_response(
    made: Ranking, asked: tuple[str, ...], answer: Stability
) -> StabilityResponse:
    """Return the stability of a ranking; `asked` are the candidates of the answer."""
    chosen = frozenset(made.chosen)
    numbers = {id: number for number, id in enumerate(made.applications, 1)}
    rows = tuple(
        SampledCandidate(
            application=id,
            rank=rank,
            low=each.low,
            high=each.high,
            share=each.share,
            is_selected=numbers[id] in chosen,
        )
        for rank, (id, each) in enumerate(zip(asked, answer.candidates, strict=True), start=1)
    )
    return StabilityResponse(
        ranking=made.id,
        samples=answer.samples,
        index=round(answer.index, 3),
        borderline=tuple(row.application for row in rows if LOW < row.share < HIGH),
        candidates=rows,
    )
