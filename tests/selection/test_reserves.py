"""The reserves under quotas: a free place goes to the next that no quota stops, and to no other."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from hypothesis import given as given_any
from hypothesis import settings, strategies

from services.selection.domain.choosing.choice import choose, grouped
from services.selection.domain.choosing.problem import Codes
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.fold import evolve
from services.selection.domain.selection_round.reserves import next_reserves, stopping_bounds
from services.selection.domain.selection_round.seats import (
    LosePlace,
    RescheduleRound,
    StrikeCandidate,
)
from services.selection.domain.selection_round.state import Round
from services.selection.responses.selection_round import QuotaResponse, round_response
from shared.contracts.registration.quota import (
    Bound,
    CooperativeGroup,
    FirstTimerGroup,
    PassedOver,
    Quota,
    QuotaStop,
)
from shared.contracts.selection.round import (
    RoundEvent,
    RoundRescheduled,
    SelectionApproved,
)
from shared.contracts.selection.round_seats import ReservesPassedOver
from shared.contracts.words import Scope
from shared.kernel.decider import Origin
from tests.given import context, given
from tests.selection.examples import (
    APPOINTED,
    CANCELLED,
    CLOSED,
    EXHIBITION,
    LATEST_AT,
    LISTED,
    OPENED,
    PROPOSED,
    ROUND_FIELDS,
    A,
    B,
    C,
    D,
    lost,
    promoted,
    struck,
)

NEWCOMERS = FirstTimerGroup(form="first-timers")
COOPERATIVES = CooperativeGroup(form="cooperatives")
AT_MOST_ONE = (Quota(code="pemula", group=NEWCOMERS, maximum=1),)
AT_LEAST_ONE = (Quota(code="pemula", group=NEWCOMERS, minimum=1),)
REACTING = {"origin": Origin.REACTION, "subject": EXHIBITION}


def approved(quotas: tuple[Quota, ...], *codes: Codes, places: int = 2) -> tuple[RoundEvent, ...]:
    """Return a round that chose among candidates B, C, A, D, …, which count for these quotas."""
    ranks = [B, C, A, D, *(f"{EXHIBITION}.{name}" for name in "fghij")][: len(codes)]
    choice = choose(codes, quotas, places)
    reserve = [rank for rank in range(len(codes)) if rank not in choice.chosen]
    groups, group_of = grouped([codes[rank] for rank in (*choice.chosen, *reserve)])
    approval = SelectionApproved(
        approved_on=date(2018, 2, 1),
        selected=tuple(ranks[rank] for rank in choice.chosen),
        reserve=tuple(ranks[rank] for rank in reserve),
        groups=groups,
        group_of=group_of,
        **ROUND_FIELDS,
    )
    opened = OPENED.model_copy(update={"quotas": quotas, "places": places})
    listed = LISTED.model_copy(update={"applications": tuple(ranks)})
    return (opened, APPOINTED, listed, CLOSED, PROPOSED, approval)


FULL = QuotaStop(quota="pemula", bound=Bound.MAXIMUM)


def over(quota: str, bound: Bound, *numbers: int) -> ReservesPassedOver:
    """Return the event that these reserves are passed over."""
    stopped = PassedOver(quota=quota, bound=bound, numbers=numbers)
    return ReservesPassedOver(passed_over=(stopped,), **ROUND_FIELDS)


def loses(application: str) -> LosePlace:
    return LosePlace(application=application, reason="declined")


NEW, OLD = ("pemula",), ()


def test_a_maximum_passes_a_reserve_over_and_the_next_takes_the_place() -> None:
    # B and C are selected; A counts for a quota that B fills, D does not.
    past = approved(AT_MOST_ONE, NEW, OLD, NEW, OLD)
    given(selection_round, *past).when(loses(C), **REACTING).then(
        lost(C, "declined"), over("pemula", Bound.MAXIMUM, 1), promoted(D)
    )
    given(selection_round, *past).when(loses(B), **REACTING).then(lost(B, "declined"), promoted(A))


def test_a_minimum_passes_a_reserve_over_and_its_own_group_takes_the_place() -> None:
    past = approved(AT_LEAST_ONE, NEW, OLD, OLD, NEW)
    given(selection_round, *past).when(loses(B), **REACTING).then(
        lost(B, "declined"), over("pemula", Bound.MINIMUM, 1), promoted(D)
    )
    # Without a reserve of the group the place goes to the next.
    given(selection_round, *past, struck(D, from_reserve=True)).when(loses(B), **REACTING).then(
        lost(B, "declined"), promoted(A)
    )


def test_a_place_stays_free_where_each_reserve_would_exceed_a_maximum() -> None:
    past = approved(AT_MOST_ONE, NEW, OLD, NEW, NEW)
    stopped = over("pemula", Bound.MAXIMUM, 1, 2)
    given(selection_round, *past).when(loses(C), **REACTING).then(lost(C, "declined"), stopped)
    state: Round = given(selection_round, *past, lost(C, "declined"), stopped).state
    assert (len(state.live), state.reserve) == (1, (A, D))
    assert stopping_bounds(state) == (FULL,)
    # The loss of the seat that fills the quota gives a place to its next reserve.
    rest = given(selection_round, *past, lost(C, "declined"), stopped)
    rest.when(loses(B), **REACTING).then(
        lost(B, "declined"), over("pemula", Bound.MAXIMUM, 2), promoted(A)
    )


def test_a_loss_may_free_two_places_that_a_maximum_kept() -> None:
    quotas = (
        Quota(code="pemula", group=NEWCOMERS, maximum=1),
        Quota(code="koperasi", group=COOPERATIVES, maximum=1),
    )
    past = approved(quotas, ("pemula", "koperasi"), ("pemula",), ("koperasi",))
    rest = given(selection_round, *past)
    assert rest.state.live == (B,)
    rest.when(loses(B), **REACTING).then(lost(B, "declined"), promoted(C), promoted(A))


def test_a_rescheduling_fills_free_places_under_the_quotas() -> None:
    past = approved(AT_MOST_ONE, NEW, OLD, NEW, OLD)
    late = given(selection_round, *past, lost(C, "expired"))
    days = {"starts_on": date(2018, 5, 1), "ends_on": date(2018, 5, 4)}
    late.when(RescheduleRound(**days), now=LATEST_AT, **REACTING).then(
        RoundRescheduled(**days, **ROUND_FIELDS), over("pemula", Bound.MAXIMUM, 1), promoted(D)
    )


def test_a_round_shows_its_quotas_with_their_live_seats() -> None:
    past = approved(AT_MOST_ONE, NEW, OLD, NEW, NEW)
    state: Round = given(selection_round, *past, lost(C, "declined")).state
    response = round_response(state, roles=frozenset({"ministry-system"}))
    shown = QuotaResponse(code="pemula", group=NEWCOMERS, minimum=0, maximum=1, live=1)
    assert (response.quotas, response.stopped_by) == ((shown,), (FULL,))
    ended = round_response(given(selection_round, *past, CANCELLED).state, roles=frozenset())
    assert ended.stopped_by == ()


bounds = strategies.tuples(strategies.integers(0, 2), strategies.none() | strategies.integers(1, 2))
quotas = strategies.tuples(bounds, bounds).map(
    lambda drawn: tuple(
        Quota(
            code=code,
            group=group,
            minimum=minimum,
            maximum=None if maximum is None else max(minimum, maximum),
        )
        for (code, group), (minimum, maximum) in zip(
            (("pemula", NEWCOMERS), ("koperasi", COOPERATIVES)), drawn, strict=True
        )
    )
)
codes = strategies.sampled_from([(), ("pemula",), ("koperasi",), ("pemula", "koperasi")])


@settings(max_examples=400)
@given_any(
    quotas,
    strategies.lists(codes, min_size=1, max_size=9),
    strategies.integers(1, 4),
    strategies.lists(strategies.tuples(strategies.booleans(), strategies.integers(0, 8))),
)
def test_after_every_loss_no_quota_is_exceeded_and_no_place_is_kept_from_a_reserve(
    quotas: tuple[Quota, ...],
    counted: list[Codes],
    places: int,
    leaving: list[tuple[bool, int]],
) -> None:
    state: Round = given(selection_round, *approved(quotas, *counted, places=places)).state
    check(state)
    for strikes, number in leaving:
        ranks = (*state.seats, *state.reserve)
        application = ranks[number % len(ranks)]
        command: StrikeCandidate | LosePlace = loses(application)
        if strikes:
            command = StrikeCandidate(
                programme="2018", scope=Scope.OVERSEAS, application=application
            )
        events = selection_round.decide(command, state, context(**REACTING))
        for event in events:
            state = evolve(state, event)
            check_bounds(state)
        check(state)


def check(state: Round) -> None:
    """Check that a place is free only where each reserve would exceed a maximum."""
    check_bounds(state)
    if len(state.live) < state.places:
        for application in state.reserve:
            assert exceeded(counts(state, (*state.live, application)), state)
    assert next_reserves(state).chosen == ()


def check_bounds(state: Round) -> None:
    assert len(state.live) <= state.places
    assert not exceeded(counts(state, state.live), state)


def counts(state: Round, applications: Sequence[str]) -> Counter[str]:
    return Counter(code for each in applications for code in state.codes_of(each))


def exceeded(found: Counter[str], state: Round) -> bool:
    return any(
        quota.maximum is not None and found[quota.code] > quota.maximum for quota in state.quotas
    )
