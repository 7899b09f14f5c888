"""The year: every moment of the programme clock at which something is played, in order.

Four rounds of calls, the shows on their real days, the budget's events, and the year's end.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from demo.player.play import Moment, Stage
from demo.player.screen import WIB
from demo.player.stages.announcement import announce, enrol
from demo.player.stages.calls import closing_of, last_applications, open_calls, verify
from demo.player.stages.curation import curate
from demo.player.stages.money import block, contract, return_unused, revise, unblock
from demo.player.stages.objections import object_to
from demo.player.stages.places import (
    decree,
    first_answers,
    last_answers,
    late_answers,
    replace,
)
from demo.player.stages.rates import confirm_correction, propose_correction
from demo.player.stages.rescheduling import reschedule
from demo.player.stages.results import follow_up, judge
from demo.player.stages.shows import close_all, hold
from demo.programme_2018.programme import CALLS, Programme

MORNING = time(9, 0)
LATER = time(10, 0)
"""Time enough for the last instant of the objections, a day and a minute after the approval."""
AFTERNOON = time(15, 0)
RESCHEDULED_BEFORE = timedelta(days=40)
"""The time from the rescheduling to the first day that was planned: after the decree."""
BEGINS_AT = datetime.combine(date(2018, 1, 22), time(8, 0), WIB)


def agenda(programme: Programme) -> list[Moment]:
    """Return all moments of this programme, by their time."""
    moments = [*_frame(), *_reschedulings(programme), *_shows(programme)]
    for call, exhibitions in enumerate(programme.calls, 1):
        if exhibitions:
            moments += _call(programme, call)
    return sorted(moments, key=lambda moment: moment.at)


def _frame() -> Iterator[Moment]:
    yield _moment(date(2018, 1, 22), "Programme announced", announce)
    yield _moment(date(2018, 1, 23), "Enterprises register", enrol)
    yield _moment(date(2018, 2, 1), "Block (blokir)", block)
    yield _moment(date(2018, 6, 19), "Budget revision (revisi)", revise)
    yield _moment(
        date(2018, 12, 12), "The last exhibitions end", partial(close_all, day=date(2018, 12, 12))
    )
    yield _moment(date(2018, 12, 14), "A misread rate (kurs)", propose_correction)
    yield _moment(date(2018, 12, 17), "Results restated", confirm_correction)
    yield _moment(date(2018, 12, 18), "Follow-ups (tindak lanjut)", follow_up)
    yield _moment(date(2018, 12, 19), "Results judged", judge)
    yield _moment(date(2018, 12, 28), "Unused money returned", return_unused)


def _call(programme: Programme, call: int) -> Iterator[Moment]:
    opens, exhibitions = CALLS[call - 1], programme.calls[call - 1]
    name = f"call {call} of {len(CALLS)}"

    def after(days: int) -> date:
        return opens + timedelta(days=days)

    yield _moment(opens, f"Calls opened, {name}", partial(open_calls, call=call))
    yield _moment(after(12), "Applications", partial(last_applications, call=call))
    verified = max(after(15), closing_of(call).date())
    yield _moment(verified, f"Verification, {name}", partial(verify, call=call))
    yield _moment(after(21), f"Curation, {name}", partial(curate, call=call))
    if any(exhibition.objections for exhibition in exhibitions):
        objecting = partial(object_to, call=call)
        yield _moment(after(21), "An objection (sanggahan)", objecting, at=AFTERNOON)
    yield _moment(after(22), "Offers answered", partial(first_answers, call=call), at=LATER)
    if any(exhibition.late_places for exhibition in exhibitions):
        yield _moment(after(23), "Block lifted", unblock)
        yield _moment(after(24), "Late offers answered", partial(late_answers, call=call))
    promoted = partial(last_answers, call=call)
    yield _moment(after(27), "Offers expired, reserves promoted", promoted, at=LATER)
    if any(exhibition.replaced_by for exhibition in exhibitions):
        yield _moment(after(28), "Exhibition replaced", partial(replace, call=call))
    if any(exhibition.replaced_by is None for exhibition in exhibitions):
        signed = _at(after(29))
        yield _moment(after(29), f"Decrees, {name}", partial(decree, call=call, at=signed))
        yield _moment(
            after(30),
            "Contracts, first payments",
            partial(contract, exhibitions=exhibitions, day=after(30)),
        )


def _reschedulings(programme: Programme) -> Iterator[Moment]:
    for exhibition in programme.exhibitions:
        if exhibition.planned_on is not None:
            day = exhibition.planned_on - RESCHEDULED_BEFORE
            yield _moment(day, "Exhibition rescheduled", partial(reschedule, exhibition=exhibition))


def _shows(programme: Programme) -> Iterator[Moment]:
    for day in sorted({exhibition.starts_on for exhibition in programme.held}):
        yield _moment(day, "Exhibitions", partial(hold, day=day))


def _moment(day: date, title: str, run: Stage, *, at: time = MORNING) -> Moment:
    return Moment(at=_at(day, at), title=title, run=run)


def _at(day: date, at: time = MORNING) -> datetime:
    return datetime.combine(day, at, WIB).astimezone(UTC)
