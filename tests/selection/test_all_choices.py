"""The choice under quotas, compared with all possible choices on thousands of small fields."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from random import Random
from time import process_time

import pytest
from hypothesis import assume, example, given, settings, strategies

from services.selection.domain.choosing import completion
from services.selection.domain.choosing.choice import Choice, choose
from services.selection.domain.choosing.completion import Demand, Steps
from services.selection.domain.choosing.problem import Codes
from shared.contracts.registration.quota import Bound, Quota, QuotaStop, Shortfall
from tests.selection.test_choice import field, quota_of


def counts(chosen: Sequence[Codes]) -> Counter[str]:
    return Counter(code for codes in chosen for code in codes)


def possible(
    held: Sequence[Codes], rest: Sequence[Codes], quotas: Sequence[Quota], places: int
) -> list[Counter[str]]:
    """Return the counts of each set of `rest` that may be added to those who hold a place."""
    return [
        found
        for number in range(places - len(held) + 1)
        for added in combinations(rest, number)
        if within((found := counts([*held, *added])), quotas)
    ]


def within(found: Counter[str], quotas: Sequence[Quota]) -> bool:
    return all(quota.maximum is None or found[quota.code] <= quota.maximum for quota in quotas)


def met(found: Counter[str], minima: dict[str, int]) -> bool:
    return all(found[code] >= minimum for code, minimum in minima.items())


def by_trying_all(
    candidates: Sequence[Codes], quotas: Sequence[Quota], places: int, taken: Sequence[Codes]
) -> Choice:
    """Choose by the rule, and answer each of its questions by trying every set of candidates."""
    minima: dict[str, int] = {}
    for quota in quotas:
        sets = [found for found in possible(taken, candidates, quotas, places)]
        reached = [found[quota.code] for found in sets if met(found, minima)]
        minima[quota.code] = min(quota.minimum, max(reached))
    held, chosen, stops = list(taken), list[int](), dict[int, QuotaStop]()
    reasons: dict[tuple[int, Codes], QuotaStop | None] = {}
    for position, codes in enumerate(candidates):
        if len(held) == places:
            break
        # The reason of a group is found again after each seat that is given.
        if (len(held), codes) not in reasons:
            rest = candidates[position + 1 :]
            sets = possible([*held, codes], rest, quotas, places)
            reasons[len(held), codes] = stop_of(codes, held, sets, quotas, minima)
        stop = reasons[len(held), codes]
        if stop is None:
            held.append(codes)
            chosen.append(position)
        else:
            stops[position] = stop
    found = counts(held)
    missed = ((quota.code, quota.minimum - found[quota.code]) for quota in quotas)
    shortfalls = tuple(
        Shortfall(quota=code, places=places) for code, places in missed if places > 0
    )
    return Choice(chosen=tuple(chosen), stops=stops, shortfalls=shortfalls)


def stop_of(
    codes: Codes,
    held: Sequence[Codes],
    sets: Sequence[Counter[str]],
    quotas: Sequence[Quota],
    minima: dict[str, int],
) -> QuotaStop | None:
    for quota in quotas:
        if quota.code in codes and counts(held)[quota.code] == quota.maximum:
            return QuotaStop(quota=quota.code, bound=Bound.MAXIMUM)
    imposed: dict[str, int] = {}
    for code, minimum in minima.items():
        imposed[code] = minimum
        if not any(met(found, imposed) for found in sets):
            return QuotaStop(quota=code, bound=Bound.MINIMUM)
    return None


CODES = "pqrs"
candidates = strategies.lists(
    strategies.sets(strategies.sampled_from(CODES)).map(lambda codes: tuple(sorted(codes))),
    max_size=8,
)
bounds = strategies.tuples(strategies.integers(0, 3), strategies.none() | strategies.integers(1, 3))
quotas = strategies.lists(bounds, min_size=len(CODES), max_size=len(CODES)).map(
    lambda drawn: tuple(
        quota_of(code, minimum, None if maximum is None else max(minimum, maximum))
        for code, (minimum, maximum) in zip(CODES, drawn, strict=True)
    )
)


@settings(max_examples=1_500)
@given(candidates, quotas, strategies.integers(1, 6), strategies.integers(0, 3))
@example(field("pq pr qr p q r -"), (quota_of("p", 2), quota_of("q", 2), quota_of("r", 2)), 3, 0)
@example(field("p pq q"), (quota_of("p", 1, 1), quota_of("q", 1, 1)), 3, 0)
def test_the_choice_is_that_of_the_rule(
    candidates: list[Codes], quotas: tuple[Quota, ...], places: int, seats: int
) -> None:
    used = {code for codes in candidates for code in codes}
    assume(used <= {quota.code for quota in quotas})
    # The first of an earlier choice hold their places already.
    earlier = choose(candidates, quotas, places)
    held = earlier.chosen[:seats]
    taken = [candidates[position] for position in held]
    reserve = [codes for position, codes in enumerate(candidates) if position not in held]
    choice = choose(reserve, quotas, places, taken)
    assert choice == by_trying_all(reserve, quotas, places, taken)
    seated = [*taken, *(reserve[position] for position in choice.chosen)]
    assert len(seated) <= places
    assert within(counts(seated), quotas)
    if len(seated) < places:
        # A place stays free only where each reserve would exceed a maximum.
        left = [codes for at, codes in enumerate(reserve) if at not in choice.chosen]
        assert not any(within(counts([*seated, codes]), quotas) for codes in left)


@settings(max_examples=500)
@given(candidates, quotas, strategies.integers(1, 6), candidates)
def test_a_candidate_of_a_lower_rank_changes_the_choice_only_by_a_minimum(
    candidates: list[Codes], quotas: tuple[Quota, ...], places: int, lower: list[Codes]
) -> None:
    before = choose(candidates, quotas, places)
    after = choose([*candidates, *lower], quotas, places)
    changed = set(before.chosen) ^ {at for at in after.chosen if at < len(candidates)}
    if changed:
        # Those above the first change are the same; it is held back for a minimum now, or was.
        first = min(changed)
        stop = after.stops.get(first) or before.stops[first]
        assert stop.bound is Bound.MINIMUM


@settings(max_examples=500)
@given(candidates, quotas, strategies.integers(1, 6))
def test_a_choice_that_goes_on_where_seats_were_given_gives_no_seat_more(
    candidates: list[Codes], quotas: tuple[Quota, ...], places: int
) -> None:
    choice = choose(candidates, quotas, places)
    taken = [candidates[position] for position in choice.chosen]
    reserve = [codes for at, codes in enumerate(candidates) if at not in choice.chosen]
    again = choose(reserve, quotas, places, taken)
    assert again.chosen == ()
    assert again.shortfalls == choice.shortfalls


@pytest.mark.parametrize("places", [30, 100, 500, 2_000])
def test_thousands_of_candidates_are_chosen_under_ten_quotas(places: int) -> None:
    # Five provinces, three sectors, first-timers and cooperatives, as a large call might have them.
    dice, share = Random(places), places // 10
    quotas = tuple(
        quota_of(code, minimum=share if n % 2 else 1, maximum=3 * share if n < 8 else None)
        for n, code in enumerate("abcdefghij")
    )
    entrants = [
        tuple(
            sorted(
                {dice.choice("abcde--"), dice.choice("fgh--"), dice.choice("i--"), *"j"[n % 2 :]}
                - {"-"}
            )
        )
        for n in range(10_000)
    ]
    # Those who count for few quotas come first, so that the minima hold places back.
    entrants.sort(key=len)
    began = process_time()
    choice = choose(entrants, quotas, places)
    assert process_time() - began < 20
    found = counts([entrants[position] for position in choice.chosen])
    assert len(choice.chosen) == places
    assert choice.shortfalls == ()
    assert within(found, quotas)


def test_a_search_that_takes_too_long_gives_up_no_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    entrants, quotas = field("- pq p q pq -"), (quota_of("p", minimum=2), quota_of("q", minimum=2))
    assert choose(entrants, quotas, 3).shortfalls == ()
    monkeypatch.setattr(completion, "STEPS_MAX", 0)
    assert completion.completion(Demand(1, (1,), (1,)), {(0,): 1}, Steps(100)) is None
    # No search finds anything, so no place is promised, and the order of rank decides alone.
    assert choose(entrants, quotas, 3).chosen == (0, 1, 2)


def test_all_searches_of_a_choice_together_take_so_many_steps() -> None:
    steps, demand = Steps(3), Demand(2, (1, 1), (1, 1))
    found = [completion.completion(demand, {(0,): 1, (1,): 1}, steps) for _ in range(3)]
    assert found[0] is not None
    assert found[1:] == [None, None], "the second took the last step, the third has none"
    assert steps.left == 0
