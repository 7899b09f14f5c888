"""Rank the candidates: the same inputs give the same lists, byte for byte, in whatever order.

The score comes first. Equal scores are ordered by first-timer (no participation before this
programme), then by a province from which no candidate above comes, then by the earlier first
submission, then by the application's id. A candidate below the threshold, or one that does not pass
a gate, is neither selected nor a reserve. (The order of the tie-break is ours; no source fixes it.)

Under the quotas of a call `services.selection.domain.quotas` chooses in this order; without quotas
the first get the places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from services.selection.domain.digest import canonical_text, digest_of_text
from services.selection.domain.quotas.choice import Codes, choose, passed_over
from shared.contracts.registration.quota import PassedOver, Quota, Shortfall
from shared.contracts.selection.rubric import Deciding
from shared.contracts.words import Province

METHOD = "2018-1"
"""The name of this method (ours); another order of the tie-break gets another name."""

METHOD_UNDER_QUOTAS = "2018-2"
"""The name of this method under quotas; another rule of the choice gets another name."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts of a candidate that the ranking uses; `score` ranks, in hundredths of a point.

    `raw` is the mean of its totals, beside a calibrated `score`.
    `counts_for` are the quotas that count it, `not_passed` the gates that it does not pass.
    """

    application: str
    score: int
    raw: int = 0
    first_timer: bool
    province: Province
    submitted_at: datetime
    counts_for: Codes = ()
    not_passed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of a call that the ranking uses; `threshold` in hundredths of a point.

    `deciding` is the score that ranks, if the sheets allow it.
    """

    rubric: str
    threshold: int
    places: int
    quotas: tuple[Quota, ...] = ()
    deciding: Deciding = Deciding.RAW

    @property
    def method(self) -> str:
        """Return the name of the method that ranks and chooses on these terms."""
        method = METHOD_UNDER_QUOTAS if self.quotas else METHOD
        return f"{method}-calibrated" if self.deciding is Deciding.CALIBRATED else method


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The candidates in order of rank; `passed` have reached the threshold and pass each gate.

    `selected` and `reserve` are parts of those that passed, in order. `passed_over` counts the
    ranks of reserves that a quota has stopped.
    """

    passed: tuple[Standing, ...]
    selected: tuple[Standing, ...]
    reserve: tuple[Standing, ...]
    below: tuple[Standing, ...]
    passed_over: tuple[PassedOver, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


def ranked(standings: Iterable[Standing], terms: Terms) -> Ranks:
    """Rank them: the first that no quota stops are selected, others that passed are reserves."""
    ordered = sorted(standings, key=_merit)
    passed = [each for each in ordered if each.score >= terms.threshold and not each.not_passed]
    ranks = _prefer_new_provinces(passed)
    choice = choose([standing.counts_for for standing in ranks], terms.quotas, terms.places)
    chosen = frozenset(choice.chosen)
    return Ranks(
        passed=tuple(ranks),
        selected=tuple(ranks[position] for position in choice.chosen),
        reserve=tuple(each for position, each in enumerate(ranks) if position not in chosen),
        below=tuple(each for each in ordered if each.score < terms.threshold or each.not_passed),
        passed_over=passed_over(choice.stops),
        shortfalls=choice.shortfalls,
    )


def canonical(ranks: Ranks, terms: Terms, closing: int) -> bytes:
    """Return the only text of this selection."""
    content: dict[str, object] = {
        "below": _scores(ranks.below),
        "closing": closing,
        "places": terms.places,
        "reserve": _scores(ranks.reserve),
        "rubric": terms.rubric,
        "selected": _scores(ranks.selected),
        "threshold": terms.threshold,
    }
    stopped = [[each.application, list(each.not_passed)] for each in ranks.below if each.not_passed]
    if stopped:
        content["not_passed"] = stopped
    if terms.deciding is Deciding.CALIBRATED:
        every = sorted((*ranks.passed, *ranks.below), key=lambda each: each.application)
        content |= {
            "method": terms.method,
            "raw": [[each.application, each.raw] for each in every],
        }
    if terms.quotas:
        content |= {
            "method": terms.method,
            "passed_over": [each.model_dump(mode="json") for each in ranks.passed_over],
            "quotas": [quota.model_dump(mode="json") for quota in terms.quotas],
            "shortfalls": [each.model_dump(mode="json") for each in ranks.shortfalls],
        }
    return canonical_text(content)


def digest_of(ranks: Ranks, terms: Terms, closing: int) -> str:
    """Return the SHA-256 of the canonical text, in lower-case hexadecimal digits."""
    return digest_of_text(canonical(ranks, terms, closing))


def _merit(standing: Standing) -> tuple[int, bool, datetime, str]:
    return (
        -standing.score,
        not standing.first_timer,
        standing.submitted_at,
        standing.application,
    )


def _prefer_new_provinces(ordered: Iterable[Standing]) -> list[Standing]:
    """Move the first candidate of each new province to the front of its equals.

    A province is new if no candidate ranked above comes from it. Once a province is represented it
    stays represented, so a single pass in order of merit is enough.
    """
    ranks: list[Standing] = []
    represented: set[str] = set()
    for _, equals in groupby(ordered, key=_score_and_first_timer):
        later: list[Standing] = []
        for standing in equals:
            (later if standing.province.iso in represented else ranks).append(standing)
            represented.add(standing.province.iso)
        ranks += later
    return ranks


def _score_and_first_timer(standing: Standing) -> tuple[int, bool]:
    return standing.score, standing.first_timer


def _scores(standings: Sequence[Standing]) -> list[list[str | int]]:
    return [[standing.application, standing.score] for standing in standings]
