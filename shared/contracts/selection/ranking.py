"""Ranking: the candidates of a closing in order of their sealed scores; made once, never changed.

Its id is `EXHIBITION.CLOSING-CANDIDATES`. Within a closing candidates only leave, so the number of
those that remain says which they are: another set of candidates gets another ranking.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event, Private
from shared.contracts.registration.exhibition import Places
from shared.contracts.registration.quota import PassedOver, Quota, Shortfall
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds, GroupCutoff, Marginal, Prices
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.selection.round_fact import Closing
from shared.contracts.selection.rubric import Deciding, Guard
from shared.contracts.words import Id, PairId, Points, Scope, Word, Year


class NotPassed(Word):
    """The candidates that do not pass this gate of the rubric; `numbers` are their ranks."""

    gate: Id
    numbers: tuple[int, ...]


class RankingMade(Event):
    """The candidates were ranked by `method`, on these terms of the call.

    `deciding` is the score that was to rank, and `guard` the reason why there is no calibrated one
    (`none`: there is), so that the raw score ranks. Private: the enterprises in order of rank with
    their scores (hundredths of a point), raw and, without a guard, calibrated ones beside them, and
    how lenient each curator was; so many are at or above the threshold and pass each gate; those
    below that do not pass a gate; the digest of the three lists; who scored them, and the conflicts
    of interest that were declared with them. The sealed sheets give all of it again.

    Private also, of the choice: the overrides of an authority; the `chosen` and those that were
    passed over, by rank; missed minima; the groups (the quotas and owners that count a candidate)
    and the group of each in order of rank; the `prices` that prove that no other choice has more
    points, by more than `gap`; `fewest`, which proves that no other misses fewer places of minima;
    the price of each constraint that binds; by group its cut-off; and the `solver`. `funds` are
    null if no money was allotted.
    """

    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "ranking"
    private_actor: ClassVar[bool] = True

    ranking: PairId
    exhibition: Id
    programme: Year
    scope: Scope
    closing: Closing
    candidates: Annotated[int, Field(ge=0)]
    method: Id
    rubric: Id
    threshold: Points
    places: Places
    quotas: tuple[Quota, ...] = ()
    deciding: Deciding = Deciding.RAW
    funds: Funds | None = None
    guard: Guard = Guard.NONE
    raw: Private[tuple[int, ...]] = ()
    calibrated: Private[tuple[int, ...]] = ()
    leniency: Private[dict[str, int]] = {}
    digest: Private[str] = ""
    order: Private[tuple[str, ...]] = ()
    scores: Private[tuple[int, ...]] = ()
    passed: Private[int] = 0
    not_passed: Private[tuple[NotPassed, ...]] = ()
    overrides: Private[tuple[Override, ...]] = ()
    groups: Private[tuple[tuple[str, ...], ...]] = ()
    group_of: Private[tuple[int, ...]] = ()
    chosen: Private[tuple[int, ...]] = ()
    prices: Private[Prices] = Prices()
    fewest: Private[Prices | None] = None
    gap: Private[int] = 0
    marginals: Private[tuple[Marginal, ...]] = ()
    cutoffs: Private[tuple[GroupCutoff, ...]] = ()
    solver: Private[str] = ""
    passed_over: Private[tuple[PassedOver, ...]] = ()
    shortfalls: Private[tuple[Shortfall, ...]] = ()
    scored_by: Private[tuple[str, ...]] = ()
    conflicts: Private[tuple[DeclaredConflict, ...]] = ()


RankingEvent = RankingMade
