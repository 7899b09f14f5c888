"""The figures that readers see: ratios with two decimals, rounded half up, and sums.

Achievement and devisa have modules of their own.
"""

from decimal import Decimal

import pytest

from services.reporting.labels import LABELS, label
from services.reporting.responses.budget import Budget, budgets
from services.reporting.responses.exhibitions import exhibition_figures
from services.reporting.responses.figures import Figures, counted, percent, summed
from services.reporting.responses.funnel import funnel, seats
from services.reporting.responses.part import Part
from services.reporting.responses.participation import participation
from services.reporting.views.applications import Attendance, Stage
from services.reporting.views.registration import Exhibition, Phase
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Indicator, Scope, SizeClass, TargetScope
from shared.kernel.adapters import adapter_of

WHOLE = Part(programme="2018")
MIHAS = Part(programme="2018", scope=Scope.OVERSEAS, exhibition="mihas-2018", name="MIHAS 2018")


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


def test_an_answer_says_which_part_of_the_programme_it_covers() -> None:
    covers = seats(MIHAS, {}).covers
    assert (covers.scope, covers.exhibition, covers.name) == (
        TargetScope.OVERSEAS,
        "mihas-2018",
        "MIHAS 2018",
    )
    everything = funnel(WHOLE, {}, {}).covers
    assert (everything.programme, everything.scope) == ("2018", TargetScope.ALL)
    assert everything.scope_label.id == "Dalam dan luar negeri"
    assert MIHAS.key == "2018.OVERSEAS.mihas-2018"
    assert (WHOLE.key, MIHAS.without_exhibition().key) == ("2018", "2018.OVERSEAS")


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
    domestic, overseas, both = budgets(WHOLE, PAGU, USE).items
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
    (both,) = budgets(WHOLE, {}, {}).items
    assert (both.scope, both.pagu_idr, both.absorption_percent) == ("ALL", 0, None)


def test_the_budget_of_an_exhibition_is_that_of_its_scope_and_the_answer_says_so() -> None:
    found = budgets(MIHAS, PAGU, USE)
    assert [row.scope for row in found.items] == ["OVERSEAS"]
    assert (found.covers.scope, found.covers.exhibition) == (TargetScope.OVERSEAS, None)


def test_a_sum_of_money_is_exact_for_every_reader_of_json() -> None:
    too_much = 2**53 + 1
    (both,) = budgets(WHOLE, {}, {("2018", "DOMESTIC", "x"): {"realised_idr": too_much}}).items
    written = adapter_of(Budget).dump_python(both, mode="json")
    assert written["realised_idr"] == "9007199254740993"
    assert written["remaining_idr"] == "-9007199254740993"
    schema = adapter_of(Budget).json_schema(mode="serialization")["properties"]["realised_idr"]
    assert schema["type"] == "string"
    assert "2^53" in schema["description"]


def test_each_exhibition_has_its_name_its_flag_its_participants_and_its_money() -> None:
    real = Exhibition(programme="2018", scope=Scope.DOMESTIC, name="Inacraft", held=Phase.HELD)
    expo = Exhibition(
        programme="2018", scope=Scope.DOMESTIC, name="Expo (ilustrasi)", illustrative=True
    )
    came: Figures = {("2018", "DOMESTIC", "y"): {"attended": 5, "contested": 1, "absent": 2}}
    first, second, third = exhibition_figures([("x", expo), ("y", real), ("z", expo)], came, USE)
    assert (first.exhibition, first.name, first.illustrative) == ("x", "Expo (ilustrasi)", True)
    assert (first.phase, first.phase_label.id) == (Phase.PROPOSED, "Diusulkan")
    assert (first.free_idr, first.absorption_percent) == (16_000, Decimal("0.00"))
    assert (second.name, second.illustrative, second.phase_label.en) == ("Inacraft", False, "Held")
    assert (second.attended, second.contested, second.absent) == (5, 1, 2)
    assert (second.outstanding_idr, second.free_idr) == (3_000, 1_000)
    assert second.absorption_percent == Decimal("60.00")
    assert (third.attended, third.ceiling_idr, third.absorption_percent) == (0, 0, None)


def test_the_funnel_has_a_step_for_every_stage_and_one_for_contested_attendance() -> None:
    reached: Figures = {
        ("2018", "DOMESTIC", "x"): {"submitted": 9, "attended": 3},
        ("2018", "DOMESTIC", "y"): {"submitted": 1, "contested": 1},
    }
    given: Figures = {("2018", "DOMESTIC", "x"): {"selected": 4, "places": 5}}
    steps = {step.stage: step.count for step in funnel(WHOLE, reached, given).items}
    assert list(steps) == [
        *("submitted", "eligible", "rejected", "selected", "offered", "accepted", "declined"),
        *("expired", "confirmed", "attended", "contested", "absent", "withdrawn", "lapsed"),
    ]
    assert {step: count for step, count in steps.items() if count} == {
        "submitted": 10,
        "selected": 4,
        "attended": 3,
        "contested": 1,
    }


def test_who_took_part_is_counted_by_province_sector_and_size_class() -> None:
    numbers = {"attended": 2, "contested": 1, "first_timers": 1}
    attendance: Figures = {("2018", "OVERSEAS", "mihas-2018"): numbers}
    breakdown: Figures = {
        ("2018", "province", "ID-JK"): {"attended": 2},
        ("2018", "province", "ID-BA"): {"contested": 1},
        ("2018", "sector", "14"): numbers,
        ("2018", "size_class", "SMALL"): numbers,
    }
    enterprises: Figures = {("2018", "ALL"): {"enterprises": 1, "first_timers": 1}}
    found = participation(WHOLE, attendance, breakdown, enterprises)
    assert (found.attended, found.contested, found.absent) == (2, 1, 0)
    assert found.first_timer_percent == Decimal("50.00")
    assert (found.distinct.enterprises, found.distinct.first_timers) == (1, 1)
    provinces = [(row.province, row.attended, row.contested) for row in found.by_province]
    assert provinces == [("ID-BA", 0, 1), ("ID-JK", 2, 0)]
    (sector,) = found.by_sector
    assert (sector.sector, sector.label, sector.attended) == ("14", None, 2)
    assert found.by_size_class[0].label == label("SMALL")
    # An enterprise takes part in an exhibition once.
    assert participation(MIHAS, attendance, breakdown, {}).distinct.enterprises == 2


def test_sums_have_the_requested_dimensions_in_order() -> None:
    cells: Figures = {("b", "1"): {"n": 1}, ("a", "1"): {"n": 2}, ("a", "2"): {"n": 3}}
    assert summed(cells, ("letter", "digit"), "letter") == {("a",): {"n": 5}, ("b",): {"n": 1}}
    assert list(summed(cells, ("letter", "digit"), "letter")) == [("a",), ("b",)]
    assert counted(cells, ("n", "m")) == {"n": 6, "m": 0}


def test_every_word_that_readers_see_has_a_label_in_both_languages() -> None:
    kinds = (TargetScope, Indicator, Rung, SizeClass, Stage, Attendance, Phase)
    words = [item.value for kind in kinds for item in kind]
    assert set(words) <= set(LABELS)
    assert all(label(word).en and label(word).id for word in LABELS)
