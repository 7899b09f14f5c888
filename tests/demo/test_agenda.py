"""The year's moments: in order, on the real days, and none before what it needs."""

from datetime import date, timedelta

import pytest

from demo.player.agenda import BEGINS_AT, agenda
from demo.player.screen import WIB
from demo.player.stages.calls import closing_of
from demo.programme_2018.programme import CALLS, FULL, SMALL, Scale, programme_of


@pytest.mark.parametrize("scale", [FULL, SMALL])
def test_moments_are_in_order_and_within_the_year(scale: Scale) -> None:
    instants = [item.at for item in agenda(programme_of(scale))]
    assert instants == sorted(instants)
    assert instants[0] > BEGINS_AT
    assert instants[-1].astimezone(WIB).year == 2018


def test_exhibitions_begin_on_their_real_days() -> None:
    programme = programme_of()
    days = {item.at.astimezone(WIB).date() for item in agenda(programme) if "Exhib" in item.title}
    assert {item.starts_on for item in programme.held} <= days
    ifex = next(item for item in programme.held if item.id == "ifex-2018")
    assert ifex.starts_on == date(2018, 3, 9)


def test_calls_close_and_decrees_are_signed_before_the_exhibitions() -> None:
    for item in programme_of().held:
        assert closing_of(item.call).date() < item.starts_on
        contracts = CALLS[item.call - 1] + timedelta(days=30)
        assert contracts < item.starts_on


def test_what_is_over_ends_by_the_last_moments() -> None:
    programme = programme_of()
    last = next(item for item in agenda(programme) if item.title.startswith("The last"))
    assert all(item.ends_on < last.at.astimezone(WIB).date() for item in programme.held)
