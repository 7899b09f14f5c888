"""The programme that is loaded: the client's figures, and what is ours within them."""

import re
from collections import Counter
from decimal import Decimal

from demo.programme_2018.exhibition import DOMESTIC, OVERSEAS
from demo.programme_2018.exhibitions import REAL
from demo.programme_2018.programme import (
    PAGU_IDR,
    PAST,
    PLACE_COST_IDR,
    REVISION_IDR,
    SMALL,
    TARGETS,
    programme_of,
)
from demo.programme_2018.provinces import CAPITALS, NAMES

PROGRAMME = programme_of()


def test_forty_domestic_and_two_overseas_exhibitions_are_held_with_700_places() -> None:
    scopes = Counter(item.scope for item in PROGRAMME.held)
    assert scopes == {DOMESTIC: 40, OVERSEAS: 2}
    assert sum(item.places for item in PROGRAMME.held) == 700
    assert sum(item.places for item in PROGRAMME.held if item.scope == OVERSEAS) == 30


def test_chibimart_is_replaced_by_moscow() -> None:
    (cancelled,) = [exhibition for exhibition in PROGRAMME.exhibitions if exhibition.replaced_by]
    assert cancelled.id == "chibimart-summer-2018"
    assert cancelled.replaced_by in {item.id for item in PROGRAMME.held}


def test_what_is_not_real_is_marked_illustrative() -> None:
    assert len(REAL) == 11
    assert not any(item.illustrative for item in REAL)
    others = [exhibition for exhibition in PROGRAMME.exhibitions if exhibition not in REAL]
    assert len(others) == 32
    assert all(other.illustrative and "ilustrasi" in other.name for other in others)


def test_ids_are_unique_and_single() -> None:
    ids = [exhibition.id for exhibition in PROGRAMME.exhibitions]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,64}", id) for id in ids)


def test_every_province_has_an_exhibition_and_a_code() -> None:
    assert len(NAMES) == 34
    homes = {exhibition.province for exhibition in PROGRAMME.exhibitions if exhibition.province}
    assert homes == set(NAMES)
    assert set(CAPITALS) < set(NAMES)


def test_the_money_is_the_clients_and_suffices() -> None:
    assert PAGU_IDR == {DOMESTIC: 50_000_000_000, OVERSEAS: 7_000_000_000}
    assert PROGRAMME.allotted_idr(DOMESTIC) <= PAGU_IDR[DOMESTIC] - REVISION_IDR
    abroad = [
        exhibition
        for exhibition in PROGRAMME.exhibitions
        if exhibition.scope == OVERSEAS and exhibition.call <= 2
    ]
    assert sum(item.places for item in abroad) * PLACE_COST_IDR[OVERSEAS] <= PAGU_IDR[OVERSEAS]


def test_the_block_leaves_too_little_for_the_late_places_and_lifting_it_enough() -> None:
    for programme in (PROGRAMME, programme_of(SMALL)):
        pagu = PAGU_IDR[DOMESTIC] - REVISION_IDR
        before = programme.allotted_idr(DOMESTIC) - programme.late_idr
        left = pagu - programme.blocked_idr - before
        assert 0 <= left < programme.late_idr
        assert left + programme.unblocked_idr >= programme.late_idr


def test_both_readings_of_an_ambiguous_target_are_targets() -> None:
    indicators = {(target["scope"], target["indicator"]): target["value"] for target in TARGETS}
    assert indicators["ALL", "ENTERPRISES"] == indicators["ALL", "PARTICIPATIONS"] == 700
    assert indicators[OVERSEAS, "ENTERPRISES"] == indicators[OVERSEAS, "PARTICIPATIONS"] == 30
    assert (DOMESTIC, "ENTERPRISES") not in indicators
    assert ("ALL", "EXHIBITIONS") not in indicators


def test_the_arithmetic_of_2017() -> None:
    home, abroad = PAST
    assert (home.realised, home.target, home.percent) == (467, 400, Decimal("116.75"))
    assert (abroad.realised, abroad.target, abroad.percent) == (109, 60, Decimal("181.67"))
    assert home.each_idr_million == Decimal("49.3")
    assert abroad.each_idr_million == Decimal("559.6")


def test_the_small_programme_tells_every_story() -> None:
    small = programme_of(SMALL)
    assert any(exhibition.replaced_by for exhibition in small.exhibitions)
    assert any(exhibition.late_places for exhibition in small.exhibitions)
    assert {exhibition.call for exhibition in small.exhibitions} == {1, 2, 3, 4}
