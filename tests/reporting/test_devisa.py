"""Outcomes by rung and status, and the net devisa: no rupiah counts twice.

The net devisa is compared with a count rupiah by rupiah, which follows the printed rule.
"""

from collections import Counter
from dataclasses import replace

from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.state import Outcome, Posting, Status
from services.reporting.responses.figures import Figures
from services.reporting.responses.outcomes import RULE, Results, results
from services.reporting.responses.part import Part
from services.reporting.views import tallies
from services.reporting.views.own import outcomes
from tests.reporting.examples import ORDERED, folded, rupiah
from tests.reporting.journeys import History, interleaved, outcome_histories
from tests.reporting.test_tallies import added

WHOLE = Part(programme="2018")
PLACE = ("2018", "OVERSEAS", "mihas-2018")


def net(found: Results) -> dict[str, int]:
    return {row.status: row.net_idr for row in found.devisa.items}


def followed(status: Status, amount_idr: int) -> Posting:
    return Posting(**rupiah(amount_idr, country="MY"), status=status)


def test_what_follow_ups_realise_is_counted_by_their_status_and_void_ones_realise_nothing() -> None:
    state = replace(
        folded(outcomes, [ORDERED]),
        follow_ups={
            "a": followed(Status.REPORTED, 1),
            "b": followed(Status.VERIFIED, 20),
            "c": followed(Status.DISPUTED, 300),
            "d": followed(Status.VOID, 4_000),
        },
    )
    cells = tallies.results.contribution(state)
    assert cells[*PLACE, "ORDER_ON_SITE", "REPORTED", "foreign"] == {
        "count": 1,
        "amount_idr": 1_341_300,
        "followed_up_reported_idr": 1,
        "followed_up_verified_idr": 20,
        "followed_up_disputed_idr": 300,
    }
    assert cells[*PLACE, "FOLLOW_UP_REALISED", "VOID", "foreign"]["amount_idr"] == 4_000


def test_rungs_and_statuses_are_never_added_and_devisa_is_a_part_of_them() -> None:
    figures: Figures = {
        (*PLACE, "POTENTIAL", "REPORTED", "foreign"): Counter(
            count=1, amount_idr=100, followed_up_reported_idr=30
        ),
        (*PLACE, "POTENTIAL", "REPORTED", "home"): Counter(count=2, amount_idr=50),
        (*PLACE, "POTENTIAL", "VERIFIED", "home"): Counter(count=1, amount_idr=7),
        (*PLACE, "FOLLOW_UP_REALISED", "REPORTED", "foreign"): Counter(count=1, amount_idr=30),
        (*PLACE, "RETAIL_SALE", "VOID", "foreign"): Counter(count=9, amount_idr=999),
    }
    rows = results(WHOLE, figures).items
    shown = [
        (row.rung, row.status, row.count, row.amount_idr, row.devisa.amount_idr) for row in rows
    ]
    assert shown == [
        ("FOLLOW_UP_REALISED", "REPORTED", 1, 30, 30),
        ("POTENTIAL", "REPORTED", 3, 150, 100),
        ("POTENTIAL", "VERIFIED", 1, 7, 0),
    ]
    assert [(row.rest_idr, row.devisa.rest_idr) for row in rows] == [(30, 30), (120, 70), (7, 0)]
    assert (rows[0].label.id, rows[0].status_label.id) == (
        "Tindak lanjut terealisasi",
        "Dilaporkan peserta",
    )


def test_what_is_followed_up_is_split_by_the_status_of_the_follow_ups() -> None:
    figures: Figures = {
        (*PLACE, "TRADE_CONTRACT", "VERIFIED", "foreign"): Counter(
            count=1,
            amount_idr=100,
            followed_up_verified_idr=40,
            followed_up_reported_idr=20,
            followed_up_disputed_idr=5,
        ),
    }
    (row,) = results(WHOLE, figures).items
    for amounts in (row, row.devisa):
        assert amounts.followed_up_verified_idr == 40
        assert amounts.followed_up_reported_idr == 20
        assert amounts.followed_up_disputed_idr == 5
        assert amounts.rest_idr == 35


def test_a_follow_up_replaces_its_part_of_the_outcome_and_counts_once() -> None:
    figures: Figures = {
        (*PLACE, "TRADE_CONTRACT", "VERIFIED", "foreign"): Counter(
            count=1, amount_idr=100, followed_up_verified_idr=40, followed_up_reported_idr=20
        ),
        (*PLACE, "FOLLOW_UP_REALISED", "VERIFIED", "foreign"): Counter(count=1, amount_idr=40),
        (*PLACE, "FOLLOW_UP_REALISED", "REPORTED", "foreign"): Counter(count=1, amount_idr=20),
    }
    assert net(results(WHOLE, figures)) == {"VERIFIED": 40 + 40, "REPORTED": 20, "DISPUTED": 0}


def test_a_follow_up_of_a_buyer_at_home_takes_devisa_away() -> None:
    figures: Figures = {
        (*PLACE, "ORDER_ON_SITE", "VERIFIED", "foreign"): Counter(
            count=1, amount_idr=100, followed_up_verified_idr=40
        ),
        (*PLACE, "FOLLOW_UP_REALISED", "VERIFIED", "home"): Counter(count=1, amount_idr=40),
    }
    assert net(results(WHOLE, figures))["VERIFIED"] == 60


def test_what_is_only_potential_is_shown_apart_and_its_follow_ups_count() -> None:
    figures: Figures = {
        (*PLACE, "POTENTIAL", "VERIFIED", "foreign"): Counter(
            count=1, amount_idr=100, followed_up_verified_idr=30
        ),
        (*PLACE, "FOLLOW_UP_REALISED", "VERIFIED", "foreign"): Counter(count=1, amount_idr=30),
    }
    verified = results(WHOLE, figures).devisa.items[0]
    assert (verified.status, verified.net_idr, verified.potential_idr) == ("VERIFIED", 30, 70)


def test_without_outcomes_the_net_devisa_of_every_status_is_zero_and_has_its_rule() -> None:
    found = results(WHOLE, {})
    assert found.items == []
    assert net(found) == {"VERIFIED": 0, "REPORTED": 0, "DISPUTED": 0}
    assert found.devisa.rule == RULE
    assert "counts once" in RULE.en
    assert "dihitung satu kali" in RULE.id


def rupiah_by_rupiah(found: list[Outcome]) -> Counter[tuple[str, bool]]:
    """Count each foreign rupiah once, by its status and if it is only potential."""
    counts = Counter[tuple[str, bool]]()
    for outcome in found:
        whole = [outcome] * outcome.amount_idr
        followed = [each for each in outcome.follow_ups.values() if each.status != Status.VOID]
        replaced = [each for each in followed for _ in range(each.amount_idr)]
        for posting in [*replaced, *whole[len(replaced) :]]:
            if posting.devisa:
                potential = posting is outcome and outcome.rung == "POTENTIAL"
                counts[posting.status.value, potential] += 1
    return counts


@anything(st.data(), outcome_histories())
def test_the_net_devisa_equals_a_count_rupiah_by_rupiah(
    data: st.DataObject, histories: list[History]
) -> None:
    tally = added(tallies.results, interleaved(data, histories))
    found = results(WHOLE, tally.cells)
    expected = rupiah_by_rupiah(list(tally.states.values()))
    for row in found.devisa.items:
        assert row.net_idr == expected[row.status, False]
        assert row.potential_idr == expected[row.status, True]
    total = sum(row.net_idr + row.potential_idr for row in found.devisa.items)
    assert total <= 1_000 * len(histories)
