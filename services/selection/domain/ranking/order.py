"""Rank the candidates: the same inputs give the same lists, byte for byte, in whatever order.

The score comes first. Equal scores are ordered by first-timer (no participation before this
programme), then by a province from which no candidate above comes, then by the earlier first
submission, then by the application's id. A candidate below the threshold, or one that does not pass
a gate, is neither selected nor a reserve. (The order of the tie-break is ours; no source fixes it.)

Who gets a place is the choice with the most points together that the places, the quotas of the
call, the owners and the money permit: `services.selection.domain.choosing`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from services.selection.domain.choosing.choice import grouped
from services.selection.domain.choosing.problem import (
    OWNER,
    Codes,
    Group,
    Problem,
    Solution,
    limits_of,
)
from services.selection.domain.choosing.stops import passed_over, stops_of
from services.selection.domain.digest import canonical_text, digest_of_text
from shared.contracts.registration.quota import PassedOver, Quota, Shortfall
from shared.contracts.selection.approval import Override, OverrideEffect
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.rubric import Deciding, Guard
from shared.contracts.words import Province

METHOD = "2018-3"
"""The name of this method (ours); another order, or another rule of the choice, gets another."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts of a candidate that the ranking uses; `score` ranks, in hundredths of a point.

    `raw` is the mean of its totals, beside a calibrated `score`.
    `counts_for` are the quotas that count it, `not_passed` the gates that it does not pass, and
    `owners` opaque names of its owners.
    """

    application: str
    score: int
    raw: int = 0
    first_timer: bool
    province: Province
    submitted_at: datetime
    counts_for: Codes = ()
    not_passed: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of a call that the ranking uses; `threshold` in hundredths of a point.

    `deciding` is the score that ranks, if the sheets allow it. `funds` are None while no money is
    allotted: then the places alone count. `guard` is that of the first closing, if it is known.
    """

    rubric: str
    threshold: int
    places: int
    quotas: tuple[Quota, ...] = ()
    deciding: Deciding = Deciding.RAW
    funds: Funds | None = None
    guard: Guard | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def effects(self) -> dict[str, OverrideEffect]:
        """Return the effects of the overrides, by application."""
        return {each.application: each.effect for each in self.overrides}

    @property
    def method(self) -> str:
        """Return the name of the method that ranks and chooses on these terms."""
        return f"{METHOD}-calibrated" if self.deciding is Deciding.CALIBRATED else METHOD


@dataclass(frozen=True, kw_only=True)
class Order:
    """The candidates in order of rank: those that passed, and those below.

    Who passed has reached the threshold and passes each gate.
    """

    passed: tuple[Standing, ...]
    below: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The order with the choice; `selected` and `reserve` are parts of those that passed, in order.

    `passed_over` counts the ranks of those who were passed over. `shortfalls` are missed minima.
    """

    passed: tuple[Standing, ...]
    selected: tuple[Standing, ...]
    reserve: tuple[Standing, ...]
    below: tuple[Standing, ...]
    passed_over: tuple[PassedOver, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


def ordered(standings: Iterable[Standing], terms: Terms) -> Order:
    """Put the candidates in order of rank."""
    by_merit = sorted(standings, key=_merit)
    passed = [each for each in by_merit if _passes(each, terms)]
    below = (each for each in by_merit if not _passes(each, terms))
    return Order(passed=tuple(_prefer_new_provinces(passed)), below=tuple(below))


def _passes(standing: Standing, terms: Terms) -> bool:
    """Return True for a score at the threshold, or an override; no override passes a gate."""
    effect = terms.effects.get(standing.application)
    if standing.not_passed or effect is OverrideEffect.EXCLUDED:
        return False
    return standing.score >= terms.threshold or effect is OverrideEffect.ADMITTED


def problem_of(order: Order, terms: Terms) -> Problem:
    """Return the choice that is to be made; its groups count those below, too.

    Of an owner only a single application gets a place. Owners are numbered in order of rank.
    """
    everybody = (*order.passed, *order.below)
    shares = Counter(owner for each in everybody for owner in each.owners)
    names = dict.fromkeys(owner for each in everybody for owner in each.owners)
    shared = [owner for owner in names if shares[owner] > 1]
    code_of = {owner: f"{OWNER}{number}" for number, owner in enumerate(shared, 1)}
    cost_idr = terms.funds.place_cost_idr if terms.funds else 0
    codes = [
        (*each.counts_for, *(code_of[owner] for owner in each.owners if owner in code_of))
        for each in everybody
    ]
    groups, group_of = grouped(codes)
    return Problem(
        points=tuple(each.score for each in order.passed),
        group_of=group_of,
        groups=tuple(Group(codes=each, cost_idr=cost_idr) for each in groups),
        limits=limits_of(terms.quotas, code_of.values()),
        places=terms.places,
        money_idr=terms.funds.ceiling_idr if terms.funds else None,
        admitted=tuple(
            position
            for position, each in enumerate(order.passed)
            if terms.effects.get(each.application) is OverrideEffect.ADMITTED
        ),
    )


def ranks_of(order: Order, problem: Problem, solution: Solution, terms: Terms) -> Ranks:
    """Return the order with the choice of a solution, and who was passed over why."""
    chosen = frozenset(solution.chosen)
    missed = zip(terms.quotas, solution.missed, strict=False)
    return Ranks(
        passed=order.passed,
        selected=tuple(order.passed[position] for position in solution.chosen),
        reserve=tuple(each for n, each in enumerate(order.passed) if n not in chosen),
        below=order.below,
        passed_over=passed_over(stops_of(problem, solution)),
        shortfalls=tuple(
            Shortfall(quota=quota.code, places=places) for quota, places in missed if places
        ),
    )


def canonical(ranks: Ranks, terms: Terms, closing: int) -> bytes:
    """Return the only text of this selection."""
    everybody = sorted((*ranks.passed, *ranks.below), key=lambda each: each.application)
    stopped = [[each.application, list(each.not_passed)] for each in ranks.below if each.not_passed]
    return canonical_text(
        {
            "below": _scores(ranks.below),
            "closing": closing,
            "funds": terms.funds.model_dump(mode="json") if terms.funds else None,
            "method": terms.method,
            "not_passed": stopped,
            "overrides": [each.model_dump(mode="json") for each in terms.overrides],
            "passed_over": [each.model_dump(mode="json") for each in ranks.passed_over],
            "places": terms.places,
            "quotas": [quota.model_dump(mode="json") for quota in terms.quotas],
            "raw": [[each.application, each.raw] for each in everybody],
            "reserve": _scores(ranks.reserve),
            "rubric": terms.rubric,
            "selected": _scores(ranks.selected),
            "shortfalls": [each.model_dump(mode="json") for each in ranks.shortfalls],
            "threshold": terms.threshold,
        }
    )


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
