"""The choice under quotas: in order of rank, under maxima, with places held for minima."""

from services.selection.domain.choosing.choice import Choice, choose, codes_of
from services.selection.domain.choosing.problem import Codes
from services.selection.domain.choosing.stops import passed_over
from shared.contracts.registration.quota import (
    Bound,
    FirstTimerGroup,
    PassedOver,
    Quota,
    QuotaStop,
    SectorGroup,
    Shortfall,
)
from tests.selection.examples import applicant

ANYBODY = FirstTimerGroup(form="first-timers")
"""The group of a quota makes no difference here: a candidate is the codes that count it."""


def quota_of(code: str, minimum: int = 0, maximum: int | None = None) -> Quota:
    return Quota(code=code, group=ANYBODY, minimum=minimum, maximum=maximum)


def names(choice: Choice) -> tuple[str, dict[str, str]]:
    """Return the chosen as letters in order of rank, and each stop as `a: pMIN`."""
    letters = "abcdefghijklmnop"
    stops = {
        letters[position]: f"{stop.quota}{stop.bound[:3]}"
        for position, stop in choice.stops.items()
    }
    return "".join(letters[position] for position in choice.chosen), stops


def field(codes: str) -> list[Codes]:
    """Return candidates from words: a letter is a quota that counts it, `-` is none."""
    return [tuple(word.strip("-")) for word in codes.split()]


def test_without_quotas_the_first_are_chosen() -> None:
    choice = choose(field("- - -"), (), 2)
    assert choice == Choice(chosen=(0, 1), stops={}, shortfalls=())


def test_a_maximum_passes_the_rest_of_its_group_over() -> None:
    choice = choose(field("p p p - p -"), (quota_of("p", maximum=2),), 3)
    assert names(choice) == ("abd", {"c": "pMAX"})
    assert choice.shortfalls == ()


def test_a_minimum_holds_the_last_places_for_its_group() -> None:
    choice = choose(field("- - - - p p"), (quota_of("p", minimum=2),), 4)
    assert names(choice) == ("abef", {"c": "pMIN", "d": "pMIN"})


def test_a_minimum_that_those_above_meet_holds_no_place() -> None:
    assert names(choose(field("p - p - p"), (quota_of("p", minimum=2),), 3)) == ("abc", {})


def test_a_minimum_with_too_few_candidates_gives_its_places_to_others() -> None:
    choice = choose(field("- - - p"), (quota_of("p", minimum=3),), 3)
    assert names(choice) == ("abd", {"c": "pMIN"})
    assert choice.shortfalls == (Shortfall(quota="p", places=2),)


def test_a_place_stays_free_only_because_of_maxima() -> None:
    choice = choose(field("p p q"), (quota_of("p", maximum=1), quota_of("q", maximum=1)), 3)
    assert names(choice) == ("ac", {"b": "pMAX"})


def test_a_candidate_of_two_groups_counts_for_both() -> None:
    quotas = (quota_of("p", minimum=1), quota_of("q", minimum=1))
    assert names(choose(field("- - pq p q"), quotas, 2)) == ("ac", {"b": "pMIN"})
    assert names(choose(field("- p q"), quotas, 2)) == ("bc", {"a": "qMIN"})


def test_the_reason_is_the_first_minimum_that_could_not_be_met() -> None:
    quotas = (quota_of("p", minimum=1), quota_of("q", minimum=1))
    assert names(choose(field("- p - q"), quotas, 2)) == ("bd", {"a": "qMIN", "c": "qMIN"})


def test_where_not_all_minima_can_be_met_those_named_first_come_first() -> None:
    p, q = quota_of("p", minimum=1), quota_of("q", minimum=1)
    choice = choose(field("- p q"), (p, q), 1)
    assert names(choice) == ("b", {"a": "pMIN"})
    assert choice.shortfalls == (Shortfall(quota="q", places=1),)
    assert names(choose(field("- p q"), (q, p), 1))[0] == "c"


def test_live_seats_count_and_the_free_places_go_to_reserves() -> None:
    quotas = (quota_of("p", minimum=2, maximum=2),)
    choice = choose(field("- p p"), quotas, 3, taken=field("p -"))
    assert names(choice) == ("b", {"a": "pMIN"})
    assert names(choose(field("p p -"), quotas, 3, taken=field("p p"))) == (
        "c",
        {"a": "pMAX", "b": "pMAX"},
    )
    assert choose(field("p"), quotas, 2, taken=field("p p")).chosen == ()


def test_those_passed_over_are_listed_by_reason() -> None:
    stops = {
        0: QuotaStop(quota="p", bound=Bound.MAXIMUM),
        3: QuotaStop(quota="q", bound=Bound.MINIMUM),
        5: QuotaStop(quota="p", bound=Bound.MAXIMUM),
    }
    assert passed_over(stops) == (
        PassedOver(quota="p", bound=Bound.MAXIMUM, numbers=(1, 6)),
        PassedOver(quota="q", bound=Bound.MINIMUM, numbers=(4,)),
    )
    assert passed_over({}) == ()


def test_an_applicant_counts_for_the_quotas_of_its_groups_in_the_order_of_the_call() -> None:
    food = Quota(code="pangan", group=SectorGroup(form="sectors", sectors=("10",)), minimum=1)
    assert codes_of((food, quota_of("pemula", minimum=1)), applicant()) == ("pangan", "pemula")
    assert codes_of((food,), applicant().model_copy(update={"sector": "13"})) == ()
