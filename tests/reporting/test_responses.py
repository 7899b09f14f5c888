"""The figures that readers see: ratios with two decimals, rounded half up, and sums.

The expected figures of 2017 come from the client's text (467 of 400, 109 of 60).
"""

from decimal import Decimal

import pytest

from services.reporting.labels import LABELS, label
from services.reporting.responses import (
    Figures,
    achievements,
    budgets,
    ceilings,
    counted,
    percent,
    realised_of,
    results,
    summed,
)
from services.reporting.views.registration import Stage
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Indicator, SizeClass, Target, TargetScope


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (467, 400, "116.75"),
        (109, 60, "181.67"),
        (0, 40, "0.00"),
        (1, 80_000, "0.00"),
        (1, 20_000, "0.01"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (7_000_000_000, 7_000_000_000, "100.00"),
    ],
)
def test_percent_has_two_decimals_half_up(part: int, whole: int, expected: str) -> None:
    assert percent(part, whole) == Decimal(expected)


@pytest.mark.parametrize("whole", [0, None])
def test_a_target_of_zero_or_none_has_no_percentage(whole: int | None) -> None:
    assert percent(0, whole) is None
    assert percent(109, whole) is None


def test_a_year_is_reported_by_participations_and_by_enterprises() -> None:
    targets = [
        Target(scope=TargetScope.DOMESTIC, indicator=Indicator.PARTICIPATIONS, value=400),
        Target(scope=TargetScope.OVERSEAS, indicator=Indicator.PARTICIPATIONS, value=60),
        Target(scope=TargetScope.ALL, indicator=Indicator.ENTERPRISES, value=0),
    ]
    realised = realised_of(
        {
            ("2017", "DOMESTIC"): {"enterprises": 301},
            ("2017", "OVERSEAS"): {"enterprises": 80},
            ("2017", "ALL"): {"enterprises": 350},
        },
        {
            ("2017", "DOMESTIC", "x", "ID-JK", "14", "SMALL"): {"attended": 400},
            ("2017", "DOMESTIC", "y", "ID-JB", "14", "MICRO"): {"attended": 67, "absent": 3},
            ("2017", "OVERSEAS", "z", "ID-JK", "14", "SMALL"): {"attended": 109},
        },
        {("2017", "DOMESTIC"): {"proposed": 9, "held": 7}},
    )
    rows = {
        (achievement.scope.value, achievement.indicator.value): achievement
        for achievement in achievements(targets, realised)
    }
    assert list(rows) == [
        (scope, indicator)
        for scope in ("DOMESTIC", "OVERSEAS", "ALL")
        for indicator in ("ENTERPRISES", "PARTICIPATIONS", "EXHIBITIONS")
    ]
    figures = {
        key: (row.target, row.realised, row.percent and str(row.percent))
        for key, row in rows.items()
    }
    assert figures["DOMESTIC", "PARTICIPATIONS"] == (400, 467, "116.75")
    assert figures["OVERSEAS", "PARTICIPATIONS"] == (60, 109, "181.67")
    assert figures["ALL", "PARTICIPATIONS"] == (None, 576, None)
    # The enterprises of both scopes are not added: some are in both.
    assert figures["ALL", "ENTERPRISES"] == (0, 350, None)
    assert figures["ALL", "EXHIBITIONS"] == (None, 7, None)
    assert figures["OVERSEAS", "EXHIBITIONS"] == (None, 0, None)


PAGU: Figures = {
    ("2018", "DOMESTIC"): {"pagu_idr": 50_000, "blocked_idr": 5_000, "allotted_idr": 30_000},
    ("2018", "OVERSEAS"): {"pagu_idr": 7_000, "allotted_idr": 7_000},
}
USE: Figures = {
    ("2018", "DOMESTIC", "x"): {"ceiling_idr": 20_000, "reserved_idr": 4_000, "sunk_idr": 50},
    ("2018", "DOMESTIC", "y"): {
        "ceiling_idr": 10_000,
        "contracted_idr": 9_000,
        "realised_idr": 6_000,
    },
}


