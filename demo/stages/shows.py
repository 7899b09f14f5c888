"""The exhibitions themselves: opened on their first day, attended or not, ended, reported."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.applications import Conduct
from demo.exhibitions import Exhibition
from demo.people import PROGRAMME_OFFICER, VERIFIER
from demo.play import Play
from demo.screen import counted
from demo.stages.curation import read_rounds
from demo.stages.money import pay_rest
from demo.stages.results import post_results


async def hold(play: Play, day: date) -> str:
    """What is over by this day is ended, paid and its results reported; what begins is opened."""
    told = await close(play, day)
    opening = [one for one in play.programme.held if one.starts_on == day]
    await play.each(opening, lambda one: _act(play, one, "opening", {}))
    present, absent = await _attendance(play, opening)
    names = ", ".join(one.name for one in opening if not one.illustrative)
    expos = sum(one.illustrative for one in opening)
    others = counted(expos, "illustrative expo") if expos else ""
    named = " and ".join(filter(None, (names, others)))
    return f"{named}: {present} attend, {counted(absent, 'no-show')}{told}"


async def close(play: Play, day: date) -> str:
    """End what is over, pay the rest of its contracts, post results; report what ended before."""
    over = [one for one in play.programme.held if one.ends_on < day and one.id not in play.ended]
    reporting = sorted(play.ended - play.reported)
    await play.each(
        [one for one in play.programme.held if one.id in reporting],
        lambda one: _act(play, one, "report", {"report": f"LAP-{one.id}"}),
    )
    await play.each(over, lambda one: _act(play, one, "ending", {}))
    await pay_rest(play, [one for one in over if not one.late_places])
    results = await post_results(play, over)
    play.reported.update(reporting)
    play.ended.update(one.id for one in over)
    ended = f"; {counted(len(over), 'earlier show')} ended, {counted(results, 'result')} reported"
    return ended if over else ""


async def close_all(play: Play, day: date) -> str:
    """The last exhibitions end, and all that are over are reported."""
    told = await close(play, day)
    told += await close(play, day)
    return f"{len(play.reported)} activity reports are in{told}"


async def _attendance(play: Play, opening: Sequence[Exhibition]) -> tuple[int, int]:
    rounds = await read_rounds(play, opening)
    participants = [play.application(id) for one in rounds for id in one["decree"]["annex"]]
    absent = [one for one in participants if one.conduct is Conduct.NO_SHOW]

    async def record(one: Any) -> None:
        address = f"registration/applications/{play.application_id(one)}/attendance"
        body = {"present": one.conduct is not Conduct.NO_SHOW}
        await play.api.command(VERIFIER, address, body)

    await play.each(participants, record)
    return len(participants) - len(absent), len(absent)


async def _act(play: Play, one: Exhibition, act: str, body: dict[str, str]) -> None:
    await play.api.command(PROGRAMME_OFFICER, f"registration/exhibitions/{one.id}/{act}", body)
