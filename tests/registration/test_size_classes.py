"""The size classes by the laws of the data files: bounds are inclusive, the larger class counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.rule_set.size_classes import size_class_by
from shared.contracts.registration.rule_set import SizeLaw
from shared.contracts.words import SizeClass
from tests.registration.rule_sets import RULES_OF_2018, RULES_OF_TODAY, rule_set_of

UU_20_2008 = rule_set_of(RULES_OF_2018).size_law
PP_7_2021 = rule_set_of(RULES_OF_TODAY).size_law
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
    found = size_class_by(UU_20_2008, net_assets_idr=assets, annual_sales_idr=sales)
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
    assert size_class_by(PP_7_2021, net_assets_idr=0, annual_sales_idr=sales) == size_class


def test_the_laws_of_the_data_files_have_their_names() -> None:
    assert (UU_20_2008.name, PP_7_2021.name) == ("UU 20/2008", "PP 7/2021")


rupiah = st.integers(min_value=0, max_value=100 * MILIAR)


@given(st.sampled_from([UU_20_2008, PP_7_2021]), rupiah, rupiah, rupiah, rupiah)
def test_no_enterprise_becomes_smaller_by_growing(
    law: SizeLaw, assets: int, sales: int, more_assets: int, more_sales: int
) -> None:
    before = size_class_by(law, net_assets_idr=assets, annual_sales_idr=sales)
    after = size_class_by(
        law, net_assets_idr=assets + more_assets, annual_sales_idr=sales + more_sales
    )
    assert ORDER.index(before) <= ORDER.index(after)
