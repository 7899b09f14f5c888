"""Target and achievement: original and revised targets, what is realised, what is illustrative.

The expected figures of 2017 come from the client's text (467 of 400, 109 of 60).
"""

from datetime import date
from decimal import Decimal

from services.reporting.responses.achievement import (
    Achievement,
    Achievements,
    achievements,
    illustrative_of,
    realised_of,
)
from services.reporting.responses.figures import Figures
from services.reporting.responses.part import Part
from services.reporting.views.registration import Exhibition, Phase, Programme, TargetSet
from shared.contracts.words import Indicator, Scope, Target, TargetScope

MIHAS = Part(programme="2018", scope=Scope.OVERSEAS, exhibition="mihas-2018", name="MIHAS 2018")


def target(scope: str, indicator: str, value: int) -> Target:
    return Target(scope=TargetScope(scope), indicator=Indicator(indicator), value=value)


PAMERAN = Programme(
    title="Pameran 2017",
    original=TargetSet(
        items=(
            target("DOMESTIC", "PARTICIPATIONS", 500),
            target("OVERSEAS", "PARTICIPATIONS", 60),
        ),
        document_number="RKT-1",
        signed_on=date(2017, 1, 2),
    ),
    revisions=(
        TargetSet(
            items=(
                target("DOMESTIC", "PARTICIPATIONS", 400),
                target("OVERSEAS", "PARTICIPATIONS", 60),
                target("ALL", "ENTERPRISES", 0),
            ),
            document_number="RKT-2",
            signed_on=date(2017, 8, 1),
            code="budget-changed",
        ),
    ),
)


def of_2017() -> Achievements:
    """Return the figures of 2017, of which one expo at home is illustrative."""
    attendance: Figures = {
        ("2017", "DOMESTIC", "x"): {"attended": 400},
        ("2017", "DOMESTIC", "y"): {"attended": 67, "absent": 3},
        ("2017", "OVERSEAS", "z"): {"attended": 109},
    }
    enterprises: Figures = {
        ("2017", "DOMESTIC"): {"enterprises": 301, "illustrative": 40},
        ("2017", "OVERSEAS"): {"enterprises": 80},
        ("2017", "ALL"): {"enterprises": 350, "illustrative": 31},
    }
    realised = realised_of(
        enterprises,
        attendance,
        {("2017", "DOMESTIC"): {"proposed": 9, "held": 7}},
    )
    expo = Exhibition(programme="2017", scope=Scope.DOMESTIC, held=Phase.HELD, illustrative=True)
    real = Exhibition(programme="2017", scope=Scope.OVERSEAS, held=Phase.HELD)
    illustrative = illustrative_of([("y", expo), ("z", real)], attendance, enterprises)
    return achievements(PAMERAN, Part(programme="2017"), realised, illustrative)


def figures_of(found: Achievements) -> dict[tuple[str, str], tuple[int | None, int, str | None]]:
    return {
        (row.scope.value, row.indicator.value): (row.target, row.realised, shown(row.percent))
        for row in found.items
    }


def shown(percentage: Decimal | None) -> str | None:
    return None if percentage is None else str(percentage)


def row_of(found: Achievements, scope: str, indicator: str) -> Achievement:
    (row,) = (
        row for row in found.items if (row.scope.value, row.indicator.value) == (scope, indicator)
    )
    return row


def test_a_year_is_reported_by_participations_and_by_enterprises() -> None:
    figures = figures_of(of_2017())
    assert list(figures) == [
        (scope, indicator)
        for scope in ("DOMESTIC", "OVERSEAS", "ALL")
        for indicator in ("ENTERPRISES", "PARTICIPATIONS", "EXHIBITIONS")
    ]
    assert figures["DOMESTIC", "PARTICIPATIONS"] == (400, 467, "116.75")
    assert figures["OVERSEAS", "PARTICIPATIONS"] == (60, 109, "181.67")
    assert figures["ALL", "PARTICIPATIONS"] == (None, 576, None)
    # The enterprises of both scopes are not added: some are in both.
    assert figures["ALL", "ENTERPRISES"] == (0, 350, None)
    assert figures["ALL", "EXHIBITIONS"] == (None, 7, None)
    assert figures["OVERSEAS", "EXHIBITIONS"] == (None, 0, None)


def test_a_revised_target_stands_beside_the_original_with_reason_and_document() -> None:
    found = of_2017()
    row = row_of(found, "DOMESTIC", "PARTICIPATIONS")
    assert (row.original_target, row.target) == (500, 400)
    assert (shown(row.percent_of_original), shown(row.percent)) == ("93.40", "116.75")
    assert row_of(found, "ALL", "ENTERPRISES").original_target is None
    assert (found.original.document_number, found.original.code) == ("RKT-1", None)
    (revision,) = found.revisions
    assert (revision.document_number, revision.code) == ("RKT-2", "budget-changed")
    assert (found.original.signed_on, revision.signed_on) == (
        date(2017, 1, 2),
        date(2017, 8, 1),
    )
    assert [item.value for item in revision.items] == [400, 60, 0]


def test_what_is_illustrative_is_shown_apart_in_the_realised_figures() -> None:
    found = of_2017()
    assert row_of(found, "DOMESTIC", "EXHIBITIONS").illustrative == 1
    assert row_of(found, "ALL", "PARTICIPATIONS").illustrative == 67
    assert row_of(found, "OVERSEAS", "PARTICIPATIONS").illustrative == 0
    assert row_of(found, "DOMESTIC", "ENTERPRISES").illustrative == 40
    assert row_of(found, "OVERSEAS", "ENTERPRISES").illustrative == 0


def test_the_targets_of_an_exhibition_are_those_of_its_scope_and_the_answer_says_so() -> None:
    original = TargetSet(
        items=(target("OVERSEAS", "EXHIBITIONS", 2), target("DOMESTIC", "EXHIBITIONS", 40)),
        document_number="RKT-1",
        signed_on=date(2017, 1, 2),
    )
    found = achievements(Programme(title="t", original=original), MIHAS, {}, {})
    assert (found.covers.scope, found.covers.exhibition) == (TargetScope.OVERSEAS, None)
    assert {row.scope for row in found.items} == {TargetScope.OVERSEAS}
    assert [item.value for item in found.original.items] == [2]
