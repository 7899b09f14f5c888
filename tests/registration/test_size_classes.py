"""The size classes by the rules in force: bounds are inclusive, the larger class counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.application.size_classes import (
    PP_7_2021,
    UU_20_2008,
    SizeRules,
    size_rules_on,
)
from shared.contracts.words import SizeClass

MICRO, SMALL, MEDIUM = SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM
JUTA, MILIAR = 10**6, 10**9
ORDER = [MICRO, SMALL, MEDIUM, None]


@pytest.mark.parametrize(
    ("assets", "sales", "size_class"),
    [
        (50 * JUTA, 300 * JUTA, MICRO),
        (50 * JUTA + 1, 300 * JUTA + 1, SMALL),
        (500 * JUTA, 2_500 * JUTA, SMALL),
        (500 * JUTA + 1, 2_500 * JUTA + 1, MEDIUM),
        (10 * MILIAR, 50 * MILIAR, MEDIUM),
        (10 * MILIAR + 1, 50 * MILIAR + 1, None),
        (50 * JUTA, 300 * JUTA + 1, SMALL),
        (50 * JUTA + 1, 300 * JUTA, SMALL),
        (0, 2_500 * JUTA + 1, MEDIUM),
        (500 * JUTA + 1, 0, MEDIUM),
        (0, 50 * MILIAR + 1, None),
        (0, 500 * MILIAR, None),
        (10 * MILIAR + 1, 0, None),
    ],
)
def test_in_2018_neither_assets_nor_sales_may_exceed_the_class(
    assets: int, sales: int, size_class: SizeClass | None
) -> None:
    found = UU_20_2008.size_class(net_assets_idr=assets, annual_sales_idr=sales)
    assert found == size_class


@pytest.mark.parametrize(
    ("sales", "size_class"),
    [
        (2 * MILIAR, MICRO),
        (2 * MILIAR + 1, SMALL),
        (15 * MILIAR, SMALL),
        (15 * MILIAR + 1, MEDIUM),
        (50 * MILIAR, MEDIUM),
        (50 * MILIAR + 1, None),
    ],
)
def test_since_2021_sales_alone_decide(sales: int, size_class: SizeClass | None) -> None:
    assert PP_7_2021.size_class(net_assets_idr=0, annual_sales_idr=sales) == size_class


def test_the_day_decides_which_rule_set_is_in_force() -> None:
    assert size_rules_on(date(2018, 3, 1)) == UU_20_2008
    assert size_rules_on(date(2021, 2, 1)) == UU_20_2008
    assert size_rules_on(date(2021, 2, 2)) == PP_7_2021


rupiah = st.integers(min_value=0, max_value=100 * MILIAR)


@given(st.sampled_from([UU_20_2008, PP_7_2021]), rupiah, rupiah, rupiah, rupiah)
def test_no_enterprise_becomes_smaller_by_growing(
    rules: SizeRules, assets: int, sales: int, more_assets: int, more_sales: int
) -> None:
    before = rules.size_class(net_assets_idr=assets, annual_sales_idr=sales)
    after = rules.size_class(
        net_assets_idr=assets + more_assets, annual_sales_idr=sales + more_sales
    )
    assert ORDER.index(before) <= ORDER.index(after)
