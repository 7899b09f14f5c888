"""Rank the candidates: the same inputs give the same lists, byte for byte, in whatever order.

The score comes first. Equal scores are ordered by first-timer (no participation before this
programme), then by a province from which no candidate above comes, then by the earlier first
submission, then by the application's id. A candidate below the threshold is neither selected nor a
reserve. (The order of the tie-break is ours; no source fixes it.)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from services.selection.domain.digest import canonical_text, digest_of_text
from shared.contracts.words import Province

METHOD = "2018-1"
"""The name of this method (ours); another order of the tie-break gets another name."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts of a candidate that the ranking uses; `score` in hundredths of a point."""

    application: str
    score: int
    first_timer: bool
    province: Province
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of a call that the ranking uses; `threshold` in hundredths of a point."""

    rubric: str
    threshold: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The candidates in three lists, each in order of rank."""

    selected: tuple[Standing, ...]
    reserve: tuple[Standing, ...]
    below: tuple[Standing, ...]


def ranked(standings: Iterable[Standing], terms: Terms) -> Ranks:
    """Rank them: the first `places` are selected; others at or above the threshold are reserves."""
    ordered = sorted(standings, key=_merit)
    passed = [standing for standing in ordered if standing.score >= terms.threshold]
    ranks = _prefer_new_provinces(passed)
    return Ranks(
        selected=tuple(ranks[: terms.places]),
        reserve=tuple(ranks[terms.places :]),
        below=tuple(ordered[len(passed) :]),
    )


def canonical(ranks: Ranks, terms: Terms, closing: int) -> bytes:
    """Return the only text of this selection."""
    content = {
        "below": _scores(ranks.below),
        "closing": closing,
        "places": terms.places,
        "reserve": _scores(ranks.reserve),
        "rubric": terms.rubric,
        "selected": _scores(ranks.selected),
        "threshold": terms.threshold,
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
