"""The stability of a selection: how it would change if other sheets of the same curators had come.

The bootstrap (Efron, 1979, The Annals of Statistics 7): of each candidate as many sheets are drawn
as it has, with repetition, and all are ranked again, `SAMPLES` times. The prices of the choice
stand for the quotas and the money: in a sample a candidate would be selected if its score is above
the price of its group. The random numbers are those of the Mersenne Twister, which numpy keeps the
same in all versions, from a seed that the ranking gives; so the answer is the same everywhere.
"""

import numpy as np

from services.selection.domain.ranking.stability import SampledRank, Stability, StabilityQuestion

SAMPLES = 500
LOW, HIGH = 0.05, 0.95
"""The ends of an interval, and of the shares of samples between which a candidate is borderline."""


def stability(question: StabilityQuestion) -> Stability:
    """Return the interval of each candidate's rank, its share, and the index of the selection.

    The index is the mean share of those selected in either that are selected in both.
    """
    random = np.random.RandomState(question.seed)
    scores = _scores(question, random)
    order = np.argsort(-scores, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(scores) + 1)[:, None], axis=0)
    prices = np.array(question.prices)[:, None]
    selected = np.array(question.selected, dtype=bool)[:, None]
    # Who is selected at exactly its price keeps its place.
    is_worth = (scores > prices) | ((scores == prices) & selected)
    enters = is_worth & (scores >= question.threshold)
    either = (enters | selected).sum(axis=0)
    both = (enters & selected).sum(axis=0)
    low, high = np.quantile(ranks, [LOW, HIGH], axis=1, method="inverted_cdf")
    shares = enters.mean(axis=1)
    return Stability(
        samples=SAMPLES,
        index=float(np.mean(both / np.maximum(either, 1))) if selected.any() else 1.0,
        candidates=tuple(
            SampledRank(low=int(least), high=int(most), share=round(float(share), 3))
            for least, most, share in zip(low, high, shares, strict=True)
        ),
    )


def _scores(question: StabilityQuestion, random: np.random.RandomState) -> np.ndarray:
    """Return the scores of each candidate (rows) in each sample (columns), in hundredths."""
    scores = np.empty((len(question.totals), SAMPLES))
    for row, totals in enumerate(question.totals):
        drawn = random.randint(0, len(totals), size=(SAMPLES, len(totals)))
        scores[row] = np.array(totals, dtype=float)[drawn].mean(axis=1)
    return scores
