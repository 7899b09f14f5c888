"""The rules of the quotas of a call: frozen as they are named, and refused if they contradict."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given as given_any
from hypothesis import strategies

from services.registration.domain.exhibition.quotas import require_quotas
from shared.contracts.event import Event
from shared.contracts.registration.quota import Quota
from shared.contracts.words import Applicant
from shared.kernel.decider import Refused
from tests.given import When
from tests.registration.examples import OPENED, PLANNED, PLANNING, PROPOSED, exhibition_after
from tests.registration.test_call import OPEN, opening
from tests.selection.examples import applicant, province

SECTORS = PROPOSED.sectors
Group = Mapping[str, object]
FIRST_TIMERS, COOPERATIVES = {"form": "first-timers"}, {"form": "cooperatives"}


def sectors(*codes: str) -> Group:
    return {"form": "sectors", "sectors": codes}


def provinces(*codes: str) -> Group:
    return {"form": "provinces", "provinces": [province(code) for code in codes]}


def quota(code: str, group: Group, minimum: int = 0, maximum: int | None = None) -> Quota:
    return Quota.model_validate(
        {"code": code, "group": group, "minimum": minimum, "maximum": maximum}
    )


NEWCOMERS = quota("pemula", FIRST_TIMERS, minimum=1)
JAVA = quota("jawa", provinces("31", "32"), maximum=2)


def opened(*quotas: Quota, past: tuple[Event, ...] = PLANNING) -> When:
    return opening(replace(OPEN, quotas=quotas), *past)


def test_a_call_freezes_its_quotas() -> None:
    quotas = (NEWCOMERS, JAVA, quota("koperasi", COOPERATIVES, minimum=1, maximum=1))
    opened(*quotas).then(OPENED.model_copy(update={"quotas": quotas}))
    state = exhibition_after(*PLANNING, OPENED.model_copy(update={"quotas": quotas}))
    assert state.call is not None
    assert state.call.quotas == quotas


def test_an_applicant_counts_for_a_quota_by_what_it_has_frozen() -> None:
    cooperative = applicant(province=province("33")).model_copy(update={"cooperative": True})
    usual = applicant(first_timer=False, province=province("31"))

    def counted(entrant: Applicant) -> list[bool]:
        groups = (FIRST_TIMERS, COOPERATIVES, provinces("31"), sectors("10", "11"), sectors("11"))
        return [quota("q", group, minimum=1).counts(entrant) for group in groups]

    assert counted(cooperative) == [True, True, False, True, False]
    assert counted(usual) == [False, False, True, True, False]


def test_a_code_and_a_group_are_named_once() -> None:
    opened(NEWCOMERS, quota("pemula", COOPERATIVES, minimum=1)).refused("quota-repeated")
    other = quota("baru", FIRST_TIMERS, maximum=3)
    opened(NEWCOMERS, other).refused("quota-group-repeated", "pemula and baru")
    turned = quota("jabodetabek", provinces("32", "31"), minimum=1)
    opened(JAVA, turned).refused("quota-group-repeated")
    opened(JAVA, quota("jabodetabek", provinces("31"), minimum=1)).events()


def test_a_province_of_another_system_is_the_same_province() -> None:
    papua = province("94").model_copy(update={"system": "KEMENDAGRI", "code": "91"})
    group = {"form": "provinces", "provinces": [province("94"), papua]}
    opened(quota("papua", group, minimum=1)).refused("quota-member-repeated")


def test_a_quota_has_bounds_that_do_not_cross() -> None:
    opened(quota("pemula", FIRST_TIMERS)).refused("quota-without-bound")
    opened(quota("pemula", FIRST_TIMERS, 2, 1)).refused("quota-bounds-crossed", "2 over")
    opened(quota("pemula", FIRST_TIMERS, 1, 1)).events()


def test_a_quota_names_sectors_of_the_exhibition_each_once() -> None:
    opened(quota("kriya", sectors(SECTORS[0], "99"), minimum=1)).refused(
        "quota-outside-sectors", "99"
    )
    opened(quota("kriya", sectors(SECTORS[0], SECTORS[0]), minimum=1)).refused(
        "quota-member-repeated"
    )
    opened(quota("kriya", sectors(SECTORS[0]), minimum=1)).events()
    anything = PROPOSED.model_copy(update={"sectors": ()})
    opened(quota("kriya", sectors("99"), minimum=1), past=(anything, PLANNED)).events()


def test_minima_of_groups_apart_fit_into_the_places() -> None:
    places = PLANNED.places
    opened(quota("pemula", FIRST_TIMERS, places)).events()
    opened(quota("pemula", FIRST_TIMERS, places + 1)).refused("quotas-exceed-places")
    west, east = provinces("31", "32"), provinces("33")
    full = quota("barat", west, minimum=places)
    opened(full, quota("timur", east, minimum=1)).refused("quotas-exceed-places", "barat, timur")
    # A first-timer may be of any province, so these minima can be met together.
    opened(full, NEWCOMERS).events()
    opened(full, quota("jabar", provinces("32"), minimum=places)).events()


def test_minima_of_groups_apart_fit_into_the_maximum_of_the_group_around_them() -> None:
    whole = quota("jawa", provinces("31", "32"), maximum=1)
    parts = (quota("dki", provinces("31"), minimum=1), quota("jabar", provinces("32"), minimum=1))
    opened(whole, parts[0]).events()
    opened(whole, *parts).refused("quotas-exceed-maximum", "dki, jabar")


bounds = strategies.tuples(strategies.integers(0, 3), strategies.none() | strategies.integers(1, 3))


@given_any(
    strategies.lists(
        strategies.tuples(strategies.sets(strategies.sampled_from(["31", "32", "33"])), bounds),
        max_size=4,
    )
)
def test_quotas_of_provinces_that_no_applicants_could_meet_are_refused(
    drawn: list[tuple[set[str], tuple[int, int | None]]],
) -> None:
    quotas = [
        quota(f"q{number}", provinces(*sorted(group)), *bound)
        for number, (group, bound) in enumerate(drawn)
        if group
    ]
    try:
        require_quotas(quotas, 3, exhibition_after(PROPOSED, PLANNED))
    except Refused as refused:
        if refused.code in ("quotas-exceed-places", "quotas-exceed-maximum"):
            assert not _met_by_any(quotas)


def _met_by_any(quotas: list[Quota]) -> bool:
    """Return True if three places can be given so that every bound holds."""
    counts = range(4)
    return any(
        a + b + c <= 3
        and all(
            quota.minimum
            <= sum(
                number
                for number, code in ((a, "31"), (b, "32"), (c, "33"))
                if quota.counts(applicant(province=province(code)))
            )
            <= (3 if quota.maximum is None else quota.maximum)
            for quota in quotas
        )
        for a in counts
        for b in counts
        for c in counts
    )
