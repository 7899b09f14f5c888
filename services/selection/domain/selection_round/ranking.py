"""The ranking: the same inputs give the same lists, byte for byte, in whatever order they come.

By score; equal scores by first-timer (no participation before this programme), then a province that
nobody ranked above comes from, then the earlier first submission, then the application's id. Below
the threshold a candidate is in neither list. (The order of the tie-break is ours, of the default
rubric.)
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from shared.contracts.words import Province


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All of a candidate that a ranking looks at; `score` in hundredths of a point."""

    application: str
    score: int
    first_timer: bool
    province: Province
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an exhibition's call fixed for its ranking; `threshold` in hundredths of a point."""

    rubric: str
    threshold: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The candidates in three lists, each in its order."""

    selected: tuple[Standing, ...]
    reserve: tuple[Standing, ...]
    below: tuple[Standing, ...]


def ranked(standings: Iterable[Standing], terms: Terms) -> Ranking:
    """Rank them: the first `places` are selected, the others above the threshold stand by."""
    ordered = sorted(standings, key=_merit)
    passed = [one for one in ordered if one.score >= terms.threshold]
    order = _spread(passed)
    return Ranking(
        selected=tuple(order[: terms.places]),
        reserve=tuple(order[terms.places :]),
        below=tuple(ordered[len(passed) :]),
    )


def canonical(ranking: Ranking, terms: Terms, closing: int) -> bytes:
    """What is approved, as the one text (JSON: sorted keys, no blanks, ASCII) that it can be."""
    content = {
        "below": _scores(ranking.below),
        "closing": closing,
        "places": terms.places,
        "reserve": _scores(ranking.reserve),
        "rubric": terms.rubric,
        "selected": _scores(ranking.selected),
        "threshold": terms.threshold,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of(ranking: Ranking, terms: Terms, closing: int) -> str:
    """The SHA-256 of the canonical text, in lower-case hexadecimal digits."""
    return sha256(canonical(ranking, terms, closing)).hexdigest()


def _merit(one: Standing) -> tuple[int, bool, datetime, str]:
    return -one.score, not one.first_timer, one.submitted_at, one.application


def _spread(ordered: Iterable[Standing]) -> list[Standing]:
    """Among equals, those whose province nobody above comes from go first, one of each.

    Once a province is represented it stays so, hence one pass in order of merit is enough.
    """
    order: list[Standing] = []
    represented: set[Province] = set()
    for _, equals in groupby(ordered, key=lambda one: (one.score, one.first_timer)):
        later: list[Standing] = []
        for one in equals:
            (later if one.province in represented else order).append(one)
            represented.add(one.province)
        order += later
    return order


def _scores(standings: Sequence[Standing]) -> list[list[str | int]]:
    return [[one.application, one.score] for one in standings]
