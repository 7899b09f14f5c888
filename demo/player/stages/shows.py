"""The exhibitions themselves: opened on their first day, attended or not, ended, reported."""

from datetime import date

from demo.player.people import PROGRAMME_OFFICER
from demo.player.play import Play
from demo.player.screen import counted
from demo.player.stages.attendance import assign_booths, record
from demo.player.stages.curation import read_rounds
from demo.player.stages.money import pay_rest
from demo.player.stages.results import post_results
from demo.programme_2018.exhibition import Exhibition


async def hold(play: Play, day: date) -> str:
    """End, pay and report the exhibitions that are over by this day; open those that begin."""
    closed = await close(play, day)
    opening = [exhibition for exhibition in play.programme.held if exhibition.starts_on == day]
    rounds = await read_rounds(play, opening)
    await play.each(
        list(zip(opening, rounds, strict=True)), lambda pair: assign_booths(play, *pair)
    )
    await play.each(opening, lambda exhibition: _act(play, exhibition, "opening", {}))
    came = await record(play, rounds, day)
    names = ", ".join(exhibition.name for exhibition in opening if not exhibition.illustrative)
    expos = sum(exhibition.illustrative for exhibition in opening)
    others = counted(expos, "illustrative expo") if expos else ""
    named = " and ".join(filter(None, (names, others)))
    return f"{named}: {came}{closed}"


async def close(play: Play, day: date) -> str:
    """End what is over, pay the rest of its contracts, post results; report what ended before."""
    over = [
        exhibition
        for exhibition in play.programme.held
        if exhibition.ends_on < day and exhibition.id not in play.ended
    ]
    reporting = sorted(play.ended - play.reported)
    await play.each(
        [exhibition for exhibition in play.programme.held if exhibition.id in reporting],
        lambda exhibition: _report(play, exhibition, day),
    )
    await play.each(over, lambda exhibition: _act(play, exhibition, "ending", {}))
    await pay_rest(play, [exhibition for exhibition in over if not exhibition.late_places], day)
    results = await post_results(play, over)
    play.reported.update(reporting)
    play.ended.update(exhibition.id for exhibition in over)
    ended = f"; {counted(len(over), 'earlier show')} ended, {counted(results, 'result')} reported"
    return ended if over else ""


async def close_all(play: Play, day: date) -> str:
    """The last exhibitions end, and all that are over are reported."""
    closed = await close(play, day)
    closed += await close(play, day)
    return f"{len(play.reported)} activity reports are in{closed}"


async def _report(play: Play, exhibition: Exhibition, day: date) -> None:
    """Report an exhibition by the activity report that is signed on this day."""
    body = {"report": f"LAP-{exhibition.id}", "signed_on": str(day)}
    await _act(play, exhibition, "report", body)


async def _act(play: Play, exhibition: Exhibition, act: str, body: dict[str, str]) -> None:
    await play.api.command(
        PROGRAMME_OFFICER, f"registration/exhibitions/{exhibition.id}/{act}", body
    )
