"""The exhibitions themselves: opened on their first day, attended or not, ended, reported."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.fiction.applications import Application, Conduct
from demo.player.people import PROGRAMME_OFFICER, SECOND_VERIFIER, VERIFIER
from demo.player.play import Play
from demo.player.screen import counted
from demo.player.stages.curation import read_rounds
from demo.player.stages.money import pay_rest
from demo.player.stages.results import post_results
from demo.programme_2018.exhibitions import Exhibition


async def hold(play: Play, day: date) -> str:
    """End, pay and report the exhibitions that are over by this day; open those that begin."""
    closed = await close(play, day)
    opening = [exhibition for exhibition in play.programme.held if exhibition.starts_on == day]
    await play.each(opening, lambda exhibition: _act(play, exhibition, "opening", {}))
    corrected_before = play.attendance_corrected
    present, absent = await _attendance(play, opening)
    corrected = ", 1 attendance corrected" if play.attendance_corrected > corrected_before else ""
    names = ", ".join(exhibition.name for exhibition in opening if not exhibition.illustrative)
    expos = sum(exhibition.illustrative for exhibition in opening)
    others = counted(expos, "illustrative expo") if expos else ""
    named = " and ".join(filter(None, (names, others)))
    return f"{named}: {present} attend, {counted(absent, 'no-show')}{corrected}{closed}"


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


async def _attendance(play: Play, opening: Sequence[Exhibition]) -> tuple[int, int]:
    rounds = await read_rounds(play, opening)
    participants = [
        play.application(id)
        for selection_round in rounds
        for id in selection_round["decree"]["annex"]
    ]
    absent = [participant for participant in participants if participant.conduct is Conduct.NO_SHOW]

    mistaken = [] if play.attendance_corrected else participants[:1]

    async def record(item: Any) -> None:
        address = f"registration/applications/{play.application_id(item)}/attendance"
        present = item.conduct is not Conduct.NO_SHOW
        body = {"present": present if item not in mistaken else not present}
        await play.api.command(VERIFIER, address, body)

    await play.each(participants, record)
    await play.each(mistaken, lambda item: _correct_attendance(play, item))
    play.attendance_corrected |= bool(mistaken)
    return len(participants) - len(absent), len(absent)


async def _correct_attendance(play: Play, item: Application) -> None:
    """Let another officer correct an attendance that was recorded wrongly."""
    address = f"registration/applications/{play.application_id(item)}/attendance-correction"
    body = {"present": item.conduct is not Conduct.NO_SHOW, "reason": "a mistake in the list"}
    await play.api.command(SECOND_VERIFIER, address, body)


async def _report(play: Play, exhibition: Exhibition, day: date) -> None:
    """Report an exhibition by the activity report that is signed on this day."""
    body = {"report": f"LAP-{exhibition.id}", "signed_on": str(day)}
    await _act(play, exhibition, "report", body)


async def _act(play: Play, exhibition: Exhibition, act: str, body: dict[str, str]) -> None:
    await play.api.command(
        PROGRAMME_OFFICER, f"registration/exhibitions/{exhibition.id}/{act}", body
    )