def test_the_budget_follows_the_formulas_of_the_ministry() -> None:
    domestic, overseas, both = budgets(PAGU, USE)
    assert (domestic.scope, overseas.scope, both.scope) == ("DOMESTIC", "OVERSEAS", "ALL")
    assert (domestic.effective_idr, domestic.committed_idr) == (45_000, 9_000)
    assert domestic.outstanding_idr == 9_000 - 6_000
    assert domestic.available_idr == 50_000 - 5_000 - 4_000 - 9_000
    assert domestic.remaining_idr == 50_000 - 6_000
    assert domestic.absorption_percent == Decimal("12.00")
    assert (overseas.available_idr, overseas.absorption_percent) == (7_000, Decimal("0.00"))
    assert (both.pagu_idr, both.realised_idr, both.sunk_idr) == (57_000, 6_000, 50)
    assert both.absorption_percent == Decimal("10.53")


def test_without_an_envelope_there_is_no_absorption() -> None:
    (both,) = budgets({}, {})
    assert (both.scope, both.pagu_idr, both.absorption_percent) == ("ALL", 0, None)


def test_each_exhibition_has_its_own_money() -> None:
    first, second = ceilings(USE)
    assert (first.exhibition, first.free_idr, first.absorption_percent) == (
        "x",
        16_000,
        Decimal("0.00"),
    )
    assert (second.outstanding_idr, second.free_idr) == (3_000, 1_000)
    assert second.absorption_percent == Decimal("60.00")


def test_rungs_and_statuses_are_never_added_and_devisa_is_a_part_of_them() -> None:
    place = ("2018", "OVERSEAS")
    rows = results(
        {
            (*place, "m", "POTENTIAL", "REPORTED", "foreign"): {
                "count": 1,
                "amount_idr": 100,
                "followed_up_idr": 30,
            },
            (*place, "n", "POTENTIAL", "REPORTED", "home"): {"count": 2, "amount_idr": 50},
            (*place, "m", "POTENTIAL", "VERIFIED", "home"): {"count": 1, "amount_idr": 7},
            (*place, "m", "FOLLOW_UP_REALISED", "REPORTED", "foreign"): {
                "count": 1,
                "amount_idr": 30,
            },
            (*place, "m", "RETAIL_SALE", "VOID", "foreign"): {"count": 9, "amount_idr": 999},
        }
    )
    figures = [(row.rung, row.status, row.count, row.amount_idr, row.devisa_idr) for row in rows]
    assert figures == [
        ("FOLLOW_UP_REALISED", "REPORTED", 1, 30, 30),
        ("POTENTIAL", "REPORTED", 3, 150, 100),
        ("POTENTIAL", "VERIFIED", 1, 7, 0),
    ]
    assert [row.followed_up_idr for row in rows] == [0, 30, 0]
    assert (rows[0].label.id, rows[0].status_label.id) == (
        "Tindak lanjut terealisasi",
        "Dilaporkan peserta",
    )


def test_sums_have_the_requested_dimensions_in_order() -> None:
    cells: Figures = {("b", "1"): {"n": 1}, ("a", "1"): {"n": 2}, ("a", "2"): {"n": 3}}
    assert summed(cells, ("letter", "digit"), "letter") == {("a",): {"n": 5}, ("b",): {"n": 1}}
    assert list(summed(cells, ("letter", "digit"), "letter")) == [("a",), ("b",)]
    assert counted(cells, ("n", "m")) == {"n": 6, "m": 0}


def test_every_word_that_readers_see_has_a_label_in_both_languages() -> None:
    words = [
        item.value for kind in (TargetScope, Indicator, Rung, SizeClass, Stage) for item in kind
    ]
    assert set(words) <= set(LABELS)
    assert all(label(word).en and label(word).id for word in LABELS)
